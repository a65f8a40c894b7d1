//! The load balancers of a cluster: where they are, who keeps their rules, and
//! on which ports they listen.

use super::flows::FLOWS;
use super::roles::{INTERNAL_LB, LB, POD, WORKER};
use super::{flannel_flows, internal_lb_rules};
use crate::contract::oke;
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::prove::{Level, Source};
use crate::requirement::Requirement;
use crate::role::Role;
use crate::rule::table::{tcp, tcp_range, udp_range};
use crate::rule::{Peer, Row, Traffic};
use crate::spec::{Field, object};
use crate::spells::ports::{self, Protocol};
use crate::topology::Tier;

/// The ports that a spec may name: each is a rule of each layer.
const MOST_PORTS: usize = 12;

/// Those of the reference, in its order.
const REFERENCE_PORTS: [Traffic; 2] = [tcp(443), tcp(80)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    Public,
    Internal,
    Both,
}

pub const PLACEMENTS: &[(&str, Placement)] =
    &[("public", Placement::Public), ("internal", Placement::Internal), ("both", Placement::Both)];

/// Who keeps the rules of the load balancers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    Stack,
    /// OCI's cloud controller, Service by Service.
    Controller,
}

pub const KEEPERS: &[(&str, Keeper)] = &[("stack", Keeper::Stack), ("controller", Keeper::Controller)];

pub struct Balancers {
    pub placement: Placement,
    pub keeper: Keeper,
    /// Where the spec names some.
    pub ports: Option<Vec<Traffic>>,
}

impl Balancers {
    /// Whether there are any with a public address whose rules are here.
    pub fn has_public(&self) -> bool {
        self.keeper == Keeper::Stack && self.placement != Placement::Internal
    }

    /// The same of those without.
    pub fn has_internal(&self) -> bool {
        self.keeper == Keeper::Stack && self.placement != Placement::Public
    }

    pub fn is_default(&self) -> bool {
        self.keeper == Keeper::Stack && self.placement == Placement::Public && self.ports.is_none()
    }

    /// The roles that a row about load balancers is about.
    pub fn roles(&self) -> Vec<&'static Role> {
        let public = self.has_public().then_some(&oke::LB);
        public.into_iter().chain(self.has_internal().then_some(&oke::INTERNAL_LB)).collect()
    }

    /// What network load balancers may forward from the internet to workers,
    /// with the addresses of their clients. Any Service may ask for one, and by
    /// default it keeps them; before virtual nodes it can't.
    pub fn forwarded(&self) -> Option<[Traffic; 2]> {
        let (min, max) = oke::NODE_PORTS;
        (self.placement != Placement::Internal).then_some([tcp_range(min, max), udp_range(min, max)])
    }

    /// Where those go whose Services name no subnet.
    pub const fn tier(&self) -> Tier {
        match self.placement {
            Placement::Public | Placement::Both => Tier::Public,
            Placement::Internal => Tier::Private,
        }
    }

    /// What the rows that admit clients become: `rows` are the reference's.
    pub fn listeners(&self, rows: &[Row]) -> Vec<Row> {
        let Some(ports) = &self.ports else { return rows.to_vec() };
        let row = |traffic: &Traffic| {
            let known = rows.iter().find(|row| row.traffic == *traffic).copied();
            let description = "Load balancer receives what the spec names in load_balancer_ports";
            known.unwrap_or(Row { traffic: *traffic, peer: Peer::Anywhere, description })
        };
        ports.iter().map(row).collect()
    }

    /// The same of internal ones, whose clients are in the VCN.
    pub fn internal_listeners(&self) -> Vec<Row> {
        let ports = self.ports.as_deref().unwrap_or(&REFERENCE_PORTS);
        let description = "Clients in the VCN reach the internal load balancer";
        ports.iter().map(|traffic| Row { traffic: *traffic, peer: Peer::Vcn, description }).collect()
    }
}

/// The flows of a cluster's load balancers with those of all else, for the ports
/// that they listen on.
pub fn requirements(ports: Option<&[Traffic]>, has_overlay: bool) -> Vec<Requirement> {
    let table = if has_overlay { flannel_flows::FLOWS } else { FLOWS };
    let is_listener = |flow: &Requirement| flow.from == Peer::Anywhere && flow.to == LB && flow.traffic.has_ports();
    let known: Vec<Requirement> = table.iter().copied().filter(is_listener).collect();
    let listener = |traffic: &Traffic| Requirement {
        from: Peer::Anywhere,
        to: LB,
        traffic: *traffic,
        source: Source::Oracle,
        level: Level::Required,
        purpose: "clients reach the load balancer on a port of the spec",
    };
    let of_port =
        |traffic: &Traffic| known.iter().find(|flow| flow.traffic == *traffic).copied().unwrap_or(listener(traffic));
    let ports = ports.unwrap_or(&REFERENCE_PORTS);
    let mut flows = Vec::new();
    for flow in table {
        if !is_listener(flow) {
            flows.push(*flow);
        } else if known.first() == Some(flow) {
            flows.extend(ports.iter().map(of_port));
        }
    }
    flows.extend(internal_lb_rules::FLOWS);
    // A client with an NSG of its own may have a way that others lack.
    let purpose = "clients in the VCN reach the internal load balancer";
    for from in [Peer::Vcn, WORKER, POD] {
        let inside = |traffic: &Traffic| Requirement {
            from,
            to: INTERNAL_LB,
            level: Level::Optional,
            purpose,
            ..listener(traffic)
        };
        flows.extend(ports.iter().map(inside));
    }
    flows
}

/// Ports of listeners: `{ tcp = [443], udp = [53] }`.
pub fn listener_ports(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<Traffic>> {
    const EXAMPLE: &str = "{ tcp = [80, 443, \"8000-8100\"], udp = [53] }";
    let members = object::members(field, &["tcp", "udp"], EXAMPLE, diagnostics)?;
    let mut all = Vec::new();
    for (word, ports) in members {
        let protocol = if word == "tcp" { Protocol::Tcp } else { Protocol::Udp };
        all.extend(ports::list(&ports, protocol, "[80, 443, \"8000-8100\"]", diagnostics)?);
    }
    let problem = match all.len() {
        0 => "it names no port",
        1..=MOST_PORTS => return Some(all),
        _ => "more than 12 ports and ranges",
    };
    let message = format!("{} of {} can't be used", field.subject, field.owner);
    diagnostics.push(
        Diagnostic::error(field.span.clone(), message)
            .label(problem)
            .help(format!("write 1 to {MOST_PORTS} ports or ranges, such as {EXAMPLE}")),
    );
    None
}

/// What the controller keeps is said by the Services.
pub fn check(keeper: Option<&At<Keeper>>, ports: Option<&At<Vec<Traffic>>>, diagnostics: &mut Diagnostics) {
    let (Some(keeper), Some(ports)) = (keeper, ports) else { return };
    if keeper.value == Keeper::Controller {
        diagnostics.push(
            Diagnostic::error(ports.span.clone(), "`load_balancer_ports` has no use: the controller keeps the rules")
                .label("each Service says its ports itself")
                .related(keeper.span.clone(), "so it is written here")
                .help("take out one of the two"),
        );
    }
}
