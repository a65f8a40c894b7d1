//! Reads one of some words, such as `"public"` or `"private"`.

use super::Field;
use super::value::string;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, quoted};

/// What one of the `known` words stands for.
pub fn word<T: Copy>(known: &'static [(&'static str, T)]) -> impl Fn(&Field<'_>, &mut Diagnostics) -> Option<T> {
    move |field, diagnostics| {
        let words = || known.iter().map(|(word, _)| *word);
        let example = known.first().map(|(word, _)| quoted(word)).unwrap_or_default();
        let text = string(&example)(field, diagnostics)?;
        if let Some((_, meaning)) = known.iter().find(|(word, _)| *word == text) {
            return Some(*meaning);
        }
        let label = match nearest(&text, words()) {
            Some(near) => format!("did you mean {}?", quoted(near)),
            None => "unknown word".to_owned(),
        };
        let words: Vec<_> = words().map(quoted).collect();
        let choice = match words.split_last() {
            Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
            _ => words.concat(),
        };
        diagnostics.push(
            Diagnostic::error(
                field.span.clone(),
                format!("{} of {} can't be {}", field.subject, field.owner, quoted(&text)),
            )
            .label(label)
            .help(format!("write {choice}")),
        );
        None
    }
}
