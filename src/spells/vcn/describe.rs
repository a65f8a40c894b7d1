//! What the README and the tests of a generated stack say about a VCN.

use super::Vcn;
use crate::graph::{Address, Step, Value};
use crate::quote::{Markdown, Mermaid};
use crate::rule::{ANYWHERE, Direction, Layer};
use crate::spells::{Check, Owner, Section, network};
use crate::topology::{self, DefaultRoute, Peer, Rule, Tier};

pub fn checks(vcn: &Vcn, finished: &topology::Vcn) -> Vec<Check> {
    let name = vcn.name();
    let mut checks = Vec::new();
    for subnet in &finished.subnets {
        let (bits, block) = subnet.tier.cut();
        let whole = network::vcn(name).path([Step::Attribute("cidr_blocks"), Step::Index(0)]);
        let cut = Value::Call("cidrsubnet", vec![whole, u64::from(bits).into(), u64::from(block).into()]);
        let cidr = network::subnet(name, subnet.tier).attribute("cidr_block");
        checks.push(Check {
            condition: cidr.equals(cut),
            message: format!(
                "The {} subnet of {name} is not the part of the VCN that it should be.",
                subnet.tier.word()
            ),
        });
    }
    let closed = |attribute: &'static str| {
        let tiers = Tier::EVERY.into_iter().filter(|tier| !tier.allows_public_ip());
        let values = tiers.map(|tier| network::subnet(name, tier).attribute(attribute));
        Value::Call("alltrue", vec![Value::Lines(values.collect())])
    };
    checks.push(Check {
        condition: closed("prohibit_public_ip_on_vnic"),
        message: format!("A tier of {name} other than public admits public addresses."),
    });
    checks.push(Check {
        condition: closed("prohibit_internet_ingress"),
        message: format!("A tier of {name} other than public admits traffic from the internet."),
    });
    let inner = || Tier::EVERY.into_iter().filter(|tier| !tier.allows_public_ip());
    let open: Vec<_> = ["6", "17", "all"].map(|protocol| format!("{ANYWHERE} {protocol}")).to_vec();
    if !finished.subnets.iter().any(|subnet| !subnet.tier.allows_public_ip() && subnet.ingress.iter().any(is_open)) {
        let lists = inner()
            .map(|tier| network::of_tier("oci_core_security_list", name, tier).attribute("ingress_security_rules"));
        let fields = ["source", "protocol"].map(|field| Value::Name(vec!["rule", field])).to_vec();
        let rule = Value::Call("join", vec![" ".into(), Value::List(fields)]);
        let lists = Value::Call("flatten", vec![Value::List(lists.collect())]);
        let rules = Value::Each("rule", Box::new(lists), Box::new(rule));
        let open = Value::List(open.iter().map(|text| text.as_str().into()).collect());
        let admitted = Value::Call("setintersection", vec![rules, open]);
        checks.push(Check {
            condition: Value::Call("length", vec![admitted]).equals(0),
            message: format!(
                "The security list of a tier of {name} other than public admits TCP or UDP from the internet."
            ),
        });
    }
    for (word, attribute) in [("ingress", "ingress_security_rules"), ("egress", "egress_security_rules")] {
        let list = Address::Resource("oci_core_default_security_list", name.identifier());
        checks.push(Check {
            condition: Value::Call("length", vec![list.attribute(attribute)]).equals(0),
            message: format!("The default security list of {name} still has {word} rules."),
        });
    }
    checks
}

/// Whether a rule admits the internet to more than ICMP.
fn is_open(rule: &Rule) -> bool {
    matches!(rule.peer, Peer::Cidr(ANYWHERE, _)) && rule.traffic.protocol_name() != "ICMP"
}

pub fn section(vcn: &Vcn, finished: &topology::Vcn) -> Section {
    let name = vcn.name();
    let cidr = |cidr: &dyn std::fmt::Display| Markdown::code(&cidr.to_string());
    let mut facts = vec![Markdown::fill(
        "VCN {}, {}, with an Internet, a NAT and a Service Gateway",
        [Markdown::code(&format!("{name}-vcn")), cidr(&finished.cidr)],
    )];
    let mut tables = Vec::new();
    let node = |part| Mermaid::node(name, part);
    let label = Mermaid::label(&format!("VCN {name} {}", finished.cidr));
    let mut diagram = vec![Mermaid::fill("subgraph vcn_{}[{}]", [Mermaid::id(name), label])];
    for subnet in &finished.subnets {
        let word = subnet.tier.word();
        let policy = Markdown::ours(policy(subnet.tier));
        facts.push(Markdown::fill("{} subnet {}: {}", [Markdown::ours(word), cidr(&subnet.cidr), policy]));
        diagram.push(Mermaid::fill("  {}[{}]", [node(word), Mermaid::label(&format!("{word} {}", subnet.cidr))]));
        let owner = Owner {
            layer: Layer::SecurityList,
            spell: name,
            name: format!("{name}-sl-{word}"),
            address: network::of_tier("oci_core_security_list", name, subnet.tier),
            rule: &|_, _| None,
        };
        tables.push(owner.table(Direction::Ingress, &subnet.ingress));
        tables.push(owner.table(Direction::Egress, &subnet.egress));
    }
    diagram.push(Mermaid::fill("end", []));
    let (igw, natgw, svcgw) = (node("igw"), node("natgw"), node("svcgw"));
    diagram.push(Mermaid::fill("internet((internet)) --- {}[Internet Gateway] --- {}", [igw, node("public")]));
    diagram.push(Mermaid::fill("{} --> {}[NAT Gateway] --> internet", [node("private"), natgw]));
    diagram.push(Mermaid::fill("{}[Service Gateway] --> services((OCI services))", [svcgw.clone()]));
    for tier in Tier::EVERY.iter().filter(|tier| tier.routes_to_services()) {
        diagram.push(Mermaid::fill("{} --> {}", [node(tier.word()), svcgw.clone()]));
    }
    let title = Markdown::fill("VCN {}", [Markdown::text(name.as_str())]);
    let id = Markdown::identifier(name);
    Section { title, id, facts, tables, diagram, next_steps: None, features: Vec::new(), runbook: None }
}

fn policy(tier: Tier) -> &'static str {
    match tier.default_route() {
        DefaultRoute::InternetGateway => "default route to the Internet Gateway, public addresses allowed",
        DefaultRoute::NatGateway => {
            "default route to the NAT Gateway, OCI services through the Service Gateway, no public addresses"
        }
        DefaultRoute::None => "OCI services through the Service Gateway, no other way out, no public addresses",
    }
}
