//! Reads the labels of Kubernetes nodes.

use super::Field;
use super::value::{literal_key, string, wrong_type};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::facts::limits;
use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use std::collections::BTreeMap;

/// A literal object of literal strings, each a Kubernetes label.
pub fn node_labels(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<(String, String)>> {
    let Some(object) = field.expression.as_object() else {
        diagnostics.push(wrong_type(field, "an object", "{ team = \"web\" }"));
        return None;
    };
    let mut labels: Vec<(String, String)> = Vec::new();
    let mut seen = BTreeMap::new();
    let mut complete = true;
    for (key, value) in object {
        let span = key.span().unwrap_or_else(|| field.span.clone());
        let value_span = value.expr().span().unwrap_or_else(|| span.clone());
        let Some(key) = literal_key(key) else {
            diagnostics.push(
                Diagnostic::error(span, format!("a key of {} is not written out", field.subject))
                    .label("expected a name or a string in quotes")
                    .help("for example { team = \"web\" }"),
            );
            complete = false;
            continue;
        };
        let subject = format!("label {}", quoted(&key));
        let item = Field { expression: value.expr(), span: value_span.clone(), subject, ..field.clone() };
        let example = match value.expr() {
            Expression::Number(_) | Expression::Bool(_) => format!("\"{}\"", value.expr().to_string().trim()),
            _ => "\"web\"".to_owned(),
        };
        let Some(value) = string(&example)(&item, diagnostics) else {
            complete = false;
            continue;
        };
        let problems =
            [("label", &key, key_problem(&key), &span), ("label value", &value, value_problem(&value), &value_span)];
        for (what, text, problem, at) in problems {
            if let Some(problem) = problem {
                diagnostics.push(
                    Diagnostic::error(at.clone(), format!("{} is not a Kubernetes {what}", quoted(text)))
                        .label(problem)
                        .help("letters, digits, `-`, `_` and `.`, at most 63, a letter or digit at both ends; a key may have a DNS name and a slash in front"),
                );
                complete = false;
            }
        }
        if let Some(first) = seen.insert(key.clone(), span.clone()) {
            let message = format!("label {} appears twice", quoted(&key));
            diagnostics.push(
                Diagnostic::error(span, message).label("again").related(first, "first here").help("keep one of them"),
            );
            complete = false;
        }
        labels.push((key, value));
    }
    complete.then_some(labels)
}

/// What keeps a text from being a label's value.
pub fn value_problem(value: &str) -> Option<&'static str> {
    if value.is_empty() { None } else { name_problem(value) }
}

/// What keeps a text from being a label's key.
pub fn key_problem(key: &str) -> Option<&'static str> {
    let Some((prefix, name)) = key.split_once('/') else { return name_problem(key) };
    let lower = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_dns_name = prefix.len() <= 253 && prefix.split('.').all(|part| !part.is_empty() && part.bytes().all(lower));
    if is_dns_name { name_problem(name) } else { Some("the part before the slash is not a DNS name") }
}

fn name_problem(name: &str) -> Option<&'static str> {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let ends = |c: char| c.is_ascii_alphanumeric();
    if name.len() > limits::LABEL_LENGTH {
        Some("it has more than 63 characters")
    } else if !name.chars().all(inner) {
        Some("it has a character that labels can't have")
    } else if !(name.starts_with(ends) && name.ends_with(ends)) {
        Some("it must begin and end with a letter or digit")
    } else {
        None
    }
}
