//! What a cluster has but what has no place in the network that could be read,
//! so that nothing can be proven of it. Knows no resource.

use crate::contract::oke;
use crate::role::Role;

/// VNICs that exist, but whose subnet is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The address of the resource that makes them.
    pub by: String,
    /// The attribute of it that would say where they are.
    pub attribute: String,
    pub role: &'static Role,
    /// The address of their cluster; none where that is what is not known.
    pub cluster: Option<String>,
}

impl Unplaced {
    /// What they are sorted by.
    pub fn order(&self) -> impl Ord + '_ {
        let role = oke::EVERY.iter().position(|role| *role == self.role);
        (&self.by, &self.attribute, role, &self.cluster)
    }

    /// What it means for a proof, in a line.
    pub fn line(&self) -> String {
        let Self { by, attribute, role, cluster } = self;
        let words = role.vnics;
        match cluster {
            Some(cluster) => format!(
                "{by}: {attribute} leads to no subnet that could be read; the flows of {cluster}'s {words} there are \
                 not judged"
            ),
            None => format!("{by}: {attribute} leads to no cluster here; the flows of its {words} are not judged"),
        }
    }
}
