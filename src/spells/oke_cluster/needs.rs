//! What a cluster was asked for beyond the reference, as far as its flows depend
//! on it; and as its tag holds it, for audits.

use super::cni::Cni;
use super::workloads::{self, Workload};
use super::{OkeCluster, balancers, virtual_flows};
use crate::requirement::Requirement;
use crate::rule::Traffic;

#[derive(Debug, Default)]
pub struct Needs {
    /// On which its load balancers listen, where the spec names some.
    ports: Option<Vec<Traffic>>,
    workloads: Vec<Workload>,
    pub has_overlay: bool,
    /// Whether it has load balancers with public addresses and rules of ours.
    pub has_public_balancers: bool,
    pub has_virtual_nodes: bool,
}

impl Needs {
    /// What the tag of a generated cluster says.
    pub fn from_tag(text: &str) -> Self {
        let ports: Vec<_> = text.split(' ').filter_map(Traffic::from_slug).collect();
        Self {
            ports: Some(ports).filter(|ports| !ports.is_empty()),
            workloads: text.split(' ').filter_map(Workload::named).collect(),
            ..Self::default()
        }
    }

    /// The value of the tag; none where there is nothing to say.
    pub fn tag(&self) -> Option<String> {
        let ports = self.ports.iter().flatten().map(|traffic| traffic.slug());
        let words: Vec<_> = ports.chain(self.workloads.iter().map(|workload| workload.word().to_owned())).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }
}

impl OkeCluster {
    pub fn needs(&self) -> Needs {
        Needs {
            ports: self.balancers.ports.clone(),
            workloads: self.workloads.clone(),
            has_overlay: self.cni.value == Cni::Flannel,
            has_public_balancers: self.balancers.has_public(),
            has_virtual_nodes: !self.virtual_pools.is_empty(),
        }
    }
}

/// The flows of a cluster.
pub fn requirements(needs: &Needs) -> Vec<Requirement> {
    let mut flows = balancers::requirements(needs.ports.as_deref(), needs.has_overlay);
    flows.extend(workloads::requirements(&needs.workloads, needs.has_overlay, needs.has_public_balancers));
    if needs.has_virtual_nodes {
        flows.extend(virtual_flows::FLOWS);
    }
    flows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::table::{tcp, udp_range};

    #[test]
    fn a_tag_says_what_was_asked_for() {
        let needs = Needs {
            ports: Some(vec![tcp(443), udp_range(53, 60)]),
            workloads: vec![Workload::FileStorage, Workload::Dns01],
            ..Needs::default()
        };
        let tag = needs.tag().unwrap_or_default();
        assert_eq!(tag, "tcp_443 udp_53_60 file_storage dns01");
        assert_eq!(format!("{:?}", Needs::from_tag(&tag)), format!("{needs:?}"));
        assert_eq!(Needs::default().tag(), None);
    }
}
