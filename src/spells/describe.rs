//! What a spell says about itself: in the generated README, and in the
//! generated tests.

use crate::graph::Value;
use crate::rule::{Direction, Peer, Rule};
use crate::topology::peer_cidr;
use ipnet::Ipv4Net;
use serde::Serialize;

/// An assertion of the generated `tofu test`.
pub struct Check {
    pub condition: Value,
    /// What is wrong when it fails.
    pub message: String,
}

/// A spell's part of the generated README.
#[derive(Serialize)]
pub struct Section {
    pub title: String,
    /// The spell's name as it stands in the names of outputs.
    pub id: String,
    /// What there is, a line each.
    pub facts: Vec<String>,
    pub tables: Vec<Table>,
    /// Lines of the mermaid diagram.
    pub diagram: Vec<String>,
    /// A template of what to do once it is applied. It sees `id`, which the
    /// names of the outputs begin with, and `root`.
    #[serde(skip)]
    pub next_steps: Option<&'static str>,
}

/// A rule table as people read it.
#[derive(Serialize)]
pub struct Table {
    pub title: String,
    pub peer: &'static str,
    pub rows: Vec<[String; 4]>,
}

impl Table {
    pub fn new(title: String, direction: Direction, rules: &[Rule], vcn: Ipv4Net) -> Self {
        let rows = rules.iter().map(|rule| {
            [
                rule.traffic.protocol_name().to_owned(),
                peer_text(rule.peer, vcn),
                rule.traffic.ports_text(),
                rule.description.to_owned(),
            ]
        });
        Self {
            title,
            peer: match direction {
                Direction::Ingress => "Source",
                Direction::Egress => "Destination",
            },
            rows: rows.collect(),
        }
    }
}

fn peer_text(peer: Peer, vcn: Ipv4Net) -> String {
    let cidr = peer_cidr(peer, vcn).map(|cidr| cidr.to_string()).unwrap_or_default();
    match peer {
        Peer::Services => "OCI services".to_owned(),
        Peer::Nsg(role) => format!("{role} NSG"),
        Peer::Subnet(tier) => format!("{cidr} ({} subnet)", tier.word()),
        Peer::Vcn => format!("{cidr} (VCN)"),
        Peer::Anywhere | Peer::Cidr(_) | Peer::ApiClients => cidr,
    }
}
