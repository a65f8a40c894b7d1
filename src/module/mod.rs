//! The files of a module, from the graph and what the spells say about
//! themselves. Knows the module's layout; must never know a spell.

mod readme;
mod tests;
mod variables;

pub use variables::{Variable, declare, variables};

use crate::diagnostic::{Diagnostic, Origin, Source, Span};
use crate::files::Files;
use crate::graph::{Address, Body, Graph, Value};
use crate::hcl::Document;
use crate::quote::terminal::printable;
use crate::spec::Spec;
use crate::topology::Topology;
use serde::Serialize;
use std::collections::BTreeMap;

/// What kind of module is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Applies as it is: with a provider block and example values.
    Root,
    /// Is called by another module, which brings the provider.
    Module,
}

impl Layout {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Module => "module",
        }
    }
}

/// The OpenTofu or Terraform that a module asks for.
const REQUIRED_VERSION: &str = ">= 1.5";

/// A provider that generated resources come from.
#[derive(Serialize)]
struct Provider {
    /// What the types of its resources begin with.
    name: &'static str,
    source: &'static str,
    version: &'static str,
}

const PROVIDERS: [Provider; 2] = [
    Provider { name: "local", source: "hashicorp/local", version: ">= 2.2, < 3.0" },
    Provider { name: "oci", source: "oracle/oci", version: ">= 7.0, < 9.0" },
];

/// The providers that the graph's resources need.
fn providers(graph: &Graph) -> Vec<&'static Provider> {
    let needs = |provider: &Provider| {
        graph.elements.iter().any(|element| match element.address {
            Address::Resource(kind, _) | Address::Data(kind, _) => kind.split('_').next() == Some(provider.name),
            Address::Variable(_) | Address::Output(_) => false,
        })
    };
    PROVIDERS.iter().filter(|provider| needs(provider)).collect()
}

/// A finished stack, before it is text.
pub struct Stack<'a> {
    pub source: &'a Source,
    pub spec: &'a Spec,
    pub layout: Layout,
    pub topology: &'a Topology,
    pub variables: &'a [Variable],
    pub graph: &'a Graph,
}

/// Every file of the module, the manifest included.
///
/// # Errors
///
/// Where a file would not say what the stack is: a mistake of ours.
pub fn files(stack: &Stack<'_>) -> Result<Files, Diagnostic> {
    let providers = providers(stack.graph);
    let mut documents = Documents { header: header(stack.source), by_path: BTreeMap::new() };
    documents.at("versions.tf").extend(&versions(&providers)).map_err(|_| unfaithful("versions.tf", 0..0))?;
    if stack.layout == Layout::Root {
        let region = Value::Reference(Address::Variable("region".to_owned()), Vec::new());
        let provider = Body::default().attribute("region", region);
        let added = documents.at("providers.tf").block("provider", &["oci"], &provider);
        added.map_err(|_| unfaithful("providers.tf", 0..0))?;
    }
    for element in &stack.graph.elements {
        let (keyword, labels): (_, &[&str]) = match &element.address {
            Address::Resource(kind, name) => ("resource", &[kind, name]),
            Address::Data(kind, name) => ("data", &[kind, name]),
            Address::Variable(name) => ("variable", &[name]),
            Address::Output(name) => ("output", &[name]),
        };
        let added = documents.at(element.file).block(keyword, labels, &element.body);
        added.map_err(|_| unfaithful(&element.address.to_string(), element.origin.clone()))?;
    }
    let tests = "tests/stack.tftest.hcl";
    tests::write(documents.at(tests), stack, &providers).map_err(|_| unfaithful(tests, 0..0))?;

    let mut files = Files::new(stack.layout, spec_option(&stack.source.origin), &stack.spec.canonical);
    for (path, document) in documents.by_path {
        files.add(path, document.render());
    }
    if stack.layout == Layout::Root {
        let values = "terraform.tfvars.example";
        files.add(values, variables::example_values(stack.variables).map_err(|_| unfaithful(values, 0..0))?);
    }
    let readme = "README.md";
    files.add(readme, readme::render(stack, &providers).map_err(|_| unfaithful(readme, 0..0))?);
    Ok(files)
}

/// What was written was read again, and said something else.
fn unfaithful(what: &str, origin: Span) -> Diagnostic {
    Diagnostic::error(origin, format!("`{what}` would not say what the spec says, so nothing is written"))
        .label("made for this")
        .help("this is a mistake in cloudspells, not in your spec: please report it with the spec")
}

/// The HCL files by path, each with the same header.
struct Documents {
    header: String,
    by_path: BTreeMap<&'static str, Document>,
}

impl Documents {
    fn at(&mut self, path: &'static str) -> &mut Document {
        self.by_path.entry(path).or_insert_with(|| Document::new(&self.header))
    }
}

/// The one line that every `.tf` begins with.
fn header(source: &Source) -> String {
    let change = match &source.origin {
        Origin::StandardInput => "from a spec on standard input. To change it, generate again.".to_owned(),
        Origin::File(path) => {
            let name = printable(file_name(path));
            format!("from {name}. To change it, edit that file and generate again: README.md has the command.")
        }
        Origin::BuiltIn => "from its built-in default stack. To change it, begin with `cloudspells init`.".to_owned(),
    };
    format!("Generated by cloudspells {change}")
}

/// A file's name without the folders, which differ between machines.
fn file_name(path: &str) -> &str {
    path.rsplit(std::path::is_separator).next().unwrap_or(path)
}

/// What `--spec` takes for this spec in its own folder; none for the built-in
/// default, for which there is nothing to name.
fn spec_option(origin: &Origin) -> Option<String> {
    match origin {
        Origin::StandardInput => Some("-".to_owned()),
        Origin::File(path) if file_name(path) == "-" => Some("./-".to_owned()),
        Origin::File(path) => Some(file_name(path).to_owned()),
        Origin::BuiltIn => None,
    }
}

fn versions(providers: &[&Provider]) -> Body {
    let required = providers.iter().fold(Body::default(), |body, provider| {
        let source = ("source".to_owned(), provider.source.into());
        let version = ("version".to_owned(), provider.version.into());
        body.attribute(provider.name, Value::Object(vec![source, version]))
    });
    let terraform =
        Body::default().attribute("required_version", REQUIRED_VERSION).block("required_providers", required);
    Body::default().block("terraform", terraform)
}
