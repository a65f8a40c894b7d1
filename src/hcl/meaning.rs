//! The meaning of HCL, apart from its layout: the final check of everything
//! that is generated.
//!
//! No generated text is trusted. Each block is read back as soon as it is
//! written, and its meaning is compared with what it should be: once made from
//! the graph, with the user's expressions as they stand in the spec, and once
//! from the text. For `ssh_public_key = "a${var.b}"` both are
//!
//! ```text
//! attribute ssh_public_key
//!   template
//!     text a
//!     attribute-of b
//!       name var
//! ```
//!
//! Layout, comments, parentheses, heredocs and the splitting of text into
//! pieces are not part of the meaning. Everything else is.

use crate::graph::{self, Item, Step, Value};
use crate::syntax;
use hcl_edit::expr::{Expression, ForExpr, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{BlockLabel, Body, Structure};
use hcl_edit::template::{Directive, Element, Template};

/// A kind, the text that belongs to it, and its parts in order.
#[derive(Debug, PartialEq, Eq)]
pub struct Meaning {
    kind: &'static str,
    text: String,
    parts: Vec<Meaning>,
}

fn node(kind: &'static str, text: impl Into<String>, parts: Vec<Meaning>) -> Meaning {
    Meaning { kind, text: text.into(), parts }
}

fn leaf(kind: &'static str, text: impl Into<String>) -> Meaning {
    node(kind, text, Vec::new())
}

const TEXT: &str = "text";

/// What a body of the graph should mean.
pub fn of_graph(body: &graph::Body) -> Vec<Meaning> {
    let of_item = |item: &Item| match item {
        Item::Attribute(name, value) => Some(attribute(name, of_value(value))),
        Item::Block(name, labels, body) => Some(block(name, labels.iter().map(String::as_str), of_graph(body))),
        Item::Comment(_) => None,
    };
    body.0.iter().filter_map(of_item).collect()
}

/// Whether a body consists of plain words and numbers: no text of the user but
/// names, and no character that has a meaning in HCL.
pub fn is_plain(body: &graph::Body) -> bool {
    body.0.iter().all(|item| match item {
        Item::Attribute(name, value) => is_word(name) && is_plain_value(value),
        Item::Block(name, labels, body) => is_word(name) && labels.iter().all(|label| is_word(label)) && is_plain(body),
        Item::Comment(text) => is_word(text),
    })
}

fn is_plain_value(value: &Value) -> bool {
    match value {
        Value::String(text) => is_word(text),
        Value::List(items) | Value::Lines(items) | Value::Call(_, items) => items.iter().all(is_plain_value),
        Value::Object(items) | Value::Inline(items) => {
            items.iter().all(|(key, value)| is_word(key) && is_plain_value(value))
        }
        Value::Equal(left, right) | Value::Each(_, left, right) => is_plain_value(left) && is_plain_value(right),
        Value::Map(selection) => selection.parts().into_iter().all(is_plain_value),
        Value::Number(_)
        | Value::Negative(_)
        | Value::Bool(_)
        | Value::Reference(..)
        | Value::Name(_)
        | Value::Within(..) => true,
        Value::ModulePath(_) => false,
        Value::Expression(_) => false,
    }
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || " _-./:,;()".contains(c))
}

/// A block around such a body.
pub fn block<'a>(name: &str, labels: impl Iterator<Item = &'a str>, body: Vec<Meaning>) -> Meaning {
    node("block", name, labels.map(|label| leaf("label", label)).chain(body).collect())
}

/// The meaning of a text that was read back.
pub fn of_body(body: &Body) -> Vec<Meaning> {
    let of_structure = |structure: &Structure| match structure {
        Structure::Attribute(written) => attribute(written.key.as_str(), of_expression(&written.value)),
        Structure::Block(written) => {
            let labels = written.labels.iter().map(|label| match label {
                BlockLabel::Ident(name) => name.as_str(),
                BlockLabel::String(text) => text.as_str(),
            });
            block(written.ident.as_str(), labels, of_body(&written.body))
        }
    };
    body.iter().map(of_structure).collect()
}

fn attribute(name: &str, value: Meaning) -> Meaning {
    node("attribute", name, vec![value])
}

fn of_value(value: &Value) -> Meaning {
    match value {
        Value::String(text) => leaf(TEXT, text),
        Value::Number(number) => leaf("number", number.to_string()),
        Value::Negative(number) => leaf("number", format!("-{number}")),
        Value::Bool(value) => leaf("word", value.to_string()),
        Value::List(items) | Value::Lines(items) => node("list", "", items.iter().map(of_value).collect()),
        Value::Object(items) | Value::Inline(items) => {
            node("object", "", items.iter().flat_map(|(key, value)| [leaf(TEXT, key), of_value(value)]).collect())
        }
        Value::Reference(address, steps) => within(path(&address.parts()), steps),
        Value::ModulePath(name) => {
            node("template", "", vec![path(&["path", "module"]), leaf(TEXT, format!("/{name}"))])
        }
        Value::Within(name, steps) => within(path(&[name]), steps),
        Value::Map(selection) => {
            let [values, key, value, condition] = selection.parts().map(of_value);
            let name = leaf("name", selection.name);
            let (key, condition) = (node("key", "", vec![key]), node("if", "", vec![condition]));
            node("for", "", vec![name, values, key, value, condition])
        }
        Value::Name(parts) => path(parts),
        Value::Call(name, arguments) => node("call", *name, arguments.iter().map(of_value).collect()),
        Value::Equal(left, right) => node("binary", "==", vec![of_value(left), of_value(right)]),
        Value::Each(name, values, value) => {
            node("for", "", vec![leaf("name", *name), of_value(values), of_value(value)])
        }
        Value::Expression(user) => of_expression(user),
    }
}

fn within(whole: Meaning, steps: &[Step]) -> Meaning {
    steps.iter().fold(whole, |of, step| match step {
        Step::Attribute(name) => node("attribute-of", *name, vec![of]),
        Step::Index(index) => node("index", "", vec![of, leaf("number", index.to_string())]),
        Step::CountIndex => node("index", "", vec![of, path(&["count", "index"])]),
        Step::Splat => node("splat", "[*]", vec![of]),
    })
}

/// Names between dots.
fn path(parts: &[&str]) -> Meaning {
    let mut parts = parts.iter();
    let root = parts.next().map_or_else(|| leaf("word", "null"), |root| leaf("name", *root));
    parts.fold(root, |of, name| node("attribute-of", *name, vec![of]))
}

fn of_expression(expression: &Expression) -> Meaning {
    match expression {
        Expression::Null(_) => leaf("word", "null"),
        Expression::Bool(value) => leaf("word", value.value().to_string()),
        Expression::Number(number) => leaf("number", syntax::number(number)),
        Expression::String(text) => leaf(TEXT, text.as_str()),
        Expression::Variable(name) => leaf("name", name.as_str()),
        Expression::Parenthesis(inner) => of_expression(inner.inner()),
        Expression::StringTemplate(template) => of_template(template),
        Expression::HeredocTemplate(heredoc) => of_template(&heredoc.template),
        Expression::Array(items) => node("list", "", items.iter().map(of_expression).collect()),
        Expression::Object(object) => node(
            "object",
            "",
            object.iter().flat_map(|(key, value)| [of_key(key), of_expression(value.expr())]).collect(),
        ),
        Expression::Conditional(node_) => {
            let parts = [&node_.cond_expr, &node_.true_expr, &node_.false_expr];
            node("conditional", "", parts.map(of_expression).into())
        }
        Expression::FuncCall(call) => {
            let namespace = call.name.namespace.iter().map(|name| format!("{}::", name.as_str()));
            let name = namespace.collect::<String>() + call.name.name.as_str();
            let kind = if call.args.expand_final() { "call-expanding" } else { "call" };
            node(kind, name, call.args.iter().map(of_expression).collect())
        }
        Expression::UnaryOp(operation) => {
            let inner = of_expression(&operation.expr);
            // hcl-edit reads `-1` as a number, `-(1)` as an operation.
            match operation.operator.value() {
                UnaryOperator::Neg if inner.kind == "number" && !inner.text.starts_with('-') => {
                    leaf("number", format!("-{}", inner.text))
                }
                operator => node("unary", operator.as_str(), vec![inner]),
            }
        }
        Expression::BinaryOp(operation) => {
            let sides = vec![of_expression(&operation.lhs_expr), of_expression(&operation.rhs_expr)];
            node("binary", operation.operator.value().as_str(), sides)
        }
        Expression::Traversal(traversal) => {
            traversal.operators.iter().fold(of_expression(&traversal.expr), |of, operator| match operator.value() {
                TraversalOperator::AttrSplat(_) => node("splat", ".*", vec![of]),
                TraversalOperator::FullSplat(_) => node("splat", "[*]", vec![of]),
                TraversalOperator::GetAttr(name) => node("attribute-of", name.as_str(), vec![of]),
                TraversalOperator::Index(index) => node("index", "", vec![of, of_expression(index)]),
                TraversalOperator::LegacyIndex(index) => node("legacy-index", index.value().to_string(), vec![of]),
            })
        }
        Expression::ForExpr(node) => of_for(node),
    }
}

/// A bare name as a key is a text; in parentheses it is an expression.
fn of_key(key: &ObjectKey) -> Meaning {
    match key {
        ObjectKey::Ident(name) => leaf(TEXT, name.as_str()),
        ObjectKey::Expression(Expression::Variable(name)) => leaf(TEXT, name.as_str()),
        ObjectKey::Expression(Expression::Parenthesis(inner)) => {
            node("computed", "", vec![of_expression(inner.inner())])
        }
        ObjectKey::Expression(expression) => of_expression(expression),
    }
}

fn of_for(for_expr: &ForExpr) -> Meaning {
    let intro = &for_expr.intro;
    let names = intro.key_var.iter().chain([&intro.value_var]).map(|name| leaf("name", name.as_str()));
    let mut parts: Vec<_> = names.collect();
    parts.push(of_expression(&intro.collection_expr));
    parts.extend(for_expr.key_expr.iter().map(|key| node("key", "", vec![of_expression(key)])));
    parts.push(of_expression(&for_expr.value_expr));
    // A condition that is always true means nothing.
    let condition = for_expr.cond.iter().map(|cond| of_expression(&cond.expr));
    parts.extend(condition.filter(|cond| *cond != leaf("word", "true")).map(|cond| node("if", "", vec![cond])));
    node("for", if for_expr.grouping { "..." } else { "" }, parts)
}

/// `"${x}"` is x, and `"a${"b"}"` is `"ab"`.
fn of_template(template: &Template) -> Meaning {
    let mut parts = of_elements(template);
    let single = |parts: &[Meaning]| matches!(parts, [only] if !only.kind.starts_with("template-"));
    if parts.is_empty() {
        leaf(TEXT, "")
    } else if single(&parts) && (template.len() == 1 || parts.iter().all(|part| part.kind == TEXT)) {
        parts.remove(0)
    } else {
        node("template", "", parts)
    }
}

fn of_elements(template: &Template) -> Vec<Meaning> {
    let mut parts: Vec<Meaning> = Vec::new();
    for element in template {
        let part = match element {
            Element::Literal(text) => leaf(TEXT, text.as_str()),
            Element::Interpolation(node) => of_expression(&node.expr),
            Element::Directive(directive) => of_directive(directive),
        };
        match parts.last_mut() {
            _ if part.kind == TEXT && part.text.is_empty() => {}
            Some(last) if last.kind == TEXT && part.kind == TEXT => last.text.push_str(&part.text),
            _ => parts.push(part),
        }
    }
    parts
}

fn of_directive(directive: &Directive) -> Meaning {
    let body = |template: &Template| node("body", "", of_elements(template));
    match directive {
        Directive::If(directive) => {
            let mut parts = vec![of_expression(&directive.if_expr.cond_expr), body(&directive.if_expr.template)];
            parts.extend(directive.else_expr.iter().map(|otherwise| body(&otherwise.template)));
            node("template-if", "", parts)
        }
        Directive::For(directive) => {
            let begin = &directive.for_expr;
            let names = begin.key_var.iter().chain([&begin.value_var]).map(|name| leaf("name", name.as_str()));
            let mut parts: Vec<_> = names.collect();
            parts.extend([of_expression(&begin.collection_expr), body(&begin.template)]);
            node("template-for", "", parts)
        }
    }
}
