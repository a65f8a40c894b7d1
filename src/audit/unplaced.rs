//! What a cluster has but what has no place in the network that could be read,
//! so that nothing can be proven of it. Knows no resource.

/// A kind of VNICs of a cluster.
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

/// VNICs that exist, but whose subnet is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unplaced {
    /// The address of the resource that makes them.
    pub by: String,
    /// The attribute of it that would say where they are.
    pub attribute: String,
    pub role: Role,
    /// The address of their cluster; none where that is what is not known.
    pub cluster: Option<String>,
}

impl Unplaced {
    /// What it means for a proof, in a line.
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
