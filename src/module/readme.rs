//! The generated README: prose from a template, tables from the model.

use super::{Layout, Provider, REQUIRED_VERSION, Stack, Variable, Writer, spec_name};
use crate::graph::{Address, Body, Item, Value};
use crate::hcl::Document;
use crate::spells::Section;
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
    /// The rule tables that have rules, as Markdown.
    tables: Vec<String>,
    inputs: Vec<Input<'a>>,
    outputs: Vec<Output<'a>>,
    resources: Vec<(&'static str, usize)>,
    required_version: &'static str,
    providers: &'a [&'static Provider],
    /// How the module is called.
    call: String,
    /// What to do after an apply, of each spell that has something to say.
    next_steps: Vec<String>,
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

pub fn render(stack: &Stack<'_>, providers: &[&'static Provider], written: &Writer) -> String {
    let Stack { source, spec, layout, topology, variables } = stack;
    let mut outputs: Vec<_> = written.outputs.iter().map(|(name, description)| Output { name, description }).collect();
    outputs.sort_by(|a, b| a.name.cmp(b.name));
    let mut sections = Vec::new();
    let mut tables = Vec::new();
    for mut section in spec.spells.iter().filter_map(|spell| spell.section(topology)) {
        // As text a table takes a fraction of the memory.
        let full = std::mem::take(&mut section.tables).into_iter().filter(|table| !table.rules.is_empty());
        tables.extend(full.map(|table| table.markdown()));
        sections.push(section);
    }
    let root = *layout == Layout::Root;
    let next_steps = sections
        .iter()
        .filter_map(|section| Some(filled(section.next_steps?, &Step { id: &section.id, root })))
        .collect();
    let page = Page {
        spec: spec_name(source),
        root,
        sections,
        tables,
        inputs: variables
            .iter()
            .map(|v| Input { name: &v.name, description: &v.description, type_text: v.type_text() })
            .collect(),
        outputs,
        resources: written.resources.iter().map(|(kind, count)| (*kind, *count)).collect(),
        required_version: REQUIRED_VERSION,
        providers,
        call: call(variables),
        next_steps,
    };
    filled(TEMPLATE, &page)
}

/// A call of the module, laid out as the rest of the user's code.
fn call(variables: &[Variable]) -> String {
    let source = Body::default().attribute("source", "./modules/oke");
    let call = variables.iter().fold(source, |body, variable| {
        let value = Value::Reference(Address::Variable(variable.name.clone()), Vec::new());
        body.attribute(variable.name.clone(), value)
    });
    let mut document = Document::new("The source is this directory.");
    document.block("module", &["oke"], &call);
    document.render()
}

/// What a spell's template sees.
#[derive(Serialize)]
struct Step<'a> {
    id: &'a str,
    root: bool,
}

/// The template is ours and part of the binary, and every golden renders it.
/// Should it fail all the same, the reader of the page is told.
fn filled(template: &str, context: impl Serialize + Clone) -> String {
    fill(template, context).unwrap_or_else(|error| format!("cloudspells could not write this page: {error}\n"))
}

fn fill(template: &str, context: impl Serialize + Clone) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment
        .set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.render_str(template, minijinja::Value::from(Serde(context)))
}

/// The description that an output has.
pub fn description(output: &Body) -> String {
    let description = output.0.iter().find_map(|item| match item {
        Item::Attribute(key, Value::String(text)) if key == "description" => Some(text.clone()),
        _ => None,
    });
    description.unwrap_or_default()
}
