//! What the README and the tests of a generated stack say about a cluster.

use super::resources::rules;
use super::{OkeCluster, Profile, cidr_text};
use crate::graph::{Address, Step, Value};
use crate::quote::{Markdown, Mermaid};
use crate::rule::{Direction, Layer};
use crate::spells::network::subnet;
use crate::spells::{Check, Owner, Section};
use crate::topology::{Name, Tier, Topology};

const NEXT_STEPS: &str = include_str!("../../../templates/oke_cluster.md.j2");

pub fn checks(cluster: &OkeCluster, vcn: &Name, topology: &Topology) -> Vec<Check> {
    let name = &cluster.name.value;
    let mut checks = Vec::new();
    let mut owners = Vec::new();
    for nsg in topology.nsgs_of(name) {
        let rules: Vec<_> = rules(nsg)
            .map(|(direction, rule)| cluster.rule(nsg.role, direction, rule).attribute("network_security_group_id"))
            .collect();
        checks.push(Check {
            condition: all_are(Value::Lines(rules.clone()), cluster.nsg(nsg.role)),
            message: format!("A rule of the {} NSG of {name} is in another NSG.", nsg.role),
        });
        owners.extend(rules);
    }
    let total = owners.len();
    checks.push(Check {
        condition: length(Value::Call("compact", vec![Value::Lines(owners)])).equals(total as u64),
        message: format!("The NSGs of {name} do not have {total} rules."),
    });
    let endpoint =
        cluster.address().path([Step::Attribute("endpoint_config"), Step::Index(0), Step::Attribute("subnet_id")]);
    checks.push(Check {
        condition: endpoint.equals(subnet(vcn, Tier::Public).attribute("id")),
        message: format!("The API endpoint of {name} is not in the public subnet."),
    });
    for pool in &cluster.node_pools {
        let details = |steps: &[Step]| {
            let path = [Step::Attribute("node_config_details"), Step::Index(0)];
            cluster.pool(pool).path([path.as_slice(), steps].concat())
        };
        let placements = Step::Attribute("placement_configs");
        checks.push(Check {
            condition: details(&[Step::Attribute("size")]).equals(pool.node_count.value),
            message: format!("Node pool {} of {name} does not have {} nodes.", pool.name.value, pool.node_count.value),
        });
        checks.push(Check {
            condition: length(details(&[placements])).equals(3),
            message: format!(
                "Node pool {} of {name} is not spread over the three availability domains.",
                pool.name.value
            ),
        });
        let subnets = details(&[placements, Step::Splat, Step::Attribute("subnet_id")]);
        checks.push(Check {
            condition: all_are(subnets, subnet(vcn, Tier::Private)),
            message: format!("Node pool {} of {name} has a node outside of the private subnet.", pool.name.value),
        });
    }
    checks
}

fn length(collection: Value) -> Value {
    Value::Call("length", vec![collection])
}

/// Whether a list of ids holds one resource's id and no other.
fn all_are(ids: Value, resource: Address) -> Value {
    Value::Call("toset", vec![ids]).equals(Value::Call("toset", vec![Value::List(vec![resource.attribute("id")])]))
}

fn profile(cluster: &OkeCluster) -> &'static str {
    match cluster.security_profile {
        Profile::Reference => "",
        Profile::Strict => ", which carry the cluster's whole policy (security profile `strict`)",
    }
}

pub fn section(cluster: &OkeCluster, topology: &Topology) -> Option<Section> {
    let name = &cluster.name.value;
    let (vcn_name, vcn) = topology.home(name)?;
    let total: usize = topology.nsgs_of(name).map(|nsg| nsg.ingress.len() + nsg.egress.len()).sum();
    let cidr = |cidr| Markdown::code(&cidr_text(cidr));
    let mut facts = vec![
        Markdown::fill(
            "Kubernetes {}, basic cluster, VCN-native pod networking, public API endpoint",
            [Markdown::text(&cluster.kubernetes_version)],
        ),
        Markdown::fill(
            "pods CIDR {} and services CIDR {}, both outside of the VCN",
            [cidr(&cluster.pods_cidr), cidr(&cluster.services_cidr)],
        ),
        Markdown::fill(
            "four NSGs (api, lb, worker, pod) with {} rules{}",
            [total.into(), Markdown::ours(profile(cluster))],
        ),
    ];
    if let Some(path) = &cluster.create_kubeconfig {
        facts.push(Markdown::fill(
            "a kubeconfig, written to {} by whoever applies (mode 0600); its content is in the state, and a call with `count` would write it twice",
            [Markdown::code(&path.value)],
        ));
    }
    for pool in &cluster.node_pools {
        let display_name = Markdown::code(&format!("{name}-pool-{}", pool.name.value));
        let shape = Markdown::text(&pool.shape.0);
        let size = pool.size.map_or_else(
            || Markdown::ours(""),
            |(ocpus, gb)| Markdown::fill(", {} OCPU and {} GB each", [ocpus.into(), gb.into()]),
        );
        let nodes = pool.node_count.value.into();
        facts.push(Markdown::fill("node pool {}: {} × {}{}", [display_name, nodes, shape, size]));
    }
    let mut tables = Vec::new();
    for nsg in topology.nsgs_of(name) {
        let owner = Owner {
            layer: Layer::Nsg,
            name: format!("{name}-{}-nsg", nsg.role),
            address: cluster.nsg(nsg.role),
            vcn: vcn.cidr,
            nsg: &|role| Some(cluster.nsg(role)),
            rule: &|direction, rule| Some(cluster.rule(nsg.role, direction, rule)),
        };
        tables.push(owner.table(Direction::Ingress, &nsg.ingress));
        tables.push(owner.table(Direction::Egress, &nsg.egress));
    }
    let (public, private) = (|| Mermaid::node(vcn_name, "public"), || Mermaid::node(vcn_name, "private"));
    let node = |part| Mermaid::node(name, part);
    let label = |what| Mermaid::label(&format!("{name} {what}"));
    let diagram = vec![
        Mermaid::fill("{} --- {}[[{}]]", [public(), node("api"), label("API endpoint")]),
        Mermaid::fill("{} --- {}[[{}]]", [public(), node("lb"), label("load balancers")]),
        Mermaid::fill("{} --- {}[[{}]]", [private(), node("worker"), label("workers")]),
        Mermaid::fill("{} --- {}[[{}]]", [private(), node("pod"), label("pods")]),
        Mermaid::fill("{} -->|kubelet 10250| {}", [node("api"), node("worker")]),
        Mermaid::fill("{} -->|webhooks| {}", [node("api"), node("pod")]),
        Mermaid::fill("{} -->|NodePort 30000-32767| {}", [node("lb"), node("worker")]),
        Mermaid::fill("{} -->|6443, 12250| {}", [node("worker"), node("api")]),
        Mermaid::fill("{} -->|6443, 12250| {}", [node("pod"), node("api")]),
    ];
    let title = Markdown::fill("Cluster {}", [Markdown::text(name.as_str())]);
    let id = Markdown::identifier(name);
    Some(Section { title, id, facts, tables, diagram, next_steps: Some(NEXT_STEPS) })
}
