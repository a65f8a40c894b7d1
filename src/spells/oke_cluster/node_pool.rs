//! A `node_pool` block: what may stand in it, and what its shape allows.

use super::cluster_type::ClusterType;
use super::cni::{Cni, needs_vnics};
use super::cycling::{self, Cycling};
use super::eviction::Eviction;
use super::image;
use super::metadata::Metadata;
use super::node_count::{NodeCount, node_count};
use super::placement::Placement;
use super::taints::{self, Taint};
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::spec::labels::node_labels;
use crate::spec::value::{boolean, integer, passthrough};
use crate::spec::version::{Version, kubernetes_version};
use crate::spec::{BlockReader, Passthrough, VariableUse};
use crate::spells::instances::image::Image;
use crate::spells::instances::keys::{check_kms_key, public_key};
use crate::spells::instances::shape::{shape, size};
use crate::spells::instances::{NODES, cloud_init, own_nsgs};
use crate::topology::{Name, Shape, limits};
use std::collections::BTreeSet;

/// What a pool must know of the cluster that it is in.
pub struct Surroundings<'a> {
    pub cluster: &'a At<Name>,
    pub kind: Option<&'a At<ClusterType>>,
    pub version: Option<&'a At<Version>>,
    pub cni: Option<&'a At<Cni>>,
    /// What its nodes are in, in words.
    pub node_nsgs: &'a [&'a str],
    pub preflight_checks: bool,
}

/// A pool of worker nodes with the same shape and image.
pub struct NodePool {
    pub name: At<Name>,
    pub shape: Shape,
    pub image: Image,
    /// Whether newer images are left alone.
    pub pin_image: bool,
    /// The pool's own version, or the cluster's.
    pub version: Version,
    /// Whether the version is the pool's own.
    pub has_version: bool,
    pub preflight_checks: bool,
    pub node_count: NodeCount,
    /// OCPUs and GB of memory of each node; Flex shapes only.
    pub size: Option<(u64, u64)>,
    pub ssh_public_key: Option<Passthrough>,
    pub boot_volume_size_in_gbs: Option<u64>,
    /// The user's part of the user data.
    pub cloud_init: Option<Passthrough>,
    /// Files beside the module's that it reads.
    pub files: BTreeSet<String>,
    pub initial_node_labels: Vec<(String, String)>,
    pub max_pods_per_node: Option<u64>,
    pub placement: Placement,
    /// The key of boot volumes, where it is not Oracle's.
    pub kms_key_id: Option<Passthrough>,
    /// Whether what passes between a node and its volumes is encrypted, too.
    pub in_transit_encryption: Option<bool>,
    pub eviction: Eviction,
    pub metadata: Metadata,
    pub taints: Vec<Taint>,
    /// How OKE replaces nodes after a change, where it does.
    pub cycling: Option<Cycling>,
    /// NSGs of the user's own on the nodes.
    pub nsg_ids: Vec<Passthrough>,
}

impl NodePool {
    pub fn read(reader: &mut BlockReader<'_>, around: &Surroundings<'_>) -> Option<Self> {
        let Surroundings { version: cluster, cni, preflight_checks, .. } = *around;
        let title = reader.title().to_owned();
        // A description is prose: no quotes.
        let plain_title = title.replace('"', "");
        let purpose = format!("OCID of the image that the nodes of {plain_title} boot from");
        let given_image = reader.has("image");
        let image = reader.optional("image", Image::read(purpose, &image::OFFER));
        let pin_image = reader.optional("pin_image", boolean);
        let version = reader.optional("kubernetes_version", kubernetes_version);
        if let (Some(cluster), Some(nodes)) = (cluster, &version) {
            check_skew(&title, cluster, nodes, reader.diagnostics);
        }
        let own_checks = reader.optional("preflight_checks", boolean);
        let node_count = reader.required("node_count", "3", node_count);
        let shape = reader.required("shape", "\"VM.Standard.A1.Flex\"", shape(&NODES));
        let size = size(reader, shape.as_ref(), &NODES);
        let purpose = format!("SSH public key that the nodes of {plain_title} accept");
        let ssh_public_key = reader.optional("ssh_public_key", public_key(purpose));
        let boot_volume = reader.optional("boot_volume_size_in_gbs", integer(limits::BOOT_VOLUME_GB, " GB"));
        let purpose = format!("What cloud-init does on the nodes of {plain_title} beside joining the cluster");
        let (cloud_init, files) = reader.optional("cloud_init", cloud_init::read(purpose)).map(|at| at.value).unzip();
        let labels = reader.optional("initial_node_labels", node_labels);
        let max_pods = reader.optional("max_pods_per_node", integer(1..=limits::PODS_PER_NODE, " pods"));
        let placement = Placement::read(reader, shape.as_ref());
        let purpose = format!("OCID of the key that encrypts the boot volumes of {plain_title}");
        let kms_key_id = reader.optional("kms_key_id", passthrough(purpose, Some("key"), check_kms_key));
        let in_transit = reader.optional("in_transit_encryption", boolean);
        let eviction = Eviction::read(reader);
        let metadata = Metadata::read(reader);
        let taints = taints::read(reader);
        let cycling = cycling::read(reader, around.kind, around.cluster);
        let nsg_ids = own_nsgs::read(reader, &NODES, around.node_nsgs);
        let shape = shape?;
        // A Flex shape without a size says nothing about pods.
        let ocpus = size.map(|(ocpus, _)| ocpus).or((!shape.value.is_flexible()).then_some(1));
        if let Some(cni) = cni.filter(|cni| cni.value == Cni::Flannel) {
            if let Some(max_pods) = &max_pods {
                let what = format!("`max_pods_per_node` of {title} can't be set");
                let help = "leave it out: a node of a flannel cluster carries up to 110 pods, whatever its shape";
                reader.diagnostics.push(needs_vnics(&what, max_pods.span.clone(), cni, help));
            }
        } else if let Some(ocpus) = ocpus {
            check_pods(&title, &shape, ocpus, max_pods.as_ref(), reader.diagnostics);
        }
        Some(Self {
            name: reader.name(),
            shape: shape.value,
            image: if given_image { image?.value } else { Image::Newest(None) },
            pin_image: pin_image.is_some_and(|at| at.value),
            has_version: version.is_some(),
            version: version.as_ref().or(cluster).map(|at| at.value).unwrap_or_default(),
            preflight_checks: own_checks.map_or(preflight_checks, |at| at.value),
            node_count: node_count?.value,
            size,
            ssh_public_key: ssh_public_key.map(|at| at.value),
            boot_volume_size_in_gbs: boot_volume.map(|at| at.value),
            cloud_init,
            files: files.unwrap_or_default(),
            initial_node_labels: labels.map(|at| at.value).unwrap_or_default(),
            max_pods_per_node: max_pods.map(|at| at.value),
            placement,
            kms_key_id: kms_key_id.map(|at| at.value),
            in_transit_encryption: in_transit.map(|at| at.value),
            eviction,
            metadata,
            cycling,
            taints: taints.map(|at| at.value).unwrap_or_default(),
            nsg_ids,
        })
    }

    pub fn variables(&self) -> impl Iterator<Item = &VariableUse> {
        let given = self.ssh_public_key.iter().chain(&self.cloud_init).chain(&self.kms_key_id);
        let given = given.chain(&self.placement.reservation).chain(&self.nsg_ids);
        self.image.variables().iter().chain(given.flat_map(|given| &given.uses)).chain(self.metadata.variables())
    }

    /// Pods to plan for on each node.
    pub fn planned_pods(&self) -> u64 {
        let ocpus = self.size.map_or(1, |(ocpus, _)| ocpus);
        self.max_pods_per_node.unwrap_or_else(|| self.shape.planned_pods(ocpus))
    }
}

/// Kubernetes lets nodes lag behind their control plane a little, and never run
/// ahead of it.
fn check_skew(title: &str, cluster: &At<Version>, nodes: &At<Version>, diagnostics: &mut Diagnostics) {
    let Some((problem, help)) = nodes.value.skew_from(cluster.value) else { return };
    let message = format!("{title} can't run Kubernetes {} under a cluster of {}", nodes.value, cluster.value);
    diagnostics.push(
        Diagnostic::error(nodes.span.clone(), message)
            .label(problem)
            .related(cluster.span.clone(), "the control plane")
            .help(help),
    );
}

fn check_pods(title: &str, shape: &At<Shape>, ocpus: u64, max_pods: Option<&At<u64>>, diagnostics: &mut Diagnostics) {
    let most = shape.value.most_pods(ocpus);
    if most == 0 {
        diagnostics.push(
            Diagnostic::error(shape.span.clone(), format!("{title} can't carry pods"))
                .label("this shape has one VNIC, and pods need a second")
                .help("take another shape, for example \"VM.Standard.A1.Flex\""),
        );
    } else if let Some(max_pods) = max_pods.filter(|max_pods| max_pods.value > most) {
        let enough = (1..=24).find(|ocpus| shape.value.most_pods(*ocpus) >= max_pods.value);
        let help = match enough.filter(|_| shape.value.is_flexible()) {
            Some(enough) => format!("write {most} or less, or `ocpus = {enough}` or more"),
            None => format!("write {most} or less"),
        };
        diagnostics.push(
            Diagnostic::error(max_pods.span.clone(), format!("a node of {title} carries at most {most} pods"))
                .label("31 for each VNIC after the first, at most 110")
                .related(shape.span.clone(), format!("with `ocpus = {ocpus}`"))
                .help(help),
        );
    }
}
