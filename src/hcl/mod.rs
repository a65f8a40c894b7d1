//! Bodies of the graph to HCL text, laid out as `tofu fmt` would. Knows no
//! OCI and no file.

mod expression;
mod layout;
mod meaning;
mod normal;

use expression::{binary, call, each, list, module_path, negative, number, reference, selection, string};
pub use layout::{Document, Unfaithful};
use normal::normal;

use crate::graph::{Body, Item, Value};
use hcl_edit::expr::{Array, BinaryOperator, Expression, Object, ObjectKey, ObjectValue};
use hcl_edit::structure::{Attribute, Block, BlockLabel};
use hcl_edit::template::Element;
use hcl_edit::{Decorate as _, Decorated, Ident};

/// A value as an expression on a line that is indented by `indent` spaces.
pub fn expression(value: &Value, indent: usize) -> Expression {
    match value {
        Value::String(text) => string(text),
        Value::Number(value) => number(*value),
        Value::Negative(value) => negative(*value),
        Value::Bool(value) => Expression::from(*value),
        Value::List(items) => list(items.iter().map(|item| expression(item, indent))),
        Value::Lines(items) => {
            let mut array = items.iter().map(|item| expression(item, indent + 2)).collect::<Array>();
            layout::array_lines(&mut array, indent);
            Expression::from(array)
        }
        Value::Object(items) => {
            // One key that needs quotes puts them on all: a map reads evenly.
            let plain = items.iter().all(|(key, _)| is_plain_key(key));
            let mut object = items.iter().map(|(key, value)| item(key, plain, value, indent + 2)).collect::<Object>();
            layout::object_lines(&mut object, indent);
            Expression::from(object)
        }
        Value::Inline(items) => {
            let plain = items.iter().all(|(key, _)| is_plain_key(key));
            let object = items.iter().map(|(key, value)| item(key, plain, value, indent)).collect::<Object>();
            normal(&Expression::from(object))
        }
        Value::Reference(address, steps) => reference(&address.parts(), steps),
        Value::Name(parts) => reference(parts, &[]),
        Value::Call(name, arguments) => call(name, arguments.iter().map(|argument| expression(argument, indent))),
        Value::Equal(left, right) => binary(expression(left, indent), BinaryOperator::Eq, expression(right, indent)),
        Value::Each(name, values, value) => normal(&each(name, expression(values, indent), expression(value, indent))),
        Value::Map(parts) => {
            let [values, key, value, condition] = parts.parts().map(|part| normal(&expression(part, indent)));
            let mut map = selection(parts.name, values, key, value, condition);
            layout::selection_lines(&mut map, indent);
            Expression::from(map)
        }
        Value::ModulePath(name) => module_path(name),
        Value::Within(name, steps) => reference(&[name], steps),
        Value::Expression(user) => normal(user),
    }
}

fn item(key: &str, plain: bool, value: &Value, indent: usize) -> (ObjectKey, ObjectValue) {
    let key = if plain { ObjectKey::from(Ident::new(key)) } else { ObjectKey::from(string(key)) };
    (key, ObjectValue::new(expression(value, indent)))
}

/// Whether a text can stand where HCL wants a name, without quotes.
fn is_plain_key(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !["for", "if", "in", "null", "true", "false"].contains(&key)
}

/// One item of a body as HCL structure, before lines are laid out.
enum Piece {
    /// With whether its value takes several lines.
    Attribute(Attribute, bool),
    Block(Block, Vec<Piece>),
    Comment(String),
}

fn pieces(body: &Body, indent: usize) -> Vec<Piece> {
    body.0
        .iter()
        .map(|item| match item {
            Item::Attribute(name, value) => Piece::Attribute(
                Attribute::new(Ident::new(name.as_ref()), attribute_value(value, indent)),
                several_lines(value),
            ),
            Item::Block(name, labels, body) => Piece::Block(block(name, labels), pieces(body, indent + 2)),
            Item::Comment(text) => Piece::Comment(text.to_string()),
        })
        .collect()
}

/// Whether a value is laid out on more than one line.
fn several_lines(value: &Value) -> bool {
    match value {
        Value::Object(items) => !items.is_empty(),
        Value::Lines(_) | Value::Map(_) => true,
        Value::List(items) | Value::Call(_, items) => items.iter().any(several_lines),
        Value::Equal(left, right) | Value::Each(_, left, right) => several_lines(left) || several_lines(right),
        Value::Inline(_)
        | Value::String(_)
        | Value::Number(_)
        | Value::Negative(_)
        | Value::Bool(_)
        | Value::Reference(..)
        | Value::Name(_)
        | Value::Within(..)
        | Value::ModulePath(_)
        | Value::Expression(_) => false,
    }
}

/// An attribute's whole value. `"${x}"` is written `x`, as `tofu fmt` does.
fn attribute_value(value: &Value, indent: usize) -> Expression {
    let expression = expression(value, indent);
    match &expression {
        Expression::StringTemplate(template) => match template.as_single_element() {
            Some(Element::Interpolation(node)) => {
                let mut inner = node.expr.clone();
                inner.decor_mut().clear();
                inner
            }
            _ => expression,
        },
        _ => expression,
    }
}

fn block(name: &str, labels: &[impl AsRef<str>]) -> Block {
    let mut block = Block::new(Ident::new(name));
    block.labels = labels.iter().map(|label| BlockLabel::String(Decorated::new(label.as_ref().to_owned()))).collect();
    block
}
