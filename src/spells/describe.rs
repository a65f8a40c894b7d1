//! What a spell says about itself: in the generated README, and in the
//! generated tests.

use crate::graph::{Address, Value};
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
    #[serde(skip)]
    pub tables: Vec<Table>,
    /// Lines of the mermaid diagram.
    pub diagram: Vec<String>,
    /// A template of what to do once it is applied. It sees `id`, which the
    /// names of the outputs begin with, and `root`.
    #[serde(skip)]
    pub next_steps: Option<&'static str>,
}

/// The rules of one direction of a security list or an NSG, as people read
/// them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    pub layer: Layer,
    /// The display name of the list or NSG.
    pub name: String,
    /// Its Terraform address.
    pub address: String,
    pub direction: &'static str,
    pub rules: Vec<Row>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    SecurityList,
    Nsg,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    pub protocol: &'static str,
    /// The source of ingress, the destination of egress.
    pub peer: String,
    pub ports: String,
    pub description: &'static str,
    /// The rule's own Terraform address; rules of a list have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Row {
    fn cells(&self) -> [&str; 4] {
        [self.protocol, &self.peer, &self.ports, self.description]
    }
}

impl Table {
    /// `address` finds the address of a rule that has one.
    pub fn new(
        (layer, name, owner): (Layer, String, &Address),
        direction: Direction,
        rules: &[Rule],
        vcn: Ipv4Net,
        address: impl Fn(&Rule) -> Option<Address>,
    ) -> Self {
        let row = |rule: &Rule| Row {
            protocol: rule.traffic.protocol_name(),
            peer: peer_text(rule.peer, vcn),
            ports: rule.traffic.ports_text(),
            description: rule.description,
            address: address(rule).map(|address| address.to_string()),
        };
        Self {
            layer,
            name,
            address: owner.to_string(),
            direction: direction.word(),
            rules: rules.iter().map(row).collect(),
        }
    }

    /// What the table is of: "NSG `k8s-api-nsg`: ingress".
    pub fn title(&self) -> String {
        let layer = match self.layer {
            Layer::SecurityList => "Security list",
            Layer::Nsg => "NSG",
        };
        format!("{layer} `{}`: {}", self.name, self.direction)
    }

    /// The names of the columns, and the cells of each row.
    pub fn cells(&self) -> ([&'static str; 4], Vec<[&str; 4]>) {
        let peer = if self.direction == Direction::Ingress.word() { "Source" } else { "Destination" };
        (["Protocol", peer, "Port / Type", "Description"], self.rules.iter().map(Row::cells).collect())
    }

    /// The table as Markdown, under a heading; nothing where it has no rules.
    pub fn markdown(&self) -> String {
        let (head, rows) = self.cells();
        let line = |cells: [&str; 4]| format!("| {} |\n", cells.join(" | "));
        let rows: String = rows.into_iter().map(line).collect();
        format!("### {}\n\n{}{}{rows}", self.title(), line(head), line(["---"; 4]))
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
