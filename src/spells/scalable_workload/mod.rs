//! The `scalable_workload` spell: a pool of equal instances behind a load
//! balancer, whose number is fixed or an autoscaler's.

mod autoscaling;
mod balancer;
mod balancer_resources;
mod certificate;
mod describe;
#[rustfmt::skip]
mod flows;
mod health;
mod needs;
mod read;
mod resources;
#[rustfmt::skip]
mod rules;
mod schedule;
mod tables;

pub use needs::Needs;
pub use tables::requirements as workload_flows;

use super::identity::Identity;
use super::instances::boot_volume::BootVolume;
use super::instances::domains::Domains;
use super::instances::image::Image;
use super::instances::platform_image::PlatformImage;
use super::instances::{INSTANCES, own_nsgs};
use super::network;
use super::sketch::{Place, Sketch};
use super::{Check, Kind, Mock, Repeat, Section, Spell};
use crate::contract;
use crate::diagnostic::{At, Diagnostics, Span};
use crate::graph::{Address, Graph};
use crate::prove::network::Front;
use crate::role::Role;
use crate::rule::{Peer, Traffic};
use crate::spec::{Passthrough, VariableUse};
use crate::symbols::Reference;
use crate::topology::{Demand, Draft, Home, Name, NsgId, Relation, Shape, Tenant, Tier, Topology, VcnId, Words};
use autoscaling::Autoscaling;
use balancer::Balancer;
use needs::Port;
use std::collections::BTreeSet;

pub const KIND: Kind =
    Kind { block_type: "scalable_workload", has_prose_label: false, has_vnics: true, read: read::read };

/// What it is called in messages.
const WORD: &str = "scalable workload";

static DEMAND: Words = Words { what: "the instances", users: "instances", lower: "`max` or `size`" };

struct ScalableWorkload {
    vcn: Option<At<Reference<VcnId>>>,
    tier: Tier,
    shape: Shape,
    /// OCPUs and GB of memory of each instance; Flex shapes only.
    machine_size: Option<(u64, u64)>,
    image: Image,
    /// Whether newer images are left alone.
    pin_image: bool,
    ssh_public_key: Option<Passthrough>,
    cloud_init: Option<Passthrough>,
    /// Files beside the module's that it reads.
    files: BTreeSet<String>,
    boot_volume: BootVolume,
    in_transit_encryption: bool,
    /// By number, rising; all of the region where there are none.
    availability_domains: Vec<u64>,
    fault_domains: Vec<&'static str>,
    /// NSGs of the user's own on the instances.
    nsg_ids: Vec<Passthrough>,
    count: Count,
    balancer: Option<Balancer>,
    relations: Vec<Relation>,
    identity: Identity,
}

/// How many instances there are.
enum Count {
    Fixed(At<u64>),
    Scaled(Autoscaling),
}

impl Count {
    const fn initial(&self) -> u64 {
        match self {
            Self::Fixed(size) => size.value,
            Self::Scaled(scaling) => scaling.initial,
        }
    }

    fn most(&self) -> u64 {
        match self {
            Self::Fixed(size) => size.value,
            Self::Scaled(scaling) => scaling.most(),
        }
    }

    /// Where it is said.
    const fn span(&self) -> &Span {
        match self {
            Self::Fixed(size) => &size.span,
            Self::Scaled(scaling) => &scaling.span,
        }
    }
}

impl ScalableWorkload {
    const fn name(&self) -> &Name {
        &self.identity.name.value
    }

    fn needs(&self) -> Needs {
        Needs { balancer: self.balancer.as_ref().map(Balancer::needs), is_secure: self.tier == Tier::Secure }
    }

    /// What a public network load balancer hands on with its clients' addresses.
    fn forwarded(&self) -> Option<Traffic> {
        let needs = self.needs();
        needs.traffic(Port::Kept).filter(|_| !needs.is_internal())
    }

    fn nsg(&self, role: &'static Role) -> NsgId {
        NsgId { owner: self.name().clone(), role }
    }

    fn domains(&self) -> Domains<'_> {
        Domains {
            region: Address::Data("oci_identity_availability_domains", self.name().identifier()),
            identifier: self.name().identifier().into(),
            numbers: &self.availability_domains,
        }
    }

    fn platform_image(&self) -> PlatformImage<'_> {
        PlatformImage { identity: &self.identity, image: &self.image, shape: &self.shape, title: self.title() }
    }

    /// The block in messages of the module.
    fn title(&self) -> String {
        format!("{} {}", KIND.block_type, self.name())
    }
}

impl Spell for ScalableWorkload {
    fn identity(&self) -> Option<&Identity> {
        Some(&self.identity)
    }

    fn variables(&self) -> Vec<&VariableUse> {
        let given = self.ssh_public_key.iter().chain(&self.cloud_init).chain(&self.nsg_ids);
        let own = self.identity.uses.iter().chain(self.image.variables());
        let own = own.chain(given.flat_map(|given| &given.uses)).chain(self.boot_volume.variables());
        own.chain(self.balancer.iter().flat_map(Balancer::variables)).collect()
    }

    fn contribute(&self, draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
        let vcn = match draft.find_vcn(self.vcn.as_ref(), WORD, &self.identity.name) {
            Ok(vcn) => vcn,
            Err(problem) => return diagnostics.push(problem),
        };
        let (most, needs) = (self.count.most(), self.needs());
        let demand = Demand {
            span: self.count.span().clone(),
            tier: self.tier,
            addresses: most,
            sum: format!("{most} instances"),
            words: &DEMAND,
        };
        let tenant = Tenant {
            nsgs: tables::nsgs(&needs),
            forwarded: self.forwarded().map(|traffic| (tables::roles(&needs).1, vec![traffic])),
            // A load balancer connects to its instances and to nobody else. Which
            // of the two takes connections, who writes them must say.
            opener: Some(tables::roles(&needs).1),
            relations: self.relations.clone(),
            demands: vec![demand],
            ..Tenant::new(&self.identity.name, KIND.block_type, WORD)
        };
        draft.add_tenant(vcn, tenant);
    }

    fn home<'a>(&self, topology: &'a Topology) -> Option<Home<'a>> {
        topology.home(self.name())
    }

    fn build(&self, topology: &Topology, graph: &mut Graph) {
        if let Some(home) = self.home(topology) {
            balancer_resources::build(self, home, graph);
            resources::build(self, home, graph);
        }
    }

    fn checks(&self, topology: &Topology) -> Vec<Check> {
        self.home(topology).map(|home| describe::checks(self, home.vcn.name())).unwrap_or_default()
    }

    fn files(&self) -> Vec<&str> {
        self.files.iter().map(String::as_str).collect()
    }

    fn mocks(&self) -> Vec<Mock> {
        self.platform_image().mocks()
    }

    fn section(&self, topology: &Topology) -> Option<Section> {
        self.home(topology).map(|home| describe::section(self, home))
    }

    fn repeats(&self) -> Vec<Repeat> {
        let name = |what, suffix: &str| Repeat {
            what,
            value: format!("{}-{suffix}", self.name()),
            consequence: "the console and `oci` show it twice",
            breaks: false,
        };
        let balancer = self.balancer.iter().map(|_| name("the name of a load balancer", "lb"));
        balancer.chain([name("the name of an instance pool", "pool")]).collect()
    }

    fn flows(&self, topology: &Topology, sketch: &mut Sketch) {
        let Some(home) = self.home(topology) else { return };
        let find = |peer: Peer| {
            let place = match peer {
                Peer::Nsg(role) => Place::Nsg(self.nsg(role)),
                Peer::Vcn => {
                    let tiers = Tier::EVERY.iter().map(|tier| Place::Tier(home.vcn.clone(), *tier));
                    return tiers.filter_map(|tier| sketch.find(&tier)).collect();
                }
                _ => return Vec::new(),
            };
            sketch.find(&place).into_iter().collect()
        };
        let (lb, instance) = tables::roles(&self.needs());
        let needed = tables::requirements(&self.needs());
        let flows: Vec<_> = needed.iter().flat_map(|requirement| requirement.flows(&[], find)).collect();
        sketch.add_flows(flows);
        if let (Some(traffic), Some(lb)) = (self.forwarded(), lb) {
            let subnet = network::subnet(home.vcn.name(), lb.tier).to_string();
            sketch.add_fronts(&Place::Nsg(self.nsg(instance)), [Front { subnet, traffic: traffic.into() }]);
        }
        let group = contract::role_group(self.name().as_str(), instance);
        let path = "instance_details[0].launch_details[0].create_vnic_details[0].nsg_ids";
        sketch.add_unknowns(own_nsgs::unknown(&self.configuration(), path, &self.nsg_ids, &INSTANCES, group));
    }
}
