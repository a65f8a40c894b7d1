//! Reads one attribute's value where the tool must reason about it: literals
//! only, each with the diagnostic that helps.

use super::{Field, Passthrough, VariableType, expression};
use crate::diagnostic::{Diagnostic, Diagnostics, is_deceptive, quoted};
use crate::topology::{Name, limits};
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

type Read<T> = Option<T>;

/// A literal string, without characters that deceive a reader.
pub fn string(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Read<String> {
    let Some(text) = field.expression.as_str() else {
        diagnostics.push(wrong_type(field, "a string in quotes"));
        return None;
    };
    if let Some(problem) = deceptive(text) {
        diagnostics.push(
            Diagnostic::error(field.span.clone(), format!("`{}` contains {problem}", field.name))
                .label("can't be shown safely")
                .help("remove the character"),
        );
        return None;
    }
    Some(text.to_owned())
}

/// A literal string of 1 to 255 characters on one line: what OCI shows as a name.
pub fn display_name(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Read<String> {
    let text = string(field, diagnostics)?;
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
        Diagnostic::error(field.span.clone(), format!("`{}` can't be a display name", field.name))
            .label(problem)
            .help("write 1 to 255 characters on one line"),
    );
    None
}

/// A whole number in a range.
pub fn integer(
    range: RangeInclusive<u64>,
    unit: &'static str,
) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Read<u64> {
    move |field, diagnostics| {
        let bounds = format!("a whole number from {} to {}{unit}", range.start(), range.end());
        // `-3` is an operator and a number.
        let negative = matches!(field.expression, Expression::UnaryOp(_));
        let Some(number) = field.expression.as_number() else {
            let diagnostic = wrong_type(field, &bounds);
            diagnostics.push(if negative { diagnostic.label("this is negative") } else { diagnostic });
            return None;
        };
        match number.as_u64().filter(|n| range.contains(n)) {
            Some(value) => Some(value),
            None => {
                let label = if number.as_u64().is_some() || number.as_f64().is_some_and(|n| n.fract() == 0.0) {
                    "out of range"
                } else {
                    "not a whole number"
                };
                diagnostics.push(
                    Diagnostic::error(
                        field.span.clone(),
                        format!("`{}` of {} can't be {number}", field.name, field.owner),
                    )
                    .label(label)
                    .help(format!("write {bounds}")),
                );
                None
            }
        }
    }
}

/// An IPv4 network in canonical form: no host bits.
pub fn cidr(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Read<Ipv4Net> {
    let text = string(field, diagnostics)?;
    let problem = match (text.parse::<Ipv4Net>(), text.parse::<Ipv4Addr>()) {
        (Ok(net), _) if net == net.trunc() => return Some(net),
        (Ok(net), _) => Diagnostic::error(field.span.clone(), format!("{} has host bits set", quoted(&text)))
            .label(format!("the network is {}", net.trunc()))
            .help(format!("write \"{}\"", net.trunc())),
        (_, Ok(address)) => {
            Diagnostic::error(field.span.clone(), format!("{} is an address, not a CIDR", quoted(&text)))
                .label("the prefix length is missing")
                .help(format!("write \"{address}/32\" for this one address, or a network such as \"10.0.0.0/18\""))
        }
        _ => Diagnostic::error(field.span.clone(), format!("{} is not an IPv4 CIDR", quoted(&text)))
            .label("expected four numbers, a slash and a prefix length")
            .help("for example \"10.0.0.0/18\""),
    };
    diagnostics.push(problem);
    None
}

/// A CIDR that no one else routes: RFC 1918, or RFC 6598 where `shared`.
pub fn private_cidr(shared: bool) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Read<Ipv4Net> {
    move |field, diagnostics| {
        let net = cidr(field, diagnostics)?;
        let spaces: &[(Ipv4Addr, u8)] = &[
            (Ipv4Addr::new(10, 0, 0, 0), 8),
            (Ipv4Addr::new(172, 16, 0, 0), 12),
            (Ipv4Addr::new(192, 168, 0, 0), 16),
            (Ipv4Addr::new(100, 64, 0, 0), 10),
        ];
        let inside = spaces
            .iter()
            .take(if shared { 4 } else { 3 })
            .filter_map(|(address, prefix)| Ipv4Net::new(*address, *prefix).ok())
            .any(|space| space.contains(&net));
        if inside {
            return Some(net);
        }
        diagnostics.push(
            Diagnostic::error(
                field.span.clone(),
                format!("`{}` of {} is not private address space", field.name, field.owner),
            )
            .label(format!("{net} belongs to someone on the internet, or has a meaning of its own"))
            .help("take it from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 (RFC 1918)"),
        );
        None
    }
}

/// A list of CIDRs without repetition; may be empty.
pub fn cidr_list(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Read<Vec<Ipv4Net>> {
    let Some(items) = field.expression.as_array() else {
        diagnostics.push(wrong_type(field, "a list of CIDRs such as [\"203.0.113.0/24\"]"));
        return None;
    };
    let mut nets: Vec<Ipv4Net> = Vec::new();
    let mut complete = true;
    for item in items {
        let span = item.span().unwrap_or_default();
        let item = Field { expression: item, span: span.clone(), ..*field };
        match cidr(&item, diagnostics) {
            Some(net) if nets.contains(&net) => {
                diagnostics.push(
                    Diagnostic::error(span, format!("{net} stands twice in `{}`", field.name))
                        .label("listed before")
                        .help("each CIDR becomes one rule in each layer: list it once"),
                );
                complete = false;
            }
            Some(net) => nets.push(net),
            None => complete = false,
        }
    }
    complete.then_some(nets)
}

/// A Kubernetes version as OKE writes it: `vX.Y.Z`, major 1.
pub fn kubernetes_version(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Read<String> {
    let text = string(field, diagnostics)?;
    let parts: Vec<_> = text.strip_prefix('v').unwrap_or("").split('.').collect();
    let numeric = |part: &&str| {
        !part.is_empty()
            && part.len() <= 3
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part.len() == 1 || !part.starts_with('0'))
    };
    if parts.len() == 3 && parts.iter().all(numeric) && parts.first() == Some(&"1") {
        return Some(text);
    }
    let help = if text.starts_with(|c: char| c.is_ascii_digit()) && text.split('.').count() == 3 {
        format!("write {}", quoted(&format!("v{text}")))
    } else {
        "for example \"v1.32.1\"; `oci ce cluster-options get --cluster-option-id all` lists what your region offers"
            .to_owned()
    };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("{} is not a Kubernetes version", quoted(&text)))
            .label("expected vX.Y.Z")
            .help(help),
    );
    None
}

/// A `dns_label`: a letter, then letters and digits, at most 15.
pub fn dns_label(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Read<String> {
    let text = string(field, diagnostics)?;
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

/// A reference to a VCN of the stack: `vcn.NAME`.
pub fn vcn_reference(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Read<Name> {
    if let Expression::Traversal(traversal) = field.expression
        && traversal.expr.as_variable().is_some_and(|root| root.as_str() == "vcn")
        && let [operator] = traversal.operators.as_slice()
        && let TraversalOperator::GetAttr(name) = operator.value()
        && let Ok(name) = Name::parse(name.as_str())
    {
        return Some(name);
    }
    diagnostics.push(wrong_type(field, "a reference to a vcn of this spec, such as `vcn.lab`"));
    None
}

/// Labels of a Kubernetes node: a literal object of literal strings.
pub fn node_labels(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Read<Vec<(String, String)>> {
    let Some(object) = field.expression.as_object() else {
        diagnostics.push(wrong_type(field, "an object such as { team = \"web\" }"));
        return None;
    };
    let mut labels: Vec<(String, String)> = Vec::new();
    let mut complete = true;
    for (key, value) in object {
        let span = key.span().unwrap_or_else(|| field.span.clone());
        let Some(key) = literal_key(key) else {
            diagnostics.push(
                Diagnostic::error(span, format!("a key of `{}` is not a literal", field.name))
                    .label("expected a name or a string in quotes")
                    .help("Kubernetes labels are written out: { team = \"web\" }"),
            );
            complete = false;
            continue;
        };
        let value_span = value.expr().span().unwrap_or_else(|| span.clone());
        let item = Field { expression: value.expr(), span: value_span.clone(), ..*field };
        let Some(value) = string(&item, diagnostics) else {
            complete = false;
            continue;
        };
        for (what, problem, at) in
            [("label", label_key_problem(&key), &span), ("label value", label_value_problem(&value), &value_span)]
        {
            if let Some(problem) = problem {
                let text = if what == "label" { &key } else { &value };
                diagnostics.push(
                    Diagnostic::error(at.clone(), format!("{} is not a Kubernetes {what}", quoted(text)))
                        .label(problem)
                        .help("letters, digits, `-`, `_` and `.`, at most 63, a letter or digit at both ends; a key may have a DNS prefix and a slash before"),
                );
                complete = false;
            }
        }
        if labels.iter().any(|(k, _)| *k == key) {
            diagnostics.push(
                Diagnostic::error(span, format!("label {} stands twice", quoted(&key)))
                    .label("set before")
                    .help("keep one of them"),
            );
            complete = false;
        }
        labels.push((key, value));
    }
    complete.then_some(labels)
}

fn label_value_problem(value: &str) -> Option<&'static str> {
    (!value.is_empty()).then(|| label_name_problem(value))?
}

fn label_key_problem(key: &str) -> Option<&'static str> {
    match key.split_once('/') {
        None => label_name_problem(key),
        Some((prefix, name)) => {
            let good = !prefix.is_empty()
                && prefix.len() <= 253
                && prefix.split('.').all(|part| {
                    !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                });
            if good { label_name_problem(name) } else { Some("the part before the slash is not a DNS name") }
        }
    }
}

fn label_name_problem(name: &str) -> Option<&'static str> {
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

/// An object key that is written out, as text.
pub fn literal_key(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(ident) => Some(ident.as_str().to_owned()),
        ObjectKey::Expression(expression) => expression.as_str().map(str::to_owned),
    }
}

/// Any Terraform expression of type string; a literal is checked by `check`,
/// which gives what is wrong with it and what to write.
pub fn passthrough(
    describe: String,
    ocid: Option<&'static str>,
    check: fn(&str) -> Option<(&'static str, &'static str)>,
) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Read<Passthrough> {
    move |field, diagnostics| {
        match field.expression {
            Expression::String(text) => {
                if let Some((problem, help)) = check(text) {
                    diagnostics.push(
                        Diagnostic::error(
                            field.span.clone(),
                            format!("`{}` of {} can't be {}", field.name, field.owner, quoted(text)),
                        )
                        .label(problem)
                        .help(help),
                    );
                    return None;
                }
            }
            Expression::Null(_)
            | Expression::Bool(_)
            | Expression::Number(_)
            | Expression::Array(_)
            | Expression::Object(_) => {
                diagnostics.push(wrong_type(field, "a string, or an expression that gives one, such as var.NAME"));
                return None;
            }
            _ => {}
        }
        expression::read(field, &VariableType::String { ocid }, &describe, diagnostics)
    }
}

/// What keeps a text from being shown as it is, if anything does.
pub fn deceptive(text: &str) -> Option<String> {
    text.chars().find(|c| is_deceptive(*c) && !matches!(c, '\n' | '\t')).map(|c| {
        let what =
            if c.is_control() { "a control character" } else { "a character that changes the writing direction" };
        format!("{what} (U+{:04X})", u32::from(c))
    })
}

/// "expected this, found that".
pub fn wrong_type(field: &Field<'_>, expected: &str) -> Diagnostic {
    let found = match field.expression {
        Expression::Null(_) => "null",
        Expression::Bool(_) => "a boolean",
        Expression::Number(_) => "a number",
        Expression::String(_) => "a string",
        Expression::Array(_) => "a list",
        Expression::Object(_) => "an object",
        Expression::StringTemplate(_) | Expression::HeredocTemplate(_) => "a template",
        _ => "an expression",
    };
    let diagnostic = Diagnostic::error(field.span.clone(), format!("`{}` of {} is {found}", field.name, field.owner))
        .label(format!("expected {expected}"));
    match field.expression {
        Expression::StringTemplate(_) | Expression::HeredocTemplate(_) => {
            diagnostic.help("this value is needed before anything runs, so it is written out in quotes; `$${` stands for a literal `${`, `%%{` for `%{`")
        }
        Expression::Variable(_) | Expression::Traversal(_) | Expression::FuncCall(_) | Expression::Conditional(_) | Expression::BinaryOp(_) => {
            diagnostic.help("this value is needed before anything runs: write it out")
        }
        _ => diagnostic.help(format!("write {expected}")),
    }
}
