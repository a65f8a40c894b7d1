//! Reads attributes, and records what can't be resolved. Must never know what
//! an attribute means.

use super::lists::Several;
use super::resolve::{Resolver, Single};
use crate::audit::document::block::{Attribute, Block, Blocks};
use crate::audit::document::kind::{Thing, Want};
use crate::audit::document::shown;
use crate::diagnostic::quoted;
use crate::prove::{Concerns, May, Unknown};
use ipnet::{Ipv4Net, Ipv6Net};
use serde_json::Value;
use std::net::Ipv4Addr;

pub struct Reader<'s, 'a> {
    pub resolver: &'s Resolver<'a>,
    unknowns: Vec<Unknown>,
    /// Whose traffic it changes what is read at the moment.
    about: Concerns,
}

/// An attribute that names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Thing(Thing),
    Absent,
    /// One of these; this has been recorded.
    Among(Vec<Thing>),
    /// It names something, but what is not known; this has been recorded.
    Unresolved,
}

/// Something that may be so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Maybe {
    pub least: bool,
    pub most: bool,
}

impl From<bool> for Maybe {
    fn from(certain: bool) -> Self {
        Self { least: certain, most: certain }
    }
}

impl std::ops::Not for Maybe {
    type Output = Self;

    fn not(self) -> Self {
        Self { least: !self.most, most: !self.least }
    }
}

/// What a list names.
pub struct Many {
    pub things: Vec<Thing>,
    /// What it may have besides.
    pub possible: Vec<Thing>,
    /// Whether that is all.
    pub is_whole: bool,
}

/// The addresses of what a list names, and of what it may name besides.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Names {
    pub certain: Vec<String>,
    pub possible: Vec<String>,
}

/// An IP network.
pub enum Net {
    V4(Ipv4Net),
    V6,
}

impl<'s, 'a> Reader<'s, 'a> {
    pub fn new(resolver: &'s Resolver<'a>) -> Self {
        Self { resolver, unknowns: Vec::new(), about: Concerns::Everything }
    }

    pub fn finish(mut self) -> Vec<Unknown> {
        self.unknowns.sort();
        self.unknowns.dedup();
        self.unknowns
    }

    /// Records something whose effect could be either.
    pub fn note(&mut self, block: &Block<'_, 'a>, attribute: &str, why: impl Into<String>) {
        self.note_as(block, attribute, why, May::Either);
    }

    pub fn note_as(&mut self, block: &Block<'_, 'a>, attribute: &str, why: impl Into<String>, may: May) {
        let (address, attribute) = (block.owner.address.to_owned(), block.path_of(attribute));
        let concerns = self.about.clone();
        self.record(Unknown { address, attribute, why: why.into(), may, concerns, is_as_named: false });
    }

    pub fn record(&mut self, unknown: Unknown) {
        self.unknowns.push(unknown);
    }

    /// Says whose traffic it changes what is read from now on.
    pub fn about(&mut self, concerns: Concerns) {
        self.about = concerns;
    }

    /// What an attribute names. If that can't be resolved, `consequence` says
    /// what the audit does instead.
    pub fn one(&mut self, block: &Block<'_, 'a>, name: &str, want: Want, consequence: &str) -> Named {
        match self.resolver.one(block, name, want) {
            Single::Absent => Named::Absent,
            Single::Certain(thing) => Named::Thing(thing),
            Single::Among { things, is_all, why } => {
                self.note_as(block, name, why, if is_all { May::Nothing } else { May::Either });
                match things.as_slice() {
                    [] => Named::Unresolved,
                    [only] if is_all => Named::Thing(*only),
                    _ => Named::Among(things),
                }
            }
            Single::Unresolved(why) => {
                self.note(block, name, format!("{why}; {consequence}"));
                Named::Unresolved
            }
        }
    }

    /// The instances that an attribute may name: certainly the first if there
    /// is only one.
    pub fn instances(&mut self, block: &Block<'_, 'a>, name: &str, want: Want, consequence: &str) -> Vec<usize> {
        let things = match self.one(block, name, want, consequence) {
            Named::Thing(thing) => vec![thing],
            Named::Among(things) => things,
            Named::Absent | Named::Unresolved => Vec::new(),
        };
        things.into_iter().filter_map(Thing::instance).collect()
    }

    /// The things that a list names.
    pub fn many(&mut self, block: &Block<'_, 'a>, name: &str, want: Want) -> Many {
        let Several { things, possible, notes, as_named, is_whole } = self.resolver.many(block, name, want);
        let may = if is_whole { May::Nothing } else { May::Either };
        for why in notes {
            self.note_as(block, name, why, may);
        }
        if let Some(why) = as_named {
            let (address, attribute) = (block.owner.address.to_owned(), block.path_of(name));
            let concerns = self.about.clone();
            self.record(Unknown { address, attribute, why, may: May::Open, concerns, is_as_named: true });
        }
        Many { things, possible, is_whole }
    }

    /// The addresses of what a list names.
    pub fn addresses(&mut self, block: &Block<'_, 'a>, name: &str, want: Want) -> Names {
        let Many { things, possible, .. } = self.many(block, name, want);
        let addresses = |things: Vec<Thing>| things.into_iter().map(|thing| self.resolver.address(thing)).collect();
        Names { certain: addresses(things), possible: addresses(possible) }
    }

    /// The nested blocks of a name. Anything else under that name is recorded
    /// as unresolved and left out.
    pub fn blocks(&mut self, block: &Block<'s, 'a>, name: &str) -> Vec<Block<'s, 'a>> {
        match block.blocks(name) {
            Blocks::Known(mut blocks) => {
                for (at, odd) in blocks.iter().enumerate().filter(|(_, one)| one.is_odd()) {
                    self.note(block, &format!("{name}[{at}]"), not_a_block(odd.values));
                }
                blocks.retain(|one| !one.is_odd());
                blocks
            }
            Blocks::Odd(odd) => {
                self.note(block, name, not_a_block(odd));
                Vec::new()
            }
            Blocks::Unknown => {
                if block.is_configured(name) {
                    self.note(block, name, "how many there are is known only after the apply; they are left out");
                }
                Vec::new()
            }
        }
    }

    /// A string attribute, recorded as unresolved if it is configured but not
    /// known.
    pub fn text(&mut self, block: &Block<'_, 'a>, name: &str) -> Option<&'a str> {
        match block.get(name) {
            Attribute::Known(Value::String(text)) => Some(text.as_str()).filter(|text| !text.is_empty()),
            Attribute::Known(other) => {
                self.note(block, name, format!("{} is not a string", shown(other)));
                None
            }
            Attribute::Unknown if block.is_seen_configured(name) => {
                self.note(block, name, "its value is known only after the apply");
                None
            }
            Attribute::Absent | Attribute::Unknown => None,
        }
    }

    /// A boolean attribute that may not be known: what it is at least, and at
    /// most; `otherwise` if it is not configured.
    pub fn maybe(&mut self, block: &Block<'_, 'a>, name: &str, otherwise: bool) -> Maybe {
        match block.get(name) {
            Attribute::Unknown if block.is_seen_configured(name) => {
                self.note_as(block, name, "it is known only after the apply; both are possible", May::Nothing);
                Maybe { least: false, most: true }
            }
            _ => Maybe::from(self.flag(block, name, otherwise, otherwise)),
        }
    }

    /// A boolean attribute: `otherwise` if it is not configured, `cautious` if
    /// it is not known yet.
    pub fn flag(&mut self, block: &Block<'_, 'a>, name: &str, otherwise: bool, cautious: bool) -> bool {
        let told = match block.get(name) {
            Attribute::Known(Value::Bool(flag)) => return *flag,
            // For historical reasons some booleans of the provider are strings.
            Attribute::Known(Value::String(text)) if text == "true" || text == "false" => return text == "true",
            Attribute::Known(Value::String(text)) if text.is_empty() => return otherwise,
            Attribute::Known(other) => format!("{} is neither true nor false", shown(other)),
            Attribute::Unknown if block.is_seen_configured(name) => "it is known only after the apply".to_owned(),
            Attribute::Absent | Attribute::Unknown => return otherwise,
        };
        self.note(block, name, format!("{told}; assumed to be {cautious}"));
        cautious
    }

    /// Parses a CIDR; anything else is recorded as unresolved.
    pub fn net(&mut self, block: &Block<'_, 'a>, name: &str, text: &str) -> Option<Net> {
        let net = network(text);
        if net.is_none() {
            self.note(block, name, format!("{} is not a CIDR", quoted(text)));
        }
        net
    }

    /// The IPv4 networks of a list. Elements that are unknown or no CIDR are
    /// recorded as unresolved and left out.
    pub fn nets(&mut self, block: &Block<'_, 'a>, name: &str) -> Vec<Ipv4Net> {
        let mut nets = Vec::new();
        match block.get(name) {
            Attribute::Known(Value::Array(list)) => {
                for (at, element) in list.iter().enumerate() {
                    let net = match element {
                        Value::String(text) => self.net(block, name, text),
                        Value::Null if !block.awaits_element(name, at) => None,
                        _ => {
                            self.note(block, name, "a CIDR is known only after the apply, or is not a string");
                            None
                        }
                    };
                    match net {
                        Some(Net::V4(net)) => nets.push(net),
                        Some(Net::V6) => self.note(block, name, "IPv6 is not analysed"),
                        None => {}
                    }
                }
            }
            Attribute::Known(_) => self.note(block, name, "it is not a list"),
            Attribute::Absent | Attribute::Unknown => {}
        }
        nets
    }
}

fn not_a_block(value: &Value) -> String {
    format!("{} is not a block; it is left out", shown(value))
}

/// Parses a network. Host bits are dropped, as the API does.
fn network(text: &str) -> Option<Net> {
    if let Ok(net) = text.parse::<Ipv4Net>() {
        return Some(Net::V4(net.trunc()));
    }
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Some(Net::V4(Ipv4Net::from(address)));
    }
    let is_v6 = text.parse::<Ipv6Net>().is_ok() || text.parse::<std::net::Ipv6Addr>().is_ok();
    is_v6.then_some(Net::V6)
}
