//! An `addon` block: software that OKE runs in an enhanced cluster, and keeps.

use super::OkeCluster;
use super::cluster_type::ClusterType;
use crate::diagnostic::{At, Diagnostic, Diagnostics, nearest, quoted};
use crate::facts::addons;
use crate::graph::{Address, Body, Graph, Value};
use crate::spec::value::{literal_key, passthrough, wrong_type};
use crate::spec::{BlockReader, Field, Passthrough, VariableUse};
use crate::spells::identity::user;
use crate::topology::Name;
use hcl_edit::Span as _;

pub struct Addon {
    pub name: At<Name>,
    version: Option<Passthrough>,
    /// Each key with its value.
    configuration: Vec<(String, Passthrough)>,
}

impl Addon {
    pub fn read(reader: &mut BlockReader<'_>) -> Option<Self> {
        let name = reader.name();
        let known = addons::KNOWN.iter().find(|addon| addon.name == name.value.as_str());
        if known.is_none() {
            warn_of_name(&name, reader.diagnostics);
        }
        let title = reader.title().replace('"', "");
        let version = reader.optional("version", passthrough(format!("Version of {title}"), None, |_| None));
        let configuration =
            reader.optional("configuration", |field, diagnostics| configuration(field, known, &title, diagnostics));
        Some(Self {
            name,
            version: version.map(|at| at.value),
            configuration: configuration.map(|at| at.value).unwrap_or_default(),
        })
    }

    pub fn variables(&self) -> impl Iterator<Item = &VariableUse> {
        let values = self.configuration.iter().map(|(_, value)| value);
        self.version.iter().chain(values).flat_map(|value| &value.uses)
    }

    fn is_essential(&self) -> bool {
        addons::KNOWN.iter().any(|addon| addon.is_essential && addon.name == self.name.value.as_str())
    }
}

fn warn_of_name(name: &At<Name>, diagnostics: &mut Diagnostics) {
    let label = match nearest(name.value.as_str(), addons::KNOWN.iter().map(|addon| addon.name)) {
        Some(near) => format!("did you mean {}?", quoted(near)),
        None => "not in Oracle's list".to_owned(),
    };
    let message = format!("no add-on {} was known in {}", quoted(name.value.as_str()), addons::AS_OF);
    diagnostics.push(
        Diagnostic::warning(name.span.clone(), message)
            .label(label)
            .help("leave it if it is new: `oci ce addon-option list --kubernetes-version VERSION` lists them"),
    );
}

/// An object of texts, or of expressions that give some.
fn configuration(
    field: &Field<'_>,
    known: Option<&addons::Addon>,
    title: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<(String, Passthrough)>> {
    const EXAMPLE: &str = "{ numOfReplicas = \"2\" }";
    let Some(object) = field.expression.as_object() else {
        diagnostics.push(wrong_type(field, "an object", EXAMPLE));
        return None;
    };
    let keys = known.and_then(|addon| addon.keys);
    let mut entries: Vec<(String, Passthrough)> = Vec::new();
    for (key, value) in object {
        let key_span = key.span().unwrap_or_else(|| field.span.clone());
        let Some(text) = literal_key(key) else {
            diagnostics.push(
                Diagnostic::error(key_span, format!("a key of {} is not written out", field.subject))
                    .label("expected a name or a string in quotes")
                    .help(format!("for example {EXAMPLE}")),
            );
            return None;
        };
        if let Some(keys) = keys.filter(|keys| !keys.iter().chain(&addons::COMMON).any(|known| *known == text)) {
            let label = match nearest(&text, keys.iter().chain(&addons::COMMON).copied()) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => "not in Oracle's list".to_owned(),
            };
            let message = format!("{title} was not known to have a key {} in {}", quoted(&text), addons::AS_OF);
            diagnostics.push(
                Diagnostic::warning(key_span, message)
                    .label(label)
                    .help("leave it if it is new: `oci ce addon-option list` has the keys of each add-on"),
            );
        }
        let span = value.expr().span().unwrap_or_else(|| field.span.clone());
        let subject = format!("{} in {}", quoted(&text), field.subject);
        let item = Field { expression: value.expr(), span, subject, ..field.clone() };
        let purpose = format!("{text} of {title}");
        entries.push((text, passthrough(purpose, None, |_| None)(&item, diagnostics)?));
    }
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    Some(entries)
}

/// A basic cluster has no add-ons of its owner's choice.
pub fn check(kind: Option<&At<ClusterType>>, cluster: &At<Name>, addons: &[Addon], diagnostics: &mut Diagnostics) {
    if kind.is_some_and(|kind| kind.value == ClusterType::Enhanced) {
        return;
    }
    for addon in addons {
        let (span, basic) = match kind {
            Some(kind) => (kind.span.clone(), "it is basic"),
            None => (cluster.span.clone(), "it is basic, as nothing else is written"),
        };
        diagnostics.push(
            Diagnostic::error(
                addon.name.span.clone(),
                format!("add-on \"{}\" needs an enhanced cluster", addon.name.value),
            )
            .label("a basic cluster has none of its own")
            .related(span, basic)
            .help("write `type = \"enhanced\"` in the cluster: a change in place, which OCI does not take back"),
        );
    }
}

pub fn build(cluster: &OkeCluster, graph: &mut Graph) {
    for addon in &cluster.addons {
        let identifier = cluster.identity.identifier(&addon.name.value.identifier());
        let address = Address::Resource("oci_containerengine_addon", identifier);
        graph.add("addons.tf", address, &addon.name.span, body(cluster, addon));
    }
}

fn body(cluster: &OkeCluster, addon: &Addon) -> Body {
    let is_essential = addon.is_essential();
    let mut body = Body::default()
        .attribute("cluster_id", cluster.address().attribute("id"))
        .attribute("addon_name", addon.name.value.as_str())
        .optional("version", addon.version.as_ref().map(|version| user(&version.expression)));
    if is_essential {
        body = body
            .comment("Every cluster has it: taken over, and left there in the end.")
            .attribute("override_existing", Value::Bool(true));
    }
    body = body.attribute("remove_addon_resources_on_delete", Value::Bool(!is_essential));
    for (key, value) in &addon.configuration {
        let entry = Body::default().attribute("key", key.as_str()).attribute("value", user(&value.expression));
        body = body.block("configurations", entry);
    }
    let pools: Vec<_> =
        cluster.node_pools.iter().map(|pool| Value::Reference(cluster.pool(pool), Vec::new())).collect();
    if pools.is_empty() {
        return body;
    }
    body.comment("Its pods need nodes.").attribute("depends_on", Value::Lines(pools))
}
