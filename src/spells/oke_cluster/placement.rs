//! Where in the region a pool's nodes are, and on which capacity.

use super::OkeCluster;
use super::node_pool::NodePool;
use crate::diagnostic::{At, Diagnostic, Diagnostics, Span, nearest, quoted};
use crate::graph::{Address, Body, Graph, Selection, Step, Value};
use crate::spec::list::items;
use crate::spec::object::members;
use crate::spec::value::{Objection, boolean, integer, passthrough, string, wrong_type};
use crate::spec::{BlockReader, Field, Passthrough};
use crate::spells::identity::user;
use crate::topology::Shape;
use hcl_edit::expr::Expression;
use std::ops::RangeInclusive;

/// Availability domains of a region, by number. Oracle, Regions and Availability
/// Domains: one or three.
const DOMAINS: RangeInclusive<u64> = 1..=3;

/// Fault domains of an availability domain. Oracle, Regions and Availability
/// Domains.
pub const FAULT_DOMAINS: [&str; 3] = ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2", "FAULT-DOMAIN-3"];

pub struct Placement {
    /// Numbers of availability domains, rising; all of the region where there
    /// are none.
    pub domains: Vec<u64>,
    fault_domains: Vec<&'static str>,
    pub reservation: Option<Passthrough>,
    pub preemptible: Option<Preemptible>,
}

/// Instances that OCI may take back at any time.
pub struct Preemptible {
    preserve_boot_volume: bool,
}

impl Placement {
    pub fn read(reader: &mut BlockReader<'_>, shape: Option<&At<Shape>>) -> Self {
        let title = reader.title().to_owned();
        let domains = reader.optional("availability_domains", domains);
        let fault_domains = reader.optional("fault_domains", fault_domains);
        let purpose = format!("OCID of the capacity reservation of {}", title.replace('"', ""));
        let kind = Some("capacityreservation");
        let reservation = reader.optional("capacity_reservation_id", passthrough(purpose, kind, check_reservation));
        let preemptible = reader.optional("preemptible", preemptible);
        if let Some(reservation) = &reservation {
            // A wrong list has its own message.
            let count = domains.as_ref().map(|at| at.value.len());
            if count != Some(1) && (count.is_some() || !reader.has("availability_domains")) {
                reader.diagnostics.push(reservation_is_elsewhere(&title, reservation, domains.as_ref()));
            }
        }
        if let Some(At { value: Some(_), span }) = &preemptible {
            let other = [
                reservation.as_ref().map(|at| (&at.span, "capacity is reserved, or it is preemptible")),
                shape.filter(|at| at.value.0.starts_with("BM.")).map(|at| (&at.span, "a bare metal shape")),
            ];
            for (at, why) in other.into_iter().flatten() {
                reader.diagnostics.push(cannot_be_preemptible(&title, span, at, why));
            }
        }
        Self {
            domains: domains.map(|at| at.value).unwrap_or_default(),
            fault_domains: fault_domains.map(|at| at.value).unwrap_or_default(),
            reservation: reservation.map(|at| at.value),
            preemptible: preemptible.and_then(|at| at.value),
        }
    }
}

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

fn check_reservation(text: &str) -> Objection {
    (!text.starts_with("ocid1.capacityreservation.")).then_some((
        "not the OCID of a capacity reservation",
        "write \"ocid1.capacityreservation....\" or var.capacity_reservation_id",
    ))
}

/// `true`, `false`, or what becomes of the boot volume. `Some(None)` is `false`.
fn preemptible(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Option<Preemptible>> {
    const EXAMPLE: &str = "{ preserve_boot_volume = true }";
    match field.expression {
        Expression::Object(_) => {
            let members = members(field, &["preserve_boot_volume"], EXAMPLE, diagnostics)?;
            let Some((_, field)) = members.first() else {
                let message = format!("{} of {} says nothing", field.subject, field.owner);
                diagnostics.push(
                    Diagnostic::error(field.span.clone(), message)
                        .label("no key")
                        .help(format!("write true, or {EXAMPLE}")),
                );
                return None;
            };
            Some(Some(Preemptible { preserve_boot_volume: boolean(field, diagnostics)? }))
        }
        _ => Some(boolean(field, diagnostics)?.then_some(Preemptible { preserve_boot_volume: false })),
    }
}

fn reservation_is_elsewhere(title: &str, reservation: &At<Passthrough>, domains: Option<&At<Vec<u64>>>) -> Diagnostic {
    let message = format!("the nodes of {title} would be in several availability domains, its reservation is in one");
    let diagnostic =
        Diagnostic::error(reservation.span.clone(), message).label("capacity is reserved in one availability domain");
    let diagnostic = match domains {
        Some(domains) => diagnostic.related(domains.span.clone(), "the nodes are in each of these"),
        None => diagnostic,
    };
    diagnostic.help("name it: `availability_domains = [1]`; for another, make another pool")
}

/// Oracle, Preemptible Instances.
fn cannot_be_preemptible(title: &str, preemptible: &Span, other: &Span, why: &str) -> Diagnostic {
    Diagnostic::error(preemptible.clone(), format!("the nodes of {title} can't be preemptible"))
        .label("OCI has virtual machines of unreserved capacity only")
        .related(other.clone(), why)
        .help("take one of the two out")
}

/// The availability domains that a pool names, where it names some.
fn chosen(identifier: &str, domains: &[u64]) -> Option<Address> {
    (!domains.is_empty()).then(|| Address::Local(format!("{identifier}_availability_domains")))
}

impl OkeCluster {
    pub fn add_domains(&self, identifier: &str, domains: &[u64], origin: &Span, graph: &mut Graph) {
        let Some(address) = chosen(identifier, domains) else { return };
        let Address::Local(local) = address.clone() else { return };
        let name = || Value::Within("domain", vec![Step::Attribute("name")]);
        let numbers: String = domains.iter().map(u64::to_string).collect();
        let pattern = Value::String(format!("AD-[{numbers}]$"));
        let chosen = Value::Map(Box::new(Selection {
            name: "domain",
            values: self.availability_domains().attribute("availability_domains"),
            key: name(),
            value: Value::Within("domain", Vec::new()),
            condition: Value::Call("can", vec![Value::Call("regex", vec![pattern, name()])]),
        }));
        graph.add("node_pools.tf", address, origin, Body::default().attribute(local, chosen));
    }

    /// What a pool's placement goes through.
    pub fn domains(&self, identifier: &str, domains: &[u64]) -> Value {
        match chosen(identifier, domains) {
            Some(local) => Value::Reference(local, Vec::new()),
            None => self.availability_domains().attribute("availability_domains"),
        }
    }

    /// The `dynamic` block of a pool's placement in a subnet.
    pub fn placement(&self, pool: &NodePool, subnet: Value) -> Body {
        let Placement { domains, fault_domains, reservation, preemptible } = &pool.placement;
        let fault_domains =
            (!fault_domains.is_empty()).then(|| Value::List(fault_domains.iter().map(|one| (*one).into()).collect()));
        let action = |preemptible: &Preemptible| {
            let action = Body::default()
                .attribute("type", "TERMINATE")
                .attribute("is_preserve_boot_volume", Value::Bool(preemptible.preserve_boot_volume));
            Body::default().block("preemption_action", action)
        };
        let content = Body::default()
            .attribute("availability_domain", Value::Name(vec!["placement_configs", "value", "name"]))
            .attribute("subnet_id", subnet)
            .optional("fault_domains", fault_domains)
            .optional("capacity_reservation_id", reservation.as_ref().map(|given| user(&given.expression)))
            .optional_block("preemptible_node_config", preemptible.as_ref().map(action));
        let domains = self.domains(&self.pool_identifier(pool), domains);
        Body::default().attribute("for_each", domains).block("content", content)
    }

    /// The precondition that the region has what a pool names.
    pub fn domain_check(&self, identifier: &str, domains: &[u64], title: &str) -> Option<Body> {
        let chosen = Value::Reference(chosen(identifier, domains)?, Vec::new());
        let count = u64::try_from(domains.len()).unwrap_or_default();
        let names = self.availability_domains().path([
            Step::Attribute("availability_domains"),
            Step::Splat,
            Step::Attribute("name"),
        ]);
        let message = format!(
            "The availability domains here are %s: not all of those that {title} names. Write the numbers of some of these as its availability_domains, or leave it out for all."
        );
        let list = Value::Call("join", vec![", ".into(), names]);
        Some(
            Body::default()
                .attribute("condition", Value::Call("length", vec![chosen]).equals(count))
                .attribute("error_message", Value::Call("format", vec![Value::String(message), list])),
        )
    }
}
