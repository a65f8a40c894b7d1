//! Escapes every text of a subject, so that an address or a name from the JSON
//! is printed on one line and reads as what it is.

use crate::audit::escape::text;
use crate::audit::problem::Problem;
use crate::audit::subject::{Cluster, Subject};
use crate::audit::unplaced::Unplaced;
use crate::prove::network::{Front, Group, Network, Peer, Route, SecurityRule, Subnet, Target};
use crate::prove::{Concerns, Unknown};
use std::collections::BTreeMap;

/// The subject with all its texts escaped.
///
/// # Errors
///
/// If two of its addresses would become one.
pub fn subject(subject: Subject) -> Result<Subject, Problem> {
    let Subject { network, widest, clusters, instances, unplaced, unknowns, nsg_ids } = subject;
    let cluster = |one: Cluster| Cluster { name: text(&one.name), address: text(&one.address), ..one };
    let place = |one: Unplaced| Unplaced {
        by: text(&one.by),
        attribute: text(&one.attribute),
        cluster: one.cluster.as_deref().map(text),
        ..one
    };
    let note = |one: Unknown| Unknown {
        address: text(&one.address),
        attribute: text(&one.attribute),
        why: text(&one.why),
        concerns: match one.concerns {
            Concerns::Everything => Concerns::Everything,
            Concerns::Vcn(key) => Concerns::Vcn(text(&key)),
            Concerns::Subnet(key) => Concerns::Subnet(text(&key)),
            Concerns::Group(name) => Concerns::Group(text(&name)),
        },
        ..one
    };
    let mut unplaced: Vec<_> = unplaced.into_iter().map(place).collect();
    let mut unknowns: Vec<_> = unknowns.into_iter().map(note).collect();
    unplaced.sort_by(|a, b| a.order().cmp(&b.order()));
    unknowns.sort();
    let clusters = clusters.into_iter().map(cluster).collect();
    Ok(Subject {
        network: self::network(network)?,
        widest: widest.map(self::network).transpose()?,
        clusters,
        instances,
        unplaced,
        unknowns,
        nsg_ids: nsg_ids.into_iter().map(|(id, address)| (text(&id), text(&address))).collect(),
    })
}

fn network(network: Network) -> Result<Network, Problem> {
    let Network { vcns, subnets, security_lists, nsgs, drgs, groups } = network;
    let rules = |rules: Vec<SecurityRule>| rules.into_iter().map(rule).collect();
    Ok(Network {
        vcns: keyed(vcns, |vcn| vcn)?,
        subnets: keyed(subnets, subnet)?,
        security_lists: keyed(security_lists, rules)?,
        nsgs: keyed(nsgs, rules)?,
        drgs: keyed(drgs, |vcns| vcns.iter().map(|vcn| text(vcn)).collect())?,
        groups: groups.into_iter().map(group).collect(),
    })
}

fn keyed<V>(map: BTreeMap<String, V>, value: impl Fn(V) -> V) -> Result<BTreeMap<String, V>, Problem> {
    let before = map.len();
    let map: BTreeMap<_, _> = map.into_iter().map(|(key, one)| (text(&key), value(one))).collect();
    if map.len() == before {
        return Ok(map);
    }
    Err(Problem::new(
        "two addresses differ only in how an unprintable character is written",
        "is the file what `tofu show -json` printed? no address has such characters",
    ))
}

fn subnet(subnet: Subnet) -> Subnet {
    let target = |target| match target {
        Target::Peering(vcn) => Target::Peering(text(&vcn)),
        Target::Drg(drg) => Target::Drg(text(&drg)),
        other => other,
    };
    let route = |route: Route| Route { gateway: text(&route.gateway), target: target(route.target), ..route };
    Subnet {
        vcn: text(&subnet.vcn),
        security_lists: texts(&subnet.security_lists),
        route_table: text(&subnet.route_table),
        routes: subnet.routes.into_iter().map(route).collect(),
        ..subnet
    }
}

fn rule(rule: SecurityRule) -> SecurityRule {
    let peer = match rule.peer {
        Peer::Nsg(nsg) => Peer::Nsg(text(&nsg)),
        other => other,
    };
    SecurityRule { address: text(&rule.address), description: text(&rule.description), peer, ..rule }
}

fn group(group: Group) -> Group {
    Group {
        name: text(&group.name),
        subnet: text(&group.subnet),
        nsgs: texts(&group.nsgs),
        fronts: group.fronts.into_iter().map(|front| Front { subnet: text(&front.subnet), ..front }).collect(),
        candidate_of: group.candidate_of.as_deref().map(text),
        ..group
    }
}

fn texts(all: &[String]) -> Vec<String> {
    all.iter().map(|one| text(one)).collect()
}
