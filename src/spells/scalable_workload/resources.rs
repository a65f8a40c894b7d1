//! The instances: what each is like, the pool of them, what scales it, and the
//! outputs.

use super::balancer::Type;
use super::{Count, ScalableWorkload, tables};
use crate::contract::NEEDS_TAG;
use crate::diagnostic::Span;
use crate::graph::{Address, Body, Graph, Step, Value};
use crate::spells::identity::{output, user};
use crate::spells::instances::metadata;
use crate::spells::network::{nsg, subnet};
use crate::spells::nsgs::rule_addresses;
use crate::topology::{Home, Name};

const FILE: &str = "scalable_workloads.tf";

impl ScalableWorkload {
    pub fn configuration(&self) -> Address {
        Address::Resource("oci_core_instance_configuration", self.name().identifier())
    }

    pub fn pool(&self) -> Address {
        Address::Resource("oci_core_instance_pool", self.name().identifier())
    }

    pub fn autoscaler(&self) -> Address {
        Address::Resource("oci_autoscaling_auto_scaling_configuration", self.name().identifier())
    }

    /// The NSGs of each instance, ours first.
    pub fn instance_nsgs(&self) -> Vec<Value> {
        let own = nsg(&self.nsg(tables::roles(&self.needs()).1)).attribute("id");
        std::iter::once(own).chain(self.nsg_ids.iter().map(|given| user(&given.expression))).collect()
    }
}

pub fn build(workload: &ScalableWorkload, home: Home<'_>, graph: &mut Graph) {
    let origin = &workload.identity.name.span;
    let domains = workload.domains();
    let body = Body::default().attribute("compartment_id", workload.identity.compartment());
    graph.add(FILE, domains.region.clone(), origin, body);
    domains.add(FILE, origin, graph);
    workload.platform_image().add(FILE, graph);
    graph.add(FILE, workload.configuration(), origin, configuration(workload));
    let rules = rule_addresses(home.nsgs).map(|address| Value::Reference(address, Vec::new())).collect();
    graph.add(FILE, workload.pool(), origin, pool(workload, home.vcn.name(), rules));
    if let Count::Scaled(scaling) = &workload.count {
        let target = Body::default().attribute("id", workload.pool().attribute("id")).attribute("type", "instancePool");
        let id = &workload.identity;
        let body = Body::default()
            .attribute("compartment_id", id.compartment())
            .attribute("display_name", id.display("autoscaling"))
            .optional("cool_down_in_seconds", scaling.cooldown().map(Value::Number));
        let body = id.tagged(body, &[]).block("auto_scaling_resources", target);
        let policies = scaling.policies(workload.name().as_str()).into_iter();
        let body = policies.fold(body, |body, policy| body.block("policies", policy));
        graph.add(FILE, workload.autoscaler(), origin, body);
    }
    outputs(workload, origin, graph);
}

fn configuration(workload: &ScalableWorkload) -> Body {
    let id = &workload.identity;
    let vnic = Body::default()
        .attribute("assign_public_ip", Value::Bool(false))
        .attribute("nsg_ids", Value::List(workload.instance_nsgs()));
    let boot = &workload.boot_volume;
    let text = |number: u64| Value::String(number.to_string());
    let source = Body::default()
        .attribute("source_type", "image")
        .attribute("image_id", workload.platform_image().id())
        .optional("boot_volume_size_in_gbs", boot.size_in_gbs.as_ref().map(|at| text(at.value)))
        .optional("boot_volume_vpus_per_gb", boot.vpus_per_gb.map(text))
        .optional("kms_key_id", boot.kms_key_id.as_ref().map(|key| user(&key.expression)));
    let size = workload.machine_size.map(|(ocpus, memory)| {
        Body::default().attribute("ocpus", Value::Number(ocpus)).attribute("memory_in_gbs", Value::Number(memory))
    });
    let launch = Body::default()
        .attribute("compartment_id", id.compartment())
        .attribute("display_name", id.display("instance"))
        .attribute("shape", workload.shape.0.as_str())
        .attribute("is_pv_encryption_in_transit_enabled", Value::Bool(workload.in_transit_encryption))
        .optional("metadata", metadata(workload.ssh_public_key.as_ref(), workload.cloud_init.as_ref()));
    let launch = id
        .tagged(launch, &[])
        .block("create_vnic_details", vnic)
        .block("instance_options", Body::default().attribute("are_legacy_imds_endpoints_disabled", Value::Bool(true)))
        .optional_block("shape_config", size)
        .block("source_details", source);
    let details = Body::default().attribute("instance_type", "compute").block("launch_details", launch);
    let body =
        Body::default().attribute("compartment_id", id.compartment()).attribute("display_name", id.display("config"));
    id.tagged(body, &[]).block("instance_details", details).block("lifecycle", configuration_lifecycle(workload))
}

/// OCI changes no configuration, and deletes none that a pool uses: the next one
/// is there before.
fn configuration_lifecycle(workload: &ScalableWorkload) -> Body {
    let path =
        ["launch_details", "source_details"].into_iter().flat_map(|block| [Step::Index(0), Step::Attribute(block)]);
    let image = Value::Within("instance_details", path.chain([Step::Index(0), Step::Attribute("image_id")]).collect());
    Body::default()
        .comment("OCI changes no configuration in place: the next one is there before the pool leaves this one.")
        .attribute("create_before_destroy", Value::Bool(true))
        .optional("ignore_changes", workload.pin_image.then(|| Value::List(vec![image])))
        .optional_block("precondition", workload.platform_image().check())
}

fn pool(workload: &ScalableWorkload, vcn: &Name, rules: Vec<Value>) -> Body {
    let id = &workload.identity;
    let body = Body::default()
        .attribute("compartment_id", id.compartment())
        .attribute("display_name", id.display("pool"))
        .attribute("instance_configuration_id", workload.configuration().attribute("id"))
        .attribute("size", Value::Number(workload.count.initial()));
    let needs = workload.needs().tag();
    let tag = needs.as_deref().map(|text| (NEEDS_TAG, text));
    let body = id.tagged(body, tag.as_slice()).optional_block("load_balancers", workload.attachment());
    let fault_domains = &workload.fault_domains;
    let fault_domains =
        (!fault_domains.is_empty()).then(|| Value::List(fault_domains.iter().map(|one| (*one).into()).collect()));
    let content = Body::default()
        .attribute("availability_domain", Value::Name(vec!["placement_configurations", "value", "name"]))
        .attribute("primary_subnet_id", subnet(vcn, workload.tier).attribute("id"))
        .optional("fault_domains", fault_domains);
    let placement = Body::default().attribute("for_each", workload.domains().value()).block("content", content);
    let lifecycle = Body::default();
    let lifecycle = match &workload.count {
        Count::Fixed(_) => lifecycle,
        Count::Scaled(_) => lifecycle
            .comment("The autoscaler's.")
            .attribute("ignore_changes", Value::List(vec![Value::Name(vec!["size"])])),
    };
    let lifecycle = lifecycle.optional_block("precondition", workload.domains().check(&workload.title()));
    body.labelled("dynamic", "placement_configurations", placement)
        .optional_block("lifecycle", (!lifecycle.0.is_empty()).then_some(lifecycle))
        .comment("The rules exist before the instances.")
        .attribute("depends_on", Value::Lines(rules))
}

fn outputs(workload: &ScalableWorkload, origin: &Span, graph: &mut Graph) {
    let name = workload.name();
    let mut add = |suffix: &str, description: String, value: Value| {
        let address = Address::Output(workload.identity.identifier(suffix));
        graph.add("outputs.tf", address, origin, output(description, value));
    };
    add("pool_id", format!("OCID of the instance pool of workload {name}."), workload.pool().attribute("id"));
    let (lb, instance) = tables::roles(&workload.needs());
    if let (Some(balancer), Some(address)) = (&workload.balancer, workload.balancer_address()) {
        let list = if balancer.kind == Type::Network { "ip_addresses" } else { "ip_address_details" };
        let path = [Step::Attribute(list), Step::Splat, Step::Attribute("ip_address")];
        add("lb_id", format!("OCID of the load balancer of workload {name}."), address.clone().attribute("id"));
        add("lb_ip_addresses", format!("Addresses of the load balancer of workload {name}."), address.path(path));
    }
    for role in lb.into_iter().chain([instance]) {
        let word = role.word;
        add(
            &format!("{word}_nsg_id"),
            format!("OCID of the {word} NSG of workload {name}, {}.", role.purpose),
            nsg(&workload.nsg(role)).attribute("id"),
        );
    }
}
