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

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unreachable,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::todo,
    unsafe_code
)]

pub mod audit;
mod audited;
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
mod requirement;
mod rule;
mod spec;
mod spells;
mod syntax;
mod tier;
mod topology;

use diagnostic::{Diagnostics, Source};
use files::Files;
use graph::{Element, Graph, Ledger};
use module::{Stack, Variable, Writer};
use prove::{Model, Sketch};
use spells::{KINDS, Spec};
use std::collections::BTreeMap;
use topology::{Draft, Topology};

pub use layout::Layout;
pub use rule::Layer;
/// The largest spec that is read, in bytes.
pub use spec::LARGEST as LARGEST_SPEC;
pub use spells::{Row, Table};

/// The spec of the built-in default stack: the reference's minimum viable
/// example.
pub const DEFAULT_SPEC: &str = include_str!("default.hcl");

/// The spec that `cloudspells init` writes: the default stack, explained.
pub const STARTER_SPEC: &str = include_str!("starter.hcl");

/// What a spec becomes.
pub struct Generated {
    pub files: Files,
    /// How many resources of each type there are.
    pub resources: BTreeMap<&'static str, usize>,
    pub warnings: Diagnostics,
}

/// Turns a spec into the files of a module.
///
/// # Errors
///
/// Gives every problem that was found; then there are no files.
pub fn generate(source: &Source, layout: Layout) -> Result<Generated, Diagnostics> {
    let mut writer = Writer::new(source);
    let stack = understand(source, layout, Profiles::AsWritten, |element| writer.add(element))?;
    let resources = writer.resources.clone();
    let Understood { spec, topology, variables, warnings } = &stack;
    let files = writer.finish(&Stack { source, spec, layout, topology, variables })?;
    Ok(Generated { files, resources, warnings: warnings.clone() })
}

/// A spec's stack as the prover sees it: what passes, and what must.
pub struct Modelled {
    pub model: Model,
    pub warnings: Diagnostics,
}

/// Which security profiles to assume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profiles {
    AsWritten,
    /// As if every cluster had `security_profile = "strict"`.
    Strict,
}

/// Turns a spec into what the prover works on.
///
/// # Errors
///
/// Gives every problem that [`generate`] would find.
pub fn model(source: &Source, profiles: Profiles) -> Result<Modelled, Diagnostics> {
    let stack = understand(source, Layout::Root, profiles, |_| {})?;
    let mut sketch = Sketch::default();
    for spell in &stack.spec.spells {
        spell.model(&stack.topology, &mut sketch);
    }
    Ok(Modelled { model: sketch.model, warnings: stack.warnings })
}

/// The rules that a spec's stack will have, grouped as in the reference.
pub struct Rules {
    pub tables: Vec<Table>,
    pub warnings: Diagnostics,
}

/// Turns a spec into the tables of its effective rules.
///
/// # Errors
///
/// Gives every problem that [`generate`] would find.
pub fn rules(source: &Source) -> Result<Rules, Diagnostics> {
    let stack = understand(source, Layout::Root, Profiles::AsWritten, |_| {})?;
    let sections = stack.spec.spells.iter().filter_map(|spell| spell.section(&stack.topology));
    Ok(Rules { tables: sections.flat_map(|section| section.tables).collect(), warnings: stack.warnings })
}

/// A valid spec, and what was made of it.
struct Understood {
    spec: Spec,
    topology: Topology,
    variables: Vec<Variable>,
    warnings: Diagnostics,
}

/// Reads a spec and builds its stack; `take` is given each block once, as it is
/// built. If there are errors, the blocks are not to be used.
fn understand(
    source: &Source,
    layout: Layout,
    profiles: Profiles,
    mut take: impl FnMut(&Element),
) -> Result<Understood, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let Some(spec) = Spec::parse(source, KINDS, &mut diagnostics) else {
        return Err(diagnostics);
    };

    let mut draft = Draft::new(profiles == Profiles::Strict);
    for spell in &spec.spells {
        spell.contribute(&mut draft, &mut diagnostics);
    }
    let topology = draft.finalize(&mut diagnostics);
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
        spell.build(&topology, &mut graph);
        enter(&mut graph);
    }
    module::declare(&variables, &mut graph);
    enter(&mut graph);
    ledger.check(&mut diagnostics);
    stop_at_errors(&diagnostics)?;
    Ok(Understood { spec, topology, variables, warnings: diagnostics })
}

fn stop_at_errors(diagnostics: &Diagnostics) -> Result<(), Diagnostics> {
    if diagnostics.has_errors() { Err(diagnostics.clone()) } else { Ok(()) }
}
