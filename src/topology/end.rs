//! The ends of what a spec allows: as it names them, and what they stand for.

use super::{Absent, NsgId, Tenancy, Topology, VcnId};
use crate::diagnostic::{At, Diagnostic, Diagnostics, Span, listed, nearest};
use crate::name::Name;
use crate::rule::ANYWHERE;
use crate::symbols::{Mention, Referent, Symbols};
use crate::tier::{DefaultRoute, Tier};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// An end as the spec names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// `SPELL.WORD`: a role of a spell, or a tier of a VCN.
    Member(Name, String),
    /// `KIND.NAME` or `KIND.NAME.WORD`: the same, with its kind.
    Mention(Mention),
    Cidr(Ipv4Net),
    Internet,
    Services,
}

/// An end that is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Site {
    Nsg(NsgId),
    Tier(VcnId, Tier),
    Cidr(Ipv4Net),
    Internet,
    Services,
}

/// What an end stands for.
pub fn site(end: &At<End>, symbols: &Symbols, topology: &Topology, diagnostics: &mut Diagnostics) -> Option<Site> {
    match &end.value {
        End::Cidr(cidr) if *cidr == ANYWHERE => Some(Site::Internet),
        End::Cidr(cidr) => Some(Site::Cidr(*cidr)),
        End::Internet => Some(Site::Internet),
        End::Services => Some(Site::Services),
        End::Member(name, word) => match whole_spell(name, word, symbols, topology) {
            Some(mention) => nsg(&At::new(mention, end.span.clone()), symbols, topology, diagnostics).map(Site::Nsg),
            None => member(name, word, &end.span, topology, diagnostics),
        },
        End::Mention(mention) => match (&mention.part, mention.kind == VcnId::KIND) {
            (Some(word), true) => member(&mention.name, word, &end.span, topology, diagnostics),
            _ => nsg(&At::new(mention.clone(), end.span.clone()), symbols, topology, diagnostics).map(Site::Nsg),
        },
    }
}

/// `KIND.NAME`, which looks like a role of a spell that is named like a kind.
fn whole_spell(name: &Name, word: &str, symbols: &Symbols, topology: &Topology) -> Option<Mention> {
    let is_name = topology.homes.contains_key(name) || topology.vcns.contains_key(name);
    if is_name || !symbols.is_kind(name.as_str()) {
        return None;
    }
    Some(Mention { kind: name.as_str().to_owned(), name: Name::parse(word).ok()?, part: None })
}

/// A role of a spell, or a tier of a VCN.
fn member(name: &Name, word: &str, span: &Span, topology: &Topology, diagnostics: &mut Diagnostics) -> Option<Site> {
    let home = topology.homes.get(name);
    if let Some(id) = home.and_then(|home| home.role(word)) {
        return Some(Site::Nsg(id.clone()));
    }
    if let Some(absent) = home.and_then(|home| home.absent(word)) {
        diagnostics.push(not_there(absent, &format!("\"{name}\""), &format!("{name}.{}", absent.instead), span));
        return None;
    }
    let vcn = topology.vcns.keys().find(|vcn| vcn.name() == name);
    let tier = Tier::EVERY.iter().find(|tier| tier.word() == word);
    if let (Some(vcn), Some(tier)) = (vcn, tier) {
        return Some(Site::Tier(vcn.clone(), *tier));
    }
    let mut words: Vec<_> = home.map(Tenancy::roles).unwrap_or_default();
    words.extend(vcn.into_iter().flat_map(|_| Tier::EVERY.iter().map(|tier| tier.word())));
    let (message, wrong, known) = if words.is_empty() {
        let spells = topology.homes.keys().chain(topology.vcns.keys().map(VcnId::name)).map(Name::as_str);
        (format!("nothing in this spec is named \"{name}\""), name.as_str(), spells.collect())
    } else {
        (format!("\"{name}\" has no `{word}`"), word, words)
    };
    let diagnostic = Diagnostic::error(span.clone(), message);
    let diagnostic = match nearest(wrong, known.iter().copied()) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
        None => diagnostic.label("unknown"),
    };
    diagnostics.push(diagnostic.help(format!(
        "write a role such as `k8s.pod`, a tier such as `lab.private`, a CIDR in quotes, `internet` or `services`; known here are {}",
        listed(known.iter().copied())
    )));
    None
}

/// The NSG that a mention of a spell leads to. Nothing is said of a spell that
/// is not in a VCN: its own error says why.
pub fn nsg(
    mention: &At<Mention>,
    symbols: &Symbols,
    topology: &Topology,
    diagnostics: &mut Diagnostics,
) -> Option<NsgId> {
    let kind = match symbols.with_vnics(mention) {
        Ok(kind) => kind,
        Err(problem) => {
            diagnostics.push(problem);
            return None;
        }
    };
    let At { value: Mention { name, part, .. }, span } = mention;
    let home = topology.homes.get(name).filter(|home| home.kind == kind)?;
    let spell = format!("{kind}.{name}");
    let Some(word) = part else {
        if let [only] = home.nsgs.as_slice() {
            return Some(only.id.clone());
        }
        let roles = home.roles();
        let example = home.receiver.or(home.opener).map(|role| role.word).or_else(|| roles.first().copied());
        diagnostics.push(
            Diagnostic::error(span.clone(), format!("`{spell}` has VNICs of several roles"))
                .label("does not say which")
                .help(format!(
                    "write for example `{spell}.{}`; its roles are {}",
                    example.unwrap_or("ROLE"),
                    listed(roles)
                )),
        );
        return None;
    };
    if let Some(id) = home.role(word) {
        return Some(id.clone());
    }
    diagnostics.push(match home.absent(word) {
        Some(absent) => not_there(absent, &format!("`{spell}`"), &format!("{spell}.{}", absent.instead), span),
        None => unknown_role(word, home, &spell, span),
    });
    None
}

/// The help names roles as they are written after `prefix`.
fn unknown_role(word: &str, home: &Tenancy, spell: &str, span: &Span) -> Diagnostic {
    let roles = home.roles();
    let diagnostic = Diagnostic::error(span.clone(), format!("`{spell}` has no role `{word}`"));
    let diagnostic = match nearest(word, roles.iter().copied()) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
        None => diagnostic.label("unknown role"),
    };
    diagnostic.help(match roles.as_slice() {
        [only] => format!("write `{spell}`: its only role is `{only}`"),
        _ => format!("its roles are {}", listed(roles)),
    })
}

/// The NSG of a spell that its own block names by a word alone.
pub fn own(word: &At<String>, owner: &Name, topology: &Topology, diagnostics: &mut Diagnostics) -> Option<NsgId> {
    let home = topology.homes.get(owner)?;
    if let Some(id) = home.role(&word.value) {
        return Some(id.clone());
    }
    let spell = format!("{}.{owner}", home.kind);
    diagnostics.push(match home.absent(&word.value) {
        Some(absent) => not_there(absent, &format!("`{spell}`"), &format!("\"{}\"", absent.instead), &word.span),
        None => unknown_role(&word.value, home, &spell, &word.span),
    });
    None
}

fn not_there(absent: &Absent, spell: &str, instead: &str, span: &Span) -> Diagnostic {
    Diagnostic::error(span.clone(), format!("{spell} has no `{}`: {}", absent.word, absent.why))
        .label("no rule can name them")
        .related(absent.span.clone(), "said here")
        .help(format!("write `{instead}`"))
}

/// Address space that is not routed on the internet, as far as it can be that
/// of a network.
const NOT_PUBLIC: [Ipv4Net; 5] = [
    Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8),
    Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 10),
    Ipv4Net::new_assert(Ipv4Addr::new(169, 254, 0, 0), 16),
    Ipv4Net::new_assert(Ipv4Addr::new(172, 16, 0, 0), 12),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 168, 0, 0), 16),
];

/// Whether some of a network is on the internet.
pub fn is_public(cidr: Ipv4Net) -> bool {
    !NOT_PUBLIC.iter().any(|net| net.contains(&cidr))
}

impl Site {
    /// Whether it is on the internet.
    pub fn is_outside(&self) -> bool {
        match self {
            Self::Internet => true,
            Self::Cidr(cidr) => is_public(*cidr),
            Self::Nsg(_) | Self::Tier(..) | Self::Services => false,
        }
    }

    /// Whether some of its VNICs have.
    pub fn has_way_out(&self, topology: &Topology) -> bool {
        let tiers = match self {
            Self::Nsg(id) => topology.tiers(id),
            Self::Tier(_, tier) => std::slice::from_ref(tier),
            Self::Cidr(_) | Self::Internet | Self::Services => return true,
        };
        tiers.iter().any(|tier| tier.default_route() != DefaultRoute::None)
    }

    pub fn has_public_ip(&self) -> bool {
        match self {
            Self::Nsg(id) => id.role.public_ip,
            Self::Tier(_, tier) => tier.allows_public_ip(),
            Self::Cidr(_) | Self::Internet | Self::Services => false,
        }
    }
}
