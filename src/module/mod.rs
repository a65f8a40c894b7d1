//! The files of a module, from the graph and what the spells say about
//! themselves. Knows the module's layout; must never know a spell.

mod readme;
mod tests;
mod variables;

pub use variables::{Variable, declare, variables};

use crate::diagnostic::{Source, printable};
use crate::files::Files;
use crate::graph::{Address, Body, Element, Value};
use crate::hcl::Document;
use crate::spec::Spec;
use crate::topology::Topology;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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

/// A finished stack: all that is said of it beside its blocks.
pub struct Stack<'a> {
    pub source: &'a Source,
    pub spec: &'a Spec,
    pub layout: Layout,
    pub topology: &'a Topology,
    pub variables: &'a [Variable],
}

/// Makes a module's files, a block at a time.
pub struct Writer {
    header: String,
    /// The HCL files by path, each with the same header.
    documents: BTreeMap<&'static str, Document>,
    /// How many resources of each type there are.
    pub resources: BTreeMap<&'static str, usize>,
    /// The types of resources and data sources.
    kinds: BTreeSet<&'static str>,
    /// Name and description of each output.
    outputs: Vec<(String, String)>,
}

impl Writer {
    pub fn new(source: &Source) -> Self {
        Self {
            header: header(source),
            documents: BTreeMap::new(),
            resources: BTreeMap::new(),
            kinds: BTreeSet::new(),
            outputs: Vec::new(),
        }
    }

    /// Writes a block of the graph to the end of its file.
    pub fn add(&mut self, element: &Element) {
        let (keyword, labels): (_, &[&str]) = match &element.address {
            Address::Resource(kind, name) => ("resource", &[kind, name]),
            Address::Data(kind, name) => ("data", &[kind, name]),
            Address::Variable(name) => ("variable", &[name]),
            Address::Output(name) => ("output", &[name]),
        };
        self.at(element.file).block(keyword, labels, &element.body);
        match &element.address {
            Address::Resource(kind, _) => {
                *self.resources.entry(kind).or_default() += 1;
                self.kinds.insert(kind);
            }
            Address::Data(kind, _) => drop(self.kinds.insert(kind)),
            Address::Output(name) => self.outputs.push((name.clone(), readme::description(&element.body))),
            Address::Variable(_) => {}
        }
    }

    /// Every file of the module, the manifest included.
    pub fn finish(mut self, stack: &Stack<'_>) -> Files {
        let providers = self.providers();
        self.at("versions.tf").extend(&versions(&providers));
        if stack.layout == Layout::Root {
            let region = Value::Reference(Address::Variable("region".to_owned()), Vec::new());
            self.at("providers.tf").block("provider", &["oci"], &Body::default().attribute("region", region));
        }
        tests::write(self.at("tests/stack.tftest.hcl"), stack, &providers);

        let mut files = Files::new(stack.layout, spec_name(stack.source), &stack.spec.canonical);
        for (path, document) in std::mem::take(&mut self.documents) {
            files.add(path, document.render());
        }
        if stack.layout == Layout::Root {
            files.add("terraform.tfvars.example", variables::example_values(stack.variables));
        }
        files.add("README.md", readme::render(stack, &providers, &self));
        files
    }

    fn at(&mut self, path: &'static str) -> &mut Document {
        self.documents.entry(path).or_insert_with(|| Document::new(&self.header))
    }

    /// The providers that the resources need.
    fn providers(&self) -> Vec<&'static Provider> {
        let needs = |provider: &&Provider| self.kinds.iter().any(|kind| kind.split('_').next() == Some(provider.name));
        PROVIDERS.iter().filter(needs).collect()
    }
}

/// The one line that every `.tf` begins with.
fn header(source: &Source) -> String {
    let change = match spec_name(source) {
        Some(name) if name.starts_with('<') => {
            "from a spec on standard input. To change it, generate again.".to_owned()
        }
        Some(name) => {
            format!("from {name}. To change it, edit that file and generate again: README.md has the command.")
        }
        None => "from its built-in default stack. To change it, begin with `cloudspells init`.".to_owned(),
    };
    format!("Generated by cloudspells {change}")
}

/// The spec's file name without the folders, which differ between machines;
/// none for the built-in default.
fn spec_name(source: &Source) -> Option<String> {
    if source.text == crate::DEFAULT_SPEC && source.name.starts_with('<') {
        return None;
    }
    let name = source.name.rsplit(['/', '\\']).next().unwrap_or(&source.name);
    Some(printable(name).replace('`', "'"))
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
