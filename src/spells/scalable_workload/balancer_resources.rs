//! The load balancer with what belongs to it. Its backends are the pool's: they
//! are in no resource here, so that nothing of them can drift.

use super::balancer::{Balancer, Protocol, Type};
use super::certificate::{Certificate, Pem};
use super::{ScalableWorkload, tables};
use crate::graph::{Address, Body, Graph, Value};
use crate::spells::identity::user;
use crate::spells::network::{nsg, subnet};
use crate::topology::{Home, Name, Tier};

const FILE: &str = "load_balancers.tf";

/// The resource types of a kind of load balancer, and what its parts name it by.
struct Types {
    balancer: &'static str,
    backend_set: &'static str,
    listener: &'static str,
    id: &'static str,
}

impl Type {
    const fn types(self) -> Types {
        match self {
            Self::Application => Types {
                balancer: "oci_load_balancer_load_balancer",
                backend_set: "oci_load_balancer_backend_set",
                listener: "oci_load_balancer_listener",
                id: "load_balancer_id",
            },
            Self::Network => Types {
                balancer: "oci_network_load_balancer_network_load_balancer",
                backend_set: "oci_network_load_balancer_backend_set",
                listener: "oci_network_load_balancer_listener",
                id: "network_load_balancer_id",
            },
        }
    }
}

impl ScalableWorkload {
    pub fn balancer_address(&self) -> Option<Address> {
        Some(Address::Resource(self.balancer.as_ref()?.kind.types().balancer, self.name().identifier()))
    }

    fn backend_set(&self, balancer: &Balancer) -> Address {
        Address::Resource(balancer.kind.types().backend_set, self.name().identifier())
    }

    fn certificate(&self) -> Address {
        Address::Resource("oci_load_balancer_certificate", self.name().identifier())
    }

    fn redirect(&self) -> Address {
        Address::Resource("oci_load_balancer_rule_set", self.identity.identifier("redirect"))
    }

    /// What the pool is told of its load balancer.
    pub fn attachment(&self) -> Option<Body> {
        let balancer = self.balancer.as_ref()?;
        Some(
            Body::default()
                .attribute("backend_set_name", self.backend_set(balancer).attribute("name"))
                .attribute("load_balancer_id", self.balancer_address()?.attribute("id"))
                .attribute("port", Value::Number(balancer.backend_port.into()))
                .attribute("vnic_selection", "PrimaryVnic"),
        )
    }
}

pub fn build(workload: &ScalableWorkload, home: Home<'_>, graph: &mut Graph) {
    let (Some(balancer), Some(address)) = (&workload.balancer, workload.balancer_address()) else { return };
    let origin = &workload.identity.name.span;
    let types = balancer.kind.types();
    let mut add = |address: Address, body: Body| graph.add(FILE, address, origin, body);
    add(address.clone(), body(workload, balancer, home.vcn.name()));
    let part = || Body::default().attribute(types.id, address.clone().attribute("id"));
    add(workload.backend_set(balancer), backend_set(workload, balancer, part()));
    if let Some(Certificate::Pem(pem)) = &balancer.certificate {
        add(workload.certificate(), uploaded(pem, workload, address.clone()));
    }
    let name = workload.name().as_str();
    let listener = |name: &str, port: u16, protocol: &'static str| {
        part()
            .attribute("name", Value::String(name.to_owned()))
            .attribute("default_backend_set_name", workload.backend_set(balancer).attribute("name"))
            .attribute("port", Value::Number(port.into()))
            .attribute("protocol", protocol)
    };
    let spoken = if balancer.protocol == Protocol::Tcp { "TCP" } else { "HTTP" };
    let main = listener(name, balancer.port, spoken).optional_block("ssl_configuration", ssl(workload, balancer));
    add(Address::Resource(types.listener, workload.name().identifier()), main);
    if let Some(port) = balancer.needs().redirect {
        let rule_set = part()
            .attribute("name", Value::String(workload.identity.identifier("redirect")))
            .block("items", redirect(balancer.port));
        add(workload.redirect(), rule_set);
        let redirecting = listener(&format!("{name}-redirect"), port, "HTTP")
            .attribute("rule_set_names", Value::List(vec![workload.redirect().attribute("name")]));
        add(Address::Resource(types.listener, workload.identity.identifier("redirect")), redirecting);
    }
}

fn body(workload: &ScalableWorkload, balancer: &Balancer, vcn: &Name) -> Body {
    let id = &workload.identity;
    let tier = tables::roles(&workload.needs()).0.map_or(Tier::Public, |role| role.tier);
    let subnet = subnet(vcn, tier).attribute("id");
    let nsgs = tables::roles(&workload.needs()).0.map(|role| nsg(&workload.nsg(role)).attribute("id"));
    let body =
        Body::default().attribute("compartment_id", id.compartment()).attribute("display_name", id.display("lb"));
    let is_private = Value::Bool(balancer.is_internal);
    let nsgs = Value::List(nsgs.into_iter().collect());
    match balancer.kind {
        Type::Application => {
            let (least, most) = balancer.bandwidth;
            let bandwidth = Body::default()
                .attribute("minimum_bandwidth_in_mbps", Value::Number(least))
                .attribute("maximum_bandwidth_in_mbps", Value::Number(most));
            let body = body
                .attribute("shape", "flexible")
                .attribute("subnet_ids", Value::List(vec![subnet]))
                .attribute("is_private", is_private)
                .attribute("network_security_group_ids", nsgs);
            id.tagged(body, &[]).block("shape_details", bandwidth)
        }
        Type::Network => {
            let body = body
                .attribute("subnet_id", subnet)
                .attribute("is_private", is_private)
                .attribute("is_preserve_source_destination", Value::Bool(false))
                .attribute("network_security_group_ids", nsgs);
            id.tagged(body, &[])
        }
    }
}

fn backend_set(workload: &ScalableWorkload, balancer: &Balancer, body: Body) -> Body {
    let body = body.attribute("name", Value::String(workload.name().to_string()));
    let (policy, interval) = match balancer.kind {
        Type::Application => ("ROUND_ROBIN", "interval_ms"),
        Type::Network => ("FIVE_TUPLE", "interval_in_millis"),
    };
    let keeps = (balancer.kind == Type::Network).then_some(Value::Bool(balancer.keeps_addresses));
    body.attribute("policy", policy)
        .optional("is_preserve_source", keeps)
        .block("health_checker", balancer.health.body(balancer.backend_port, interval))
}

/// The uploaded certificate. OCI changes none, and deletes none that a listener
/// uses: its name follows its content, so that the next one is there before.
fn uploaded(pem: &Pem, workload: &ScalableWorkload, balancer: Address) -> Body {
    let given = [&pem.certificate, &pem.private_key].into_iter().chain(&pem.ca_certificates);
    let texts = given.map(|given| user(&given.expression)).collect();
    let content = Value::Call("join", vec!["\n".into(), Value::List(texts)]);
    let digest = Value::Call("substr", vec![Value::Call("sha256", vec![content]), 0.into(), 12.into()]);
    let form = Value::String(format!("{}-%s", workload.name()));
    Body::default()
        .attribute("load_balancer_id", balancer.attribute("id"))
        .comment("Another certificate has another name: it is uploaded before the old one is deleted.")
        .attribute("certificate_name", Value::Call("format", vec![form, digest]))
        .attribute("public_certificate", user(&pem.certificate.expression))
        .attribute("private_key", user(&pem.private_key.expression))
        .optional("ca_certificate", pem.ca_certificates.as_ref().map(|given| user(&given.expression)))
        .block("lifecycle", Body::default().attribute("create_before_destroy", Value::Bool(true)))
}

fn ssl(workload: &ScalableWorkload, balancer: &Balancer) -> Option<Body> {
    let body = Body::default();
    let body = match balancer.certificate.as_ref()? {
        Certificate::Managed(id) => body.attribute("certificate_ids", Value::List(vec![user(&id.expression)])),
        Certificate::Pem(_) => body.attribute("certificate_name", workload.certificate().attribute("certificate_name")),
    };
    // Without a certificate of theirs clients are asked for none.
    let body = body
        .attribute("protocols", Value::List(vec!["TLSv1.2".into()]))
        .attribute("verify_peer_certificate", Value::Bool(false));
    Some(body)
}

/// Whatever is asked for, asked for once more over HTTPS. All of it is written:
/// what OCI adds to an item makes it another one.
fn redirect(port: u16) -> Body {
    let path = Body::default()
        .attribute("attribute_name", "PATH")
        .attribute("attribute_value", "/")
        .attribute("operator", "FORCE_LONGEST_PREFIX_MATCH");
    let target = Body::default()
        .attribute("host", "{host}")
        .attribute("path", "{path}")
        .attribute("port", Value::Number(port.into()))
        .attribute("protocol", "HTTPS")
        .attribute("query", "{query}");
    Body::default()
        .attribute("action", "REDIRECT")
        .attribute("description", "Clients are sent on to HTTPS")
        .attribute("response_code", Value::Number(301))
        .block("conditions", path)
        .block("redirect_uri", target)
}
