//! cloudspells: from a spec of a few lines to a complete Terraform/OpenTofu
//! module for Oracle Kubernetes Engine.
//!
//! ```text
//! spec text ─▶ Spec ─▶ Draft ─▶ Topology ─▶ Graph ─▶ HCL ─▶ Files ─▶ disk
//!                                  └─▶ Model ─▶ what is proven, what is exposed
//! plan JSON ─▶ audit ────────────────────┘
//! ```
//!
//! Everything up to [`Files`] and everything of [`prove`] and [`audit`] is pure:
//! text in, text or diagnostics out. Only [`files::disk`] touches a disk.

pub mod audit;
mod audited;
mod contract;
pub mod diagnostic;
pub mod facts;
pub mod files;
mod graph;
mod hcl;
mod layout;
mod module;
mod name;
pub mod prove;
pub mod quote;
pub mod replacement;
mod requirement;
mod role;
mod rule;
mod spec;
mod spells;
mod symbols;
mod syntax;
mod tier;
mod topology;

use diagnostic::{Diagnostics, Source};
use files::Files;
use graph::{Element, Graph, Ledger};
use module::{Spec, Stack, Variable, Writer};
use prove::Model;
use spells::{Growing, KINDS};
use std::collections::{BTreeMap, BTreeSet};
use topology::{Draft, Topology};

pub use audited::Mapping;
pub use layout::Layout;
pub use rule::Layer;
/// The largest spec that is read, in bytes.
pub use spec::LARGEST as LARGEST_SPEC;
pub use spells::{Row, Table};

/// The spec of the built-in default stack: the reference's minimum viable
/// example.
pub const DEFAULT_SPEC: &str = include_str!("default.hcl");

/// The spec that `cloudspells init` writes: the default stack, with the strict
/// rules.
pub const STARTER_SPEC: &str = include_str!("starter.hcl");

/// What was made of a spec that has no errors, and what in it is worth a
/// warning.
pub struct Accepted<T> {
    pub value: T,
    pub warnings: Diagnostics,
}

impl<T> Accepted<T> {
    fn map<U>(self, make: impl FnOnce(T) -> U) -> Accepted<U> {
        Accepted { value: make(self.value), warnings: self.warnings }
    }
}

/// What a spec becomes.
pub struct Generated {
    pub files: Files,
    /// How many resources of each type there are.
    pub resources: BTreeMap<&'static str, usize>,
    /// What two calls of the module would take from each other: what it is, and
    /// its value.
    pub contended: Vec<(&'static str, String)>,
    /// Files of the user's that must be beside the module's, by their path in it.
    pub needed: BTreeSet<String>,
    growing: Vec<Growing>,
}

impl Generated {
    /// What can't become of a module that is there, by the texts of its resources:
    /// sizes that would shrink.
    pub fn objections(&self, old: &[&str]) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for one in &self.growing {
            let was = replacement::written(old.iter().copied(), &one.address.to_string(), one.argument);
            let problem = was.and_then(|text| text.parse().ok()).and_then(|was| one.objection(was));
            problem.into_iter().for_each(|problem| diagnostics.push(problem));
        }
        diagnostics
    }
}

/// Turns a spec into the files of a module.
///
/// # Errors
///
/// Gives every problem that was found; then there are no files.
pub fn generate(source: &Source, layout: Layout) -> Result<Accepted<Generated>, Diagnostics> {
    let mut writer = Writer::new(source);
    let Accepted { value: stack, warnings } =
        understand(source, layout, Profiles::AsWritten, |element| writer.add(element))?;
    let resources = writer.resources.clone();
    let Understood { spec, topology, variables } = &stack;
    let files = writer.finish(&Stack { source, spec, layout, topology, variables })?;
    let repeats = spec.spells.iter().flat_map(|spell| spell.repeats()).filter(|repeat| repeat.breaks);
    let contended = repeats.map(|repeat| (repeat.what, repeat.value)).collect();
    let needed = spec.spells.iter().flat_map(|spell| spell.files()).map(str::to_owned).collect();
    let growing = spec.spells.iter().flat_map(|spell| spell.growing()).collect();
    Ok(Accepted { value: Generated { files, resources, contended, needed, growing }, warnings })
}

/// Which security profiles to assume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profiles {
    AsWritten,
    /// As if every VCN and every cluster had `security_profile = "strict"`.
    Strict,
}

impl Profiles {
    /// The profile that counts instead of what is written.
    const fn assumed(self) -> Option<&'static str> {
        match self {
            Self::AsWritten => None,
            Self::Strict => Some("strict"),
        }
    }
}

/// Turns a spec into what the prover works on: what its stack lets through,
/// and what it must.
///
/// # Errors
///
/// Gives every problem that [`generate`] would find.
pub fn model(source: &Source, profiles: Profiles) -> Result<Accepted<Model>, Diagnostics> {
    let stack = understand(source, Layout::Root, profiles, |_| {})?;
    Ok(stack.map(|stack| spells::model(&stack.spec.spells, &stack.topology)))
}

/// Turns a spec into the tables of its effective rules, grouped as in the
/// reference.
///
/// # Errors
///
/// Gives every problem that [`generate`] would find.
pub fn rules(source: &Source) -> Result<Accepted<Vec<Table>>, Diagnostics> {
    let stack = understand(source, Layout::Root, Profiles::AsWritten, |_| {})?;
    Ok(stack.map(|stack| {
        let sections = stack.spec.spells.iter().filter_map(|spell| spells::section(spell.as_ref(), &stack.topology));
        sections.flat_map(|section| section.tables).collect()
    }))
}

/// A valid spec, and what was made of it.
struct Understood {
    spec: Spec,
    topology: Topology,
    variables: Vec<Variable>,
}

/// Reads a spec and builds its stack; `take` is given each block once, as it is
/// built. If there are errors, the blocks are not to be used.
fn understand(
    source: &Source,
    layout: Layout,
    profiles: Profiles,
    mut take: impl FnMut(&Element),
) -> Result<Accepted<Understood>, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let Some(spec) = Spec::parse(source, KINDS, &module::SETTING, &mut diagnostics) else {
        return Err(diagnostics);
    };

    let mut draft = Draft::new(&spec.symbols, profiles.assumed());
    for spell in &spec.spells {
        spell.add_networks(&mut draft);
    }
    for spell in &spec.spells {
        spell.contribute(&mut draft, &mut diagnostics);
    }
    for spell in &spec.spells {
        spell.review(&draft, &mut diagnostics);
    }
    let topology = draft.finalize(&mut diagnostics);
    spells::check_routes(&topology, &mut diagnostics);
    module::review_provider(spec.setting.as_ref(), &spec.spells, layout, &mut diagnostics);
    let variables = module::variables(&spec, layout, &mut diagnostics);
    stop_at_errors(&diagnostics)?;

    let (mut graph, mut ledger) = (Graph::default(), Ledger::default());
    let mut enter = |graph: &mut Graph| {
        for element in graph.take() {
            ledger.enter(&element, &mut diagnostics);
            take(&element);
        }
    };
    for spell in &spec.spells {
        spells::build(spell.as_ref(), &topology, &mut graph);
        enter(&mut graph);
    }
    module::declare(&variables, &mut graph);
    enter(&mut graph);
    ledger.check(&mut diagnostics);
    stop_at_errors(&diagnostics)?;
    Ok(Accepted { value: Understood { spec, topology, variables }, warnings: diagnostics })
}

fn stop_at_errors(diagnostics: &Diagnostics) -> Result<(), Diagnostics> {
    if diagnostics.has_errors() { Err(diagnostics.clone()) } else { Ok(()) }
}
