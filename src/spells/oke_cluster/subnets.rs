//! Which tier's subnet the VNICs of a cluster are in, where the spec chooses.

use super::OkeCluster;
use super::cni::{Cni, needs_vnics};
use super::endpoint::Endpoint;
use super::node_pool::NodePool;
use crate::contract::oke::{API, POD, WORKER};
use crate::diagnostic::{At, Diagnostic, Diagnostics, quoted};
use crate::quote::Markdown;
use crate::role::Role;
use crate::spec::word::word;
use crate::spec::{BlockReader, Field};
use crate::topology::{DefaultRoute, Tier};

/// The tiers that can be chosen. All have a way to OCI services.
const TIERS: &[(&str, Tier)] =
    &[("private", Tier::Private), ("secure", Tier::Secure), ("management", Tier::Management)];

/// Where the nodes of a pool are, and its pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subnets {
    pub nodes: Tier,
    pub pods: Tier,
}

impl Default for Subnets {
    fn default() -> Self {
        Self { nodes: WORKER.tier, pods: POD.tier }
    }
}

impl Subnets {
    pub fn read(reader: &mut BlockReader<'_>, cni: Option<&At<Cni>>) -> Self {
        let nodes = reader.optional("subnet", tier("nodes have no public address"));
        let pods = reader.optional("pod_subnet", tier("pods have no public address"));
        if let (Some(pods), Some(cni)) = (&pods, cni.filter(|cni| cni.value == Cni::Flannel)) {
            let what = format!("`pod_subnet` of {} can't be set", reader.title());
            let help = "leave it out: pods in a flannel overlay send with their node's address, and `subnet` says where nodes are";
            reader.diagnostics.push(needs_vnics(&what, pods.span.clone(), cni, help));
        }
        let default = Self::default();
        Self { nodes: nodes.map_or(default.nodes, |at| at.value), pods: pods.map_or(default.pods, |at| at.value) }
    }
}

impl Subnets {
    /// What the README says of a pool that chose.
    pub fn fact(self, pods_have_vnics: bool) -> Markdown {
        let Self { nodes, pods } = self;
        let place = if !pods_have_vnics {
            Markdown::fill(", nodes in the {} subnet", [Markdown::ours(nodes.word())])
        } else if nodes == pods {
            Markdown::fill(", nodes and pods in the {} subnet", [Markdown::ours(nodes.word())])
        } else {
            let words = [nodes, pods].map(|tier| Markdown::ours(tier.word()));
            Markdown::fill(", nodes in the {} subnet and pods in the {} one", words)
        };
        let is_shut = |tier: Tier| tier.default_route() == DefaultRoute::None;
        let shut = match (is_shut(nodes), pods_have_vnics && is_shut(pods)) {
            (false, false) => return place,
            (true, false) if pods_have_vnics => " (nodes have no way to the internet: images come from OCIR)",
            (true, _) => " (no way to the internet: images come from OCIR, and pods reach OCI services only)",
            (false, true) => " (pods have no way to the internet, and reach OCI services only)",
        };
        Markdown::fill("{}{}", [place, Markdown::ours(shut)])
    }
}

/// `endpoint_subnet` of a cluster: only an endpoint without a public address has
/// the choice.
pub fn endpoint_tier(reader: &mut BlockReader<'_>, endpoint: Option<&At<Endpoint>>, chosen: Option<At<Tier>>) -> Tier {
    let role = endpoint.map_or(Endpoint::Public, |at| at.value).role();
    let Some(chosen) = chosen else { return role.tier };
    if role.public_ip {
        let message = format!("`endpoint_subnet` of {} can't be set: its endpoint is public", reader.title());
        let diagnostic = Diagnostic::error(chosen.span, message).label("a public endpoint is in the public tier");
        let diagnostic = match endpoint {
            Some(endpoint) => diagnostic.related(endpoint.span.clone(), "public, as it says here"),
            None => diagnostic.related(reader.name().span, "public by default"),
        };
        reader.diagnostics.push(diagnostic.help("write `endpoint = \"private\"`, or leave `endpoint_subnet` out"));
        return role.tier;
    }
    chosen.value
}

/// A tier by its word. `why` says what keeps these VNICs out of the public one.
pub fn tier(why: &'static str) -> impl Fn(&Field<'_>, &mut Diagnostics) -> Option<Tier> {
    move |field, diagnostics| {
        if field.expression.as_str() != Some(Tier::Public.word()) {
            return word(TIERS)(field, diagnostics);
        }
        let public = quoted(Tier::Public.word());
        diagnostics.push(
            Diagnostic::error(field.span.clone(), format!("{} of {} can't be {public}", field.subject, field.owner))
                .label(format!("{why}, and the public tier's only way out is the Internet Gateway"))
                .help(
                    "write \"private\", \"secure\" or \"management\": from these OCI services are reached \
                     through the Service Gateway",
                ),
        );
        None
    }
}

impl OkeCluster {
    /// Where the VNICs of a role are.
    pub fn tiers(&self, role: &Role) -> Vec<Tier> {
        let of_pools = |tier: fn(&NodePool) -> Tier| {
            let mut tiers: Vec<_> = self.node_pools.iter().map(tier).collect();
            if tiers.is_empty() || !self.virtual_pools.is_empty() {
                tiers.push(role.tier);
            }
            tiers
        };
        match role.word {
            word if word == API.word => vec![self.endpoint_tier],
            word if word == WORKER.word => of_pools(|pool| pool.subnets.nodes),
            word if word == POD.word => of_pools(|pool| pool.subnets.pods),
            _ => vec![role.tier],
        }
    }
}
