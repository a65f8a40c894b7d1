//! The two types of clusters that OKE has.

use crate::facts::limits;

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
