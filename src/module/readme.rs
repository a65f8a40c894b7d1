//! The generated README: prose from a template, tables from the model.

use super::{Provider, REQUIRED_VERSION, Stack, Variable, Writer, origin, provider};
use crate::diagnostic::Origin;
use crate::graph::{Address, Body, Item, Value};
use crate::hcl::{Document, Unfaithful};
use crate::layout::Layout;
use crate::quote::Markdown;
use crate::spells::{Repeat, Section, section};
use serde::Serialize;

const TEMPLATE: &str = include_str!("../../templates/README.md.j2");

/// What the template sees. What is not [`Markdown`] in it is quoted.
#[derive(Serialize)]
struct Page {
    /// Whence the module was generated, as a comment.
    comment: Markdown,
    /// The spec's files, if there are any.
    files: Option<Markdown>,
    /// Whether there is more than one.
    overlaid: bool,
    piped: bool,
    /// What generates the module again.
    command: Markdown,
    root: bool,
    /// Whether the module has a provider block.
    provider: bool,
    /// What the provider block of somebody else should have.
    ignored: Markdown,
    sections: Vec<Section>,
    /// The rule tables that have rules.
    tables: Vec<Markdown>,
    /// Rows of the tables.
    requirements: Vec<Markdown>,
    inputs: Vec<Markdown>,
    outputs: Vec<Markdown>,
    resources: Vec<Markdown>,
    /// What a second call would make again.
    repeats: Vec<Markdown>,
    /// How the module is called.
    call: Markdown,
    /// What to do after an apply, of each spell that has something to say.
    next_steps: Vec<Markdown>,
}

pub fn render(stack: &Stack<'_>, providers: &[&'static Provider], written: &Writer) -> Result<String, Unfaithful> {
    let Stack { source, spec, layout, topology, variables } = stack;
    let mut outputs: Vec<_> = written.outputs.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    outputs.sort_unstable();
    let mut sections = Vec::new();
    let mut tables = Vec::new();
    for mut section in spec.spells.iter().filter_map(|spell| section(spell.as_ref(), topology)) {
        // As text a table takes a fraction of the memory.
        let full = std::mem::take(&mut section.tables).into_iter().filter(|table| !table.rules.is_empty());
        tables.extend(full.map(|table| table.markdown()));
        sections.push(section);
    }
    let root = layout.is_root();
    let next_steps = sections.iter().flat_map(|section| {
        let step = section
            .next_steps
            .map(|template| filled(template, Step { id: &section.id, root, features: &section.features }));
        step.into_iter().chain(section.runbook.clone())
    });
    let next_steps = next_steps.collect();
    let requirements = [("terraform", REQUIRED_VERSION)].into_iter();
    let requirements = requirements.chain(providers.iter().map(|provider| (provider.name, provider.version)));
    let page = Page {
        comment: origin::comment(source),
        files: origin::files(source),
        overlaid: source.origins().count() > 1,
        piped: source.origin == Origin::StandardInput,
        command: origin::command(source, layout.flags()),
        root,
        provider: *layout == Layout::Root,
        ignored: Markdown::ours(provider::ADVICE),
        sections,
        tables,
        requirements: requirements.map(|pair| Markdown::row(<[_; 2]>::from(pair).map(Markdown::ours))).collect(),
        inputs: variables.iter().map(input).collect(),
        outputs: outputs.into_iter().map(|output| Markdown::row(<[_; 2]>::from(output).map(Markdown::text))).collect(),
        resources: written
            .resources
            .iter()
            .map(|(kind, count)| Markdown::row([Markdown::text(kind), (*count).into()]))
            .collect(),
        repeats: spec.spells.iter().flat_map(|spell| spell.repeats()).map(|repeat| self::repeat(&repeat)).collect(),
        call: Markdown::block("hcl", &call(variables)?),
        next_steps,
    };
    Ok(filled(TEMPLATE, page).to_string())
}

fn repeat(repeat: &Repeat) -> Markdown {
    let words = [Markdown::ours(repeat.what), Markdown::code(&repeat.value), Markdown::ours(repeat.consequence)];
    Markdown::fill("{}, {}: {}", words)
}

fn input(variable: &Variable) -> Markdown {
    let is_required = variable.default().is_none();
    Markdown::row([
        Markdown::text(&variable.name),
        Markdown::text(&variable.description),
        Markdown::code(variable.type_text()),
        if is_required { Markdown::ours("n/a") } else { Markdown::code("{}") },
        Markdown::ours(if is_required { "yes" } else { "no" }),
    ])
}

/// A call of the module, laid out as the rest of the user's code.
fn call(variables: &[Variable]) -> Result<String, Unfaithful> {
    let source = Body::default().attribute("source", "./modules/oke");
    let call = variables.iter().fold(source, |body, variable| {
        let value = Value::Reference(Address::Variable(variable.name.clone()), Vec::new());
        body.attribute(variable.name.clone(), value)
    });
    let mut document = Document::new("The source is this directory.");
    document.block("module", &["oke"], &call)?;
    Ok(document.render())
}

/// What a spell's template sees.
#[derive(Serialize)]
struct Step<'a> {
    id: &'a Markdown,
    root: bool,
    features: &'a [&'static str],
}

/// The template is ours and part of the binary, and every golden renders it.
/// Should it fail all the same, the reader of the page is told.
fn filled(template: &'static str, context: impl Serialize) -> Markdown {
    Markdown::render(template, context)
        .unwrap_or_else(|error| Markdown::text(&format!("cloudspells could not write this page: {error}")))
}

/// The description that an output has.
pub fn description(output: &Body) -> String {
    let description = output.0.iter().find_map(|item| match item {
        Item::Attribute(key, Value::String(text)) if key == "description" => Some(text.clone()),
        _ => None,
    });
    description.unwrap_or_default()
}
