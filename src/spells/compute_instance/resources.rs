//! The instances, their volumes, and their outputs.

use super::volumes::{Attachment, Volume};
use super::{ComputeInstance, agent};
use crate::contract::compute::ROLE_TAG;
use crate::graph::{Address, Body, Graph, Step, Value};
use crate::spells::Growing;
use crate::spells::identity::{output, user};
use crate::spells::instances::metadata;
use crate::spells::network::{nsg, subnet};
use crate::spells::nsgs::rule_addresses;
use crate::topology::{Home, Name};

const FILE: &str = "compute_instances.tf";

pub fn build(instances: &ComputeInstance, home: Home<'_>, graph: &mut Graph) {
    let (id, origin) = (&instances.identity, &instances.identity.name.span);
    let domains = instances.availability_domains();
    let body = Body::default().attribute("compartment_id", id.compartment());
    graph.add(FILE, domains.region.clone(), origin, body);
    domains.add(FILE, origin, graph);
    placements(instances, graph);
    instances.platform_image().add(FILE, graph);
    let rules = rule_addresses(home.nsgs).map(|address| Value::Reference(address, Vec::new())).collect();
    graph.add(FILE, instances.address(), origin, instance_body(instances, home.vcn.name(), rules));
    if let Some(policy) = &instances.boot_volume.backup_policy_id {
        let boot_volume = instances.address().path([Step::CountIndex, Step::Attribute("boot_volume_id")]);
        let address = Address::Resource(BACKUP, instances.name().identifier());
        graph.add(FILE, address, origin, backup(instances, boot_volume, user(&policy.expression)));
    }
    for volume in &instances.volumes {
        add_volume(instances, volume, graph);
    }
    outputs(instances, graph);
}

const BACKUP: &str = "oci_core_volume_backup_policy_assignment";

impl ComputeInstance {
    fn placements(&self) -> Address {
        Address::Local(self.identity.identifier("placements"))
    }

    /// A part of the place of each instance: its fault domain, its availability
    /// domain.
    fn placed(&self, part: u64) -> Value {
        let places = Value::Reference(self.placements(), vec![Step::Splat, Step::Index(part)]);
        Value::Call("element", vec![places, index()])
    }

    fn count(&self) -> Body {
        Body::default().attribute("count", Value::Number(self.instance_count.value))
    }

    /// `{name}-0` for the first instance, `{name}-data-0` for its volume.
    fn numbered(&self, part: &str) -> Value {
        Value::Call("format", vec![Value::String(format!("{}{part}-%d", self.name())), index()])
    }

    fn volume(&self, kind: &'static str, volume: &Volume) -> Address {
        Address::Resource(kind, self.identity.identifier(&volume.name.value.identifier()))
    }
}

impl ComputeInstance {
    /// The sizes of volumes.
    pub fn sizes(&self) -> Vec<Growing> {
        let title = format!("compute_instance \"{}\"", self.name());
        let boot = self.boot_volume.size_in_gbs.iter().map(|size| Growing {
            address: self.address(),
            argument: "source_details.boot_volume_size_in_gbs",
            what: format!("the boot volume of {title}"),
            size: size.clone(),
        });
        let volumes = self.volumes.iter().map(|volume| Growing {
            address: self.volume("oci_core_volume", volume),
            argument: "size_in_gbs",
            what: format!("volume \"{}\" of {title}", volume.name.value),
            size: volume.size_in_gbs.clone(),
        });
        boot.chain(volumes).collect()
    }
}

fn index() -> Value {
    Value::Name(vec!["count", "index"])
}

/// The places of instances, in the order in which they are taken: one in each
/// availability domain, then the next fault domain of each.
fn placements(instances: &ComputeInstance, graph: &mut Graph) {
    let fault_domains = instances.fault_domains.iter().map(|one| (*one).into()).collect();
    let places = vec![Value::List(fault_domains), instances.availability_domains().names()];
    let Address::Local(name) = instances.placements() else { return };
    let body = Body::default()
        .comment(
            "Where instances are, one after the other: in each availability domain, then in the next fault domain.",
        )
        .attribute(name, Value::Call("setproduct", places));
    graph.add(FILE, instances.placements(), &instances.identity.name.span, body);
}

fn instance_body(instances: &ComputeInstance, vcn: &Name, rules: Vec<Value>) -> Body {
    let (id, role) = (&instances.identity, instances.role);
    let body = instances
        .count()
        .attribute("availability_domain", instances.placed(1))
        .attribute("fault_domain", instances.placed(0))
        .attribute("compartment_id", id.compartment())
        .attribute("display_name", instances.numbered(""))
        .attribute("shape", instances.shape.0.as_str())
        .optional("is_pv_encryption_in_transit_enabled", instances.in_transit_encryption.map(Value::Bool))
        .optional("metadata", metadata(instances.ssh_public_key.as_ref(), instances.cloud_init.as_ref()));
    let body = id.tagged(body, &[(ROLE_TAG, role.word)]);
    let size = instances.size.map(|(ocpus, memory)| {
        Body::default().attribute("ocpus", Value::Number(ocpus)).attribute("memory_in_gbs", Value::Number(memory))
    });
    let boot = &instances.boot_volume;
    let text = |number: u64| Value::String(number.to_string());
    let source = Body::default()
        .attribute("source_type", "image")
        .attribute("source_id", instances.platform_image().id())
        .optional("boot_volume_size_in_gbs", boot.size_in_gbs.as_ref().map(|at| text(at.value)))
        .optional("boot_volume_vpus_per_gb", boot.vpus_per_gb.map(text))
        .optional("kms_key_id", boot.kms_key_id.as_ref().map(|key| user(&key.expression)));
    let own = nsg(&instances.nsg()).attribute("id");
    let theirs = instances.nsg_ids.iter().map(|given| user(&given.expression));
    let vnic = Body::default()
        .attribute("subnet_id", subnet(vcn, role.tier).attribute("id"))
        // The provider has it as text.
        .attribute("assign_public_ip", if role.public_ip { "true" } else { "false" })
        .attribute("nsg_ids", Value::List(std::iter::once(own).chain(theirs).collect()));
    let options = Body::default()
        .comment("Version 1 of the instance metadata service answers whoever makes the instance ask.")
        .attribute("are_legacy_imds_endpoints_disabled", Value::Bool(true));
    body.optional_block("shape_config", size)
        .block("source_details", source)
        .block("create_vnic_details", vnic)
        .block("instance_options", options)
        .optional_block("agent_config", agent::config(&instances.agent_plugins))
        .optional_block("lifecycle", lifecycle(instances))
        .comment("The rules exist before the instances, whose first boot needs them.")
        .attribute("depends_on", Value::Lines(rules))
}

/// What must hold before instances are made, and what is left as it was then.
fn lifecycle(instances: &ComputeInstance) -> Option<Body> {
    let image = instances.platform_image().check();
    let ignored = image.as_ref().map(|_| {
        let image = Value::Within("source_details", vec![Step::Index(0), Step::Attribute("source_id")]);
        Body::default()
            .comment("A newer image is for new instances: it would take the boot volume of one that is there.")
            .attribute("ignore_changes", Value::List(vec![image]))
    });
    let title = format!("compute_instance {}", instances.name());
    let body = ignored
        .unwrap_or_default()
        .optional_block("precondition", image)
        .optional_block("precondition", instances.availability_domains().check(&title));
    (!body.0.is_empty()).then_some(body)
}

fn add_volume(instances: &ComputeInstance, volume: &Volume, graph: &mut Graph) {
    let origin = &volume.name.span;
    let part = format!("-{}", volume.name.value);
    let address = instances.volume("oci_core_volume", volume);
    let body = instances
        .count()
        .attribute("availability_domain", instances.placed(1))
        .attribute("compartment_id", instances.identity.compartment())
        .attribute("display_name", instances.numbered(&part))
        .attribute("size_in_gbs", Value::String(volume.size_in_gbs.value.to_string()))
        .optional("vpus_per_gb", volume.vpus_per_gb.map(|vpus| Value::String(vpus.to_string())))
        .optional("kms_key_id", volume.kms_key_id.as_ref().map(|key| user(&key.expression)));
    graph.add(FILE, address.clone(), origin, instances.identity.tagged(body, &[]));
    let id = |address: Address| address.path([Step::CountIndex, Step::Attribute("id")]);
    let encrypted =
        instances.in_transit_encryption.filter(|_| volume.attachment == Attachment::Paravirtualized).map(Value::Bool);
    let body = instances
        .count()
        .attribute("attachment_type", volume.attachment.api_name())
        .attribute("instance_id", id(instances.address()))
        .attribute("volume_id", id(address.clone()))
        .attribute("display_name", instances.numbered(&part))
        .optional("device", volume.device())
        .optional("is_pv_encryption_in_transit_enabled", encrypted);
    graph.add(FILE, instances.volume("oci_core_volume_attachment", volume), origin, body);
    if let Some(policy) = &volume.backup_policy_id {
        let body = backup(instances, id(address), user(&policy.expression));
        graph.add(FILE, instances.volume(BACKUP, volume), origin, body);
    }
}

fn backup(instances: &ComputeInstance, volume: Value, policy: Value) -> Body {
    instances.count().attribute("asset_id", volume).attribute("policy_id", policy)
}

fn outputs(instances: &ComputeInstance, graph: &mut Graph) {
    let (name, role) = (instances.name(), instances.role);
    let of_each = |attribute| instances.address().path([Step::Splat, Step::Attribute(attribute)]);
    let mut add = |suffix: &str, description: String, value: Value| {
        let address = Address::Output(instances.identity.identifier(suffix));
        graph.add("outputs.tf", address, &instances.identity.name.span, output(description, value));
    };
    add("instance_ids", format!("OCIDs of the instances of {name}, in their order."), of_each("id"));
    add("private_ips", format!("Private addresses of the instances of {name}, in their order."), of_each("private_ip"));
    if role.public_ip {
        let description = format!("Public addresses of the instances of {name}, in their order.");
        add("public_ips", description, of_each("public_ip"));
    }
    let description = format!("OCID of the {} NSG of {name}, {}.", role.word, role.purpose);
    add(&format!("{}_nsg_id", role.word), description, nsg(&instances.nsg()).attribute("id"));
}
