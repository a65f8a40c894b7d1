//! Reads one attribute's value where the tool must reason about it: literals
//! only, each with the diagnostic that helps.

use super::{Field, Passthrough, VariableType, expression};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::facts::limits;
use crate::name::Name;
use crate::quote::{is_deceptive, is_invisible};
use crate::symbols::{Mention, Reference, Referent};
use crate::syntax;
use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use std::ops::RangeInclusive;

/// A literal string, without characters that deceive a reader. `example` is
/// such a string, in quotes.
pub fn string(example: &str) -> impl Fn(&Field<'_>, &mut Diagnostics) -> Option<String> {
    move |field, diagnostics| {
        let Some(text) = field.expression.as_str() else {
            // A bare word only lacks its quotes: suggest it as it is.
            let bare =
                matches!(field.expression, Expression::BinaryOp(_) | Expression::Number(_) | Expression::Variable(_));
            let mut diagnostic = wrong_type(field, "a string in quotes", example);
            if bare {
                let text = field.expression.to_string();
                diagnostic = diagnostic.help(format!("put it in quotes: {}", quoted(text.trim())));
            }
            diagnostics.push(diagnostic);
            return None;
        };
        if let Some(problem) = deceptive(text) {
            diagnostics.push(
                Diagnostic::error(field.span.clone(), format!("{} contains {problem}", field.subject))
                    .label("can't be shown safely")
                    .help("remove the character"),
            );
            return None;
        }
        Some(text.to_owned())
    }
}

/// A literal string of 1 to 255 characters on one line: what OCI shows as a name.
pub fn display_name(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = string("\"lab-k8s\"")(field, diagnostics)?;
    let length = text.chars().count();
    let problem = if text.trim().is_empty() {
        "it is empty".to_owned()
    } else if length > limits::DISPLAY_NAME_LENGTH {
        format!("it has {length} characters; OCI takes {}", limits::DISPLAY_NAME_LENGTH)
    } else if text.contains(['\n', '\t']) {
        "it has a line break or tab".to_owned()
    } else {
        return Some(text);
    };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("this {} of {} can't be used", field.subject, field.owner))
            .label(problem)
            .help("write 1 to 255 characters on one line"),
    );
    None
}

/// `true` or `false`.
pub fn boolean(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<bool> {
    let value = field.expression.as_bool();
    if value.is_none() {
        diagnostics.push(wrong_type(field, "true or false", "true or false"));
    }
    value
}

/// A whole number in a range.
pub fn integer(
    range: RangeInclusive<u64>,
    unit: &'static str,
) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<u64> {
    move |field, diagnostics| {
        let bounds = format!("a whole number from {} to {}{unit}", range.start(), range.end());
        let Expression::Number(written) = field.expression else {
            let literal = field.expression.as_str().filter(|text| text.parse::<u64>().is_ok());
            let example = match literal {
                Some(text) => format!("{text} without quotes"),
                None => bounds.clone(),
            };
            let diagnostic = wrong_type(field, &bounds, &example);
            // `-3` is an operator and a number.
            let negative = matches!(field.expression, Expression::UnaryOp(_));
            diagnostics.push(if negative { diagnostic.label("this is negative") } else { diagnostic });
            return None;
        };
        let number = written.value();
        // `3.0` is 3.
        let whole_float = number.as_f64().filter(|n| n.fract() == 0.0 && (0.0..1e15).contains(n)).map(|n| n as u64);
        if let Some(value) = number.as_u64().or(whole_float).filter(|n| range.contains(n)) {
            return Some(value);
        }
        let written = syntax::number(written);
        let whole = number.as_u64().is_some() || number.as_f64().is_some_and(|n| n.fract() == 0.0);
        diagnostics.push(
            Diagnostic::error(field.span.clone(), format!("{} of {} can't be {written}", field.subject, field.owner))
                .label(if whole { "out of range" } else { "not a whole number" })
                .help(format!("write {bounds}")),
        );
        None
    }
}

/// A `dns_label`: a letter, then letters and digits, at most 15.
pub fn dns_label(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = string("\"lab\"")(field, diagnostics)?;
    let problem = if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        "it must begin with a letter"
    } else if !text.chars().all(|c| c.is_ascii_alphanumeric()) {
        "it may have only letters and digits"
    } else if text.len() > limits::DNS_LABEL_LENGTH {
        "it may have at most 15 characters"
    } else {
        return Some(text);
    };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("{} can't be a `dns_label`", quoted(&text)))
            .label(problem)
            .help("for example \"lab\"; leave it out to have it derived from the name"),
    );
    None
}

/// A reference to a block of the stack: `KIND.NAME`.
pub fn reference<T: Referent>(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Reference<T>> {
    let (kind, example) = (T::KIND, T::EXAMPLE);
    if let Expression::Traversal(traversal) = field.expression
        && traversal.expr.as_variable().is_some_and(|root| root.as_str() == kind)
        && let [operator] = traversal.operators.as_slice()
        && let TraversalOperator::GetAttr(name) = operator.value()
        && let Ok(name) = Name::parse(name.as_str())
    {
        return Some(Reference::new(name));
    }
    let help = match field.expression {
        Expression::String(text) if Name::parse(text).is_ok() => {
            format!("write {kind}.{}, without quotes", text.as_str())
        }
        _ => format!("write `{kind} = {kind}.{example}` for `{kind} \"{example}\" {{ ... }}`"),
    };
    let expected = format!("a reference to a {kind} of this spec");
    diagnostics.push(wrong_type(field, &expected, &format!("{kind}.NAME")).help(help));
    None
}

/// The words of `a.b.c`; None of any other expression.
pub fn path(expression: &Expression) -> Option<Vec<&str>> {
    let Expression::Traversal(traversal) = expression else { return None };
    let root = traversal.expr.as_variable()?.as_str();
    let steps = traversal.operators.iter().map(|operator| match operator.value() {
        TraversalOperator::GetAttr(word) => Some(word.as_str()),
        _ => None,
    });
    std::iter::once(Some(root)).chain(steps).collect()
}

/// `KIND.NAME` or `KIND.NAME.PART`, if an expression has that form.
pub fn mentioned(expression: &Expression) -> Option<Mention> {
    let path = path(expression)?;
    let (kind, name, part) = match path.as_slice() {
        [kind, name] => (kind, name, None),
        [kind, name, part] => (kind, name, Some((*part).to_owned())),
        _ => return None,
    };
    Some(Mention { kind: (*kind).to_owned(), name: Name::parse(name).ok()?, part })
}

/// An object key that is written out, as text.
pub fn literal_key(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(ident) => Some(ident.as_str().to_owned()),
        ObjectKey::Expression(expression) => expression.as_str().map(str::to_owned),
    }
}

/// What is wrong with a literal, and what to write.
pub type Objection = Option<(&'static str, &'static str)>;

/// Any Terraform expression of type string. `check` says what is wrong with
/// a literal.
pub fn passthrough(
    purpose: String,
    ocid: Option<&'static str>,
    check: fn(&str) -> Objection,
) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<Passthrough> {
    text(purpose, VariableType::String { ocid }, check)
}

/// The same of a string that no plan is to show.
pub fn secret(
    purpose: String,
    check: fn(&str) -> Objection,
) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<Passthrough> {
    text(purpose, VariableType::Secret, check)
}

fn text(
    purpose: String,
    expected: VariableType,
    check: fn(&str) -> Objection,
) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<Passthrough> {
    move |field, diagnostics| {
        let mut inner = field.expression;
        while let Expression::Parenthesis(parenthesis) = inner {
            inner = parenthesis.inner();
        }
        match inner {
            Expression::String(text) => {
                if let Some((problem, help)) = check(text) {
                    let message = format!("{} of {} can't be {}", field.subject, field.owner, quoted(text));
                    diagnostics.push(Diagnostic::error(field.span.clone(), message).label(problem).help(help));
                    return None;
                }
            }
            Expression::Null(_)
            | Expression::Bool(_)
            | Expression::Number(_)
            | Expression::Array(_)
            | Expression::Object(_) => {
                let field = Field { expression: inner, ..field.clone() };
                diagnostics.push(wrong_type(&field, "a string, or an expression that gives one", "var.NAME"));
                return None;
            }
            _ => {}
        }
        expression::read(field, &expected, &purpose, diagnostics)
    }
}

/// What keeps a text from being shown as it is, if anything does. Line ends
/// of either kind and tabs are fine.
pub fn deceptive(text: &str) -> Option<String> {
    let plain = |c: char| !is_deceptive(c) || matches!(c, '\n' | '\t');
    text.replace("\r\n", "\n").chars().find(|c| !plain(*c)).map(|c| {
        let what = if c.is_control() {
            "a control character"
        } else if is_invisible(c) {
            "an invisible character"
        } else {
            "a character that changes the writing direction"
        };
        format!("{what} (U+{:04X})", u32::from(c))
    })
}

/// "This is that, expected the other"; `example` is what to write.
pub fn wrong_type(field: &Field<'_>, expected: &str, example: &str) -> Diagnostic {
    let (found, computed) = match field.expression {
        Expression::Null(_) => ("null", false),
        Expression::Bool(_) => ("a boolean", false),
        Expression::Number(_) => ("a number", false),
        Expression::String(_) => ("a string", false),
        Expression::Array(_) => ("a list", false),
        Expression::Object(_) => ("an object", false),
        Expression::UnaryOp(_) => ("an operation", false),
        Expression::StringTemplate(_) => ("a template", true),
        Expression::HeredocTemplate(_) => ("a heredoc", true),
        Expression::Variable(_) => ("a name without quotes", false),
        Expression::Traversal(traversal) if traversal.expr.as_variable().is_some_and(|root| root.as_str() == "var") => {
            ("a variable", true)
        }
        Expression::Traversal(_) => ("a reference", true),
        _ => ("an expression", true),
    };
    let help = if computed {
        format!("an expression can't stand here, so write it out: {example}")
    } else {
        format!("write {example}")
    };
    Diagnostic::error(field.span.clone(), format!("{} of {} is {found}", field.subject, field.owner))
        .label(format!("expected {expected}"))
        .help(help)
}
