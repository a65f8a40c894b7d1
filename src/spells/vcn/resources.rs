//! The VCN's resources: gateways, route tables, subnets, outputs.

use super::Vcn;
use crate::contract::TIER_TAG;
use crate::graph::{Address, Body, Graph, Step, Value};
use crate::spells::identity::output;
use crate::spells::network::{self, all_services, of_tier, services};
use crate::topology::{self, DefaultRoute};

pub const NETWORK: &str = "network.tf";

impl Vcn {
    /// A resource of the VCN: compartment, VCN, display name.
    pub fn part(&self, display_suffix: &str) -> Body {
        Body::default()
            .attribute("compartment_id", self.identity.compartment())
            .attribute("vcn_id", network::vcn(self.name()).attribute("id"))
            .attribute("display_name", self.identity.display(display_suffix))
    }
}

pub fn build(vcn: &Vcn, finished: &topology::Vcn, graph: &mut Graph) {
    let origin = &vcn.identity.name.span;
    let id = &vcn.identity;
    let named = |kind| Address::Resource(kind, vcn.name().identifier());

    let body = Body::default()
        .attribute("compartment_id", id.compartment())
        .attribute("display_name", id.display("vcn"))
        .attribute("cidr_blocks", Value::List(vec![Value::String(finished.cidr.to_string())]))
        .attribute("dns_label", vcn.dns_label.as_str());
    graph.add(NETWORK, network::vcn(vcn.name()), origin, id.tagged(body, &[]));

    let default_list = Body::default()
        .comment("Taken over and emptied: it would open SSH to the internet.")
        .attribute("manage_default_resource_id", network::vcn(vcn.name()).attribute("default_security_list_id"))
        .attribute("display_name", id.display("sl-default"));
    graph.add(NETWORK, named("oci_core_default_security_list"), origin, id.tagged(default_list, &[]));

    graph.add(NETWORK, named("oci_core_internet_gateway"), origin, id.tagged(vcn.part("igw"), &[]));
    graph.add(NETWORK, named("oci_core_nat_gateway"), origin, id.tagged(vcn.part("natgw"), &[]));
    graph.add_once(NETWORK, services(), origin, services_body());
    let service_gateway = id
        .tagged(vcn.part("svcgw"), &[])
        .block("services", Body::default().attribute("service_id", all_services("id")));
    graph.add(NETWORK, named("oci_core_service_gateway"), origin, service_gateway);

    for subnet in &finished.subnets {
        let tier = subnet.tier;
        let suffix = format!("rt-{}", tier.word());
        let mut body = id.tagged(vcn.part(&suffix), &[]);
        let gateway = match tier.default_route() {
            DefaultRoute::InternetGateway => Some(("Internet", "oci_core_internet_gateway")),
            DefaultRoute::NatGateway => Some(("NAT", "oci_core_nat_gateway")),
            DefaultRoute::None => None,
        };
        if let Some((word, kind)) = gateway {
            let rule = Body::default()
                .attribute("description", Value::String(format!("Everything else through the {word} Gateway")))
                .attribute("destination", "0.0.0.0/0")
                .attribute("destination_type", "CIDR_BLOCK")
                .attribute("network_entity_id", named(kind).attribute("id"));
            body = body.block("route_rules", rule);
        }
        if tier.routes_to_services() {
            let rule = Body::default()
                .attribute("description", "OCI services through the Service Gateway")
                .attribute("destination", all_services("cidr_block"))
                .attribute("destination_type", "SERVICE_CIDR_BLOCK")
                .attribute("network_entity_id", named("oci_core_service_gateway").attribute("id"));
            body = body.block("route_rules", rule);
        }
        graph.add(NETWORK, of_tier("oci_core_route_table", vcn.name(), tier), origin, body);
    }

    for subnet in &finished.subnets {
        let tier = subnet.tier;
        let list = of_tier("oci_core_security_list", vcn.name(), tier).attribute("id");
        let body = vcn
            .part(&format!("sn-{}", tier.word()))
            .attribute("cidr_block", Value::String(subnet.cidr.to_string()))
            .attribute("dns_label", tier.word())
            .attribute("route_table_id", of_tier("oci_core_route_table", vcn.name(), tier).attribute("id"))
            .attribute("security_list_ids", Value::List(vec![list]))
            .attribute("prohibit_public_ip_on_vnic", Value::Bool(!tier.allows_public_ip()))
            .attribute("prohibit_internet_ingress", Value::Bool(!tier.allows_public_ip()));
        let body = id.tagged(body, &[(TIER_TAG, tier.word())]);
        graph.add(NETWORK, of_tier("oci_core_subnet", vcn.name(), tier), origin, body);
    }
    outputs(vcn, finished, graph);
}

fn services_body() -> Body {
    let filter = Body::default()
        .attribute("name", "name")
        .attribute("values", Value::List(vec!["All .* Services In Oracle Services Network".into()]))
        .attribute("regex", Value::Bool(true));
    Body::default().block("filter", filter)
}

fn outputs(vcn: &Vcn, finished: &topology::Vcn, graph: &mut Graph) {
    let name = vcn.name();
    let mut add = |suffix: &str, description: String, value: Value| {
        let address = Address::Output(vcn.identity.identifier(suffix));
        graph.add("outputs.tf", address, &vcn.identity.name.span, output(description, value));
    };
    add("vcn_id", format!("OCID of VCN {name}."), network::vcn(vcn.name()).attribute("id"));
    let cidr = network::vcn(vcn.name()).path([Step::Attribute("cidr_blocks"), Step::Index(0)]);
    add("cidr_block", format!("CIDR of VCN {name}."), cidr);
    for subnet in &finished.subnets {
        let tier = subnet.tier;
        let word = tier.word();
        let address = of_tier("oci_core_subnet", vcn.name(), tier);
        add(
            &format!("{word}_subnet_id"),
            format!("OCID of the {word} subnet of VCN {name}."),
            address.clone().attribute("id"),
        );
        add(
            &format!("{word}_subnet_cidr"),
            format!("CIDR of the {word} subnet of VCN {name}."),
            address.attribute("cidr_block"),
        );
        let list = of_tier("oci_core_security_list", vcn.name(), tier).attribute("id");
        add(
            &format!("{word}_security_list_id"),
            format!("OCID of the security list of the {word} subnet of VCN {name}."),
            list,
        );
    }
}
