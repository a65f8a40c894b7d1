//! cloudspells: from a spec of a few lines to a complete Terraform/OpenTofu
//! module for Oracle Kubernetes Engine.
//!
//! ```text
//! spec text ─▶ Spec ─▶ Draft ─▶ Topology ─▶ Graph ─▶ HCL ─▶ Files ─▶ disk
//! ```
//!
//! Everything up to [`Files`] is pure: text in, text or diagnostics out. Only
//! [`files::disk`] touches a disk.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unreachable,
    clippy::todo,
    unsafe_code
)]

pub mod audit;
pub mod diagnostic;
pub mod files;
mod graph;
mod hcl;
mod module;
pub mod prove;
mod rule;
mod spec;
mod spells;
mod topology;

use diagnostic::{Diagnostics, Source};
use files::Files;
use graph::Graph;
use module::Stack;
use spec::Spec;
use std::collections::BTreeMap;
use topology::Draft;

pub use module::Layout;
/// The largest spec that is read, in bytes.
pub use spec::LARGEST as LARGEST_SPEC;

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
    let mut diagnostics = Diagnostics::default();
    let Some(spec) = Spec::parse(source, &mut diagnostics) else {
        return Err(diagnostics);
    };

    let mut draft = Draft::default();
    for spell in &spec.spells {
        spell.contribute(&mut draft, &mut diagnostics);
    }
    let topology = draft.finalize(&mut diagnostics);
    let variables = module::variables(&spec, layout, &mut diagnostics);
    stop_at_errors(&diagnostics)?;

    let mut graph = Graph::default();
    for spell in &spec.spells {
        spell.build(&topology, &mut graph);
    }
    module::declare(&variables, &mut graph);
    graph.check(&mut diagnostics);
    stop_at_errors(&diagnostics)?;

    let stack = Stack { source, spec: &spec, layout, topology: &topology, variables: &variables, graph: &graph };
    Ok(Generated { files: module::files(&stack), resources: graph.count_resources(), warnings: diagnostics })
}

fn stop_at_errors(diagnostics: &Diagnostics) -> Result<(), Diagnostics> {
    if diagnostics.has_errors() { Err(diagnostics.clone()) } else { Ok(()) }
}
