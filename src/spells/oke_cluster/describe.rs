//! What the README and the tests of a generated stack say about a cluster.

use super::balancers::{Keeper, Placement};
use super::cni::Cni;
use super::endpoint::Endpoint;
use super::node_pool::NodePool;
use super::resources::node_nsgs;
use super::runbook::runbook;
use super::{OkeCluster, cidr_text};
use crate::contract::oke::{API, POD, WORKER};
use crate::graph::{Step, Value};
use crate::quote::{Markdown, Mermaid};
use crate::role::Role;
use crate::spells::describe::{all_are, are, length};
use crate::spells::instances::image::Image;
use crate::spells::network::{nsg, subnet};
use crate::spells::{Check, Section};
use crate::topology::{Home, Name, Tier};

const NEXT_STEPS: &str = include_str!("../../../templates/oke_cluster.md.j2");

pub fn checks(cluster: &OkeCluster, vcn: &Name) -> Vec<Check> {
    let name = cluster.name();
    let mut checks = Vec::new();
    let endpoint =
        cluster.address().path([Step::Attribute("endpoint_config"), Step::Index(0), Step::Attribute("subnet_id")]);
    checks.push(Check {
        condition: endpoint.equals(subnet(vcn, cluster.endpoint.role().tier).attribute("id")),
        message: format!("The API endpoint of {name} is not in the {} subnet.", cluster.endpoint.role().tier.word()),
    });
    let endpoint =
        cluster.address().path([Step::Attribute("endpoint_config"), Step::Index(0), Step::Attribute("nsg_ids")]);
    checks.push(Check {
        condition: all_are(endpoint, nsg(&cluster.nsg(&API))),
        message: format!("The API endpoint of {name} is not in its NSG alone."),
    });
    let pod_nsgs = vec![nsg(&cluster.nsg(&POD)).attribute("id")];
    for pool in &cluster.node_pools {
        let details = |steps: &[Step]| {
            let path = [Step::Attribute("node_config_details"), Step::Index(0)];
            cluster.pool(pool).path([path.as_slice(), steps].concat())
        };
        let placements = Step::Attribute("placement_configs");
        let chosen = u64::try_from(pool.placement.domains.len()).unwrap_or_default();
        let (count, where_to) =
            if chosen == 0 { (3, "the three availability domains") } else { (chosen, "its availability domains") };
        checks.push(Check {
            condition: length(details(&[placements])).equals(count),
            message: format!("Node pool {} of {name} is not spread over {where_to}.", pool.name.value),
        });
        let subnets = details(&[placements, Step::Splat, Step::Attribute("subnet_id")]);
        checks.push(Check {
            condition: all_are(subnets, subnet(vcn, Tier::Private)),
            message: format!("Node pool {} of {name} has a node outside of the private subnet.", pool.name.value),
        });
        let pods = [Step::Attribute("node_pool_pod_network_option_details"), Step::Index(0)];
        for (word, path, nsgs) in [
            ("nodes", vec![Step::Attribute("nsg_ids")], node_nsgs(cluster)),
            ("pods", [pods.as_slice(), &[Step::Attribute("pod_nsg_ids")]].concat(), pod_nsgs.clone()),
        ] {
            if word == "pods" && cluster.cni.value == Cni::Flannel {
                continue;
            }
            if word == "nodes" && !pool.nsg_ids.is_empty() {
                checks.extend(nsgs.into_iter().map(|own| Check {
                    condition: Value::Call("contains", vec![details(&path), own]),
                    message: format!(
                        "The nodes of node pool {} of {name} lack an NSG of the cluster.",
                        pool.name.value
                    ),
                }));
                continue;
            }
            checks.push(Check {
                condition: are(details(&path), nsgs),
                message: format!("The {word} of node pool {} of {name} are not in their NSG alone.", pool.name.value),
            });
        }
    }
    for pool in &cluster.virtual_pools {
        let of_pool = |steps: &[Step]| cluster.virtual_pool(pool).path(steps.to_vec());
        let placements = Step::Attribute("placement_configurations");
        let chosen = u64::try_from(pool.domains.len()).unwrap_or_default();
        checks.push(Check {
            condition: length(of_pool(&[placements])).equals(if chosen == 0 { 3 } else { chosen }),
            message: format!("Virtual node pool {} of {name} is not in its availability domains.", pool.name.value),
        });
        let nodes = of_pool(&[placements, Step::Splat, Step::Attribute("subnet_id")]);
        let pods = [Step::Attribute("pod_configuration"), Step::Index(0)];
        checks.push(Check {
            condition: all_are(nodes, subnet(vcn, Tier::Private)),
            message: format!(
                "Virtual node pool {} of {name} has a node outside of the private subnet.",
                pool.name.value
            ),
        });
        checks.push(Check {
            condition: all_are(
                of_pool(&[pods.as_slice(), &[Step::Attribute("nsg_ids")]].concat()),
                nsg(&cluster.nsg(&POD)),
            ),
            message: format!("The pods of virtual node pool {} of {name} are not in their NSG alone.", pool.name.value),
        });
    }
    checks
}

pub fn section(cluster: &OkeCluster, home: Home<'_>) -> Section {
    let name = cluster.name();
    let vcn_name = home.vcn.name();
    let total: usize = home.nsgs.iter().map(|nsg| nsg.rules().count()).sum();
    let cidr = |cidr| Markdown::code(&cidr_text(cidr));
    let words: Vec<_> = cluster.roles().iter().map(|role| role.word.replace('_', " ")).collect();
    let mut facts = vec![
        Markdown::fill(
            "Kubernetes {}, {} cluster, {}, {} API endpoint",
            [
                Markdown::text(&cluster.kubernetes_version.to_string()),
                Markdown::ours(cluster.kind.word()),
                Markdown::ours(cluster.cni.value.note()),
                Markdown::ours(cluster.endpoint.word()),
            ],
        ),
        Markdown::fill(
            "pods CIDR {} and services CIDR {}, both outside of the VCN",
            [cidr(&cluster.pods_cidr), cidr(&cluster.services_cidr)],
        ),
        Markdown::fill(
            "{} NSGs ({}) with {} rules{}",
            [
                Markdown::ours(match words.len() {
                    2 => "two",
                    3 => "three",
                    4 => "four",
                    _ => "five",
                }),
                Markdown::text(&words.join(", ")),
                total.into(),
                Markdown::ours(cluster.profile(Some(home.network.baseline)).note),
            ],
        ),
    ];
    let workloads = cluster.workloads.iter().map(|one| Markdown::fill("room for {}", [Markdown::ours(one.sentence())]));
    facts.extend(workloads);
    facts.extend(cluster.control_plane.words().into_iter().map(Markdown::ours));
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
        let nodes = match pool.node_count.range {
            None => pool.node_count.initial.into(),
            Some((least, most)) => Markdown::fill("{} to {}", [least.into(), most.into()]),
        };
        let facts_of_pool =
            [display_name, nodes, shape, size, version(pool), image(pool), user_data(pool), particulars(pool)];
        facts.push(Markdown::fill("node pool {}: {} × {}{}{}{}{}{}", facts_of_pool));
    }
    facts.extend(cluster.virtual_pools.iter().map(|pool| pool.fact(name)));
    if !cluster.addons.is_empty() {
        let names: Vec<_> = cluster.addons.iter().map(|addon| addon.name.value.as_str()).collect();
        facts.push(Markdown::fill("add-ons: {}", [Markdown::text(&names.join(", "))]));
    }
    let node = |part| Mermaid::node(name, part);
    let role = |role: &&'static Role| {
        let label = Mermaid::label(&format!("{name} {}", role.vnics));
        Mermaid::fill("{} --- {}[[{}]]", [Mermaid::node(vcn_name, role.tier.word()), node(role.word), label])
    };
    let roles = cluster.roles();
    let mut diagram: Vec<_> = roles.iter().map(role).collect();
    let node = |role: &'static Role| node(role.word);
    let balancers = cluster.balancers.roles().into_iter();
    let arrows = [(&API, "{} -->|kubelet 10250| {}", &WORKER), (&API, "{} -->|webhooks| {}", &POD)]
        .into_iter()
        .chain(balancers.map(|role| (role, "{} -->|NodePort 30000-32767| {}", &WORKER)))
        .chain([(&WORKER, "{} -->|6443, 12250| {}", &API), (&POD, "{} -->|6443, 12250| {}", &API)]);
    let has = |role: &'static Role| roles.iter().any(|known| known.word == role.word);
    let arrows = arrows.filter(|(from, _, to)| has(from) && has(to));
    diagram.extend(arrows.map(|(from, arrow, to)| Mermaid::fill(arrow, [node(from), node(to)])));
    let title = Markdown::fill("Cluster {}", [Markdown::text(name.as_str())]);
    let id = Markdown::identifier(name);
    let runbook = runbook(cluster, home);
    Section {
        title,
        id,
        facts,
        tables: Vec::new(),
        diagram,
        next_steps: Some(NEXT_STEPS),
        features: cluster.features(),
        runbook,
    }
}

impl OkeCluster {
    /// What the template of the next steps asks for.
    fn features(&self) -> Vec<&'static str> {
        let balancers = &self.balancers;
        let chosen = [
            (self.endpoint == Endpoint::Private, "private_endpoint"),
            (balancers.keeper == Keeper::Controller, "controller"),
            (balancers.placement != Placement::Internal, "public_lb"),
            (balancers.placement != Placement::Public, "internal_lb"),
            (balancers.ports.is_some(), "own_ports"),
        ];
        chosen.into_iter().filter(|(is_so, _)| *is_so).map(|(_, feature)| feature).collect()
    }
}

fn version(pool: &NodePool) -> Markdown {
    if !pool.has_version {
        return Markdown::ours("");
    }
    Markdown::fill(", Kubernetes {}", [Markdown::text(&pool.version.to_string())])
}

fn image(pool: &NodePool) -> Markdown {
    let image = match &pool.image {
        Image::Newest(None) => Markdown::ours(", OKE's newest image"),
        Image::Newest(Some(os)) => Markdown::fill(", OKE's newest image of Oracle Linux {}", [Markdown::text(os)]),
        Image::Given(_) => Markdown::ours(""),
    };
    let pinned = Markdown::ours(if pool.pin_image { ", image kept as it was first" } else { "" });
    Markdown::fill("{}{}", [image, pinned])
}

fn user_data(pool: &NodePool) -> Markdown {
    Markdown::ours(match (pool.boot_volume_size_in_gbs.is_some(), pool.cloud_init.is_some()) {
        (false, false) => "",
        (true, false) => ", boot volume grown at first boot",
        (false, true) => ", cloud-init of its own",
        (true, true) => ", boot volume grown at first boot, cloud-init of its own",
    })
}

/// What sets a pool apart: where it is, on what capacity, and what guards it.
fn particulars(pool: &NodePool) -> Markdown {
    let placement = &pool.placement;
    let domains: Vec<_> = placement.domains.iter().map(|number| (*number).into()).collect();
    let taints: Vec<_> = pool.taints.iter().map(ToString::to_string).collect();
    let theirs = pool.nsg_ids.len();
    let parts = [
        (!domains.is_empty()).then(|| Markdown::fill(", in AD {}", [Markdown::join(domains, ", ")])),
        placement.preemptible.is_some().then(|| Markdown::ours(", preemptible")),
        placement.reservation.is_some().then(|| Markdown::ours(", on reserved capacity")),
        pool.kms_key_id.is_some().then(|| Markdown::ours(", boot volumes under a key of yours")),
        pool.metadata.legacy.then(|| Markdown::ours(", version 1 of the instance metadata service on")),
        pool.cycling.is_some().then(|| Markdown::ours(", nodes cycled by OKE")),
        (!taints.is_empty()).then(|| {
            Markdown::fill(", tainted {}", [Markdown::join(taints.iter().map(|one| Markdown::code(one)), ", ")])
        }),
        (theirs > 0)
            .then(|| Markdown::fill(", also in NSGs of yours ({}), whose rules no table here has", [theirs.into()])),
    ];
    Markdown::join(parts.into_iter().flatten(), "")
}
