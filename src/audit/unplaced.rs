//! VNICs of a cluster whose subnet is not known, so that nothing can be proven
//! about them. Knows no resource.

/// The role of a cluster's VNICs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Api,
    Lb,
    Worker,
    Pod,
}

impl Role {
    const fn words(self) -> &'static str {
        match self {
            Self::Api => "API endpoint",
            Self::Lb => "load balancers",
            Self::Worker => "workers",
            Self::Pod => "pods",
        }
    }
}

/// VNICs that exist, but in a subnet that is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unplaced {
    /// The address of the resource that makes them.
    pub by: String,
    /// Its attribute that should say where they are.
    pub attribute: String,
    pub role: Role,
    /// The address of their cluster; `None` if the cluster is what is not
    /// known.
    pub cluster: Option<String>,
}

impl Unplaced {
    /// A line that says what can't be judged, and why.
    pub fn line(&self) -> String {
        let Self { by, attribute, role, cluster } = self;
        let words = role.words();
        match cluster {
            Some(cluster) => format!(
                "{by}: {attribute} leads to no subnet that could be read; the flows of {cluster}'s {words} there are \
                 not judged"
            ),
            None => format!("{by}: {attribute} leads to no cluster here; the flows of its {words} are not judged"),
        }
    }
}
