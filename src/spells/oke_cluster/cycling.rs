//! Nodes that OKE replaces by itself after a change of their pool: of enhanced
//! clusters only.

use super::cluster_type::{ClusterType, needs_enhanced};
use crate::diagnostic::{At, Diagnostic, Diagnostics, quoted};
use crate::graph::{Body, Value};
use crate::spec::list::items;
use crate::spec::object::members;
use crate::spec::value::{boolean, string};
use crate::spec::word::word;
use crate::spec::{BlockReader, Field};
use crate::topology::Name;
use hcl_edit::expr::Expression;

const EXAMPLE: &str = "{ maximum_surge = \"1\", maximum_unavailable = \"0\" }";

/// Oracle, Container Engine API, `NodePoolCyclingDetails`.
const MODES: &[(&str, &str)] =
    &[("INSTANCE_REPLACE", "INSTANCE_REPLACE"), ("BOOT_VOLUME_REPLACE", "BOOT_VOLUME_REPLACE")];

#[derive(Default)]
pub struct Cycling {
    surge: Option<String>,
    unavailable: Option<String>,
    modes: Vec<&'static str>,
}

/// `None` where nodes are left alone.
pub fn read(reader: &mut BlockReader<'_>, kind: Option<&At<ClusterType>>, cluster: &At<Name>) -> Option<Cycling> {
    let title = reader.title().to_owned();
    let At { value, span } = reader.optional("node_cycling", cycling)?;
    let cycling = value?;
    if let Some(problem) = needs_enhanced(&format!("`node_cycling` of {title}"), span, kind, cluster) {
        reader.diagnostics.push(problem);
    }
    Some(cycling)
}

fn cycling(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Option<Cycling>> {
    if !matches!(field.expression, Expression::Object(_)) {
        return Some(boolean(field, diagnostics)?.then(Cycling::default));
    }
    let mut cycling = Cycling::default();
    for (name, field) in members(field, &["maximum_surge", "maximum_unavailable", "cycle_modes"], EXAMPLE, diagnostics)?
    {
        match name {
            "maximum_surge" => cycling.surge = Some(share(&field, diagnostics)?),
            "maximum_unavailable" => cycling.unavailable = Some(share(&field, diagnostics)?),
            _ => cycling.modes = items(&field, "[\"BOOT_VOLUME_REPLACE\"]", diagnostics, word(MODES))?,
        }
    }
    let is_none = |share: &str| share.trim_end_matches('%') == "0";
    // What OKE takes where nothing is said: 1 and 0.
    let (surge, unavailable) = (cycling.surge.as_deref().unwrap_or("1"), cycling.unavailable.as_deref().unwrap_or("0"));
    if is_none(surge) && is_none(unavailable) {
        diagnostics.push(
            Diagnostic::error(field.span.clone(), format!("{} of {} can't go on", field.subject, field.owner))
                .label("no node may be added, and none be missing")
                .help(format!("for example {EXAMPLE}; these are OKE's own where they are left out")),
        );
        return None;
    }
    Some(Some(cycling))
}

/// A number of nodes, or a share of the pool in percent, as a text.
fn share(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = string("\"1\" or \"25%\"")(field, diagnostics)?;
    let digits = text.strip_suffix('%').unwrap_or(&text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    let most = if digits.len() == text.len() { 1000 } else { 100 };
    if plain && digits.parse().is_ok_and(|number: u64| number <= most) {
        return Some(text);
    }
    diagnostics.push(
        Diagnostic::error(
            field.span.clone(),
            format!("{} of {} can't be {}", field.subject, field.owner, quoted(&text)),
        )
        .label("neither a number of nodes nor a percentage")
        .help("write for example \"1\" or \"25%\""),
    );
    None
}

impl Cycling {
    pub fn block(&self) -> Body {
        let modes = self.modes.iter().map(|mode| (*mode).into()).collect();
        let body = Body::default().attribute("is_node_cycling_enabled", Value::Bool(true));
        let parts = [
            ("maximum_surge", self.surge.as_deref().map(Value::from)),
            ("maximum_unavailable", self.unavailable.as_deref().map(Value::from)),
            ("cycle_modes", (!self.modes.is_empty()).then_some(Value::List(modes))),
        ];
        parts.into_iter().fold(body, |body, (name, value)| match value {
            Some(value) => body.attribute(name, value),
            None => body,
        })
    }
}
