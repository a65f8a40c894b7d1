//! What the README and the tests of a generated stack say about a cluster.

use super::resources::rules;
use super::{OkeCluster, Profile, cidr_text};
use crate::diagnostic::printable;
use crate::graph::{Address, Step, Value};
use crate::rule::Direction;
use crate::spells::network::subnet;
use crate::spells::{Check, Layer, Owner, Section};
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
    let id = name.identifier();
    let total: usize = topology.nsgs_of(name).map(|nsg| nsg.ingress.len() + nsg.egress.len()).sum();
    let (pods, services) = (cidr_text(&cluster.pods_cidr), cidr_text(&cluster.services_cidr));
    let mut facts = vec![
        format!(
            "Kubernetes {}, basic cluster, VCN-native pod networking, public API endpoint",
            cluster.kubernetes_version
        ),
        format!("pods CIDR `{pods}` and services CIDR `{services}`, both outside of the VCN"),
        format!("four NSGs (api, lb, worker, pod) with {total} rules{}", profile(cluster)),
    ];
    if let Some(path) = &cluster.create_kubeconfig {
        let path = printable(&path.value).replace('`', "'");
        facts.push(format!(
            "a kubeconfig, written to `{path}` by whoever applies (mode 0600); its content is in the state, and a call with `count` would write it twice"
        ));
    }
    for pool in &cluster.node_pools {
        let size = pool.size.map(|(ocpus, gb)| format!(", {ocpus} OCPU and {gb} GB each")).unwrap_or_default();
        let (pool_name, nodes, shape) = (&pool.name.value, pool.node_count.value, &pool.shape.0);
        facts.push(format!("node pool `{name}-pool-{pool_name}`: {nodes} × {shape}{size}"));
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
    let vcn = vcn_name.identifier();
    let diagram = vec![
        format!("{vcn}_public --- {id}_api[[\"{name} API endpoint\"]]"),
        format!("{vcn}_public --- {id}_lb[[\"{name} load balancers\"]]"),
        format!("{vcn}_private --- {id}_worker[[\"{name} workers\"]]"),
        format!("{vcn}_private --- {id}_pod[[\"{name} pods\"]]"),
        format!("{id}_api -->|kubelet 10250| {id}_worker"),
        format!("{id}_api -->|webhooks| {id}_pod"),
        format!("{id}_lb -->|NodePort 30000-32767| {id}_worker"),
        format!("{id}_worker -->|6443, 12250| {id}_api"),
        format!("{id}_pod -->|6443, 12250| {id}_api"),
    ];
    Some(Section { title: format!("Cluster {name}"), id, facts, tables, diagram, next_steps: Some(NEXT_STEPS) })
}
