//! Reads a literal object with keys of ours, such as `{ min = 1, max = 5 }`.

use super::Field;
use super::value::{literal_key, wrong_type};
use crate::diagnostic::{Diagnostic, Diagnostics, listed, nearest, quoted};
use hcl_edit::Span as _;

/// The members of such an object, each under one of the `known` keys. None if it
/// has others, or one twice.
pub fn members<'a>(
    field: &Field<'a>,
    known: &[&'static str],
    example: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<(&'static str, Field<'a>)>> {
    let Some(object) = field.expression.as_object() else {
        diagnostics.push(wrong_type(field, "an object", example));
        return None;
    };
    let mut members: Vec<(&'static str, Field<'a>)> = Vec::new();
    let mut complete = true;
    for (key, value) in object {
        let key_span = key.span().unwrap_or_else(|| field.span.clone());
        let Some(text) = literal_key(key) else {
            diagnostics.push(
                Diagnostic::error(key_span, format!("a key of {} of {} is an expression", field.subject, field.owner))
                    .label("not a key that is written out")
                    .help(format!("write keys without parentheses: {example}")),
            );
            complete = false;
            continue;
        };
        let Some(name) = known.iter().copied().find(|name| *name == text) else {
            let label = match nearest(&text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "unknown key".to_owned(),
            };
            diagnostics.push(
                Diagnostic::error(
                    key_span,
                    format!("{} of {} has no key {}", field.subject, field.owner, quoted(&text)),
                )
                .label(label)
                .help(format!("its keys are {}: {example}", listed(known.iter().copied()))),
            );
            complete = false;
            continue;
        };
        if let Some((_, first)) = members.iter().find(|(other, _)| *other == name) {
            diagnostics.push(
                Diagnostic::error(key_span, format!("`{name}` appears twice in {}", field.subject))
                    .label("again")
                    .related(first.span.clone(), "first here")
                    .help("keep one of them"),
            );
            complete = false;
            continue;
        }
        let span = value.expr().span().unwrap_or(key_span);
        let subject = format!("`{name}` in {}", field.subject);
        members.push((name, Field { expression: value.expr(), span, subject, ..field.clone() }));
    }
    complete.then_some(members)
}
