//! From an attribute to the one thing, or the list of things, that it names.
//! Knows ids and references; must never guess.

use super::block::{Attribute, Block, Source};
use super::configuration::{Configuration, Repeated};
use super::document::{Document, Form};
use super::inventory::{Instance, Inventory};
use super::kind::{Thing, Want};
use super::trace::{Scope, Trace};
use crate::diagnostic::{listed, quoted};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that an id is looked up in.
pub struct Resolver<'a> {
    pub inventory: Inventory<'a>,
    pub configuration: Configuration<'a>,
    form: Form,
    /// What has no id yet, by what asks for it.
    pending: BTreeMap<Want, BTreeSet<Thing>>,
}

/// What an expression leads to, and what on the way can't be seen through.
type Led = (BTreeSet<Thing>, BTreeSet<String>);

/// Things that a list names, and why there may be more.
pub type Several = (Vec<Thing>, Option<String>);

impl<'a> Resolver<'a> {
    pub fn new(document: &'a Document, inventory: Inventory<'a>) -> Self {
        let configuration = Configuration::new(document.part("configuration"), document.part("variables"));
        let pending = Want::EVERY.into_iter().map(|want| (want, inventory.pending(want).into_iter().collect()));
        let pending = pending.collect();
        Self { inventory, configuration, form: document.form, pending }
    }

    /// A resource as a block.
    pub fn block<'s>(&'s self, instance: &'s Instance<'a>) -> Block<'s, 'a> {
        Block::of(instance, self.configured(instance).map(|block| block.expressions))
    }

    fn configured(&self, instance: &Instance<'a>) -> Option<Repeated<'a>> {
        if !instance.planned {
            return None;
        }
        self.configuration.resource(&instance.module_names(), &instance.block)
    }

    /// The address of a thing, for people and as a key.
    pub fn address(&self, thing: Thing) -> String {
        let address = |at: usize| self.inventory.instance(at).map_or("", |instance| instance.address);
        match thing {
            Thing::Instance(at) => address(at).to_owned(),
            Thing::DefaultList(vcn) => format!("{}.default_security_list_id", address(vcn)),
            Thing::DefaultTable(vcn) => format!("{}.default_route_table_id", address(vcn)),
        }
    }

    /// The VCN that a resource is in.
    pub fn vcn_of(&self, instance: &Instance<'a>) -> Option<Thing> {
        self.one(&self.block(instance), "vcn_id", Want::Vcn).ok().flatten()
    }

    /// The thing that an attribute names, if it names one.
    pub fn one(&self, block: &Block<'_, 'a>, name: &str, want: Want) -> Result<Option<Thing>, String> {
        match block.get(name) {
            Attribute::Absent => Ok(None),
            Attribute::Known(Value::String(id)) if id.is_empty() => Ok(None),
            Attribute::Known(value) => self.by_id(value, want).map(Some),
            Attribute::Unknown => self.one_by_reference(block, name, want),
        }
    }

    fn one_by_reference(&self, block: &Block<'_, 'a>, name: &str, want: Want) -> Result<Option<Thing>, String> {
        let traces = match (self.traces(block, name, want), self.only_pending(want)) {
            (Ok(traces), _) => traces,
            (Err(_), Some(only)) => return Ok(Some(only)),
            (Err(why), None) => return Err(why),
        };
        let mut found = BTreeSet::new();
        let mut blind = BTreeSet::new();
        for (things, unseen) in traces {
            found.extend(things);
            blind.extend(unseen);
        }
        if !block.is_configured(name) {
            return Ok(None);
        }
        if found.len() == 1 && blind.is_empty() {
            return Ok(found.pop_first());
        }
        if found.len() <= 1
            && let Some(only) = self.only_pending(want)
            && found.iter().all(|thing| *thing == only)
        {
            return Ok(Some(only));
        }
        Err(self.several_or_none(&found, &blind, want))
    }

    /// The things that a list names.
    pub fn many(&self, block: &Block<'_, 'a>, name: &str, want: Want) -> Several {
        let (mut things, mut unknown, mut problems) = (Vec::new(), Some(0), Vec::new());
        match block.get(name) {
            Attribute::Absent => return (things, None),
            Attribute::Unknown => unknown = None,
            Attribute::Known(Value::Array(elements)) => {
                for (at, element) in elements.iter().enumerate() {
                    match element {
                        _ if block.awaits_element(name, at) => unknown = unknown.map(|unknown: usize| unknown + 1),
                        Value::Null => {}
                        element => match self.by_id(element, want) {
                            Ok(thing) => things.push(thing),
                            Err(why) => problems.push(why),
                        },
                    }
                }
            }
            Attribute::Known(_) => return (things, Some("it is not a list".to_owned())),
        }
        if unknown != Some(0) && (unknown.is_some() || block.is_configured(name)) {
            let (more, why) = self.many_by_reference(block, name, want, unknown);
            things.extend(more);
            problems.extend(why);
        }
        things.sort_unstable();
        things.dedup();
        (things, (!problems.is_empty()).then(|| problems.join("; ")))
    }

    /// The elements of a list that have no id yet; `unknown` is how many there
    /// are, where that is known.
    fn many_by_reference(&self, block: &Block<'_, 'a>, name: &str, want: Want, unknown: Option<usize>) -> Several {
        let mut traces = match self.traces(block, name, want) {
            Ok(traces) => traces,
            Err(why) => return (Vec::new(), Some(why)),
        };
        // Blocks that this one may come from must agree.
        traces.dedup();
        let (found, blind) = match traces.as_slice() {
            [one] => one.clone(),
            _ => {
                let found = traces.into_iter().flat_map(|(found, _)| found).collect();
                return (Vec::new(), Some(self.several_or_none(&found, &BTreeSet::new(), want)));
            }
        };
        match (unknown, blind.is_empty()) {
            (Some(count), true) if count == found.len() => (found.into_iter().collect(), None),
            (None, true) if !found.is_empty() => {
                let why = format!(
                    "how many {}s it has is known only after the apply; taken to be {}",
                    want.word(),
                    self.names(&found)
                );
                (found.into_iter().collect(), Some(why))
            }
            (Some(1), _) if found.len() <= 1 && self.only_pending(want).is_some() => {
                (self.only_pending(want).into_iter().collect(), None)
            }
            (Some(count), true) if found.len() > count => {
                let why = format!("it has {count} of {}, and the plan does not say which", self.names(&found));
                (Vec::new(), Some(why))
            }
            _ => (Vec::new(), Some(self.several_or_none(&found, &blind, want))),
        }
    }

    /// What the expressions of an attribute lead to, for each block of the
    /// configuration that may hold them.
    fn traces(&self, block: &Block<'_, 'a>, name: &str, want: Want) -> Result<Vec<Led>, String> {
        let all = match &block.source {
            Source::Expressions(all) => all,
            Source::Hidden => {
                return Err(
                    "it is set in a `dynamic` block or by a value as a whole, whose expressions a plan's JSON \
                            leaves out"
                        .to_owned(),
                );
            }
            Source::None => return Ok(Vec::new()),
        };
        let instance = block.owner;
        let siblings = self.inventory.at_place(&instance.module, &instance.block).map_or(1, |keys| keys.len());
        let scope = Scope {
            module: &instance.module,
            key: instance.key.as_ref(),
            instances: siblings,
            block: self.configured(instance),
        };
        let trace = |expressions: &&'a Value| {
            let mut trace = Trace::new(&self.inventory, &self.configuration, want);
            if let Some(expression) = expressions.get(name) {
                trace.follow(expression, scope, &[]);
            }
            (trace.found, trace.blind)
        };
        Ok(all.iter().map(trace).collect())
    }

    /// The one thing of its kind that has no id yet. A value that is not known
    /// yet can be no other's id, unless a data source that is still to be read
    /// gives it.
    fn only_pending(&self, want: Want) -> Option<Thing> {
        let pending = self.pending.get(&want)?;
        if self.inventory.awaits_data || pending.len() != 1 { None } else { pending.first().copied() }
    }

    fn by_id(&self, value: &Value, want: Want) -> Result<Thing, String> {
        let Some(id) = value.as_str() else {
            return Err(format!("{} is not an id", quoted(&value.to_string())));
        };
        let thing =
            self.inventory.by_id(id).ok_or_else(|| format!("{} is not in this {}", quoted_id(id), self.form.word()))?;
        let fits = match thing {
            Thing::Instance(at) => self.inventory.instance(at).is_some_and(|instance| want.fits(instance.kind)),
            Thing::DefaultList(_) => want == Want::SecurityList,
            Thing::DefaultTable(_) => want == Want::RouteTable,
        };
        if fits { Ok(thing) } else { Err(format!("{} is not a {}", self.address(thing), want.word())) }
    }

    fn several_or_none(&self, found: &BTreeSet<Thing>, blind: &BTreeSet<String>, want: Want) -> String {
        let unseen = blind.iter().cloned().collect::<Vec<_>>().join(", ");
        match (found.len(), blind.is_empty()) {
            (0, true) => format!("its expression leads to no {} that this plan makes", want.word()),
            (0, false) => format!("it depends on {unseen}"),
            (1, true) => format!("it may be {}, or more", self.names(found)),
            (1, false) => format!("it may be {}, but depends on {unseen}", self.names(found)),
            (_, true) => format!("it is among {}, and the plan does not say which", self.names(found)),
            (_, false) => format!("it is among {}, and depends on {unseen}", self.names(found)),
        }
    }

    fn names(&self, things: &BTreeSet<Thing>) -> String {
        let names: Vec<_> = things.iter().map(|thing| self.address(*thing)).collect();
        listed(names.iter().map(String::as_str))
    }
}

/// An id in quotes. OCIDs are longer than what is quoted otherwise, and useless
/// when cut.
fn quoted_id(id: &str) -> String {
    if id.len() <= 200 && id.chars().all(|c| c.is_ascii_graphic()) { format!("\"{id}\"") } else { quoted(id) }
}
