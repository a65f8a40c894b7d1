//! Where in the region a pool's nodes are, and on which capacity.

use super::OkeCluster;
use super::node_pool::NodePool;
use crate::diagnostic::{At, Diagnostic, Diagnostics, Span};
use crate::graph::{Body, Value};
use crate::spec::object::members;
use crate::spec::value::{Objection, boolean, passthrough};
use crate::spec::{BlockReader, Field, Passthrough};
use crate::spells::identity::user;
use crate::spells::instances::domains::{Domains, domains, fault_domains};
use crate::topology::Shape;
use hcl_edit::expr::Expression;

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

impl OkeCluster {
    /// The availability domains of a pool that names some by number.
    pub fn domains<'a>(&self, identifier: &'a str, numbers: &'a [u64]) -> Domains<'a> {
        Domains { region: self.availability_domains(), identifier: identifier.into(), numbers }
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
        let domains = self.domains(&self.pool_identifier(pool), domains).value();
        Body::default().attribute("for_each", domains).block("content", content)
    }
}
