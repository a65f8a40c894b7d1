//! What a spell says about itself: in the generated README, and in the
//! generated tests.

use super::network::nsg;
use crate::diagnostic::{At, Diagnostic};
use crate::graph::{Address, Value};
use crate::quote::{Markdown, Mermaid};
use crate::rule::{Direction, Layer};
use crate::topology::{Name, Peer, Rule};
use serde::Serialize;

/// An assertion of the generated `tofu test`.
pub struct Check {
    pub condition: Value,
    /// What is wrong when it fails.
    pub message: String,
}

/// The size of something, which OCI lets grow and never shrink.
pub struct Growing {
    /// The resource, and its argument that has it.
    pub address: Address,
    pub argument: &'static str,
    /// What it is the size of: `volume "data" of compute_instance "db"`.
    pub what: String,
    /// As the spec writes it, in GB.
    pub size: At<u64>,
}

impl Growing {
    /// What is wrong with it beside what it was.
    pub fn objection(&self, was: u64) -> Option<Diagnostic> {
        let (what, is) = (&self.what, self.size.value);
        (is < was).then(|| {
            Diagnostic::error(self.size.span.clone(), format!("{what} can't shrink from {was} to {is} GB"))
                .label("OCI's volumes grow, and never shrink")
                .help(format!(
                    "write {was} or more; for a smaller one make another of another name, and copy what is on it"
                ))
        })
    }
}

/// What every call of a module would make once more.
pub struct Repeat {
    /// What it is, in a sentence.
    pub what: &'static str,
    pub value: String,
    /// What follows from having it twice.
    pub consequence: &'static str,
    /// Whether two calls break each other, and do not only look alike.
    pub breaks: bool,
}

/// A spell's part of the generated README.
#[derive(Serialize)]
pub struct Section {
    pub title: Markdown,
    /// The spell's name as it stands in the names of outputs.
    pub id: Markdown,
    /// What there is, a line each.
    pub facts: Vec<Markdown>,
    #[serde(skip)]
    pub tables: Vec<Table>,
    /// Lines of the mermaid diagram.
    pub diagram: Vec<Mermaid>,
    /// A template of what to do once it is applied. It sees `id`, which the
    /// names of the outputs begin with, `root`, `features`, and of `oci` commands
    /// `region` and `options`.
    #[serde(skip)]
    pub next_steps: Option<&'static str>,
    /// What the spec chose, for that template.
    #[serde(skip)]
    pub features: Vec<&'static str>,
    /// What follows them, in every layout.
    #[serde(skip)]
    pub runbook: Option<Runbook>,
}

/// Text whose `oci` commands have these options.
pub type Runbook = Box<dyn FnOnce(&Markdown) -> Markdown>;

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

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    pub protocol: &'static str,
    /// The source of ingress, the destination of egress: a CIDR, the address
    /// of an NSG, or `OCI services`.
    pub peer: String,
    /// Who that is, where it has a name: `private subnet`, `worker NSG`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer_name: Option<String>,
    /// Both for people.
    #[serde(skip)]
    pub peer_text: String,
    pub ports: String,
    pub description: String,
    /// The rule's own Terraform address; rules of a list have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Row {
    fn cells(&self) -> [&str; 4] {
        [self.protocol, &self.peer_text, &self.ports, &self.description]
    }
}

/// A security list or NSG whose rules are shown.
pub struct Owner<'a> {
    pub layer: Layer,
    /// The spell that has it.
    pub spell: &'a Name,
    pub name: String,
    pub address: Address,
    /// The address of a rule that has one.
    pub rule: &'a dyn Fn(Direction, &Rule) -> Option<Address>,
}

impl Owner<'_> {
    pub fn table(&self, direction: Direction, rules: &[Rule]) -> Table {
        Table {
            layer: self.layer,
            name: self.name.clone(),
            address: self.address.to_string(),
            direction: direction.word(),
            rules: rules.iter().map(|rule| self.row(direction, rule)).collect(),
        }
    }

    fn row(&self, direction: Direction, rule: &Rule) -> Row {
        let peer = match &rule.peer {
            Peer::Cidr(cidr, _) => cidr.to_string(),
            Peer::Services => "OCI services".to_owned(),
            Peer::Nsg(id) => nsg(id).to_string(),
        };
        let peer_name = rule.peer.name(self.spell);
        let peer_text = match (&rule.peer, &peer_name) {
            (Peer::Nsg(_), Some(name)) => name.clone(),
            (_, Some(name)) => format!("{peer} ({name})"),
            (_, None) => peer.clone(),
        };
        Row {
            protocol: rule.traffic.protocol_name(),
            peer,
            peer_name,
            peer_text,
            ports: rule.traffic.ports_text(),
            description: rule.description.clone().into_owned(),
            address: (self.rule)(direction, rule).map(|address| address.to_string()),
        }
    }
}

impl Table {
    /// What the table is of: "NSG k8s-api-nsg: ingress".
    pub fn title(&self) -> String {
        format!("{} {}: {}", self.layer.title(), self.name, self.direction)
    }

    /// The names of the columns, and the cells of each row.
    pub fn cells(&self) -> ([&'static str; 4], Vec<[&str; 4]>) {
        let peer = if self.direction == Direction::Ingress.word() { "Source" } else { "Destination" };
        (["Protocol", peer, "Port / Type", "Description"], self.rules.iter().map(Row::cells).collect())
    }

    /// The table as Markdown, under a heading; nothing where it has no rules.
    pub fn markdown(&self) -> Markdown {
        let (head, rows) = self.cells();
        let row = |cells: [&str; 4]| Markdown::row(cells.map(Markdown::text));
        let head = [row(head), Markdown::row(["---"; 4].map(Markdown::ours))];
        let lines = Markdown::join(head.into_iter().chain(rows.into_iter().map(row)), "\n");
        let (layer, direction) = (Markdown::ours(self.layer.title()), Markdown::ours(self.direction));
        Markdown::fill("### {} {}: {}\n\n{}\n", [layer, Markdown::code(&self.name), direction, lines])
    }
}

pub fn length(collection: Value) -> Value {
    Value::Call("length", vec![collection])
}

/// Whether ids are one resource's id and no other.
pub fn all_are(ids: Value, resource: Address) -> Value {
    are(ids, vec![resource.attribute("id")])
}

/// That some ids are these, in any order.
pub fn are(ids: Value, expected: Vec<Value>) -> Value {
    Value::Call("toset", vec![ids]).equals(Value::Call("toset", vec![Value::List(expected)]))
}
