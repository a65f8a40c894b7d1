//! One security list a tier, with the rules of every spell.

use super::Vcn;
use crate::graph::{Body, Graph};
use crate::rule::Direction;
use crate::rule::Layer;
use crate::spells::network::of_tier;
use crate::spells::rule_body::rule_body;
use crate::topology;

pub fn build(vcn: &Vcn, network: &topology::Vcn, graph: &mut Graph) {
    for subnet in &network.subnets {
        let display_suffix = format!("sl-{}", subnet.tier.word());
        let mut body = vcn.identity.tagged(vcn.part(&display_suffix), &[]);
        let directions = [
            ("ingress_security_rules", Direction::Ingress, &subnet.ingress),
            ("egress_security_rules", Direction::Egress, &subnet.egress),
        ];
        for (block, direction, rules) in directions {
            for rule in rules {
                let rule = rule_body(Body::default(), rule, direction, Layer::SecurityList);
                body = body.block(block, rule);
            }
        }
        let address = of_tier("oci_core_security_list", vcn.name(), subnet.tier);
        graph.add("security_lists.tf", address, &vcn.identity.name.span, body);
    }
}
