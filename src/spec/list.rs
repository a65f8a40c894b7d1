//! Reads literal lists, an item at a time.

use super::Field;
use super::value::wrong_type;
use crate::diagnostic::{Diagnostic, Diagnostics};
use hcl_edit::Span as _;
use std::collections::BTreeMap;

/// The items of a list that is neither empty nor has anything twice, as it is
/// written. `example` is such a list.
pub fn items<T>(
    field: &Field<'_>,
    example: &str,
    diagnostics: &mut Diagnostics,
    mut read: impl FnMut(&Field<'_>, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<T>> {
    let Some(array) = field.expression.as_array() else {
        diagnostics.push(wrong_type(field, "a list", example));
        return None;
    };
    if array.is_empty() {
        diagnostics.push(
            Diagnostic::error(field.span.clone(), format!("{} of {} is an empty list", field.subject, field.owner))
                .label("says nothing")
                .help(format!("leave it out, or write for example {example}")),
        );
        return None;
    }
    let mut found = Vec::new();
    let mut seen = BTreeMap::new();
    for item in array {
        let span = item.span().unwrap_or_else(|| field.span.clone());
        let subject = format!("an item of {}", field.subject);
        let one = Field { expression: item, span: span.clone(), subject, ..field.clone() };
        let read = read(&one, diagnostics);
        if let Some(first) = seen.insert(item.to_string().trim().to_owned(), span.clone()) {
            diagnostics.push(
                Diagnostic::error(span, format!("{} appears twice", one.subject))
                    .label("again")
                    .related(first, "first here")
                    .help("keep one of them"),
            );
        } else {
            found.extend(read);
        }
    }
    (found.len() == array.len()).then_some(found)
}
