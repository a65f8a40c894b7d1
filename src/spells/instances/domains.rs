//! Where in the region machines are: availability domains by number, fault
//! domains by name.

use crate::diagnostic::{Diagnostic, Diagnostics, Span, nearest, quoted};
use crate::graph::{Address, Body, Graph, Selection, Step, Value};
use crate::spec::Field;
use crate::spec::list::items;
use crate::spec::value::{integer, string, wrong_type};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Availability domains of a region, by number. Oracle, Regions and Availability
/// Domains: one or three.
const DOMAINS: RangeInclusive<u64> = 1..=3;

/// Fault domains of an availability domain. Oracle, Regions and Availability
/// Domains.
pub const FAULT_DOMAINS: [&str; 3] = ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2", "FAULT-DOMAIN-3"];

/// Numbers of availability domains, rising.
pub fn domains(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<u64>> {
    let mut domains = items(field, "[1, 2]", diagnostics, availability_domain)?;
    domains.sort_unstable();
    Some(domains)
}

pub fn fault_domains(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<&'static str>> {
    let mut domains = items(field, "[\"FAULT-DOMAIN-1\"]", diagnostics, fault_domain)?;
    domains.sort_unstable();
    Some(domains)
}

/// The number of one. Its name begins with a word that is the tenancy's own, so
/// that no spec could have it for two tenancies.
fn availability_domain(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<u64> {
    let named = field.expression.as_str().and_then(|name| name.rsplit_once("AD-"));
    if let Some((_, number)) = named.filter(|(_, number)| ["1", "2", "3"].contains(number)) {
        diagnostics.push(
            wrong_type(field, "the number of an availability domain", number)
                .help(format!("write {number}: names differ from tenancy to tenancy, numbers do not")),
        );
        return None;
    }
    integer(DOMAINS, "")(field, diagnostics)
}

fn fault_domain(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<&'static str> {
    let text = string("\"FAULT-DOMAIN-1\"")(field, diagnostics)?;
    if let Some(known) = FAULT_DOMAINS.into_iter().find(|known| *known == text) {
        return Some(known);
    }
    let label = match nearest(&text, FAULT_DOMAINS) {
        Some(near) => format!("did you mean {}?", quoted(near)),
        None => "not a fault domain".to_owned(),
    };
    diagnostics.push(
        Diagnostic::error(
            field.span.clone(),
            format!("{} of {} can't be {}", field.subject, field.owner, quoted(&text)),
        )
        .label(label)
        .help("write \"FAULT-DOMAIN-1\", \"FAULT-DOMAIN-2\" or \"FAULT-DOMAIN-3\""),
    );
    None
}

/// The availability domains that some machines may be in.
pub struct Domains<'a> {
    /// The data source that has those of the region.
    pub region: Address,
    /// What the local value of those that are chosen is named after.
    pub identifier: Cow<'a, str>,
    /// By number, rising; all of the region where there are none.
    pub numbers: &'a [u64],
}

impl Domains<'_> {
    fn chosen(&self) -> Option<Address> {
        (!self.numbers.is_empty()).then(|| Address::Local(format!("{}_availability_domains", self.identifier)))
    }

    /// Adds the local value of those that are chosen, where some are.
    pub fn add(&self, file: &'static str, origin: &Span, graph: &mut Graph) {
        let Some(address) = self.chosen() else { return };
        let Address::Local(local) = address.clone() else { return };
        let name = || Value::Within("domain", vec![Step::Attribute("name")]);
        let numbers: String = self.numbers.iter().map(u64::to_string).collect();
        let pattern = Value::String(format!("AD-[{numbers}]$"));
        let chosen = Value::Map(Box::new(Selection {
            name: "domain",
            values: self.region.clone().attribute("availability_domains"),
            key: name(),
            value: Value::Within("domain", Vec::new()),
            condition: Value::Call("can", vec![Value::Call("regex", vec![pattern, name()])]),
        }));
        graph.add(file, address, origin, Body::default().attribute(local, chosen));
    }

    /// What a placement goes through.
    pub fn value(&self) -> Value {
        match self.chosen() {
            Some(local) => Value::Reference(local, Vec::new()),
            None => self.region.clone().attribute("availability_domains"),
        }
    }

    /// Their names, in an order that is always the same.
    pub fn names(&self) -> Value {
        match self.chosen() {
            Some(local) => Value::Call("keys", vec![Value::Reference(local, Vec::new())]),
            None => Value::Call("sort", vec![self.names_of_region()]),
        }
    }

    fn names_of_region(&self) -> Value {
        self.region.clone().path([Step::Attribute("availability_domains"), Step::Splat, Step::Attribute("name")])
    }

    /// The precondition that the region has those that are chosen.
    pub fn check(&self, title: &str) -> Option<Body> {
        let chosen = Value::Reference(self.chosen()?, Vec::new());
        let count = u64::try_from(self.numbers.len()).unwrap_or_default();
        let message = format!(
            "The availability domains here are %s: not all of those that {title} names. Write the numbers of some of these as its availability_domains, or leave it out for all."
        );
        let list = Value::Call("join", vec![", ".into(), self.names_of_region()]);
        Some(
            Body::default()
                .attribute("condition", Value::Call("length", vec![chosen]).equals(count))
                .attribute("error_message", Value::Call("format", vec![Value::String(message), list])),
        )
    }
}
