//! A `node_pool` block: what may stand in it, and what its shape allows.

use super::cluster_type::ClusterType;
use super::cni::{Cni, needs_vnics};
use super::cycling::{self, Cycling};
use super::eviction::Eviction;
use super::image::Image;
use super::metadata::Metadata;
use super::node_count::{NodeCount, node_count};
use super::placement::Placement;
use super::subnets::Subnets;
use super::taints::{self, Taint};
use super::{own_nsgs, user_data};
use crate::diagnostic::{At, Diagnostic, Diagnostics, nearest, quoted};
use crate::facts::shapes;
use crate::spec::labels::node_labels;
use crate::spec::value::{Objection, boolean, integer, passthrough, string};
use crate::spec::version::{Version, kubernetes_version};
use crate::spec::{BlockReader, Field, Passthrough, VariableUse};
use crate::topology::{MEMORY_PER_OCPU_GB, Name, Shape, limits};
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
    pub subnets: Subnets,
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
        let image = reader.optional("image", Image::read(purpose));
        let pin_image = reader.optional("pin_image", boolean);
        let version = reader.optional("kubernetes_version", kubernetes_version);
        if let (Some(cluster), Some(nodes)) = (cluster, &version) {
            check_skew(&title, cluster, nodes, reader.diagnostics);
        }
        let own_checks = reader.optional("preflight_checks", boolean);
        let node_count = reader.required("node_count", "3", node_count);
        let shape = reader.required("shape", "\"VM.Standard.A1.Flex\"", shape);
        let size = shape.as_ref().and_then(|shape| read_size(reader, shape));
        // Known attributes, also where there is no shape to size.
        reader.ask_for("ocpus");
        reader.ask_for("memory_in_gbs");
        let purpose = format!("SSH public key that the nodes of {plain_title} accept");
        let ssh_public_key = reader.optional("ssh_public_key", public_key(purpose));
        let boot_volume = reader.optional("boot_volume_size_in_gbs", integer(limits::BOOT_VOLUME_GB, " GB"));
        let purpose = format!("What cloud-init does on the nodes of {plain_title} beside joining the cluster");
        let (cloud_init, files) = reader.optional("cloud_init", user_data::read(purpose)).map(|at| at.value).unzip();
        let labels = reader.optional("initial_node_labels", node_labels);
        let max_pods = reader.optional("max_pods_per_node", integer(1..=limits::PODS_PER_NODE, " pods"));
        let placement = Placement::read(reader, shape.as_ref());
        let purpose = format!("OCID of the key that encrypts the boot volumes of {plain_title}");
        let subnets = Subnets::read(reader, cni);
        let kms_key_id = reader.optional("kms_key_id", passthrough(purpose, Some("key"), check_kms_key));
        let in_transit = reader.optional("in_transit_encryption", boolean);
        let eviction = Eviction::read(reader);
        let metadata = Metadata::read(reader);
        let taints = taints::read(reader);
        let cycling = cycling::read(reader, around.kind, around.cluster);
        let nsg_ids = own_nsgs::read(reader, around.node_nsgs);
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
            subnets,
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

/// Any expression in whose text no private key stands. The key is not
/// repeated in the report.
fn public_key(purpose: String) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<Passthrough> {
    move |field, diagnostics| {
        if !field.expression.to_string().contains("PRIVATE KEY") {
            return passthrough(purpose, None, check_key)(field, diagnostics);
        }
        let start = field.span.start;
        diagnostics.push(
            Diagnostic::error(start..start + 1, format!("{} of {} is a private key", field.subject, field.owner))
                .label("it belongs on no node and in no file")
                .help("write the public key, the content of a .pub file; and replace the key that stood here"),
        );
        None
    }
}

fn check_key(text: &str) -> Objection {
    let known = ["ssh-", "ecdsa-", "sk-"].iter().any(|prefix| text.starts_with(prefix));
    (!known || text.trim_end().contains('\n')).then_some((
        "not a public key in OpenSSH's form",
        "write one line such as \"ssh-ed25519 AAAA... name\", or var.ssh_public_key",
    ))
}

fn check_kms_key(text: &str) -> Objection {
    (!text.starts_with("ocid1.key."))
        .then_some(("not the OCID of a key", "write \"ocid1.key....\" or var.kms_key_id; a vault is not a key"))
}

/// A shape's name, such as `VM.Standard.A1.Flex`.
fn shape(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Shape> {
    let text = string("\"VM.Standard.A1.Flex\"")(field, diagnostics)?;
    let characters = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let label = if !text.ends_with(".Flex") && text.to_ascii_lowercase().ends_with("flex") {
        "a flexible shape ends in `.Flex`"
    } else if !text.starts_with("VM.") && !text.starts_with("BM.") {
        "a shape begins with `VM.` or `BM.`"
    } else if !characters || text.contains("..") || text.ends_with('.') {
        "a shape has words of letters, digits, `-` and `_` between dots"
    } else if text.len() > limits::DISPLAY_NAME_LENGTH {
        "it is too long"
    } else {
        let shape = Shape(text);
        warn_unknown(&shape, field, diagnostics);
        return Some(shape);
    };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("{} is not a compute shape", quoted(&text)))
            .label(label)
            .help("for example \"VM.Standard.A1.Flex\" or \"VM.Standard.E5.Flex\""),
    );
    None
}

/// A name that Oracle's list does not have may be misspelt, or new.
fn warn_unknown(shape: &Shape, field: &Field<'_>, diagnostics: &mut Diagnostics) {
    if shape.is_known() {
        return;
    }
    let label = match nearest(&shape.0, shapes::KNOWN.iter().copied()) {
        Some(near) => format!("did you mean {}?", quoted(near)),
        None => "not in Oracle's list".to_owned(),
    };
    diagnostics.push(
        Diagnostic::warning(
            field.span.clone(),
            format!("no shape {} was known in {}", quoted(&shape.0), shapes::AS_OF),
        )
        .label(label)
        .help("leave it if it is new: the plan asks OKE which shapes it has"),
    );
}

/// OCPUs and memory, which a Flex shape needs and no other takes.
fn read_size(reader: &mut BlockReader<'_>, shape: &At<Shape>) -> Option<(u64, u64)> {
    if !shape.value.is_flexible() {
        for name in ["ocpus", "memory_in_gbs"] {
            if let Some(given) = reader.optional(name, |_, _| Some(())) {
                let message = format!("`{name}` can't be set: \"{}\" is a fixed shape", shape.value.0);
                reader.diagnostics.push(
                    Diagnostic::error(given.span, message)
                        .label("only Flex shapes are sized")
                        .related(shape.span.clone(), "the shape")
                        .help("remove it, or take a shape that ends in `.Flex`"),
                );
            }
        }
        return None;
    }
    let ocpus = reader.required("ocpus", "2", integer(1..=1000, " OCPUs"));
    let memory = reader.required("memory_in_gbs", "12", integer(1..=10_000, " GB"));
    let (ocpus, memory) = (ocpus?, memory?);
    check_size(shape, &ocpus, &memory, reader.diagnostics);
    Some((ocpus.value, memory.value))
}

fn check_size(shape: &At<Shape>, ocpus: &At<u64>, memory: &At<u64>, diagnostics: &mut Diagnostics) {
    let name = &shape.value.0;
    let most = ocpus.value.saturating_mul(MEMORY_PER_OCPU_GB);
    if memory.value < ocpus.value || memory.value > most {
        let message = format!("{} GB of memory do not go with `ocpus = {}`", memory.value, ocpus.value);
        let other = if memory.value > most { "more" } else { "fewer" };
        let help = format!("an OCPU has 1 to {MEMORY_PER_OCPU_GB} GB: stay in that range, or take {other} OCPUs");
        diagnostics.push(
            Diagnostic::error(memory.span.clone(), message)
                .label(format!("expected {} to {most} GB", ocpus.value))
                .related(shape.span.clone(), "the shape")
                .help(help),
        );
    }
    // What Oracle has widened before, it may widen again.
    let Some((most_ocpus, most_memory)) = shape.value.maxima() else { return };
    for (at, unit, most) in [(ocpus, "OCPUs", most_ocpus), (memory, "GB of memory", most_memory)] {
        if at.value > most {
            let message = format!("a \"{name}\" node with {} {unit} is larger than Oracle's list allows", at.value);
            diagnostics.push(
                Diagnostic::warning(at.span.clone(), message)
                    .label(format!("at most {most} in {}", shapes::AS_OF))
                    .related(shape.span.clone(), "the shape")
                    .help(format!("write {most} or less, unless Oracle has more by now")),
            );
        }
    }
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
