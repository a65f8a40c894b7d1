//! What the table files need to look like tables, and what becomes of their rows
//! once the ports are known.

pub use super::needs::Port::{Always, Backend, Health, Kept, Listener, Outside, Redirect, Served};
pub use crate::rule::table::{Anywhere, Services};

use super::needs::{Needs, Port};
use super::{flows, rules};
use crate::contract::compute;
use crate::prove::{Level, Source};
use crate::requirement::Requirement;
use crate::role::Role;
use crate::rule::{NsgTables, Peer, Row};

pub const LB: Peer = Peer::Nsg(&compute::LB);
pub const INSTANCE: Peer = Peer::Nsg(&compute::INSTANCE);

/// A row whose port the spec says.
#[derive(Clone, Copy)]
pub struct Entry {
    port: Port,
    peer: Peer,
    description: &'static str,
}

pub const fn entry(port: Port, peer: Peer, description: &'static str) -> Entry {
    Entry { port, peer, description }
}

/// A flow whose port the spec says.
#[derive(Clone, Copy)]
pub struct FlowEntry {
    from: Peer,
    to: Peer,
    port: Port,
    level: Level,
    purpose: &'static str,
}

pub const fn asked(from: Peer, to: Peer, port: Port, level: Level, purpose: &'static str) -> FlowEntry {
    FlowEntry { from, to, port, level, purpose }
}

/// The roles of a workload: its load balancer, where it has one, and its
/// instances.
pub fn roles(needs: &Needs) -> (Option<&'static Role>, &'static Role) {
    let lb = if needs.is_internal() { &compute::INTERNAL_LB } else { &compute::LB };
    let instance = if needs.is_secure { &compute::SECURE_INSTANCE } else { &compute::INSTANCE };
    (needs.balancer.map(|_| lb), instance)
}

/// The tables of a workload's NSGs.
pub fn nsgs(needs: &Needs) -> Vec<NsgTables> {
    let tables = |role: &'static Role, ingress: &[Entry], egress: &[Entry]| NsgTables {
        role,
        ingress: rows(ingress, needs).into(),
        egress: rows(egress, needs).into(),
    };
    let (lb, instance) = roles(needs);
    let lb = lb.map(|role| tables(role, rules::LB_INGRESS, rules::LB_EGRESS));
    lb.into_iter().chain([tables(instance, rules::INSTANCE_INGRESS, rules::INSTANCE_EGRESS)]).collect()
}

fn rows(entries: &[Entry], needs: &Needs) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for entry in entries {
        let Some(traffic) = needs.traffic(entry.port) else { continue };
        let peer = peer(entry.peer, entry.port, needs);
        // Health is often asked for where requests go.
        if !rows.iter().any(|known| known.traffic == traffic && known.peer == peer) {
            rows.push(Row { traffic, peer, description: entry.description });
        }
    }
    rows
}

/// Who a peer is here.
fn peer(peer: Peer, port: Port, needs: &Needs) -> Peer {
    let (lb, instance) = roles(needs);
    match (peer, port) {
        (Peer::Nsg(role), _) if *role == compute::LB => Peer::Nsg(lb.unwrap_or(role)),
        (Peer::Nsg(_), _) => Peer::Nsg(instance),
        (Peer::Anywhere, Listener | Redirect | Kept) if needs.is_internal() => Peer::Vcn,
        _ => peer,
    }
}

/// The flows of a workload.
pub fn requirements(needs: &Needs) -> Vec<Requirement> {
    let mut flows: Vec<Requirement> = Vec::new();
    for entry in flows::FLOWS {
        let Some(traffic) = needs.traffic(entry.port) else { continue };
        let (from, to) = (peer(entry.from, entry.port, needs), peer(entry.to, entry.port, needs));
        // A client with an NSG of its own may have a way that others lack.
        let level = if from == Peer::Vcn { Level::Optional } else { entry.level };
        if !flows.iter().any(|known| (known.from, known.to, known.traffic) == (from, to, traffic)) {
            flows.push(Requirement { from, to, traffic, source: Source::Roles, level, purpose: entry.purpose });
        }
    }
    flows
}
