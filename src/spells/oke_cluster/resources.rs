//! The cluster's resources: the cluster, its node pools, its kubeconfig, its
//! outputs.

use super::balancers::Keeper;
use super::cni::Cni;
use super::cycling::Cycling;
use super::endpoint::Endpoint;
use super::node_pool::NodePool;
use super::{OkeCluster, addon, cidr_text, metadata};
use crate::contract::{self, oke};
use crate::diagnostic::Span;
use crate::graph::{Address, Body, Graph, Step, Value};
use crate::spells::identity::{output, user};
use crate::spells::network::{nsg, subnet, vcn as vcn_address};
use crate::spells::nsgs::rule_addresses;
use crate::topology::{Home, Name, Tier};

impl OkeCluster {
    pub fn address(&self) -> Address {
        Address::Resource("oci_containerengine_cluster", self.name().identifier())
    }

    pub fn pool(&self, pool: &NodePool) -> Address {
        Address::Resource("oci_containerengine_node_pool", self.pool_identifier(pool))
    }

    pub fn pool_identifier(&self, pool: &NodePool) -> String {
        self.identity.identifier(&pool.name.value.identifier())
    }

    /// The region's availability domains, as the cluster's compartment sees them.
    pub fn availability_domains(&self) -> Address {
        Address::Data("oci_identity_availability_domains", self.name().identifier())
    }
}

pub fn build(cluster: &OkeCluster, home: Home<'_>, graph: &mut Graph) {
    let origin = &cluster.identity.name.span;
    let id = &cluster.identity;
    let vcn = home.vcn.name();
    let rules = rule_addresses(home.nsgs).map(|address| Value::Reference(address, Vec::new())).collect();
    if let Some(address) = backend(cluster) {
        graph.add("nsgs.tf", address, origin, backend_body(cluster, vcn));
    }
    if cluster.preflight_checks {
        graph.add("cluster.tf", cluster.option(), origin, cluster.option_body());
    }
    graph.add("cluster.tf", cluster.address(), origin, cluster_body(cluster, vcn, rules));
    if let Some(path) = &cluster.create_kubeconfig {
        kubeconfig(cluster, &path.value, graph);
    }
    if !cluster.node_pools.is_empty() || !cluster.virtual_pools.is_empty() {
        let body = Body::default().attribute("compartment_id", id.compartment());
        graph.add("node_pools.tf", cluster.availability_domains(), origin, body);
    }
    for pool in &cluster.node_pools {
        cluster.add_options(pool, graph);
        let identifier = cluster.pool_identifier(pool);
        cluster.domains(&identifier, &pool.placement.domains).add("node_pools.tf", &pool.name.span, graph);
        graph.add("node_pools.tf", cluster.pool(pool), &pool.name.span, pool_body(cluster, pool, vcn));
    }
    for pool in &cluster.virtual_pools {
        cluster.add_virtual_pool(pool, vcn, graph);
    }
    addon::build(cluster, graph);
    outputs(cluster, graph);
}

fn cluster_body(cluster: &OkeCluster, vcn: &Name, rules: Vec<Value>) -> Body {
    let id = &cluster.identity;
    let body = Body::default()
        .attribute("compartment_id", id.compartment())
        .attribute("vcn_id", vcn_address(vcn).attribute("id"))
        .attribute("name", cluster.display_name.as_str())
        .attribute("kubernetes_version", Value::String(cluster.kubernetes_version.to_string()))
        .attribute("type", cluster.kind.api_name())
        .optional("kms_key_id", cluster.control_plane.kms_key_id());
    let endpoint = Body::default()
        .attribute("subnet_id", subnet(vcn, cluster.endpoint.role().tier).attribute("id"))
        .attribute("is_public_ip_enabled", Value::Bool(cluster.endpoint.role().public_ip))
        .attribute("nsg_ids", Value::List(vec![nsg(&cluster.nsg(&oke::API)).attribute("id")]));
    let network = Body::default()
        .attribute("pods_cidr", Value::String(cidr_text(&cluster.pods_cidr)))
        .attribute("services_cidr", Value::String(cidr_text(&cluster.services_cidr)));
    let options = Body::default()
        .attribute("service_lb_subnet_ids", Value::List(vec![subnet(vcn, cluster.balancers.tier()).attribute("id")]))
        .block("kubernetes_network_config", network);
    let options = cluster.control_plane.options(options, service_lb_config(cluster));
    let needs = cluster.needs().tag();
    let tag = needs.as_deref().map(|text| (contract::NEEDS_TAG, text));
    id.tagged(body, tag.as_slice())
        .block("cluster_pod_network_options", Body::default().attribute("cni_type", cluster.cni.value.api_name()))
        .block("endpoint_config", endpoint)
        .optional_block("image_policy_config", cluster.control_plane.image_policy_config())
        .block("options", options)
        .optional_block("lifecycle", cluster.guard())
        .comment("The rules exist before the cluster, and so before its node pools.")
        .attribute("depends_on", Value::Lines(rules))
}

/// The NSG whose rules are left to the cloud controller.
fn backend(cluster: &OkeCluster) -> Option<Address> {
    (cluster.balancers.keeper == Keeper::Controller).then(|| nsg(&cluster.nsg(&oke::BACKEND)))
}

fn backend_body(cluster: &OkeCluster, vcn: &Name) -> Body {
    let id = &cluster.identity;
    let body = Body::default()
        .comment("Empty here: OCI's cloud controller keeps rules in it, Service by Service.")
        .attribute("compartment_id", id.compartment())
        .attribute("vcn_id", vcn_address(vcn).attribute("id"))
        .attribute("display_name", Value::String(contract::nsg_display_name(cluster.name().as_str(), &oke::BACKEND)));
    id.tagged(body, &[])
}

fn service_lb_config(cluster: &OkeCluster) -> Option<Body> {
    let backend = backend(cluster)?.attribute("id");
    Some(Body::default().attribute("backend_nsg_ids", Value::List(vec![backend])))
}

/// The NSGs of the nodes.
pub fn node_nsgs(cluster: &OkeCluster) -> Vec<Value> {
    let own = nsg(&cluster.nsg(&oke::WORKER)).attribute("id");
    std::iter::once(own).chain(backend(cluster).map(|backend| backend.attribute("id"))).collect()
}

fn pool_body(cluster: &OkeCluster, pool: &NodePool, vcn: &Name) -> Body {
    let id = &cluster.identity;
    let version = if pool.has_version {
        Value::String(pool.version.to_string())
    } else {
        cluster.address().attribute("kubernetes_version")
    };
    let private = || subnet(vcn, Tier::Private).attribute("id");
    let body = Body::default()
        .attribute("compartment_id", id.compartment())
        .attribute("cluster_id", cluster.address().attribute("id"))
        .attribute("name", id.display(&format!("pool-{}", pool.name.value)))
        .attribute("kubernetes_version", version)
        .attribute("node_shape", pool.shape.0.as_str())
        .optional("ssh_public_key", pool.ssh_public_key.as_ref().map(|key| user(&key.expression)));
    let body = body.optional("node_metadata", metadata::value(pool, &cluster.pool_identifier(pool)));
    let mut body = id.tagged(body, &[]);
    if let Some((ocpus, memory)) = pool.size {
        let size =
            Body::default().attribute("ocpus", Value::Number(ocpus)).attribute("memory_in_gbs", Value::Number(memory));
        body = body.block("node_shape_config", size);
    }
    let boot_volume = pool.boot_volume_size_in_gbs.map(|gb| Value::String(gb.to_string()));
    let source = Body::default()
        .attribute("source_type", "IMAGE")
        .attribute("image_id", cluster.image_id(pool))
        .optional("boot_volume_size_in_gbs", boot_volume);
    body = body.block("node_source_details", source);
    for (key, value) in &pool.initial_node_labels {
        let label = Body::default().attribute("key", key.as_str()).attribute("value", value.as_str());
        body = body.block("initial_node_labels", label);
    }
    let pods = Body::default().attribute("cni_type", cluster.cni.value.api_name());
    let pods = match cluster.cni.value {
        Cni::Flannel => pods,
        Cni::VcnNative => pods
            .attribute("pod_subnet_ids", Value::List(vec![private()]))
            .attribute("pod_nsg_ids", Value::List(vec![nsg(&cluster.nsg(&oke::POD)).attribute("id")]))
            .optional("max_pods_per_node", pool.max_pods_per_node.map(Value::Number)),
    };
    let nodes = Body::default()
        .attribute("size", Value::Number(pool.node_count.initial))
        .attribute("nsg_ids", cluster.node_nsgs(&pool.nsg_ids))
        .optional("kms_key_id", pool.kms_key_id.as_ref().map(|key| user(&key.expression)))
        .optional("is_pv_encryption_in_transit_enabled", pool.in_transit_encryption.map(Value::Bool));
    let nodes = id.tagged(nodes, &[]).block("node_pool_pod_network_option_details", pods).labelled(
        "dynamic",
        "placement_configs",
        cluster.placement(pool, private()),
    );
    body.block("node_config_details", nodes)
        .optional_block("node_eviction_node_pool_settings", pool.eviction.block())
        .optional_block("node_pool_cycling_details", pool.cycling.as_ref().map(Cycling::block))
        .optional_block("lifecycle", cluster.pool_guard(pool))
}

/// The kubeconfig as a file that only its owner reads. A path under `~` is
/// one of the person who applies.
fn kubeconfig(cluster: &OkeCluster, path: &str, graph: &mut Graph) {
    let origin = &cluster.identity.name.span;
    let data = Address::Data("oci_containerengine_cluster_kube_config", cluster.name().identifier());
    let body =
        Body::default().attribute("cluster_id", cluster.address().attribute("id")).attribute("token_version", "2.0.0");
    // Left out, it is the public one.
    let endpoint: Option<Value> =
        (cluster.endpoint == Endpoint::Private).then(|| cluster.endpoint.kube_endpoint().into());
    let body = body.optional("endpoint", endpoint);
    graph.add("cluster.tf", data.clone(), origin, body);
    let filename = if path.starts_with("~/") { Value::Call("pathexpand", vec![path.into()]) } else { path.into() };
    let body = Body::default()
        .attribute("filename", filename)
        .attribute("content", data.attribute("content"))
        .attribute("file_permission", "0600")
        .attribute("directory_permission", "0700");
    let address = Address::Resource("local_sensitive_file", cluster.identity.identifier("kubeconfig"));
    graph.add("cluster.tf", address, origin, body);
}

fn outputs(cluster: &OkeCluster, graph: &mut Graph) {
    let name = cluster.name();
    let mut add_for = |origin: &Span, suffix: &str, description: String, value: Value| {
        let address = Address::Output(cluster.identity.identifier(suffix));
        graph.add("outputs.tf", address, origin, output(description, value));
    };
    for pool in &cluster.node_pools {
        let suffix = format!("{}_node_pool_id", pool.name.value.identifier());
        let description = format!("OCID of node pool {} of cluster {name}.", pool.name.value);
        add_for(&pool.name.span, &suffix, description, cluster.pool(pool).attribute("id"));
    }
    let mut add = |suffix: &str, description: String, value: Value| {
        add_for(&cluster.identity.name.span, suffix, description, value);
    };
    add("cluster_id", format!("OCID of cluster {name}."), cluster.address().attribute("id"));
    add(
        "kubernetes_version",
        format!("Kubernetes version of cluster {name}."),
        cluster.address().attribute("kubernetes_version"),
    );
    let (title, attribute) = match cluster.endpoint {
        Endpoint::Public => ("Public", "public_endpoint"),
        Endpoint::Private => ("Private", "private_endpoint"),
    };
    let endpoint = cluster.address().path([Step::Attribute("endpoints"), Step::Splat, Step::Attribute(attribute)]);
    add(
        "endpoint",
        format!("{title} API endpoint of cluster {name}, as address and port."),
        Value::Call("one", vec![endpoint]),
    );
    let backend = backend(cluster).map(|_| &oke::BACKEND);
    for role in cluster.roles().into_iter().chain(backend) {
        let word = role.word;
        add(
            &format!("{word}_nsg_id"),
            format!("OCID of the {} NSG of cluster {name}, {}.", word.replace('_', " "), role.purpose),
            nsg(&cluster.nsg(role)).attribute("id"),
        );
    }
}
