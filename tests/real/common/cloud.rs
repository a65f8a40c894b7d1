//! The OCI control plane of a test, and which of its documents stands for
//! which resource.

use super::balancers;
use super::plan::array;
use oci_sim::{Config, Fault, Simulator};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The real provider's names for what speaks to OCI's APIs, and the stand-in's.
pub const CLIENTS: [&str; 9] = [
    "oci_auto_scaling.AutoScalingClient",
    "oci_containerengine.ContainerEngineClient",
    "oci_core.BlockstorageClient",
    "oci_core.ComputeClient",
    "oci_core.ComputeManagementClient",
    "oci_core.VirtualNetworkClient",
    "oci_identity.IdentityClient",
    "oci_load_balancer.LoadBalancerClient",
    "oci_network_load_balancer.NetworkLoadBalancerClient",
];

/// A control plane of its own, on loopback.
pub struct Cloud {
    pub simulator: Simulator,
}

impl Cloud {
    pub fn start() -> Self {
        Self { simulator: Simulator::start() }
    }

    /// One of a tenancy that tags all that is made.
    pub fn with_tag_defaults(tag_defaults: &[[&'static str; 3]]) -> Self {
        let config = Config { tag_defaults: tag_defaults.to_vec(), ..Config::default() };
        Self { simulator: Simulator::with(config).expect("a free port on loopback") }
    }

    pub fn host(&self) -> String {
        self.simulator.url()
    }

    pub fn snapshot(&self) -> Value {
        self.simulator.state()
    }

    pub fn is_empty(&self) -> bool {
        self.simulator.is_empty()
    }

    pub fn fault(&self, fault: Fault) {
        self.simulator.fault(fault);
    }

    /// What the control plane refused, and the requests that it does not know.
    pub fn complaints(&self) -> Vec<String> {
        self.simulator
            .requests()
            .into_iter()
            .filter_map(|request| Some(format!("{} {}: {}", request.method, request.path, request.refusal?)))
            .collect()
    }
}

/// The simulator's collection for a resource type.
fn collection(kind: &str) -> &'static str {
    if let Some((balancers, part)) = balancers::part(kind) {
        return balancers::collection(balancers, part);
    }
    match kind {
        "oci_core_vcn" => "vcns",
        "oci_core_subnet" => "subnets",
        "oci_core_internet_gateway" => "internetGateways",
        "oci_core_nat_gateway" => "natGateways",
        "oci_core_service_gateway" => "serviceGateways",
        "oci_core_route_table" => "routeTables",
        "oci_core_security_list" | "oci_core_default_security_list" => "securityLists",
        "oci_core_network_security_group" => "networkSecurityGroups",
        "oci_core_network_security_group_security_rule" => RULES,
        "oci_containerengine_cluster" => "clusters",
        "oci_containerengine_node_pool" => "nodePools",
        "oci_containerengine_virtual_node_pool" => "virtualNodePools",
        "oci_containerengine_addon" => "addons",
        "oci_autoscaling_auto_scaling_configuration" => "autoScalingConfigurations",
        "oci_core_instance" => "instances",
        "oci_core_instance_configuration" => "instanceConfigurations",
        "oci_core_instance_pool" => "instancePools",
        "oci_load_balancer_load_balancer" => "loadBalancers",
        "oci_network_load_balancer_network_load_balancer" => "networkLoadBalancers",
        "oci_core_volume" => "volumes",
        "oci_core_volume_attachment" => "volumeAttachments",
        "oci_core_volume_backup_policy_assignment" => "volumeBackupPolicyAssignments",
        _ => panic!("give {kind} a line in tests/real/common/cloud.rs"),
    }
}

/// The rules of all NSGs: they are in no collection of their own.
const RULES: &str = "securityRules";

/// What is written of a resource and what a snapshot has of it, as lists of
/// one, so that no rule may hold more than is written.
pub fn counterpart(snapshot: &Value, kind: &str, id: &str, written: &Value) -> (Value, Option<Value>) {
    let mut written = written.clone();
    let members = written.as_object_mut().expect("a document");
    let one_of = |list: &Value| array(list).iter().find(|document| document["id"] == id).cloned();
    if kind == "oci_core_network_security_group_security_rule" {
        let nsg = members.remove("networkSecurityGroupId").expect("the NSG of a rule");
        let nsgs = array(&snapshot["networkSecurityGroups"]);
        let found = nsgs.iter().find(|group| group["id"] == nsg).and_then(|group| one_of(&group["securityRules"]));
        return (json!([written]), found.map(|rule| json!([rule])));
    }
    if let Some(adopted) = members.remove("manageDefaultResourceId") {
        members.insert("id".to_owned(), adopted);
    }
    if balancers::part(kind).is_some() {
        return balancers::counterpart(snapshot, kind, id, written);
    }
    if kind == "oci_containerengine_addon" {
        // It has no OCID: its cluster is not in its document, and its name is.
        let name = members.remove("addonName").expect("the name of an add-on");
        members.retain(|member, _| {
            !["clusterId", "overrideExisting", "removeAddonResourcesOnDelete"].contains(&member.as_str())
        });
        members.insert("name".to_owned(), name.clone());
        let found = array(&snapshot["addons"]).iter().find(|addon| addon["name"] == name).cloned();
        return (written, found);
    }
    match kind {
        "oci_core_instance" => return super::workloads::instance(snapshot, id, written),
        "oci_autoscaling_auto_scaling_configuration" => super::workloads::complete_autoscaling(members),
        "oci_core_instance_pool" => {
            let mut found = one_of(&snapshot["instancePools"]);
            found.iter_mut().for_each(balancers::plain_attachments);
            return (written, found);
        }
        "oci_core_volume_attachment" => drop(members.remove("useChap")),
        "oci_load_balancer_load_balancer" => {
            let shape = members.remove("shape").expect("the shape of a load balancer");
            members.insert("shapeName".to_owned(), shape);
        }
        _ => {}
    }
    // What is written without rules has none.
    let lists: &[&str] = match collection(kind) {
        "securityLists" => &["ingressSecurityRules", "egressSecurityRules"],
        "routeTables" => &["routeRules"],
        _ => &[],
    };
    for list in lists {
        members.entry(*list).or_insert_with(|| json!([]));
    }
    (written, one_of(&snapshot[collection(kind)]))
}

/// How many resources of each type's collection are written.
pub fn written<'a>(kinds: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for kind in kinds {
        *counts.entry(collection(kind).to_owned()).or_default() += 1;
    }
    counts
}

/// How many resources of each collection a snapshot has, but for what comes and
/// goes with another, such as a VCN's default route table and DHCP options.
pub fn present(snapshot: &Value) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let vcns = array(&snapshot["vcns"]);
    for (name, documents) in snapshot.as_object().expect("a snapshot") {
        let is_default = |document: &&Value| {
            let id = &document["id"];
            vcns.iter().any(|vcn| vcn["defaultRouteTableId"] == *id || vcn["defaultDhcpOptionsId"] == *id)
        };
        let is_part = |document: &&Value| is_default(document) || document.get("simOwner").is_some();
        let count = array(documents).iter().filter(|document| !is_part(document)).count();
        for (part, count) in array(documents).iter().flat_map(|document| balancers::count_parts(name, document)) {
            if count > 0 {
                *counts.entry(part.to_owned()).or_default() += count;
            }
        }
        let rules: usize = array(documents).iter().map(|document| array(&document[RULES]).len()).sum();
        for (name, count) in [(name.as_str(), count), (RULES, rules)] {
            if count > 0 {
                *counts.entry(name.to_owned()).or_default() += count;
            }
        }
    }
    counts
}
