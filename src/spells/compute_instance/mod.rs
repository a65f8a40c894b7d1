//! The `compute_instance` spell: instances of one role, with an NSG of their own,
//! in a tier of a VCN of the stack.

mod agent;
mod describe;
#[rustfmt::skip]
mod flows;
mod model;
#[rustfmt::skip]
mod nsg_rules;
mod read;
mod resources;
mod role;
mod roles;
mod tables;
mod volumes;

pub use tables::flows;

use super::identity::Identity;
use super::instances::boot_volume::BootVolume;
use super::instances::domains::Domains;
use super::instances::image::Image;
use super::instances::platform_image::PlatformImage;
use super::{Check, Growing, Kind, Mock, Repeat, Section, Sketch, Spell};
use crate::diagnostic::{At, Diagnostics};
use crate::graph::{Address, Graph};
use crate::role::Role;
use crate::spec::{Passthrough, VariableUse};
use crate::symbols::Reference;
use crate::topology::{Demand, Draft, Home, Name, NsgId, Relation, Shape, Tenant, Topology, VcnId, Words};
use std::collections::BTreeSet;
use volumes::Volume;

pub const KIND: Kind =
    Kind { block_type: "compute_instance", has_prose_label: false, has_vnics: true, read: read::read };

/// What it is called in messages.
const WORD: &str = "compute_instance";

static DEMAND: Words = Words { what: "the instances", users: "instances", lower: "`instance_count`" };

struct ComputeInstance {
    /// The VCN as the spec names it; where it does not, the stack's only one.
    vcn: Option<At<Reference<VcnId>>>,
    role: &'static Role,
    shape: Shape,
    /// OCPUs and GB of memory of each instance; Flex shapes only.
    size: Option<(u64, u64)>,
    image: Image,
    instance_count: At<u64>,
    /// Numbers of availability domains, rising; all of the region where there
    /// are none.
    domains: Vec<u64>,
    fault_domains: Vec<&'static str>,
    ssh_public_key: Option<Passthrough>,
    cloud_init: Option<Passthrough>,
    /// Files beside the module's that it reads.
    files: BTreeSet<String>,
    boot_volume: BootVolume,
    volumes: Vec<Volume>,
    /// NSGs of the user's own.
    nsg_ids: Vec<Passthrough>,
    /// Whether what passes between an instance and its volumes is encrypted;
    /// none where the shape can't say.
    in_transit_encryption: Option<bool>,
    /// Plugins of Oracle Cloud Agent that are to run, sorted.
    agent_plugins: Vec<String>,
    relations: Vec<Relation>,
    identity: Identity,
}

impl ComputeInstance {
    fn platform_image(&self) -> PlatformImage<'_> {
        let title = format!("{} {}", KIND.block_type, self.name());
        PlatformImage { identity: &self.identity, image: &self.image, shape: &self.shape, title }
    }

    const fn name(&self) -> &Name {
        &self.identity.name.value
    }

    fn nsg(&self) -> NsgId {
        NsgId { owner: self.name().clone(), role: self.role }
    }

    fn address(&self) -> Address {
        Address::Resource("oci_core_instance", self.name().identifier())
    }

    /// The availability domains that they are spread over.
    fn availability_domains(&self) -> Domains<'_> {
        let identifier = self.name().identifier();
        let region = Address::Data("oci_identity_availability_domains", identifier.clone());
        Domains { region, identifier: identifier.into(), numbers: &self.domains }
    }

    fn demand(&self) -> Demand {
        let (span, addresses) = (self.instance_count.span.clone(), self.instance_count.value);
        Demand { span, tier: self.role.tier, addresses, sum: format!("{addresses} instances"), words: &DEMAND }
    }
}

impl Spell for ComputeInstance {
    fn identity(&self) -> Option<&Identity> {
        Some(&self.identity)
    }

    fn variables(&self) -> Vec<&VariableUse> {
        let given = self.ssh_public_key.iter().chain(&self.cloud_init).chain(&self.nsg_ids);
        let own = self.identity.uses.iter().chain(self.image.variables()).chain(given.flat_map(|given| &given.uses));
        own.chain(self.boot_volume.variables()).chain(self.volumes.iter().flat_map(Volume::variables)).collect()
    }

    fn contribute(&self, draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
        let vcn = match draft.find_vcn(self.vcn.as_ref(), WORD, &self.identity.name) {
            Ok(vcn) => vcn,
            Err(problem) => return diagnostics.push(problem),
        };
        let tenant = Tenant {
            nsgs: vec![tables::nsg(self.role)],
            relations: self.relations.clone(),
            demands: vec![self.demand()],
            ..Tenant::new(&self.identity.name, KIND.block_type, WORD)
        };
        draft.add_tenant(vcn, tenant);
    }

    fn home<'a>(&self, topology: &'a Topology) -> Option<Home<'a>> {
        topology.home(self.name())
    }

    fn build(&self, topology: &Topology, graph: &mut Graph) {
        if let Some(home) = self.home(topology) {
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

    fn growing(&self) -> Vec<Growing> {
        self.sizes()
    }

    fn repeats(&self) -> Vec<Repeat> {
        vec![Repeat {
            what: "the names of instances",
            value: format!("{}-0 and so on", self.name()),
            consequence: "the console shows them twice",
            breaks: false,
        }]
    }

    fn flows(&self, topology: &Topology, sketch: &mut Sketch) {
        if let Some(home) = self.home(topology) {
            model::add_flows(self, home, sketch);
        }
    }
}
