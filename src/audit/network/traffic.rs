//! Which traffic a rule is about. What can't be read of it is any traffic that
//! it can be, and then the rule is not certain.

use crate::audit::document::block::{Attribute, Block, Blocks};
use crate::audit::document::shown;
use crate::audit::references::reader::Reader;
use crate::diagnostic::quoted;
use crate::prove::May;
use crate::prove::network::{Layer, Ports, Traffic};
use serde_json::Value;

pub const ALL_PORTS: Ports = Ports { min: 0, max: u16::MAX };

const SOURCE_PORTS: &str = "source_port_range";

const ANY_TRAFFIC: &str = "it is known only after the apply; any traffic is possible";

pub fn traffic<'a>(
    reader: &mut Reader<'_, 'a>,
    block: &Block<'_, 'a>,
    layer: Layer,
    is_certain: &mut bool,
) -> Option<Traffic> {
    let protocol = match block.get("protocol") {
        Attribute::Known(Value::String(text)) => text.to_ascii_lowercase(),
        Attribute::Known(Value::Number(number)) => number.to_string(),
        Attribute::Known(_) | Attribute::Absent => String::new(),
        Attribute::Unknown => {
            reader.note_as(block, "protocol", ANY_TRAFFIC, May::Nothing);
            *is_certain = false;
            return Some(Traffic::All);
        }
    };
    match (protocol.as_str(), protocol.parse()) {
        ("all", _) => Some(Traffic::All),
        (_, Ok(1)) => icmp(reader, block, is_certain),
        (_, Ok(6)) => ports(reader, block, "tcp_options", layer, is_certain)
            .map(|(source, destination)| Traffic::Tcp { source, destination }),
        (_, Ok(17)) => ports(reader, block, "udp_options", layer, is_certain)
            .map(|(source, destination)| Traffic::Udp { source, destination }),
        (_, Ok(number)) => Some(Traffic::Protocol(number)),
        _ => {
            let why = format!("{} is neither a protocol's number nor `all`; the rule is left out", quoted(&protocol));
            reader.note(block, "protocol", why);
            None
        }
    }
}

fn icmp<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, is_certain: &mut bool) -> Option<Traffic> {
    let every = Traffic::Icmp { kind: None, code: None };
    let options = match options(reader, block, "icmp_options")? {
        Part::Known(options) => options,
        Part::Absent => return Some(every),
        Part::Unknown => {
            *is_certain = false;
            return Some(every);
        }
    };
    let kind = match number(reader, &options, "type", 0, 255)? {
        Part::Known(kind) => u8::try_from(kind).ok()?,
        Part::Absent => {
            reader.note(&options, "type", "it is not set; the rule is left out");
            return None;
        }
        Part::Unknown => {
            *is_certain = false;
            return Some(every);
        }
    };
    // The provider writes -1 for every code.
    let code = match number(reader, &options, "code", -1, 255)? {
        Part::Known(code) => u8::try_from(code).ok(),
        Part::Absent => None,
        Part::Unknown => {
            *is_certain = false;
            None
        }
    };
    Some(Traffic::Icmp { kind: Some(kind), code })
}

/// Source and destination ports.
fn ports<'a>(
    reader: &mut Reader<'_, 'a>,
    block: &Block<'_, 'a>,
    name: &str,
    layer: Layer,
    is_certain: &mut bool,
) -> Option<(Ports, Ports)> {
    let options = match options(reader, block, name)? {
        Part::Known(options) => options,
        Part::Absent => return Some((ALL_PORTS, ALL_PORTS)),
        Part::Unknown => {
            *is_certain = false;
            return Some((ALL_PORTS, ALL_PORTS));
        }
    };
    let source = match options.get(SOURCE_PORTS) {
        // The provider leaves an unset UDP range unknown until the apply, where
        // it becomes all ports.
        Attribute::Unknown if name == "udp_options" && !options.is_seen_configured(SOURCE_PORTS) => ALL_PORTS,
        _ => range(reader, &options, SOURCE_PORTS, is_certain)?,
    };
    // `tcp_options { destination_port_range { min max } }` in an NSG, and
    // `tcp_options { min max }` in a security list.
    let destination = match layer {
        Layer::Nsg => range(reader, &options, "destination_port_range", is_certain)?,
        Layer::SecurityList => bounds(reader, &options, is_certain)?,
    };
    Some((source, destination))
}

fn range<'a>(reader: &mut Reader<'_, 'a>, options: &Block<'_, 'a>, name: &str, is_certain: &mut bool) -> Option<Ports> {
    match self::options(reader, options, name)? {
        Part::Known(range) => bounds(reader, &range, is_certain),
        Part::Absent => Some(ALL_PORTS),
        Part::Unknown => {
            *is_certain = false;
            Some(ALL_PORTS)
        }
    }
}

fn bounds<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, is_certain: &mut bool) -> Option<Ports> {
    let mut bound = |name| match number(reader, block, name, 0, 65535)? {
        Part::Known(number) => Some(Some(number)),
        Part::Absent => Some(Some(0)),
        Part::Unknown => Some(None),
    };
    let (Some(min), Some(max)) = (bound("min")?, bound("max")?) else {
        *is_certain = false;
        return Some(ALL_PORTS);
    };
    match (u16::try_from(min).ok()?, u16::try_from(max).ok()?) {
        // How the provider writes that there is no range.
        (0, 0) => Some(ALL_PORTS),
        (min, max) if min <= max => Some(Ports { min, max }),
        (min, max) => {
            reader.note(block, "max", format!("the range {min}-{max} is empty; the rule is left out"));
            None
        }
    }
}

/// A part of a rule.
enum Part<T> {
    Known(T),
    Absent,
    /// It may be anything; this has been recorded.
    Unknown,
}

/// The only block of a name; `None` if it can't be read.
fn options<'s, 'a>(reader: &mut Reader<'_, 'a>, block: &Block<'s, 'a>, name: &str) -> Option<Part<Block<'s, 'a>>> {
    match block.blocks(name) {
        Blocks::Known(blocks) if blocks.len() < 2 && !blocks.iter().any(Block::is_odd) => {
            Some(blocks.into_iter().next().map_or(Part::Absent, Part::Known))
        }
        Blocks::Known(_) | Blocks::Odd(_) => {
            reader.note(block, name, "it is not one block; the rule is left out");
            None
        }
        Blocks::Unknown => {
            reader.note_as(block, name, ANY_TRAFFIC, May::Nothing);
            Some(Part::Unknown)
        }
    }
}

/// A whole number within bounds; `None` if it is anything else, which is
/// recorded as unresolved.
fn number<'a>(
    reader: &mut Reader<'_, 'a>,
    block: &Block<'_, 'a>,
    name: &str,
    least: i64,
    most: i64,
) -> Option<Part<i64>> {
    let value = match block.get(name) {
        Attribute::Absent => return Some(Part::Absent),
        Attribute::Unknown if !block.is_configured(name) => return Some(Part::Absent),
        Attribute::Unknown => {
            reader.note_as(block, name, ANY_TRAFFIC, May::Nothing);
            return Some(Part::Unknown);
        }
        Attribute::Known(value) => value,
    };
    if let Some(number) = value.as_i64().filter(|number| (least..=most).contains(number)) {
        return Some(Part::Known(number));
    }
    let why = format!("{} is not a number from {least} to {most}; the rule is left out", shown(value));
    reader.note(block, name, why);
    None
}
