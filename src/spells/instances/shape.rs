//! The shape of machines, and the size of a flexible one.

use super::Machines;
use crate::diagnostic::{At, Diagnostic, Diagnostics, nearest, quoted};
use crate::facts::shapes;
use crate::spec::value::{integer, string};
use crate::spec::{BlockReader, Field};
use crate::topology::{MEMORY_PER_OCPU_GB, Shape, limits};

/// A shape's name, such as `VM.Standard.A1.Flex`.
pub fn shape(machines: &'static Machines) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<Shape> {
    |field, diagnostics| read(field, machines, diagnostics)
}

fn read(field: &Field<'_>, machines: &Machines, diagnostics: &mut Diagnostics) -> Option<Shape> {
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
        warn_unknown(&shape, field, machines, diagnostics);
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
fn warn_unknown(shape: &Shape, field: &Field<'_>, machines: &Machines, diagnostics: &mut Diagnostics) {
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
        .help(format!("leave it if it is new: {}", machines.new_shape)),
    );
}

/// OCPUs and GB of memory, which a Flex shape needs and no other takes.
pub fn size(reader: &mut BlockReader<'_>, shape: Option<&At<Shape>>, machines: &Machines) -> Option<(u64, u64)> {
    let size = shape.and_then(|shape| read_size(reader, shape, machines));
    // Known attributes, also where there is no shape to size.
    reader.ask_for("ocpus");
    reader.ask_for("memory_in_gbs");
    size
}

fn read_size(reader: &mut BlockReader<'_>, shape: &At<Shape>, machines: &Machines) -> Option<(u64, u64)> {
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
    check_size(shape, &ocpus, &memory, machines, reader.diagnostics);
    Some((ocpus.value, memory.value))
}

fn check_size(
    shape: &At<Shape>,
    ocpus: &At<u64>,
    memory: &At<u64>,
    machines: &Machines,
    diagnostics: &mut Diagnostics,
) {
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
            let message =
                format!("a \"{name}\" {} with {} {unit} is larger than Oracle's list allows", machines.word, at.value);
            diagnostics.push(
                Diagnostic::warning(at.span.clone(), message)
                    .label(format!("at most {most} in {}", shapes::AS_OF))
                    .related(shape.span.clone(), "the shape")
                    .help(format!("write {most} or less, unless Oracle has more by now")),
            );
        }
    }
}
