//! A `scalable_workload` block: what may stand in it.

use super::autoscaling::Autoscaling;
use super::balancer::Balancer;
use super::{Count, ScalableWorkload};
use crate::contract;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::facts::limits;
use crate::spec::value::{boolean, integer, reference};
use crate::spec::word::word;
use crate::spec::{BlockReader, Field};
use crate::spells::identity::Identity;
use crate::spells::instances::boot_volume::BootVolume;
use crate::spells::instances::domains::{domains, fault_domains};
use crate::spells::instances::image::Image;
use crate::spells::instances::keys::public_key;
use crate::spells::instances::platform_image::OFFER;
use crate::spells::instances::shape::{shape, size};
use crate::spells::instances::{INSTANCES, cloud_init, own_nsgs};
use crate::spells::{Spell, relations};
use crate::topology::Tier;

/// Where instances may be: behind their load balancer, never beside it.
const TIERS: &[(&str, Tier)] = &[("private", Tier::Private), ("secure", Tier::Secure)];

/// What every instance is in.
const OURS: [&str; 1] = ["the instance NSG of the workload"];

pub fn read(reader: &mut BlockReader<'_>) -> Option<Box<dyn Spell>> {
    let title = reader.title().to_owned();
    // A description is prose: no quotes.
    let plain = title.replace('"', "");
    let vcn = reader.optional("vcn", reference);
    let tier = reader.optional("tier", tier);
    let shape = reader.required("shape", "\"VM.Standard.E5.Flex\"", shape(&INSTANCES));
    let machine_size = size(reader, shape.as_ref(), &INSTANCES);
    let purpose = format!("OCID of the image that the instances of {plain} boot from");
    let given_image = reader.has("image");
    let image = reader.optional("image", Image::read(purpose, &OFFER));
    let pin_image = reader.optional("pin_image", boolean);
    let purpose = format!("SSH public key that the instances of {plain} accept");
    let ssh_public_key = reader.optional("ssh_public_key", public_key(purpose));
    let purpose = format!("What cloud-init does on the instances of {plain}");
    let (cloud_init, files) = reader.optional("cloud_init", cloud_init::read(purpose)).map(|at| at.value).unzip();
    let boot_volume = reader.block("boot_volume", |volume| BootVolume::read(volume, false));
    let in_transit = reader.optional("in_transit_encryption", boolean);
    let availability_domains = reader.optional("availability_domains", domains);
    let fault_domains = reader.optional("fault_domains", fault_domains);
    let nsg_ids = own_nsgs::read(reader, &INSTANCES, &OURS);
    let relations = relations::read(reader);
    let identity = Identity::read(reader, contract::SCALABLE_WORKLOAD);
    refuse_public_address(reader);
    let count = count(reader);
    let has_balancer = reader.has_block("load_balancer");
    let balancer = reader.block("load_balancer", Balancer::read);
    if has_balancer && balancer.is_none() {
        return None;
    }
    Some(Box::new(ScalableWorkload {
        vcn,
        tier: tier.map_or(Tier::Private, |at| at.value),
        shape: shape?.value,
        machine_size,
        image: if given_image { image?.value } else { Image::Newest(None) },
        pin_image: pin_image.is_some_and(|at| at.value),
        ssh_public_key: ssh_public_key.map(|at| at.value),
        cloud_init,
        files: files.unwrap_or_default(),
        boot_volume: boot_volume.unwrap_or_default(),
        in_transit_encryption: in_transit.is_none_or(|at| at.value),
        availability_domains: availability_domains.map(|at| at.value).unwrap_or_default(),
        fault_domains: fault_domains.map(|at| at.value).unwrap_or_default(),
        nsg_ids,
        count: count?,
        balancer,
        relations,
        identity,
    }))
}

fn tier(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Tier> {
    let label = match field.expression.as_str() {
        Some("public") => "load balancers stand there, and the instances behind them",
        Some("management") => "operators' hosts are there: `compute_instance` with `role = \"management\"`",
        _ => return word(TIERS)(field, diagnostics),
    };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("instances of {} can't be in that tier", field.owner))
            .label(label)
            .help("write \"private\", with a way out through the NAT Gateway, or \"secure\", with none"),
    );
    None
}

/// `size`, or an `autoscaling` block, with where the most is said.
fn count(reader: &mut BlockReader<'_>) -> Option<Count> {
    let has_block = reader.has_block("autoscaling");
    let size = reader.optional("size", integer(0..=limits::INSTANCES_PER_POOL, " instances"));
    let scaling = reader.block("autoscaling", Autoscaling::read);
    let (title, here) = (reader.title().to_owned(), reader.name().span);
    match (size, scaling) {
        (Some(size), scaling) if has_block => {
            let mut diagnostic = Diagnostic::error(
                size.span,
                format!("{title} has a `size`, and an `autoscaling` block that changes it"),
            )
            .label("each apply would undo the autoscaler")
            .help("take one of the two out; `initial` in the block is the size at first");
            if let Some(scaling) = scaling {
                diagnostic = diagnostic.related(scaling.span, "the block");
            }
            reader.diagnostics.push(diagnostic);
            None
        }
        (Some(size), _) => Some(Count::Fixed(size)),
        (None, Some(scaling)) => Some(Count::Scaled(scaling)),
        (None, None) => {
            if !has_block && !reader.has("size") {
                reader.diagnostics.push(
                    Diagnostic::error(here, format!("{title} does not say how many instances there are"))
                        .label("neither `size` nor `autoscaling`")
                        .help("add `size = 2`, or `autoscaling { ... }`"),
                );
            }
            None
        }
    }
}

/// Others have public addresses; these are reached through their load balancer.
fn refuse_public_address(reader: &mut BlockReader<'_>) {
    let Some(span) = reader.refuse("public_ip") else { return };
    let message = format!("the instances of {} can't have public addresses", reader.title());
    reader.diagnostics.push(
        Diagnostic::error(span, message)
            .label("they are in a tier whose subnet prohibits them")
            .help("let `load_balancer { access = \"public\" }` have one; for an instance that is reached directly write a `compute_instance`"),
    );
}
