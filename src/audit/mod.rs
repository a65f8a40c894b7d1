//! From the output of `tofu show -json` to the network that the prover
//! understands. Pure; must never know how a network is judged.

pub mod coverage;
mod document;
mod escape;
mod estate;
mod network;
mod problem;
mod references;
mod subject;
mod unplaced;

use document::Document;
use document::configuration::Configuration;
use std::collections::BTreeSet;

pub use crate::contract::oke as roles;
pub use crate::role::Role;
pub use document::LARGEST;
pub use document::text::Texts;
pub use problem::Problem;
pub use subject::{Cluster, Instances, PodNetworking, Subject};
pub use unplaced::Unplaced;

/// What `tofu show -json` printed of a plan or of a state; Terraform's too.
pub struct Shown(Document);

impl Shown {
    /// # Errors
    ///
    /// If the text is no such output; the message says what it is instead.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        Document::parse(text).map(Self)
    }

    /// Several plans and states as one, each with the name of its file. An
    /// address that two of them have begins with that name.
    pub fn estate(all: Vec<(String, Self)>) -> Self {
        Self(estate::joined(all.into_iter().map(|(file, shown)| (file, shown.0)).collect()))
    }

    /// Whether it is a plan; else it is a state, which has every value.
    pub const fn is_plan(&self) -> bool {
        matches!(self.0.form, document::Form::Plan)
    }

    /// The directories of a plan's modules, as far as it says where they are,
    /// relative to the root module's directory, which is the empty string.
    pub fn directories(&self) -> BTreeSet<String> {
        let mut all = Configuration::new(self.0.part("configuration"), None).directories();
        all.insert(String::new());
        all
    }

    /// Whether the texts are those of this plan: at least one of its resources
    /// is declared in them. They say nothing of a state.
    pub fn is_declared_in(&self, texts: &Texts) -> bool {
        Configuration::new(self.0.part("configuration"), None).is_declared_in(texts)
    }

    /// What there is to audit. The text of the modules makes more of a plan
    /// certain.
    ///
    /// # Errors
    ///
    /// If it has no OCI network.
    pub fn subject(&self, texts: &Texts) -> Result<Subject, Problem> {
        network::read(&self.0, texts)
    }
}

/// Reads the JSON that `tofu show -json` prints, without the text of modules.
///
/// # Errors
///
/// If the text is no such output, or if it has no OCI network.
pub fn read(text: &str) -> Result<Subject, Problem> {
    Shown::parse(text)?.subject(&Texts::default())
}
