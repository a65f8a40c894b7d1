//! Compute shapes that a node may have, and what they can carry.

use crate::body::{default, number, object, text};
use crate::refusals::*;
use crate::wire::Body;

const PODS_A_VNIC: u64 = 31;
const PODS_A_NODE: u64 = 110;
const MEMORY_AN_OCPU: f64 = 64.0;
const VNICS: u64 = 24;

/// A Flex shape and its maxima, or a fixed one and its VNICs.
enum Shape {
    Flex { name: &'static str, ocpus: f64, memory: f64, memory_by_default: f64, vnics_an_ocpu: u64 },
    Fixed { name: &'static str, vnics: u64 },
}

const fn flex(name: &'static str, ocpus: f64, memory: f64, memory_by_default: f64) -> Shape {
    Shape::Flex { name, ocpus, memory, memory_by_default, vnics_an_ocpu: 1 }
}

const fn fixed(name: &'static str, vnics: u64) -> Shape {
    Shape::Fixed { name, vnics }
}

/// Oracle, Compute Shapes.
#[rustfmt::skip]
const SHAPES: &[Shape] = &[
    flex("VM.Standard.A1.Flex",  76.0,  472.0,  6.0),
    flex("VM.Standard.A2.Flex",  78.0,  946.0,  6.0),
    flex("VM.Standard.E3.Flex",  64.0, 1024.0, 16.0),
    flex("VM.Standard.E4.Flex", 114.0, 1760.0, 16.0),
    flex("VM.Standard.E5.Flex", 126.0, 2098.0, 12.0),
    flex("VM.Standard.E6.Flex", 126.0, 1454.0, 11.0),
    flex("VM.Standard.A4.Flex",  45.0,  700.0,  6.0),
    flex("VM.Standard3.Flex",    32.0,  512.0, 16.0),
    Shape::Flex { name: "VM.Optimized3.Flex", ocpus: 18.0, memory: 256.0, memory_by_default: 14.0, vnics_an_ocpu: 2 },
    fixed("VM.GPU.A10.1",           15),
    fixed("VM.Standard2.1",          2),
    fixed("VM.Standard2.2",          2),
    fixed("VM.Standard2.4",          4),
    fixed("VM.Standard2.8",          8),
    fixed("VM.Standard2.16",        16),
    fixed("VM.Standard2.24",        24),
    fixed("VM.Standard.E2.1.Micro",  1),
    fixed("VM.Standard.E2.1",        2),
    fixed("VM.Standard.E2.2",        2),
    fixed("VM.Standard.E2.4",        4),
    fixed("VM.Standard.E2.8",        8),
    fixed("BM.Standard.E4.128",    128),
];

pub fn names() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().map(|shape| match shape {
        Shape::Flex { name, .. } | Shape::Fixed { name, .. } => *name,
    })
}

/// Checks `nodeShape` with its `nodeShapeConfig`, sets the memory where none
/// is given, and says how many pods a node carries.
pub fn check(pool: &mut Body) -> Result<u64, Refusal> {
    let wanted = text(pool, "nodeShape").unwrap_or_default().to_owned();
    let index = names().position(|name| name == wanted).ok_or_else(|| UNKNOWN_SHAPE.with(&[&wanted]))?;
    let config = object(pool, "nodeShapeConfig");
    let vnics = match &SHAPES[index] {
        Shape::Fixed { vnics, .. } => {
            if config.is_some() {
                return Err(FIXED_SHAPE_CONFIG.with(&[&wanted]));
            }
            *vnics
        }
        Shape::Flex { ocpus: most, memory, memory_by_default, vnics_an_ocpu, .. } => {
            let ocpus = config.and_then(|config| number(config, "ocpus"));
            let ocpus = ocpus.ok_or_else(|| FLEX_NEEDS_CONFIG.with(&[&wanted]))?;
            if !(1.0..=*most).contains(&ocpus) {
                return Err(SHAPE_OCPUS.with(&[&wanted, &most.to_string(), &ocpus.to_string()]));
            }
            let (least, most) = (ocpus.max(1.0), memory.min(ocpus * MEMORY_AN_OCPU));
            let given = config.and_then(|config| number(config, "memoryInGBs")).unwrap_or(ocpus * memory_by_default);
            if !(least..=most).contains(&given) {
                let words = [ocpus, least, most, given].map(|number| number.to_string());
                return Err(SHAPE_MEMORY.with(&[&wanted, &words[0], &words[1], &words[2], &words[3]]));
            }
            if let Some(config) = pool.get_mut("nodeShapeConfig").and_then(serde_json::Value::as_object_mut) {
                default(config, "memoryInGBs", given);
            }
            // Whole OCPUs, at most 126 of them.
            (ocpus as u64 * vnics_an_ocpu).clamp(2, VNICS)
        }
    };
    Ok(((vnics - 1) * PODS_A_VNIC).min(PODS_A_NODE))
}
