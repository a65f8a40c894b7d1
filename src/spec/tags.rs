//! Reads tags: maps that go on resources.

use super::value::{literal_key, wrong_type};
use super::{Field, VariableType, VariableUse, expression};
use crate::diagnostic::{At, Diagnostic, Diagnostics, Span, quoted};
use crate::facts::limits;
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Object};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The user's tags: an object whose keys are known, or an expression that
/// gives a map when it is evaluated.
#[derive(Debug, Clone)]
pub enum Tags {
    Literal(Vec<(String, Arc<Expression>)>),
    Computed(Arc<Expression>),
}

/// The two kinds of tags that OCI has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagKind {
    Freeform,
    Defined,
}

/// Reads `freeform_tags` or `defined_tags` of `purpose`, the block in prose.
pub fn tags(
    purpose: String,
    kind: TagKind,
    most: usize,
) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<(Tags, Vec<VariableUse>)> {
    move |field, diagnostics| match field.expression {
        Expression::Object(object) if object.iter().all(|(key, _)| literal_key(key).is_some()) => {
            literal(field, object, &purpose, kind, most, diagnostics)
        }
        Expression::Null(_)
        | Expression::Bool(_)
        | Expression::Number(_)
        | Expression::String(_)
        | Expression::Array(_)
        | Expression::StringTemplate(_)
        | Expression::HeredocTemplate(_) => {
            diagnostics.push(wrong_type(field, "an object, or an expression that gives a map", "{ team = \"web\" }"));
            None
        }
        _ => {
            let (words, expected) = match kind {
                TagKind::Freeform => ("Free-form", VariableType::FreeformTags),
                TagKind::Defined => ("Defined", VariableType::DefinedTags),
            };
            if kind == TagKind::Defined {
                let keys = literal_keys(field.expression).into_iter().filter(|key| !is_defined_tag_key(&key.value));
                for key in keys {
                    diagnostics.push(
                        Diagnostic::error(key.span, format!("tag {} can't be set", quoted(&key.value)))
                            .label(DEFINED_KEY)
                            .help(DEFINED_FORM),
                    );
                }
            }
            let purpose = format!("{words} tags of {purpose}");
            let read = expression::read(field, &expected, &purpose, diagnostics)?;
            Some((Tags::Computed(read.expression), read.uses))
        }
    }
}

fn literal(
    field: &Field<'_>,
    object: &Object,
    purpose: &str,
    kind: TagKind,
    most: usize,
    diagnostics: &mut Diagnostics,
) -> Option<(Tags, Vec<VariableUse>)> {
    if object.len() > most {
        let help = match kind {
            TagKind::Freeform => "OCI takes 10 free-form tags on a resource, of which cloudspells sets up to 4",
            TagKind::Defined => "OCI takes 64 defined tags on a resource",
        };
        diagnostics.push(
            Diagnostic::error(
                field.span.clone(),
                format!("{} of {} has {} tags", field.subject, field.owner, object.len()),
            )
            .label(format!("at most {most} fit"))
            .help(help),
        );
        return None;
    }
    let mut tags: Vec<(String, Arc<Expression>)> = Vec::new();
    let mut seen: BTreeMap<String, (String, Span)> = BTreeMap::new();
    let mut uses = Vec::new();
    let mut complete = true;
    for (key, value) in object {
        let key_span = key.span().unwrap_or_else(|| field.span.clone());
        let span = value.expr().span().unwrap_or_else(|| key_span.clone());
        let key = literal_key(key).unwrap_or_default();
        // OCI takes keys of defined tags for equal that differ in case only.
        let same = if kind == TagKind::Defined { key.to_ascii_lowercase() } else { key.clone() };
        if let Some((first_key, first)) = seen.insert(same, (key.clone(), key_span.clone())) {
            let message = format!("tag {} appears twice", quoted(&key));
            diagnostics.push(
                Diagnostic::error(key_span, message)
                    .label(if first_key == key { "again" } else { "again: OCI looks at no case in these keys" })
                    .related(first, "first here")
                    .help("keep one of them"),
            );
            complete = false;
            continue;
        }
        if let Some((at, problem, help)) = problem(&key, key_span, value.expr(), &span, kind) {
            diagnostics
                .push(Diagnostic::error(at, format!("tag {} can't be set", quoted(&key))).label(problem).help(help));
            complete = false;
        }
        let subject = format!("tag {}", quoted(&key));
        let item = Field { expression: value.expr(), span, subject, ..field.clone() };
        if matches!(value.expr(), Expression::Array(_) | Expression::Object(_) | Expression::Null(_)) {
            diagnostics.push(wrong_type(&item, "a string", "a string in quotes, or an expression that gives one"));
            complete = false;
            continue;
        }
        let purpose = format!("Tag {key} of {purpose}");
        match expression::read(&item, &VariableType::String { ocid: None }, &purpose, diagnostics) {
            Some(read) => {
                uses.extend(read.uses);
                tags.push((key, read.expression));
            }
            None => complete = false,
        }
    }
    complete.then_some((Tags::Literal(tags), uses))
}

/// The keys that an expression shows, wherever its value is put together.
pub fn literal_keys(expression: &Expression) -> Vec<At<String>> {
    match expression {
        Expression::Object(object) => {
            let keys = object.iter().map(|(key, _)| (literal_key(key), key.span().unwrap_or_default()));
            keys.filter_map(|(key, span)| Some(At::new(key?, span))).collect()
        }
        Expression::Parenthesis(inner) => literal_keys(inner.inner()),
        Expression::Conditional(node) => {
            [&node.true_expr, &node.false_expr].into_iter().flat_map(literal_keys).collect()
        }
        Expression::FuncCall(call) if matches!(call.name.name.as_str(), "merge" | "tomap" | "try" | "coalesce") => {
            call.args.iter().flat_map(literal_keys).collect()
        }
        _ => Vec::new(),
    }
}

const DEFINED_KEY: &str = "the key of a defined tag is its namespace, a dot and its name";
const DEFINED_FORM: &str = "write \"Namespace.Key\" = \"value\"";

/// Whether a text is a namespace, a dot and a key.
pub fn is_defined_tag_key(text: &str) -> bool {
    let parts = text.split_once('.');
    let well_formed = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    parts.is_some_and(|(namespace, key)| well_formed(namespace) && well_formed(key) && !key.contains('.'))
}

/// Where a tag is wrong, why, and what to write.
fn problem(
    key: &str,
    key_span: Span,
    value: &Expression,
    value_span: &Span,
    kind: TagKind,
) -> Option<(Span, &'static str, &'static str)> {
    let longest = match kind {
        TagKind::Freeform => limits::TAG_KEY_LENGTH,
        // The namespace, a dot and the key.
        TagKind::Defined => 2 * limits::TAG_KEY_LENGTH + 1,
    };
    let form = match kind {
        TagKind::Freeform => "a key has 1 to 100 printable ASCII characters",
        TagKind::Defined => DEFINED_FORM,
    };
    if key.is_empty() {
        Some((key_span, "the key is empty", form))
    } else if key.len() > longest {
        Some((key_span, "the key has more than 100 characters", form))
    } else if !key.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        Some((key_span, "the key has a character outside of printable ASCII", form))
    } else if kind == TagKind::Defined && !is_defined_tag_key(key) {
        Some((key_span, DEFINED_KEY, form))
    } else if value.as_str().is_some_and(|text| text.chars().count() > limits::TAG_VALUE_LENGTH) {
        Some((value_span.clone(), "the value has more than 256 characters", "shorten it: OCI takes 256 characters"))
    } else {
        None
    }
}
