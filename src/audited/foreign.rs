//! What is asked of a cluster that cloudspells did not generate: what Oracle
//! requires and no more, and what a plan or a state can't show.

use crate::audit::{Cluster, Subject};
use crate::contract::oke::{API, LB, POD};
use crate::prove::network::{Endpoint, Traffic};
use crate::prove::{Concerns, Engine, Flow, Level, May, Unknown};
use crate::rule::Ports;

/// A flow of a row as it is asked of a cluster. One that cloudspells generated
/// is asked all that its table says.
pub fn asked(engine: &Engine<'_>, cluster: &Cluster, flow: Flow) -> Vec<Flow> {
    if cluster.is_generated {
        return vec![flow];
    }
    // Clusters may be private on purpose.
    if is_private(engine, cluster, &flow) {
        return vec![Flow { level: Level::Optional, ..flow }];
    }
    if flow.level == Level::Required && is_dispensable(flow.traffic) {
        return vec![Flow { level: Level::Recommended, ..flow }];
    }
    let is = |endpoint, role| matches!(endpoint, Endpoint::Group(at) if cluster.of(role).contains(&at));
    if flow.traffic == Traffic::All && is(flow.from, &API) && is(flow.to, &POD) {
        // Webhooks and metrics are HTTP; Oracle's list has every protocol.
        let tcp = Traffic::Tcp { source: ANY, destination: ANY };
        return vec![Flow { traffic: tcp, ..flow.clone() }, Flow { level: Level::Recommended, ..flow }];
    }
    vec![flow]
}

const ANY: Ports = Ports { min: 0, max: u16::MAX };

/// Whether a flow leads from or to the internet, where the cluster has no
/// public address for it.
fn is_private(engine: &Engine<'_>, cluster: &Cluster, flow: &Flow) -> bool {
    let is_public = |endpoint| match endpoint {
        Endpoint::Group(at) => {
            let is_open = cluster.of(&LB).contains(&at) || cluster.of(&API).contains(&at);
            is_open && engine.policy(endpoint).is_some_and(|policy| policy.has_public_ip())
        }
        Endpoint::Internet | Endpoint::Services => false,
    };
    match (flow.from, flow.to) {
        (_, Endpoint::Internet) => true,
        (Endpoint::Internet, to) => !is_public(to),
        _ => false,
    }
}

/// Whether Oracle lists traffic that clusters work without: path MTU discovery
/// where no path is narrow, and datagrams to NodePorts, which only a network
/// load balancer forwards.
const fn is_dispensable(traffic: Traffic) -> bool {
    matches!(traffic, Traffic::Icmp { .. } | Traffic::Udp { .. })
}

/// What the text of such clusters can't show: the NSGs of load balancers, which
/// annotations of Services name, and the rules that the cloud controller keeps.
pub fn unknowns(subject: &Subject) -> Vec<Unknown> {
    let mut found = Vec::new();
    for cluster in subject.clusters.iter().filter(|cluster| !cluster.is_generated && !cluster.mapped.contains(&&LB)) {
        for group in cluster.of(&LB).iter().filter_map(|at| subject.network.groups.get(*at)) {
            if !group.nsgs.is_empty() {
                continue;
            }
            found.push(Unknown {
                address: cluster.address.clone(),
                attribute: "options[0].service_lb_subnet_ids".to_owned(),
                why: format!(
                    "which NSGs its load balancers have is said by annotations of Services, and the cloud controller may \
                     keep rules for them in the security lists: neither is in a plan or state; `--map {}=NSG` says it",
                    LB.word
                ),
                may: May::Open,
                concerns: Concerns::Group(group.candidate_of.clone().unwrap_or_else(|| group.name.clone())),
                is_as_named: false,
            });
        }
    }
    found.sort();
    found.dedup();
    found
}
