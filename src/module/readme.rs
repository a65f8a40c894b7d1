//! The generated README: prose from a template, tables from the model.

use super::{LOCAL_VERSIONS, Layout, OCI_VERSIONS, REQUIRED_VERSION, Variable, spec_name};
use crate::diagnostic::Source;
use crate::graph::{Address, Graph, Item, Value};
use crate::spec::Spec;
use crate::spells::Section;
use crate::topology::Topology;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error};
use serde::Serialize;

const TEMPLATE: &str = include_str!("../../templates/README.md.j2");

/// What the template sees.
#[derive(Serialize)]
struct Page<'a> {
    spec: Option<String>,
    root: bool,
    sections: Vec<Section>,
    inputs: Vec<Input<'a>>,
    outputs: Vec<Output<'a>>,
    resources: Vec<(&'static str, usize)>,
    required_version: &'static str,
    oci_versions: &'static str,
    local_versions: &'static str,
    uses_local: bool,
}

#[derive(Serialize)]
struct Input<'a> {
    name: &'a str,
    description: &'a str,
    type_text: &'static str,
}

#[derive(Serialize)]
struct Output<'a> {
    name: &'a str,
    description: &'a str,
}

pub fn render(
    source: &Source,
    spec: &Spec,
    layout: Layout,
    topology: &Topology,
    variables: &[Variable],
    graph: &Graph,
) -> String {
    let mut outputs: Vec<_> = graph.elements.iter().filter_map(output).collect();
    outputs.sort_by(|a, b| a.name.cmp(b.name));
    let page = Page {
        spec: spec_name(source),
        root: layout == Layout::Root,
        sections: spec.spells.iter().filter_map(|spell| spell.section(topology)).collect(),
        inputs: variables
            .iter()
            .map(|v| Input { name: &v.name, description: &v.description, type_text: v.type_text() })
            .collect(),
        outputs,
        resources: graph.count_resources().into_iter().collect(),
        required_version: REQUIRED_VERSION,
        oci_versions: OCI_VERSIONS,
        local_versions: LOCAL_VERSIONS,
        uses_local: graph.elements.iter().any(|e| matches!(e.address, Address::Resource("local_sensitive_file", _))),
    };
    // The template is ours and part of the binary; a test renders it. Should
    // it fail all the same, the reader of the file is told.
    fill(&page).unwrap_or_else(|error| format!("cloudspells could not write this page: {error}\n"))
}

fn fill(page: &Page<'_>) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment
        .set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.render_str(TEMPLATE, minijinja::Value::from(Serde(page)))
}

fn output(element: &crate::graph::Element) -> Option<Output<'_>> {
    let Address::Output(name) = &element.address else { return None };
    let description = element.body.0.iter().find_map(|item| match item {
        Item::Attribute(key, Value::String(text)) if key == "description" => Some(text.as_str()),
        _ => None,
    });
    Some(Output { name, description: description.unwrap_or_default() })
}
