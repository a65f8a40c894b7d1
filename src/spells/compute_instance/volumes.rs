//! The volumes of an instance, beside the one that it boots from.

use crate::diagnostic::{At, Diagnostic, Diagnostics, quoted};
use crate::facts::limits;
use crate::spec::value::{integer, string};
use crate::spec::word::word;
use crate::spec::{BlockReader, Field, Passthrough, VariableUse, report_collisions};
use crate::spells::instances::boot_volume::{backup_policy, kms_key, vpus};
use crate::topology::{Name, Shape};
use std::collections::BTreeMap;

/// A volume that each instance has.
pub struct Volume {
    pub name: At<Name>,
    pub size_in_gbs: At<u64>,
    pub vpus_per_gb: Option<u64>,
    pub attachment: Attachment,
    device: Option<At<String>>,
    pub kms_key_id: Option<Passthrough>,
    pub backup_policy_id: Option<Passthrough>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attachment {
    Paravirtualized,
    Iscsi,
}

const ATTACHMENTS: &[(&str, Attachment)] =
    &[("paravirtualized", Attachment::Paravirtualized), ("iscsi", Attachment::Iscsi)];

impl Attachment {
    /// As the provider writes it.
    pub const fn api_name(self) -> &'static str {
        match self {
            Self::Paravirtualized => "paravirtualized",
            Self::Iscsi => "iscsi",
        }
    }
}

impl Volume {
    pub fn read(reader: &mut BlockReader<'_>, shape: Option<&At<Shape>>) -> Option<Self> {
        let title = reader.title().to_owned();
        let size = reader.required("size_in_gbs", "100", integer(limits::VOLUME_GB, " GB"));
        let vpus = reader.optional("vpus_per_gb", |field, diagnostics| vpus(field, 0, diagnostics));
        let attachment = reader.optional("attachment_type", word(ATTACHMENTS));
        let metal = shape.filter(|shape| shape.value.is_bare_metal());
        if let (Some(shape), Some(given)) = (metal, &attachment)
            && given.value == Attachment::Paravirtualized
        {
            reader.diagnostics.push(
                Diagnostic::error(given.span.clone(), format!("{title} can't be attached paravirtualized"))
                    .label("bare metal has no hypervisor that could")
                    .related(shape.span.clone(), "the shape")
                    .help("leave it out: it is \"iscsi\" there"),
            );
        }
        let default = if metal.is_some() { Attachment::Iscsi } else { Attachment::Paravirtualized };
        let device = reader.optional("device", device);
        let plain = title.replace('"', "");
        let (key, policy) = (kms_key(reader, &plain), backup_policy(reader, &plain));
        Some(Self {
            name: reader.name(),
            size_in_gbs: size?,
            vpus_per_gb: vpus.map(|at| at.value),
            attachment: attachment.map_or(default, |at| at.value),
            device,
            kms_key_id: key,
            backup_policy_id: policy,
        })
    }

    pub fn variables(&self) -> impl Iterator<Item = &VariableUse> {
        self.kms_key_id.iter().chain(&self.backup_policy_id).flat_map(|given| &given.uses)
    }

    pub fn device(&self) -> Option<&str> {
        self.device.as_ref().map(|at| at.value.as_str())
    }
}

/// What goes together: names, devices, and how many there are.
pub fn check(title: &str, volumes: &[Volume], diagnostics: &mut Diagnostics) {
    let names = volumes.iter().map(|volume| &volume.name);
    let names = names.map(|name| (name.value.as_str(), name.value.identifier(), name.span.clone()));
    report_collisions(names, &format!("volumes of {title}"), diagnostics);
    let mut devices = BTreeMap::new();
    for device in volumes.iter().filter_map(|volume| volume.device.as_ref()) {
        if let Some(first) = devices.insert(&device.value, &device.span) {
            diagnostics.push(
                Diagnostic::error(device.span.clone(), format!("two volumes of {title} are {}", quoted(&device.value)))
                    .label("this path is taken")
                    .related(first.clone(), "by this one")
                    .help("give each a path of its own, or leave `device` out"),
            );
        }
    }
    let most = limits::VOLUMES_PER_INSTANCE;
    if let Some(first) = volumes.get(most) {
        let message = format!("{title} would have {} volumes; OCI attaches {most} to an instance", volumes.len());
        diagnostics.push(
            Diagnostic::error(first.name.span.clone(), message)
                .label("the first that is too many")
                .help("make fewer, larger ones"),
        );
    }
}

/// A consistent device path: /dev/oracleoci/oraclevdb to oraclevdag. The first is
/// the boot volume's. Oracle, "Consistent Device Paths for Block Volumes".
fn device(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let path = string("\"/dev/oracleoci/oraclevdb\"")(field, diagnostics)?;
    let letters = path.strip_prefix("/dev/oracleoci/oraclevd").unwrap_or_default();
    let label = match letters.as_bytes() {
        [b'b'..=b'z'] | [b'a', b'a'..=b'g'] => return Some(path),
        [b'a'] => "that is the boot volume's",
        _ => "not a consistent device path",
    };
    let message = format!("{} of {} can't be {}", field.subject, field.owner, quoted(&path));
    diagnostics.push(
        Diagnostic::error(field.span.clone(), message)
            .label(label)
            .help("write \"/dev/oracleoci/oraclevdb\" to \"/dev/oracleoci/oraclevdag\", or leave it out"),
    );
    None
}
