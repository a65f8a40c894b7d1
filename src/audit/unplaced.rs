//! VNICs of a cluster whose subnet is not known, so that nothing can be proven
//! about them. Knows no resource.

use crate::contract::oke;
use crate::role::Role;

/// VNICs that exist, but in a subnet that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The address of the resource that makes them.
    pub by: String,
    /// Its attribute that should say where they are.
    pub attribute: String,
    pub role: &'static Role,
    /// The address of their cluster; `None` if the cluster is what is not
    /// known.
    pub cluster: Option<String>,
}

impl Unplaced {
    /// What they are sorted by.
    pub fn order(&self) -> impl Ord + '_ {
        let role = oke::ALL.iter().position(|role| *role == self.role);
        (&self.by, &self.attribute, role, &self.cluster)
    }

    /// A line that says what can't be judged, and why.
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
