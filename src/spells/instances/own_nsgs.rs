//! NSGs of the user's own on machines, beside those of the stack. What rules
//! they have is not in the stack: it is said, and counts as not known.

use super::Machines;
use crate::diagnostic::{At, Diagnostic, Diagnostics, listed};
use crate::facts::limits;
use crate::graph::Address;
use crate::prove::{Concerns, May, Unknown};
use crate::spec::list::items;
use crate::spec::value::{Objection, passthrough};
use crate::spec::{BlockReader, Passthrough};

/// `ours` are those that the machines are in anyway.
pub fn read(reader: &mut BlockReader<'_>, machines: &Machines, ours: &[&str]) -> Vec<Passthrough> {
    let title = reader.title().to_owned();
    let purpose = format!("OCID of an NSG of the {} of {}", machines.many, title.replace('"', ""));
    let given = reader.optional("nsg_ids", |field, diagnostics| {
        items(field, "[var.nsg_id]", diagnostics, |item, diagnostics| {
            passthrough(purpose.clone(), Some("networksecuritygroup"), check)(item, diagnostics)
        })
    });
    let Some(given) = given else { return Vec::new() };
    check_count(&title, &given, machines, ours, reader.diagnostics);
    given.value
}

fn check(text: &str) -> Objection {
    (!text.starts_with("ocid1.networksecuritygroup."))
        .then_some(("not the OCID of an NSG", "write \"ocid1.networksecuritygroup....\" or var.nsg_id"))
}

fn check_count(
    title: &str,
    given: &At<Vec<Passthrough>>,
    machines: &Machines,
    ours: &[&str],
    diagnostics: &mut Diagnostics,
) {
    let (most, theirs) = (limits::NSGS_PER_VNIC, given.value.len());
    let sum = theirs + ours.len();
    if sum <= most {
        return;
    }
    let message = format!("{} of {title} would be in {sum} NSGs; OCI allows {most}", machines.one);
    diagnostics.push(
        Diagnostic::error(given.span.clone(), message)
            .label(format!("{theirs} here, and {}", ours.join(" and ")))
            .help(format!("list at most {}, or put their rules into one", most.saturating_sub(ours.len()))),
    );
}

/// The NSGs as they are written.
fn names(given: &[Passthrough]) -> String {
    let names: Vec<_> = given.iter().map(|given| given.expression.to_string()).collect();
    listed(names.iter().map(|name| name.trim()).collect::<Vec<_>>())
}

/// What is not known of machines in the NSGs of others, which the attribute at
/// `path` of a resource lists: rules that those have. They can only let more
/// pass.
pub fn unknown(
    resource: &Address,
    path: &str,
    given: &[Passthrough],
    machines: &Machines,
    group: String,
) -> Option<Unknown> {
    (!given.is_empty()).then(|| Unknown {
        address: resource.to_string(),
        attribute: path.to_owned(),
        why: format!(
            "its {} are also in {}, whose rules are not in this stack; they may let more pass",
            machines.many,
            names(given)
        ),
        may: May::Open,
        concerns: Concerns::Group(group),
        is_as_named: false,
    })
}
