//! What the instance metadata service tells a pool's nodes, and whom it answers.

use super::node_pool::NodePool;
use super::user_data;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, quoted};
use crate::graph::Value;
use crate::spec::value::{boolean, literal_key, passthrough, wrong_type};
use crate::spec::{BlockReader, Field, Passthrough, VariableUse};
use crate::spells::identity::user;
use hcl_edit::Span as _;
use std::collections::BTreeMap;

/// What OKE reads of a pool to turn version 1 of the service off. Oracle,
/// "Configuring IMDS for Kubernetes Clusters".
const LEGACY_KEY: &str = "areLegacyImdsEndpointsDisabled";

/// Keys that are written by somebody else, and whom to tell instead. Seen in the
/// metadata of OKE's nodes: issues of oracle-terraform-modules/terraform-oci-oke.
#[rustfmt::skip]
const TAKEN: [(&str, &str); 6] = [
    ("user_data",           "it is made of `cloud_init`, `taints` and `boot_volume_size_in_gbs`: write these"),
    ("ssh_authorized_keys", "write the key as `ssh_public_key`"),
    (LEGACY_KEY,            "write `legacy_imds_endpoints = true` for both versions of the service"),
    ("oke_init_script",     "OKE writes it: take another key"),
    ("apiserver_host",      "OKE writes it: take another key"),
    ("cluster_ca_cert",     "OKE writes it: take another key"),
];

/// The one key of those that begin with `oke-` which is there to be set.
const PROXY_MODE: &str = "oke-kubeproxy-proxy-mode";

pub struct Metadata {
    /// Whether version 1 of the service answers, too, without the header that
    /// keeps a deceived server from asking it.
    pub legacy: bool,
    entries: Vec<(String, Passthrough)>,
}

impl Metadata {
    pub fn read(reader: &mut BlockReader<'_>) -> Self {
        let legacy = reader.optional("legacy_imds_endpoints", boolean);
        let entries = reader.optional("node_metadata", entries);
        Self { legacy: legacy.is_some_and(|at| at.value), entries: entries.map(|at| at.value).unwrap_or_default() }
    }

    pub fn variables(&self) -> impl Iterator<Item = &VariableUse> {
        self.entries.iter().flat_map(|(_, value)| &value.uses)
    }
}

/// `node_metadata` of a pool; none where it would say nothing.
pub fn value(pool: &NodePool, identifier: &str) -> Option<Value> {
    let legacy = (!pool.metadata.legacy).then(|| (LEGACY_KEY.to_owned(), "true".into()));
    let theirs = pool.metadata.entries.iter().map(|(key, value)| (key.clone(), user(&value.expression)));
    let data = user_data::value(pool, identifier).map(|data| ("user_data".to_owned(), data));
    let all: Vec<_> = legacy.into_iter().chain(theirs).chain(data).collect();
    (!all.is_empty()).then_some(Value::Object(all))
}

fn entries(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<(String, Passthrough)>> {
    const EXAMPLE: &str = "{ role = \"batch\" }";
    let Some(object) = field.expression.as_object().filter(|object| !object.is_empty()) else {
        diagnostics.push(wrong_type(field, "an object of strings", EXAMPLE));
        return None;
    };
    let purpose = |key: &str| format!("Metadata {key} of the nodes of {}", field.owner.replace('"', ""));
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut found = Vec::new();
    for (key, value) in object {
        let key_span = key.span().unwrap_or_else(|| field.span.clone());
        let Some(key) = literal_key(key) else {
            diagnostics.push(
                Diagnostic::error(key_span, format!("a key of {} is an expression", field.subject))
                    .label("expected a name, or a string in quotes")
                    .help(format!("write the key out: {EXAMPLE}")),
            );
            continue;
        };
        if let Some(help) = objection(&key) {
            let message = format!("{} of {} can't have {}", field.subject, field.owner, quoted(&key));
            diagnostics.push(Diagnostic::error(key_span.clone(), message).label("not yours to set").help(help));
            continue;
        }
        if let Some(first) = seen.insert(key.clone(), key_span.clone()) {
            diagnostics.push(
                Diagnostic::error(key_span, format!("{} appears twice in {}", quoted(&key), field.subject))
                    .label("again")
                    .related(first, "first here")
                    .help("keep one of them"),
            );
            continue;
        }
        let span = value.expr().span().unwrap_or(key_span);
        let subject = format!("{} in {}", quoted(&key), field.subject);
        let item = Field { expression: value.expr(), span, subject, ..field.clone() };
        if let Some(value) = passthrough(purpose(&key), None, |_| None)(&item, diagnostics) {
            found.push((key, value));
        }
    }
    (found.len() == object.len()).then_some(found)
}

/// What to write instead of a key.
fn objection(key: &str) -> Option<&'static str> {
    let taken = TAKEN.iter().find(|(taken, _)| taken.eq_ignore_ascii_case(key)).map(|(_, help)| *help);
    let well_formed =
        |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    taken
        .or((key.starts_with("oke-") && key != PROXY_MODE)
            .then_some("OKE writes what begins with `oke-`, all but `oke-kubeproxy-proxy-mode`: take another key"))
        .or((!well_formed(key)).then_some("a key has letters, digits, `-`, `_` and `.`"))
}
