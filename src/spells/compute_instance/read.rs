//! A `compute_instance` block: what may stand in it, and what goes together.

use super::volumes::{self, Volume};
use super::{ComputeInstance, agent, role};
use crate::contract::{self, compute};
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::spec::BlockReader;
use crate::spec::value::{boolean, integer, reference};
use crate::spec::word::word;
use crate::spells::identity::Identity;
use crate::spells::instances::boot_volume::BootVolume;
use crate::spells::instances::domains::{FAULT_DOMAINS, domains, fault_domains};
use crate::spells::instances::image::Image;
use crate::spells::instances::keys::public_key;
use crate::spells::instances::platform_image;
use crate::spells::instances::shape::{shape, size};
use crate::spells::instances::{INSTANCES, cloud_init, own_nsgs};
use crate::spells::{Spell, relations};
use crate::topology::Shape;

/// More than one spell of instances should ever have; its subnet has fewer
/// addresses before that.
const MOST_INSTANCES: u64 = 1000;

pub fn read(reader: &mut BlockReader<'_>) -> Option<Box<dyn Spell>> {
    let name = reader.name();
    let title = reader.title().to_owned();
    // A description is prose: no quotes.
    let plain_title = title.replace('"', "");
    let vcn = reader.optional("vcn", reference);
    let kind = reader.required("role", "\"application\"", word(role::WORDS));
    let tier = reader.optional("tier", word(role::TIERS));
    let public_ip = reader.optional("public_ip", boolean);
    let chosen = kind.as_ref().map(|kind| role::choose(&title, kind.value, tier.as_ref(), public_ip.as_ref()));
    let role = match chosen {
        Some(Err(problem)) => {
            reader.diagnostics.push(*problem);
            None
        }
        Some(Ok(role)) => Some(role),
        None => None,
    };
    let shape = reader.required("shape", "\"VM.Standard.A1.Flex\"", shape(&INSTANCES));
    let size = size(reader, shape.as_ref(), &INSTANCES);
    let given_image = reader.has("image");
    let purpose = format!("OCID of the image that {plain_title} boots from");
    let image = reader.optional("image", Image::read(purpose, &platform_image::OFFER));
    let count = reader.optional("instance_count", integer(0..=MOST_INSTANCES, " instances"));
    let domains = reader.optional("availability_domains", domains);
    let fault_domains = reader.optional("fault_domains", fault_domains);
    let purpose = format!("SSH public key that {plain_title} accepts");
    let ssh_public_key = reader.optional("ssh_public_key", public_key(purpose));
    let purpose = format!("What cloud-init does on {plain_title}");
    let (cloud_init, files) = reader.optional("cloud_init", cloud_init::read(purpose)).map(|at| at.value).unzip();
    let in_transit = reader.optional("in_transit_encryption", boolean);
    let agent_plugins = reader.optional("agent_plugins", agent::plugins);
    let nsg_ids = own_nsgs::read(reader, &INSTANCES, &["the NSG of its role"]);
    let relations = relations::read(reader);
    let identity = Identity::read(reader, contract::COMPUTE_INSTANCE);
    let boot_volume = reader.block("boot_volume", |volume| BootVolume::read(volume, true));
    let mut volumes = reader.blocks("volume", |volume| Volume::read(volume, shape.as_ref()));
    volumes::check(&title, &volumes, reader.diagnostics);
    volumes.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    check_encryption(&title, in_transit.as_ref(), shape.as_ref(), reader.diagnostics);
    let is_virtual = shape.as_ref().is_some_and(|shape| !shape.value.is_bare_metal());
    Some(Box::new(ComputeInstance {
        vcn,
        // What is wrong has been said; then nothing is built.
        role: role.unwrap_or(&compute::APPLICATION),
        shape: shape.map_or_else(|| Shape(String::new()), |at| at.value),
        size,
        image: image.filter(|_| given_image).map_or(Image::Newest(None), |at| at.value),
        instance_count: count.unwrap_or_else(|| At::new(1, name.span.clone())),
        domains: domains.map(|at| at.value).unwrap_or_default(),
        fault_domains: fault_domains.map_or_else(|| FAULT_DOMAINS.to_vec(), |at| at.value),
        ssh_public_key: ssh_public_key.map(|at| at.value),
        cloud_init,
        files: files.unwrap_or_default(),
        boot_volume: boot_volume.unwrap_or_default(),
        volumes,
        nsg_ids,
        in_transit_encryption: is_virtual.then(|| in_transit.is_none_or(|at| at.value)),
        agent_plugins: agent_plugins.map(|at| at.value).unwrap_or_default(),
        relations,
        identity,
    }))
}

/// The hypervisor encrypts, and bare metal has none.
fn check_encryption(
    title: &str,
    in_transit: Option<&At<bool>>,
    shape: Option<&At<Shape>>,
    diagnostics: &mut Diagnostics,
) {
    let (Some(given), Some(shape)) = (in_transit, shape.filter(|shape| shape.value.is_bare_metal())) else { return };
    diagnostics.push(
        Diagnostic::error(given.span.clone(), format!("`in_transit_encryption` of {title} can't be set"))
            .label("the hypervisor encrypts, and bare metal has none")
            .related(shape.span.clone(), "the shape")
            .help("leave it out, or take a shape that begins with `VM.`"),
    );
}
