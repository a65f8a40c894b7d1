//! The generated `tofu test`: needs no cloud and no credentials.

use super::{Provider, Spec, Stack};
use crate::graph::{Body, Value};
use crate::hcl::{Document, Unfaithful};
use crate::spells::{Mock, checks, landmarks};
use std::collections::{BTreeMap, BTreeSet};

/// Availability domains of the mocked region.
const AVAILABILITY_DOMAINS: [&str; 3] = ["mock:AD-1", "mock:AD-2", "mock:AD-3"];

/// Adds the test to its file, a block at a time, since it grows with the stack.
pub fn write(document: &mut Document, stack: &Stack<'_>, providers: &[&Provider]) -> Result<(), Unfaithful> {
    let Stack { spec, topology, variables, .. } = stack;
    let provider = Body::default()
        .comment("Run with `tofu test`: OpenTofu 1.8 or Terraform 1.7, no cloud, no credentials.")
        .labelled("mock_provider", "oci", mocks(spec));
    document.extend(&provider)?;
    for other in providers.iter().filter(|provider| provider.name != "oci") {
        document.block("mock_provider", &[other.name], &Body::default())?;
    }
    if !variables.is_empty() {
        let values = variables.iter().map(|variable| (variable.name.clone(), variable.example.clone()));
        let values = values.fold(Body::default(), |body, (name, example)| body.attribute(name, example));
        document.block("variables", &[], &values)?;
    }
    for address in spec.spells.iter().flat_map(|spell| landmarks(spell.as_ref(), topology)) {
        let id = Value::String(format!("mock.{address}"));
        let values = Value::Object(vec![("id".to_owned(), id)]);
        let landmark = Body::default().attribute("target", Value::Reference(address, Vec::new()));
        document.block("override_resource", &[], &landmark.attribute("values", values))?;
    }
    for spell in &spec.spells {
        let Some(identity) = spell.identity() else { continue };
        let mut run = Body::default().attribute("command", Value::Name(vec!["apply"]));
        for check in checks(spell.as_ref(), topology) {
            let assertion = Body::default().attribute("condition", check.condition);
            run = run.block("assert", assertion.attribute("error_message", check.message.as_str()));
        }
        document.block("run", &[&identity.qualified()], &run)?;
    }
    Ok(())
}

/// Mocks for data sources that the stack indexes. OpenTofu requires every field
/// of a mocked object.
pub fn mocks(spec: &Spec) -> Body {
    let asked = spec.spells.iter().flat_map(|spell| spell.mocks());
    let object = |fields: &[(&str, &str)]| {
        Value::Object(fields.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect())
    };
    let services = Value::Lines(vec![object(&[
        ("id", "ocid1.service.oc1..mock"),
        ("name", "All MOCK Services In Oracle Services Network"),
        ("description", "All MOCK Services In Oracle Services Network"),
        ("cidr_block", "all-mock-services-in-oracle-services-network"),
    ])]);
    let domains = AVAILABILITY_DOMAINS
        .map(|name| object(&[("id", name), ("name", name), ("compartment_id", "ocid1.tenancy.oc1..mock")]));
    let mock = |attribute: &'static str, value| {
        Body::default().attribute("defaults", Value::Object(vec![(attribute.to_owned(), value)]))
    };
    let body = Body::default().labelled("mock_data", "oci_core_services", mock("services", services)).labelled(
        "mock_data",
        "oci_identity_availability_domains",
        mock("availability_domains", Value::Lines(domains.into())),
    );
    // What several spells ask for is there once.
    let mut kinds: BTreeMap<&str, BTreeMap<&str, Vec<Value>>> = BTreeMap::new();
    for Mock { kind, attribute, item } in asked.collect::<BTreeSet<_>>() {
        kinds.entry(kind).or_default().entry(attribute).or_default().push(item.value());
    }
    kinds.into_iter().fold(body, |body, (kind, attributes)| {
        let defaults = attributes.into_iter().map(|(name, items)| (name.to_owned(), Value::Lines(items))).collect();
        body.labelled("mock_data", kind, Body::default().attribute("defaults", Value::Object(defaults)))
    })
}
