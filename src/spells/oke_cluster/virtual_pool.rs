//! A `virtual_node_pool` block: nodes that Oracle runs, of which a cluster has
//! the pods. Of enhanced clusters with VCN-native pods only.

use super::NODES_DEMAND;
use super::OkeCluster;
use super::cluster_type::needs_enhanced;
use super::cni::{Cni, needs_vnics};
use super::node_pool::{NodePool, Surroundings};
use super::taints::{self, Taint};
use crate::contract::oke::POD;
use crate::diagnostic::{At, Diagnostic, Diagnostics, nearest, quoted};
use crate::graph::{Address, Body, Graph, Value};
use crate::quote::Markdown;
use crate::spec::labels::node_labels;
use crate::spec::value::{integer, string};
use crate::spec::{BlockReader, Field, Passthrough, VariableUse};
use crate::spells::identity::output;
use crate::spells::instances::domains::{FAULT_DOMAINS, domains, fault_domains};
use crate::spells::instances::{NODES, own_nsgs};
use crate::spells::network::{nsg, subnet};
use crate::topology::{Demand, Name, Tier, limits};

/// What the pods run on. Oracle, "Resources Allocated to Pods Provisioned by
/// Virtual Nodes".
const SHAPES: [&str; 3] = ["Pod.Standard.A1.Flex", "Pod.Standard.E3.Flex", "Pod.Standard.E4.Flex"];

pub struct VirtualPool {
    pub name: At<Name>,
    shape: String,
    node_count: At<u64>,
    pub domains: Vec<u64>,
    fault_domains: Vec<&'static str>,
    labels: Vec<(String, String)>,
    taints: Vec<Taint>,
    pub nsg_ids: Vec<Passthrough>,
}

impl VirtualPool {
    pub fn read(reader: &mut BlockReader<'_>, around: &Surroundings<'_>) -> Option<Self> {
        let (title, name) = (reader.title().to_owned(), reader.name());
        if let Some(problem) = needs_enhanced(&title, name.span.clone(), around.kind, around.cluster) {
            reader.diagnostics.push(problem);
        }
        if let Some(cni) = around.cni.filter(|cni| cni.value == Cni::Flannel) {
            let help = "take `node_pool`s, or VCN-native pods: leave `cni` out";
            reader.diagnostics.push(needs_vnics(&format!("{title} can't be made"), name.span.clone(), cni, help));
        }
        let shape = reader.required("shape", "\"Pod.Standard.E4.Flex\"", shape);
        let count = reader.required("node_count", "3", integer(0..=limits::NODES_PER_POOL, " nodes"));
        let domains = reader.optional("availability_domains", domains);
        let fault_domains = reader.optional("fault_domains", fault_domains);
        let labels = reader.optional("initial_node_labels", node_labels);
        let taints = taints::read(reader);
        let nsg_ids = own_nsgs::read(reader, &NODES, around.node_nsgs);
        Some(Self {
            name,
            shape: shape?.value,
            node_count: count?,
            domains: domains.map(|at| at.value).unwrap_or_default(),
            fault_domains: fault_domains.map_or_else(|| FAULT_DOMAINS.to_vec(), |at| at.value),
            labels: labels.map(|at| at.value).unwrap_or_default(),
            taints: taints.map(|at| at.value).unwrap_or_default(),
            nsg_ids,
        })
    }

    pub fn variables(&self) -> impl Iterator<Item = &VariableUse> {
        self.nsg_ids.iter().flat_map(|given| &given.uses)
    }

    /// Addresses of its nodes. How many pods there will be, nothing says.
    pub fn demand(&self) -> Demand {
        let addresses = self.node_count.value;
        let span = self.node_count.span.clone();
        Demand { span, tier: Tier::Private, addresses, sum: format!("{addresses} nodes"), words: &NODES_DEMAND }
    }

    /// What the README says of it.
    pub fn fact(&self, cluster: &Name) -> Markdown {
        let display_name = Markdown::code(&format!("{cluster}-pool-{}", self.name.value));
        Markdown::fill(
            "virtual node pool {}: {} × {}; it needs the policies of Oracle's page [Required IAM Policies for Using Virtual Nodes](https://docs.oracle.com/iaas/Content/ContEng/Tasks/contengvirtualnodes-Required_IAM_Policies.htm), and its load balancers rules that are here, since the cloud controller writes none",
            [display_name, self.node_count.value.into(), Markdown::text(&self.shape)],
        )
    }
}

fn shape(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = string("\"Pod.Standard.E4.Flex\"")(field, diagnostics)?;
    if !text.starts_with("Pod.") {
        diagnostics.push(
            Diagnostic::error(field.span.clone(), format!("{} is not a shape of pods", quoted(&text)))
                .label("virtual nodes have shapes that begin with `Pod.`")
                .help("for example \"Pod.Standard.E4.Flex\""),
        );
        return None;
    }
    if !SHAPES.contains(&text.as_str()) {
        let label = match nearest(&text, SHAPES) {
            Some(near) => format!("did you mean {}?", quoted(near)),
            None => "not in Oracle's list".to_owned(),
        };
        let message = format!("no shape {} of pods is known", quoted(&text));
        diagnostics.push(Diagnostic::warning(field.span.clone(), message).label(label).help("leave it if it is new"));
    }
    Some(text)
}

/// Oracle's page said in October 2024 that a cluster has nodes of one kind.
pub fn check_mixture(virtual_pools: &[VirtualPool], pools: &[NodePool], diagnostics: &mut Diagnostics) {
    let (Some(one), Some(other)) = (virtual_pools.first(), pools.first()) else { return };
    diagnostics.push(
        Diagnostic::warning(one.name.span.clone(), "virtual nodes beside managed ones may not be available")
            .label("these are virtual")
            .related(other.name.span.clone(), "these are managed")
            .help("Oracle's \"Comparing Virtual Nodes with Managed Nodes\" has excluded it: see what it says now"),
    );
}

impl OkeCluster {
    pub fn virtual_pool(&self, pool: &VirtualPool) -> Address {
        Address::Resource("oci_containerengine_virtual_node_pool", self.virtual_identifier(pool))
    }

    pub fn virtual_identifier(&self, pool: &VirtualPool) -> String {
        self.identity.identifier(&pool.name.value.identifier())
    }

    pub fn add_virtual_pool(&self, pool: &VirtualPool, vcn: &Name, graph: &mut Graph) {
        let identifier = self.virtual_identifier(pool);
        let origin = &pool.name.span;
        self.domains(&identifier, &pool.domains).add("node_pools.tf", origin, graph);
        graph.add("node_pools.tf", self.virtual_pool(pool), origin, self.virtual_pool_body(pool, vcn));
        let address = Address::Output(format!("{identifier}_virtual_node_pool_id"));
        let description = format!("OCID of virtual node pool {} of cluster {}.", pool.name.value, self.name());
        graph.add("outputs.tf", address, origin, output(description, self.virtual_pool(pool).attribute("id")));
    }

    fn virtual_pool_body(&self, pool: &VirtualPool, vcn: &Name) -> Body {
        let (id, identifier) = (&self.identity, self.virtual_identifier(pool));
        let private = || subnet(vcn, Tier::Private).attribute("id");
        let body = Body::default()
            .attribute("compartment_id", id.compartment())
            .attribute("cluster_id", self.address().attribute("id"))
            .attribute("display_name", id.display(&format!("pool-{}", pool.name.value)))
            .attribute("size", Value::Number(pool.node_count.value))
            .attribute("nsg_ids", self.node_nsgs(&pool.nsg_ids));
        let mut body = id.tagged(body, &[]);
        for (key, value) in &pool.labels {
            let label = Body::default().attribute("key", key.as_str()).attribute("value", value.as_str());
            body = body.block("initial_virtual_node_labels", label);
        }
        for taint in &pool.taints {
            body = body.block("taints", taint.block());
        }
        let pods = Body::default()
            .attribute("shape", pool.shape.as_str())
            .attribute("subnet_id", private())
            .attribute("nsg_ids", Value::List(vec![nsg(&self.nsg(&POD)).attribute("id")]));
        let fault_domains = pool.fault_domains.iter().map(|one| (*one).into()).collect();
        let content = Body::default()
            .attribute("availability_domain", Value::Name(vec!["placement_configurations", "value", "name"]))
            .attribute("fault_domain", Value::List(fault_domains))
            .attribute("subnet_id", private());
        let placement = Body::default()
            .attribute("for_each", self.domains(&identifier, &pool.domains).value())
            .block("content", content);
        let title = format!("virtual_node_pool {}", pool.name.value);
        let check = self.domains(&identifier, &pool.domains).check(&title);
        body.block("pod_configuration", pods)
            .labelled("dynamic", "placement_configurations", placement)
            .block("virtual_node_tags", id.tagged(Body::default(), &[]))
            .optional_block("lifecycle", check.map(|check| Body::default().block("precondition", check)))
    }
}
