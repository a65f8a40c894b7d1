//! A `node_pool` block: what may stand in it, and what its shape allows.

use crate::diagnostic::{At, Diagnostic, Diagnostics, quoted};
use crate::spec::labels::node_labels;
use crate::spec::value::{Objection, integer, passthrough, string};
use crate::spec::{BlockReader, Field, Passthrough, VariableUse};
use crate::topology::{MEMORY_PER_OCPU_GB, Name, Shape, limits};

/// A pool of worker nodes with the same shape and image.
pub struct NodePool {
    pub name: At<Name>,
    pub shape: Shape,
    pub image: Passthrough,
    /// Nodes over all availability domains together; may be 0.
    pub node_count: At<u64>,
    /// OCPUs and GB of memory of each node; Flex shapes only.
    pub size: Option<(u64, u64)>,
    pub ssh_public_key: Option<Passthrough>,
    pub boot_volume_size_in_gbs: Option<u64>,
    pub initial_node_labels: Vec<(String, String)>,
    pub max_pods_per_node: Option<u64>,
}

impl NodePool {
    pub fn read(reader: &mut BlockReader<'_>) -> Option<Self> {
        let title = reader.title().to_owned();
        // A description is prose: no quotes.
        let plain_title = title.replace('"', "");
        let purpose = format!("OCID of the image that the nodes of {plain_title} boot from");
        let image = reader.required("image", "var.node_image_id", passthrough(purpose, Some("image"), check_image));
        let node_count = reader.required("node_count", "3", integer(0..=limits::NODES_PER_POOL, " nodes"));
        let shape = reader.required("shape", "\"VM.Standard.A1.Flex\"", shape);
        let size = shape.as_ref().and_then(|shape| read_size(reader, shape));
        // Known attributes, also where there is no shape to size.
        reader.ask_for("ocpus");
        reader.ask_for("memory_in_gbs");
        let purpose = format!("SSH public key that the nodes of {plain_title} accept");
        let ssh_public_key = reader.optional("ssh_public_key", public_key(purpose));
        let boot_volume = reader.optional("boot_volume_size_in_gbs", integer(limits::BOOT_VOLUME_GB, " GB"));
        let labels = reader.optional("initial_node_labels", node_labels);
        let max_pods = reader.optional("max_pods_per_node", integer(1..=limits::PODS_PER_NODE, " pods"));
        let shape = shape?;
        // A Flex shape without a size says nothing about pods.
        let ocpus = size.map(|(ocpus, _)| ocpus).or((!shape.value.is_flexible()).then_some(1));
        if let Some(ocpus) = ocpus {
            check_pods(&title, &shape, ocpus, max_pods.as_ref(), reader.diagnostics);
        }
        Some(Self {
            name: reader.name(),
            shape: shape.value,
            image: image?.value,
            node_count: node_count?,
            size,
            ssh_public_key: ssh_public_key.map(|at| at.value),
            boot_volume_size_in_gbs: boot_volume.map(|at| at.value),
            initial_node_labels: labels.map(|at| at.value).unwrap_or_default(),
            max_pods_per_node: max_pods.map(|at| at.value),
        })
    }

    pub fn variables(&self) -> impl Iterator<Item = &VariableUse> {
        self.image.uses.iter().chain(self.ssh_public_key.iter().flat_map(|key| &key.uses))
    }

    /// Pods to plan for on each node.
    pub fn planned_pods(&self) -> u64 {
        let ocpus = self.size.map_or(1, |(ocpus, _)| ocpus);
        self.max_pods_per_node.unwrap_or_else(|| self.shape.planned_pods(ocpus))
    }
}

fn check_image(text: &str) -> Objection {
    (!text.starts_with("ocid1.image.")).then_some((
        "not the OCID of an image",
        "write \"ocid1.image....\" or var.node_image_id; `oci ce node-pool-options get --node-pool-option-id all` lists OKE's images",
    ))
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
        return Some(Shape(text));
    };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("{} is not a compute shape", quoted(&text)))
            .label(label)
            .help("for example \"VM.Standard.A1.Flex\" or \"VM.Standard.E5.Flex\""),
    );
    None
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
    let (most_ocpus, most_memory) = shape.value.maxima().unwrap_or((u64::MAX, u64::MAX));
    let mut refuse = |at: &At<u64>, message: String, label: String, help: String| {
        let diagnostic = Diagnostic::error(at.span.clone(), message).label(label).help(help);
        diagnostics.push(diagnostic.related(shape.span.clone(), "the shape"));
    };
    if ocpus.value > most_ocpus {
        let message = format!("a \"{name}\" node can't have {} OCPUs", ocpus.value);
        refuse(ocpus, message, format!("at most {most_ocpus}"), format!("write {most_ocpus} or less"));
    }
    let most = ocpus.value.saturating_mul(MEMORY_PER_OCPU_GB).min(most_memory);
    if memory.value > most_memory {
        let message = format!("a \"{name}\" node can't have {} GB of memory", memory.value);
        refuse(memory, message, format!("at most {most_memory}"), format!("write {most_memory} or less"));
    } else if memory.value < ocpus.value || memory.value > most {
        let message = format!("{} GB of memory do not go with `ocpus = {}`", memory.value, ocpus.value);
        let other = if memory.value > most { "more" } else { "fewer" };
        let help = format!("an OCPU has 1 to {MEMORY_PER_OCPU_GB} GB: stay in that range, or take {other} OCPUs");
        refuse(memory, message, format!("expected {} to {most} GB", ocpus.value), help);
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
