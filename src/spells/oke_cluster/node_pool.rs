//! A `node_pool` block: what may stand in it, and what its shape allows.

use crate::diagnostic::{At, Diagnostic, Diagnostics, quoted};
use crate::spec::value::{integer, node_labels, passthrough, string};
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
        let name = reader.name();
        let image_purpose = format!("OCID of the image that the nodes of {plain_title} boot from");
        let image =
            reader.required("image", "var.node_image_id", passthrough(image_purpose, Some("image"), check_image));
        let node_count = reader.required("node_count", "3", integer(0..=limits::NODES_PER_POOL, " nodes"));
        let shape = reader.required("shape", "\"VM.Standard.A1.Flex\"", shape);
        let size = match &shape {
            Some(shape) => read_size(reader, shape),
            None => {
                // Known attributes, though nothing can be said about them.
                reader.optional("ocpus", |_, _| Some(()));
                reader.optional("memory_in_gbs", |_, _| Some(()));
                None
            }
        };
        let key_purpose = format!("SSH public key that the nodes of {plain_title} accept");
        let ssh_public_key = reader.optional("ssh_public_key", passthrough(key_purpose, None, check_key));
        let boot_volume = reader.optional("boot_volume_size_in_gbs", integer(limits::BOOT_VOLUME_GB, " GB"));
        let labels = reader.optional("initial_node_labels", node_labels);
        let max_pods = reader.optional("max_pods_per_node", integer(1..=limits::PODS_PER_NODE, " pods"));
        let shape = shape?;
        let ocpus = size.as_ref().map_or(1, |size| size.0);
        check_pods(&title, &shape, ocpus, max_pods.as_ref(), reader.diagnostics);
        Some(Self {
            name,
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

fn check_image(text: &str) -> Option<(&'static str, &'static str)> {
    (!text.starts_with("ocid1.image.")).then_some((
        "not the OCID of an image",
        "write \"ocid1.image....\" or var.node_image_id; `oci ce node-pool-options get --node-pool-option-id all` lists OKE's images",
    ))
}

fn check_key(text: &str) -> Option<(&'static str, &'static str)> {
    if text.contains("PRIVATE KEY") {
        return Some((
            "this is a private key",
            "write the public key, the content of a .pub file, and replace the key that was shown here",
        ));
    }
    let known =
        ["ssh-", "ecdsa-", "sk-"].iter().any(|prefix| text.starts_with(prefix)) && !text.trim_end().contains('\n');
    (!known).then_some((
        "not a public key in OpenSSH's form",
        "write one line such as \"ssh-ed25519 AAAA... name\", or var.ssh_public_key",
    ))
}

/// A shape's name, such as `VM.Standard.A1.Flex`.
fn shape(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Shape> {
    let text = string(field, diagnostics)?;
    let well_formed = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_' || c == '-')
        && (text.starts_with("VM.") || text.starts_with("BM."))
        && !text.contains("..")
        && !text.ends_with('.')
        && text.len() <= limits::DISPLAY_NAME_LENGTH;
    let misspelt_flex = !text.ends_with(".Flex") && text.to_ascii_lowercase().ends_with("flex");
    if well_formed && !misspelt_flex {
        return Some(Shape(text));
    }
    let label = if misspelt_flex { "a flexible shape ends in `.Flex`" } else { "a shape begins with `VM.` or `BM.`" };
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
        let mut refuse = |name| {
            let given = reader.optional(name, |_, _| Some(()));
            if let Some(given) = given {
                reader.diagnostics.push(
                    Diagnostic::error(
                        given.span,
                        format!("`{name}` can't be set: \"{}\" is a fixed shape", shape.value.0),
                    )
                    .label("only Flex shapes are sized")
                    .related(shape.span.clone(), "the shape")
                    .help("remove it, or take a shape that ends in `.Flex`"),
                );
            }
        };
        refuse("ocpus");
        refuse("memory_in_gbs");
        return None;
    }
    let ocpus = reader.required("ocpus", "2", integer(1..=1000, " OCPUs"));
    let memory = reader.required("memory_in_gbs", "12", integer(1..=10_000, " GB"));
    let (ocpus, memory) = (ocpus?, memory?);
    let name = &shape.value.0;
    let mut refuse = |at: &At<u64>, message: String, label: String| {
        reader
            .diagnostics
            .push(Diagnostic::error(at.span.clone(), message).label(label).related(shape.span.clone(), "the shape"));
    };
    if let Some((most_ocpus, most_memory)) = shape.value.maxima() {
        if ocpus.value > most_ocpus {
            refuse(&ocpus, format!("\"{name}\" has no {} OCPUs", ocpus.value), format!("at most {most_ocpus}"));
        }
        if memory.value > most_memory {
            refuse(
                &memory,
                format!("\"{name}\" has no {} GB of memory", memory.value),
                format!("at most {most_memory}"),
            );
        }
    }
    let (least, most) = (ocpus.value.max(1), ocpus.value.saturating_mul(MEMORY_PER_OCPU_GB));
    if memory.value < least || memory.value > most {
        let (least, ocpus) = (least, ocpus.value);
        refuse(
            &memory,
            format!("{} GB of memory do not go with {ocpus} OCPUs", memory.value),
            format!("{least} to {most} GB: from 1 to {MEMORY_PER_OCPU_GB} GB an OCPU"),
        );
    }
    Some((ocpus.value, memory.value))
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
        diagnostics.push(
            Diagnostic::error(max_pods.span.clone(), format!("a node of {title} carries at most {most} pods"))
                .label("31 for each VNIC after the first, at most 110")
                .related(shape.span.clone(), format!("{ocpus} OCPUs of this shape"))
                .help(format!("write {most} or less, or give the nodes more OCPUs: each brings a VNIC")),
        );
    }
}
