//! The two types of clusters that OKE has.

use crate::diagnostic::{At, Diagnostic, Span};
use crate::facts::limits;
use crate::topology::Name;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterType {
    Basic,
    Enhanced,
}

pub const WORDS: &[(&str, ClusterType)] = &[("basic", ClusterType::Basic), ("enhanced", ClusterType::Enhanced)];

impl ClusterType {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Enhanced => "enhanced",
        }
    }

    /// As OCI's API writes it.
    pub const fn api_name(self) -> &'static str {
        match self {
            Self::Basic => "BASIC_CLUSTER",
            Self::Enhanced => "ENHANCED_CLUSTER",
        }
    }

    /// Nodes in all its pools together, at most.
    pub const fn most_nodes(self) -> u64 {
        match self {
            Self::Basic => limits::NODES_PER_BASIC_CLUSTER,
            Self::Enhanced => limits::NODES_PER_ENHANCED_CLUSTER,
        }
    }
}

/// Says of what needs an enhanced cluster that this one is basic, where it is.
pub fn needs_enhanced(what: &str, at: Span, kind: Option<&At<ClusterType>>, cluster: &At<Name>) -> Option<Diagnostic> {
    let (span, basic) = match kind {
        Some(At { value: ClusterType::Enhanced, .. }) => return None,
        Some(kind) => (kind.span.clone(), "it is basic"),
        None => (cluster.span.clone(), "it is basic, as nothing else is written"),
    };
    Some(
        Diagnostic::error(at, format!("{what} needs an enhanced cluster"))
            .label("a basic cluster does not have it")
            .related(span, basic)
            .help("write `type = \"enhanced\"` in the cluster: a change in place, which OCI does not take back"),
    )
}
