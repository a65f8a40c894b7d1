//! Rules of the spec's own, between ends that it names: each end that has
//! VNICs here gets a rule for the other.

use super::rule::{Peer, Rule, Whose};
use super::{NsgId, Topology, VcnId};
use crate::diagnostic::{At, Diagnostic, Diagnostics, listed, nearest};
use crate::name::Name;
use crate::rule::{ANYWHERE, Direction, Traffic};
use crate::tier::{DefaultRoute, Tier};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// What the spec allows, as it names it.
#[derive(Debug, Clone)]
pub struct Allowance {
    pub name: At<Name>,
    pub from: At<End>,
    pub to: At<End>,
    pub traffic: Vec<Traffic>,
    pub description: String,
}

impl Allowance {
    /// Whether one of its ends is a role of a spell.
    pub fn names(&self, spell: &Name, role: &str) -> bool {
        let is_it = |end: &End| matches!(end, End::Member(name, word) if name == spell && word == role);
        is_it(&self.from.value) || is_it(&self.to.value)
    }
}

/// An end of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// `SPELL.WORD`: a role of a spell, or a tier of a VCN.
    Member(Name, String),
    Cidr(Ipv4Net),
    Internet,
    Services,
}

/// What is allowed, between ends that are known.
#[derive(Debug)]
pub struct Allowed {
    pub from: Site,
    pub to: Site,
    pub traffic: Vec<Traffic>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Site {
    Nsg(NsgId),
    Tier(VcnId, Tier),
    Cidr(Ipv4Net),
    Internet,
    Services,
}

/// Adds the rules of every allowance to its NSGs and lists, each once.
pub fn settle(allowances: &[Allowance], topology: &mut Topology, diagnostics: &mut Diagnostics) {
    let mut allowances: Vec<_> = allowances.iter().collect();
    allowances.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    for allowance in allowances {
        let ends = [&allowance.from, &allowance.to].map(|end| site(end, topology, diagnostics));
        let [Some(from), Some(to)] = ends else { continue };
        if let Some(problem) = problem(allowance, &from, &to, topology) {
            diagnostics.push(problem);
            continue;
        }
        for traffic in &allowance.traffic {
            let rule = |peer| Rule { traffic: *traffic, peer, description: allowance.description.clone().into() };
            for (at, direction, other) in [(&from, Direction::Egress, &to), (&to, Direction::Ingress, &from)] {
                add(at, direction, other, rule, topology);
            }
        }
        let allowed = Allowed { from, to, traffic: allowance.traffic.clone() };
        topology.allowed.insert(allowance.name.value.clone(), allowed);
    }
}

/// Adds a rule for the other end, unless there is an equal one.
fn add(at: &Site, direction: Direction, other: &Site, rule: impl Fn(Peer) -> Rule, topology: &mut Topology) {
    let peer = peer(other, matches!(at, Site::Nsg(_)), topology);
    let rules = match at {
        Site::Nsg(id) => {
            let nsgs = topology.homes.get_mut(&id.owner).into_iter().flat_map(|(_, nsgs)| nsgs);
            nsgs.filter(|nsg| nsg.id == *id).map(|nsg| (&mut nsg.ingress, &mut nsg.egress)).next()
        }
        Site::Tier(vcn, tier) => {
            let subnets = topology.vcns.get_mut(vcn).into_iter().flat_map(|vcn| &mut vcn.subnets);
            subnets.filter(|subnet| subnet.tier == *tier).map(|part| (&mut part.ingress, &mut part.egress)).next()
        }
        Site::Cidr(_) | Site::Internet | Site::Services => None,
    };
    let Some((ingress, egress)) = rules else { return };
    let (Some(peer), rules) = (peer, if direction == Direction::Ingress { ingress } else { egress }) else { return };
    let new = rule(peer);
    let is_there = |old: &Rule| old.traffic == new.traffic && old.peer.unnamed() == new.peer.unnamed();
    if !rules.iter().any(is_there) {
        rules.push(new);
    }
}

/// An end as the peer of a rule: only a rule of an NSG can name an NSG.
fn peer(site: &Site, in_nsg: bool, topology: &Topology) -> Option<Peer> {
    let tier = |vcn: &VcnId, tier: Tier| {
        let vcn = topology.vcns.get(vcn)?;
        Some(Peer::Cidr(tier.subnet_of(vcn.cidr), Whose::Tier(tier)))
    };
    match site {
        Site::Nsg(id) if in_nsg => Some(Peer::Nsg(id.clone())),
        Site::Nsg(id) => tier(&topology.homes.get(&id.owner)?.0, id.role.tier),
        Site::Tier(vcn, which) => tier(vcn, *which),
        Site::Cidr(cidr) => Some(Peer::client(*cidr)),
        Site::Internet => Some(Peer::client(ANYWHERE)),
        Site::Services => Some(Peer::Services),
    }
}

/// What an end stands for.
fn site(end: &At<End>, topology: &Topology, diagnostics: &mut Diagnostics) -> Option<Site> {
    let (name, word) = match &end.value {
        End::Cidr(cidr) if *cidr == ANYWHERE => return Some(Site::Internet),
        End::Cidr(cidr) => return Some(Site::Cidr(*cidr)),
        End::Internet => return Some(Site::Internet),
        End::Services => return Some(Site::Services),
        End::Member(name, word) => (name, word.as_str()),
    };
    let nsgs = topology.homes.get(name).map(|(_, nsgs)| nsgs.as_slice()).unwrap_or_default();
    if let Some(nsg) = nsgs.iter().find(|nsg| nsg.id.role.word == word) {
        return Some(Site::Nsg(nsg.id.clone()));
    }
    if let Some(absent) = topology.absent.get(name).filter(|absent| absent.word == word) {
        diagnostics.push(
            Diagnostic::error(end.span.clone(), format!("\"{name}\" has no `{word}`: {}", absent.why))
                .label("no rule can name them")
                .related(absent.span.clone(), "said here")
                .help(format!("write `{name}.{}`", absent.instead)),
        );
        return None;
    }
    let vcn = topology.vcns.keys().find(|vcn| vcn.name() == name);
    let tier = Tier::EVERY.iter().find(|tier| tier.word() == word);
    if let (Some(vcn), Some(tier)) = (vcn, tier) {
        return Some(Site::Tier(vcn.clone(), *tier));
    }
    let mut words: Vec<_> = nsgs.iter().map(|nsg| nsg.id.role.word).collect();
    words.extend(vcn.into_iter().flat_map(|_| Tier::EVERY.iter().map(|tier| tier.word())));
    let (message, wrong, known) = if words.is_empty() {
        let spells = topology.homes.keys().chain(topology.vcns.keys().map(VcnId::name)).map(Name::as_str);
        (format!("nothing in this spec is named \"{name}\""), name.as_str(), spells.collect())
    } else {
        (format!("\"{name}\" has no `{word}`"), word, words)
    };
    let diagnostic = Diagnostic::error(end.span.clone(), message);
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

/// Why nothing can be allowed between two ends.
fn problem(allowance: &Allowance, from: &Site, to: &Site, topology: &Topology) -> Option<Diagnostic> {
    let vcn = |site: &Site| match site {
        Site::Nsg(id) => topology.homes.get(&id.owner).map(|(vcn, _)| vcn.clone()),
        Site::Tier(vcn, _) => Some(vcn.clone()),
        Site::Cidr(_) | Site::Internet | Site::Services => None,
    };
    let name = &allowance.name.value;
    let error = |end: &At<End>, message: String| Diagnostic::error(end.span.clone(), message);
    if *from == Site::Services {
        return Some(
            error(&allowance.from, format!("allow \"{name}\" lets OCI services open connections"))
                .label("they open none")
                .help("swap `from` and `to`: replies need no rule"),
        );
    }
    match (vcn(from), vcn(to)) {
        (None, None) => Some(
            error(&allowance.from, format!("neither end of allow \"{name}\" is in this stack"))
                .label("nothing here would get a rule")
                .related(allowance.to.span.clone(), "nor here")
                .help("name a role such as `k8s.pod` or a tier such as `lab.private` at one end"),
        ),
        (Some(a), Some(b)) if a != b => Some(
            error(
                &allowance.to,
                format!("the ends of allow \"{name}\" are in different VCNs, \"{}\" and \"{}\"", a.name(), b.name()),
            )
            .label("no route leads there")
            .related(allowance.from.span.clone(), "from here")
            .help("a stack's VCNs are not peered; put both into one VCN"),
        ),
        (None, Some(_)) if is_outside(from) && !has_public_ip(to) && !is_forwarded(allowance, to, topology) => Some(
            error(&allowance.to, format!("allow \"{name}\" opens to the internet what has no public address"))
                .label("no way leads here from the internet")
                .related(allowance.from.span.clone(), "from here")
                .help("let a load balancer in the public tier receive it, or name the addresses inside that may come"),
        ),
        (Some(_), None) if is_outside(to) && !has_way_out(from) => Some(
            error(&allowance.to, format!("allow \"{name}\" leads to the internet from a tier without a way there"))
                .label("no route leads there")
                .related(allowance.from.span.clone(), "from here")
                .help("the public and the private tier have one; the secure and the management tier reach OCI services only"),
        ),
        _ => None,
    }
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

/// Whether an end is on the internet.
fn is_outside(site: &Site) -> bool {
    match site {
        Site::Internet => true,
        Site::Cidr(cidr) => is_public(*cidr),
        Site::Nsg(_) | Site::Tier(..) | Site::Services => false,
    }
}

fn has_way_out(site: &Site) -> bool {
    let tier = match site {
        Site::Nsg(id) => id.role.tier,
        Site::Tier(_, tier) => *tier,
        Site::Cidr(_) | Site::Internet | Site::Services => return true,
    };
    tier.default_route() != DefaultRoute::None
}

/// Whether network load balancers may forward all of it with their clients'
/// addresses.
fn is_forwarded(allowance: &Allowance, to: &Site, topology: &Topology) -> bool {
    let Site::Nsg(id) = to else { return false };
    let all = topology.forwarded.get(id).map(Vec::as_slice).unwrap_or_default();
    allowance.traffic.iter().all(|one| all.iter().any(|whole| is_within(*one, *whole)))
}

fn is_within(part: Traffic, whole: Traffic) -> bool {
    match (part, whole) {
        (Traffic::Tcp(Some(part)), Traffic::Tcp(Some(whole)))
        | (Traffic::Udp(Some(part)), Traffic::Udp(Some(whole))) => whole.min <= part.min && part.max <= whole.max,
        (part, whole) => part == whole,
    }
}

fn has_public_ip(site: &Site) -> bool {
    match site {
        Site::Nsg(id) => id.role.public_ip,
        Site::Tier(_, tier) => tier.allows_public_ip(),
        Site::Cidr(_) | Site::Internet | Site::Services => false,
    }
}
