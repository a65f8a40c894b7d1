//! Expressions of our own, built from parts. Never joins strings.

use crate::graph::Step;
use hcl_edit::expr::{
    Array, BinaryOp, BinaryOperator, Expression, ForCond, ForExpr, ForIntro, FuncArgs, FuncCall, FuncName, Splat,
    Traversal, TraversalOperator, UnaryOp, UnaryOperator,
};
use hcl_edit::template::{Element, Interpolation, StringTemplate};
use hcl_edit::{Decorate as _, Decorated, Ident, Spanned};

/// A text as a literal that gives exactly this text.
pub fn string(text: &str) -> Expression {
    match text_pieces(text).as_slice() {
        [] | [_] => Expression::from(text),
        pieces => Expression::from(StringTemplate::from(literals(pieces))),
    }
}

/// hcl-edit escapes `${` and `%{`, but overlooks one that follows a `$` or `%`
/// of the text. Cut before each, every piece is escaped right.
pub(super) fn text_pieces(text: &str) -> Vec<&str> {
    let starts = text.char_indices().map(|(at, _)| at).filter(|at| {
        let rest = text.get(*at..).unwrap_or_default();
        *at == 0 || rest.starts_with("${") || rest.starts_with("%{")
    });
    let ends = starts.clone().skip(1).chain([text.len()]);
    starts.zip(ends).filter_map(|(start, end)| text.get(start..end)).collect()
}

pub(super) fn literals(pieces: &[&str]) -> Vec<Element> {
    pieces.iter().map(|piece| Element::Literal(Spanned::new((*piece).into()))).collect()
}

pub fn number(value: u64) -> Expression {
    Expression::from(value)
}

pub fn negative(value: u64) -> Expression {
    Expression::from(UnaryOp::new(UnaryOperator::Neg, number(value)))
}

pub fn list(items: impl IntoIterator<Item = Expression>) -> Expression {
    Expression::from(items.into_iter().collect::<Array>())
}

pub fn call(name: &str, arguments: impl IntoIterator<Item = Expression>) -> Expression {
    let arguments = arguments.into_iter().collect::<FuncArgs>();
    Expression::from(FuncCall::new(FuncName::new(Ident::new(name)), arguments))
}

pub fn binary(left: Expression, operator: BinaryOperator, right: Expression) -> Expression {
    Expression::from(BinaryOp::new(left, operator, right))
}

/// `[for name in values : value]`.
pub fn each(name: &str, values: Expression, value: Expression) -> Expression {
    let intro = ForIntro::new(Ident::new(name), values);
    Expression::from(ForExpr::new(intro, value))
}

/// `"${path.module}/name"`.
pub fn module_path(name: &str) -> Expression {
    let mut path = reference(&["path", "module"], &[]);
    path.decorate(("", ""));
    let path = Element::Interpolation(Interpolation::new(path));
    let name = Element::Literal(Spanned::new(format!("/{name}")));
    Expression::from(StringTemplate::from(vec![path, name]))
}

/// `{ for name in values : key => value if condition }`.
pub fn selection(name: &str, values: Expression, key: Expression, value: Expression, condition: Expression) -> ForExpr {
    let mut map = ForExpr::new(ForIntro::new(Ident::new(name), values), value);
    map.key_expr = Some(key);
    map.cond = Some(ForCond::new(condition));
    map
}

/// `parts` between dots, then the steps into the value.
pub fn reference(parts: &[&str], steps: &[Step]) -> Expression {
    let Some((root, rest)) = parts.split_first() else {
        return Expression::null();
    };
    let attribute = |name: &str| Decorated::new(TraversalOperator::GetAttr(Decorated::new(Ident::new(name))));
    let mut operators: Vec<_> = rest.iter().map(|part| attribute(part)).collect();
    operators.extend(steps.iter().map(|step| match step {
        Step::Attribute(name) => attribute(name),
        Step::Index(index) => Decorated::new(TraversalOperator::Index(number(*index))),
        Step::CountIndex => Decorated::new(TraversalOperator::Index(reference(&["count", "index"], &[]))),
        Step::Splat => Decorated::new(TraversalOperator::FullSplat(Decorated::new(Splat))),
    }));
    let root = Expression::Variable(Decorated::new(Ident::new(*root)));
    if operators.is_empty() { root } else { Expression::from(Traversal::new(root, operators)) }
}
