//! The VNICs of instance pools and cluster networks: these name the subnets, and
//! their instance configurations the rest.

use super::groups::Placement;
use super::routes::RouteTables;
use super::subnet_tables::own_tables;
use super::vnics::{Places, Vnic, subnets_of};
use crate::audit::document::block::Block;
use crate::audit::document::kind::Want;
use crate::audit::references::reader::{Names, Reader};

const NO_NSGS: &str = "its VNICs are assumed to have no NSG and a public address";

/// The VNICs that an instance pool's configuration describes.
pub fn configured_vnics<'s, 'a>(reader: &mut Reader<'s, 'a>, pool: &Block<'s, 'a>, tables: &RouteTables) -> Vec<Vnic> {
    let resolver = reader.resolver;
    let configurations = reader.instances(pool, "instance_configuration_id", Want::InstanceConfiguration, NO_NSGS);
    let configurations = configurations.into_iter().filter_map(|at| resolver.inventory.instance(at));
    configurations.flat_map(|one| configured(reader, &resolver.block(one), tables)).collect()
}

/// The VNICs that an instance configuration describes: primary and secondary
/// ones, and those of its options.
pub fn configured<'s, 'a>(
    reader: &mut Reader<'s, 'a>,
    configuration: &Block<'s, 'a>,
    tables: &RouteTables,
) -> Vec<Vnic> {
    let mut details = reader.blocks(configuration, "instance_details");
    let options: Vec<_> = details.iter().flat_map(|block| reader.blocks(block, "options")).collect();
    details.extend(options);
    let mut blocks = Vec::new();
    for name in ["launch_details", "secondary_vnics"] {
        let inner: Vec<_> = details.iter().flat_map(|block| reader.blocks(block, name)).collect();
        blocks.extend(inner.iter().flat_map(|block| reader.blocks(block, "create_vnic_details")));
    }
    let mut vnics = Vec::new();
    for block in blocks {
        let (places, nsgs) = (subnets_of(reader, &block, "subnet_id"), reader.addresses(&block, "nsg_ids", Want::Nsg));
        let public_ip = reader.maybe(&block, "assign_public_ip", true);
        let tables = own_tables(reader, &block, tables);
        vnics.push(Vnic { places, nsgs, public_ip, tables });
    }
    vnics
}

/// An instance pool or a cluster network: it names the subnets, and its
/// configurations the rest.
pub fn pool<'s, 'a>(
    reader: &mut Reader<'s, 'a>,
    pool: &Block<'s, 'a>,
    placements: &str,
    vnics: &[Vnic],
) -> Vec<Placement> {
    let mut places = Places::default();
    for placement in reader.blocks(pool, placements) {
        places.extend(subnets_of(reader, &placement, "primary_subnet_id"));
        for name in ["primary_vnic_subnets", "secondary_vnic_subnets"] {
            for vnic in reader.blocks(&placement, name) {
                places.extend(subnets_of(reader, &vnic, "subnet_id"));
            }
        }
    }
    if vnics.is_empty() {
        let vnic = Vnic { places, nsgs: Names::default(), public_ip: true.into(), tables: Vec::new() };
        return vnic.placements(false);
    }
    // Which of its VNICs are in which of its subnets is not said: each may be
    // in each.
    let is_among = vnics.len() > 1;
    let mut found = Vec::new();
    for vnic in vnics {
        let places = if places.is_empty() { vnic.places.clone() } else { places.clone() };
        found.extend(Vnic { places, ..vnic.clone() }.placements(is_among));
    }
    found
}
