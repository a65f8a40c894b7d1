//! The files of a module, from the graph and what the spells say about
//! themselves. Knows the module's layout; must never know a spell.

mod origin;
mod provider;
mod readme;
mod tests;
mod variables;

pub use provider::{SETTING, review as review_provider};
pub use variables::{Variable, declare, variables};

use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::files::Files;
use crate::graph::{Address, Body, Element, Value};
use crate::hcl::{Document, Unfaithful};
use crate::layout::Layout;
use crate::spec;
use crate::spells::Spell;
use crate::topology::Topology;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A spec of the spells, with what the user says of the provider.
pub type Spec = spec::Spec<Box<dyn Spell>, provider::Provider>;

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

/// A finished stack, without its blocks.
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
    /// Diagnostics about blocks whose text would not mean what it should.
    problems: Diagnostics,
}

impl Writer {
    pub fn new(source: &Source) -> Self {
        Self {
            header: origin::header(source),
            documents: BTreeMap::new(),
            resources: BTreeMap::new(),
            kinds: BTreeSet::new(),
            outputs: Vec::new(),
            problems: Diagnostics::default(),
        }
    }

    /// Writes a block of the graph to the end of its file.
    pub fn add(&mut self, element: &Element) {
        let (keyword, labels): (_, &[&str]) = match &element.address {
            Address::Resource(kind, name) => ("resource", &[kind, name]),
            Address::Data(kind, name) => ("data", &[kind, name]),
            Address::Variable(name) => ("variable", &[name]),
            Address::Local(_) => ("locals", &[]),
            Address::Output(name) => ("output", &[name]),
        };
        if let Err(Unfaithful) = self.at(element.file).block(keyword, labels, &element.body) {
            self.problems.push(unfaithful(&element.address.to_string(), element.origin.clone()));
        }
        match &element.address {
            Address::Resource(kind, _) => {
                *self.resources.entry(kind).or_default() += 1;
                self.kinds.insert(kind);
            }
            Address::Data(kind, _) => drop(self.kinds.insert(kind)),
            Address::Output(name) => self.outputs.push((name.clone(), readme::description(&element.body))),
            Address::Variable(_) | Address::Local(_) => {}
        }
    }

    /// Every file of the module, the manifest included.
    ///
    /// # Errors
    ///
    /// If a file would not mean what it should, which is a mistake of ours.
    pub fn finish(mut self, stack: &Stack<'_>) -> Result<Files, Diagnostics> {
        let written = self.files(stack);
        match written {
            Ok(files) if !self.problems.has_errors() => Ok(files),
            Ok(_) => Err(self.problems),
            Err(Unfaithful) => {
                self.problems.push(unfaithful("the module", 0..0));
                Err(self.problems)
            }
        }
    }

    fn files(&mut self, stack: &Stack<'_>) -> Result<Files, Unfaithful> {
        let providers = self.providers();
        self.at("versions.tf").extend(&versions(&providers))?;
        if stack.layout == Layout::Root {
            let body = match &stack.spec.setting {
                Some(provider) => provider.value.body(),
                None => provider::Provider::default().body(),
            };
            self.at("providers.tf").block("provider", &["oci"], &body)?;
        }
        tests::write(self.at("tests/stack.tftest.hcl"), stack, &providers)?;

        let mut files = Files::new(stack.layout, origin::options(stack.source), &stack.spec.canonical);
        for (path, document) in std::mem::take(&mut self.documents) {
            files.add(path, document.render());
        }
        let scripts = stack.spec.spells.iter().flat_map(|spell| spell.scripts());
        for (name, text) in scripts.collect::<BTreeMap<_, _>>() {
            // It reaches the nodes, which another name of the spec must not
            // change.
            files.add(
                name,
                format!("#!/usr/bin/env bash\n# Generated by cloudspells; README.md says how to change it.\n\n{text}"),
            );
        }
        if stack.layout.is_root() {
            files.add("terraform.tfvars.example", variables::example_values(stack.variables)?);
        }
        files.add("README.md", readme::render(stack, &providers, self)?);
        Ok(files)
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

/// The diagnostic for text that, read back, did not mean what it should.
fn unfaithful(what: &str, origin: Span) -> Diagnostic {
    Diagnostic::error(origin, format!("`{what}` would not say what the spec says, so nothing is written"))
        .label("made for this")
        .help("this is a mistake in cloudspells, not in your spec: please report it with the spec")
}
