//! What must pass between the VNICs of a cluster, and to and from it.

use super::balancers::Keeper;
use super::needs::requirements;
use super::{OkeCluster, overlap};
use crate::contract::oke::{API, LB, WORKER};
use crate::prove::network::{Endpoint, Front};
use crate::prove::{Flow, Level, Source, elsewhere};
use crate::rule::table::tcp;
use crate::rule::{ANYWHERE, Peer, Traffic};
use crate::spells::network::subnet;
use crate::spells::sketch::{Place, Sketch};
use crate::topology::{Home, Tier};
use ipnet::Ipv4Net;

pub fn add_flows(cluster: &OkeCluster, home: Home<'_>, sketch: &mut Sketch) {
    let find = |peer: Peer| {
        let place = match peer {
            Peer::Nsg(role) => Place::Nsg(cluster.nsg(role)),
            Peer::Subnet(tier) => Place::Tier(home.vcn.clone(), tier),
            Peer::Vcn => {
                let tiers = Tier::EVERY.iter().map(|tier| Place::Tier(home.vcn.clone(), *tier));
                return tiers.filter_map(|tier| sketch.find(&tier)).collect();
            }
            _ => return Vec::new(),
        };
        sketch.find(&place).into_iter().collect()
    };
    let clients = cluster.clients(home.network.cidr);
    let needed = requirements(&cluster.needs());
    let flows: Vec<_> = needed.iter().flat_map(|requirement| requirement.flows(&clients, find)).collect();
    if cluster.balancers.keeper == Keeper::Controller {
        sketch.add_unjudged(format!(
            "the rules of the load balancers of {} are the cloud controller's, in NSGs that are not in this stack",
            cluster.name()
        ));
    }
    let front =
        |traffic: Traffic| Front { subnet: subnet(home.vcn.name(), LB.tier).to_string(), traffic: traffic.into() };
    let fronts = cluster.balancers.forwarded().into_iter().flatten().map(front);
    sketch.add_fronts(&Place::Nsg(cluster.nsg(&WORKER)), fronts);
    let inside = clients_inside(cluster, home, sketch);
    sketch.add_flows(inside.into_iter().chain(flows));
    sketch.add_unknowns(cluster.unknown_nsgs());
}

/// Clients of the API endpoint that are not on the internet: VNICs of the
/// VCN, and others, of whom nothing is known here.
fn clients_inside(cluster: &OkeCluster, home: Home<'_>, sketch: &mut Sketch) -> Vec<Flow> {
    let clients = cluster.clients(home.network.cidr);
    let Some(api) = sketch.find(&Place::Nsg(cluster.nsg(&API))) else { return Vec::new() };
    let tiers = home.network.subnets.iter().filter_map(|part| {
        let from = sketch.find(&Place::Tier(home.vcn.clone(), part.tier))?;
        Some((from, part.cidr))
    });
    let flows = client_flows(&clients, api, tiers);
    if clients.contains(&ANYWHERE) {
        return flows;
    }
    for client in elsewhere(&clients, home.network.cidr) {
        sketch.add_unjudged(format!(
            "{client} may reach the API endpoint of {}, but is neither public nor in {}: how it gets there is not in this stack",
            cluster.name(),
            home.vcn.name()
        ));
    }
    flows
}

/// The flows of clients that are in the VCN of an API endpoint. `tiers` are all
/// other VNICs of each subnet there, and its addresses.
pub fn client_flows(clients: &[Ipv4Net], api: Endpoint, tiers: impl Iterator<Item = (Endpoint, Ipv4Net)>) -> Vec<Flow> {
    if clients.contains(&ANYWHERE) {
        return Vec::new();
    }
    let flow = |(from, cidr)| {
        let clients: Vec<_> = clients.iter().copied().filter(|client| overlap(*client, cidr)).collect();
        (!clients.is_empty()).then(|| Flow {
            from,
            to: api,
            clients: Some(clients),
            traffic: tcp(6443).into(),
            source: Source::Reference,
            // A client with an NSG of its own may have a way that others lack.
            level: Level::Optional,
            purpose: "clients in the VCN reach the API server".into(),
        })
    };
    tiers.filter_map(flow).collect()
}
