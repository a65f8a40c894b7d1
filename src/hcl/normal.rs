//! Rebuilds a user's expression with the spacing of `tofu fmt`. Comments and
//! heredoc syntax are dropped; the value is kept.
//!
//! The text of templates has been normalised before (see `crate::syntax`). What
//! is written is read again and compared before it becomes a file (see
//! [`super::meaning`]), so that a mistake here can't change a value unseen.

use super::expression::{binary, list, literals, string, text_pieces};
use crate::syntax;
use hcl_edit::expr::{
    Conditional, Expression, ForCond, ForExpr, ForIntro, FuncArgs, FuncCall, FuncName, Object, ObjectKey, ObjectValue,
    ObjectValueTerminator, Parenthesis, Splat, Traversal, TraversalOperator, UnaryOp,
};
use hcl_edit::template::{
    Directive, Element, ElseTemplateExpr, EndforTemplateExpr, EndifTemplateExpr, ForDirective, ForTemplateExpr,
    IfDirective, IfTemplateExpr, Interpolation, StringTemplate, Template,
};
use hcl_edit::{Decorate as _, Decorated, Formatted, Ident, Number, Spanned};

/// An expression on one line.
pub fn normal(expression: &Expression) -> Expression {
    match expression {
        Expression::Null(_) => Expression::null(),
        Expression::Bool(value) => Expression::from(*value.value()),
        Expression::Number(value) => number(value),
        Expression::String(text) => string(text.as_str()),
        Expression::Array(items) => list(items.iter().map(normal)),
        Expression::Object(object) => normal_object(object),
        Expression::StringTemplate(template) => normal_template(template),
        Expression::HeredocTemplate(heredoc) => normal_template(&heredoc.template),
        Expression::Parenthesis(inner) => Expression::from(Parenthesis::new(normal(inner.inner()))),
        Expression::Variable(name) => Expression::Variable(plain(name)),
        Expression::ForExpr(node) => normal_for(node),
        Expression::Conditional(node) => Expression::from(Conditional::new(
            normal(&node.cond_expr),
            normal(&node.true_expr),
            normal(&node.false_expr),
        )),
        Expression::FuncCall(node) => normal_call(node),
        Expression::UnaryOp(node) => {
            let operator = Spanned::new(*node.operator.value());
            Expression::from(UnaryOp::new(operator, normal(&node.expr)))
        }
        Expression::BinaryOp(node) => binary(normal(&node.lhs_expr), *node.operator.value(), normal(&node.rhs_expr)),
        Expression::Traversal(node) => Expression::from(Traversal::new(
            normal(&node.expr),
            node.operators.iter().map(|operator| Decorated::new(normal_operator(operator.value()))).collect::<Vec<_>>(),
        )),
    }
}

/// A number with its digits as written. Only hcl-edit's parser can produce one;
/// a number that it can't read back is caught by the comparison.
fn number(number: &Formatted<Number>) -> Expression {
    let parsed = syntax::number(number).parse::<Expression>();
    parsed.unwrap_or_else(|_| Expression::Number(Formatted::new(*number.value())))
}

fn plain(name: &Decorated<Ident>) -> Decorated<Ident> {
    Decorated::new(name.value().clone())
}

fn normal_operator(operator: &TraversalOperator) -> TraversalOperator {
    match operator {
        TraversalOperator::AttrSplat(_) => TraversalOperator::AttrSplat(Decorated::new(Splat)),
        TraversalOperator::FullSplat(_) => TraversalOperator::FullSplat(Decorated::new(Splat)),
        TraversalOperator::GetAttr(name) => TraversalOperator::GetAttr(plain(name)),
        TraversalOperator::Index(index) => TraversalOperator::Index(normal(index)),
        TraversalOperator::LegacyIndex(index) => TraversalOperator::LegacyIndex(Decorated::new(*index.value())),
    }
}

/// `{ a = 1, b = 2 }`.
fn normal_object(object: &Object) -> Expression {
    let mut normalized = Object::new();
    let last = object.len().saturating_sub(1);
    for (index, (key, value)) in object.iter().enumerate() {
        let mut key = match key {
            ObjectKey::Ident(name) => ObjectKey::Ident(plain(name)),
            ObjectKey::Expression(expression) => ObjectKey::Expression(normal(expression)),
        };
        key.decorate((" ", " "));
        let mut value = ObjectValue::new(normal(value.expr()));
        if index == last {
            value.set_terminator(ObjectValueTerminator::None);
        }
        normalized.insert(key, value);
    }
    normalized.set_trailing(if object.is_empty() { "" } else { " " });
    Expression::from(normalized)
}

fn normal_call(node: &FuncCall) -> Expression {
    let mut name = FuncName::new(plain(&node.name.name));
    name.set_namespace(node.name.namespace.iter().map(plain));
    let mut arguments = node.args.iter().map(normal).collect::<FuncArgs>();
    arguments.set_expand_final(node.args.expand_final());
    Expression::from(FuncCall::new(name, arguments))
}

fn normal_for(node: &ForExpr) -> Expression {
    let mut value_var = plain(&node.intro.value_var);
    value_var.decorate((" ", " "));
    let mut intro = ForIntro::new(value_var, after_word(&node.intro.collection_expr));
    intro.collection_expr.decor_mut().set_suffix(" ");
    intro.key_var = node.intro.key_var.as_ref().map(plain);
    let mut cond = node.cond.as_ref().map(|cond| ForCond::new(after_word(&cond.expr)));
    if node.grouping && cond.is_none() {
        // `tofu fmt` wants a space between `...` and `}`, where hcl-edit has
        // no place for one; a condition that always holds makes the place.
        let mut always = Expression::from(true);
        always.decorate((" ", ""));
        cond = Some(ForCond::new(always));
    }
    let mut normalized = ForExpr::new(intro, not_minus(normal(&node.value_expr)));
    if let Some(key) = &node.key_expr {
        normalized.key_expr = Some(not_minus(normal(key)));
        normalized.intro.decorate((" ", ""));
        match &mut cond {
            Some(cond) => cond.decorate((" ", " ")),
            None => normalized.value_expr.decorate((" ", " ")),
        }
    }
    normalized.grouping = node.grouping;
    normalized.cond = cond;
    Expression::from(normalized)
}

/// An expression after a word such as `in` or `if`. `tofu fmt` takes the word
/// before a parenthesis for a function's name.
fn after_word(expression: &Expression) -> Expression {
    let mut expression = not_minus(normal(expression));
    let space = if begins(&expression, &|e| matches!(e, Expression::Parenthesis(_))) { "" } else { " " };
    expression.decor_mut().set_prefix(space);
    expression.decor_mut().set_suffix("");
    expression
}

/// Puts an expression that begins with a minus in parentheses, where `tofu
/// fmt` would take the minus for a subtraction.
fn not_minus(expression: Expression) -> Expression {
    let minus = |e: &Expression| match e {
        Expression::UnaryOp(operation) => *operation.operator.value() == hcl_edit::expr::UnaryOperator::Neg,
        Expression::Number(number) => syntax::number(number).starts_with('-'),
        _ => false,
    };
    if begins(&expression, &minus) { Expression::from(Parenthesis::new(expression)) } else { expression }
}

/// Whether the leftmost part of an expression is of a kind.
fn begins(expression: &Expression, kind: &dyn Fn(&Expression) -> bool) -> bool {
    kind(expression)
        || match expression {
            Expression::BinaryOp(node) => begins(&node.lhs_expr, kind),
            Expression::Conditional(node) => begins(&node.cond_expr, kind),
            Expression::Traversal(node) => begins(&node.expr, kind),
            _ => false,
        }
}

/// Whether the rightmost part of an expression closes with a brace.
fn ends_with_brace(expression: &Expression) -> bool {
    match expression {
        Expression::Object(_) => true,
        Expression::ForExpr(node) => node.key_expr.is_some(),
        Expression::BinaryOp(node) => ends_with_brace(&node.rhs_expr),
        Expression::Conditional(node) => ends_with_brace(&node.false_expr),
        Expression::UnaryOp(node) => ends_with_brace(&node.expr),
        _ => false,
    }
}

fn normal_template(template: &Template) -> Expression {
    let mut elements = Writer::default().elements(template.iter());
    match elements.as_slice() {
        [] => return string(""),
        [Element::Literal(text)] => return string(text.as_str()),
        // `"${x}"` alone is x, whatever its type; beside a text, even an empty
        // one, it is a string.
        [Element::Interpolation(_)] if template.len() > 1 => {
            elements.push(Element::Interpolation(interpolation(string(""))));
        }
        _ => {}
    }
    Expression::from(StringTemplate::from(elements))
}

/// Writes the elements of one quoted template, in the order in which hcl-edit
/// will.
#[derive(Default)]
struct Writer {
    /// hcl-edit forgets, after a template inside of another, that the text
    /// around is quoted: from there on text goes in as `${"..."}`.
    unquoted: bool,
}

impl Writer {
    fn elements<'a>(&mut self, elements: impl Iterator<Item = &'a Element>) -> Vec<Element> {
        let mut normalized = Vec::new();
        for element in elements {
            match element {
                Element::Literal(text) if text.is_empty() => {}
                Element::Literal(text) if self.unquoted => {
                    normalized.push(Element::Interpolation(interpolation(string(text.as_str()))));
                }
                Element::Literal(text) => normalized.extend(literals(&text_pieces(text.as_str()))),
                Element::Interpolation(node) => {
                    let expression = normal(&node.expr);
                    self.wrote(&expression);
                    normalized.push(Element::Interpolation(interpolation(expression)));
                }
                Element::Directive(directive) => {
                    normalized.push(Element::Directive(Box::new(self.directive(directive))));
                }
            }
        }
        normalized
    }

    fn wrote(&mut self, expression: &Expression) {
        self.unquoted |= has_template(expression);
    }

    fn directive(&mut self, directive: &Directive) -> Directive {
        match directive {
            Directive::If(node) => {
                let condition = after_word(&node.if_expr.cond_expr);
                self.wrote(&condition);
                let mut begin = IfTemplateExpr::new(condition, self.inner(&node.if_expr.template));
                begin.set_preamble("");
                let otherwise = node.else_expr.as_ref().map(|node| {
                    let mut otherwise = ElseTemplateExpr::new(self.inner(&node.template));
                    otherwise.set_preamble("");
                    otherwise.set_trailing("");
                    otherwise
                });
                let mut end = EndifTemplateExpr::new();
                end.set_preamble("");
                end.set_trailing("");
                Directive::If(IfDirective::new(begin, otherwise, end))
            }
            Directive::For(node) => {
                let collection = after_word(&node.for_expr.collection_expr);
                self.wrote(&collection);
                let mut begin = ForTemplateExpr::new(
                    node.for_expr.key_var.as_ref().map(plain),
                    plain(&node.for_expr.value_var),
                    collection,
                    self.inner(&node.for_expr.template),
                );
                begin.set_preamble("");
                let mut end = EndforTemplateExpr::new();
                end.set_preamble("");
                end.set_trailing("");
                Directive::For(ForDirective::new(begin, end))
            }
        }
    }

    fn inner(&mut self, template: &Template) -> Template {
        Template::from(self.elements(template.iter()))
    }
}

/// `${...}` without spaces, but for the braces of an object.
fn interpolation(expression: Expression) -> Interpolation {
    let mut expression = not_minus(expression);
    let brace = |e: &Expression| match e {
        Expression::Object(_) => true,
        Expression::ForExpr(node) => node.key_expr.is_some(),
        _ => false,
    };
    let before = if begins(&expression, &brace) { " " } else { "" };
    let after = if ends_with_brace(&expression) { " " } else { "" };
    expression.decorate((before, after));
    Interpolation::new(expression)
}

/// Whether a template stands anywhere in an expression. Written out kind by
/// kind, because hcl-edit's visitor does not go everywhere.
fn has_template(expression: &Expression) -> bool {
    match expression {
        Expression::StringTemplate(_) | Expression::HeredocTemplate(_) => true,
        Expression::Null(_)
        | Expression::Bool(_)
        | Expression::Number(_)
        | Expression::String(_)
        | Expression::Variable(_) => false,
        Expression::Array(items) => items.iter().any(has_template),
        Expression::Object(object) => object.iter().any(|(key, value)| {
            has_template(value.expr())
                || match key {
                    ObjectKey::Ident(_) => false,
                    ObjectKey::Expression(key) => has_template(key),
                }
        }),
        Expression::Parenthesis(inner) => has_template(inner.inner()),
        Expression::ForExpr(node) => {
            has_template(&node.intro.collection_expr)
                || node.key_expr.as_ref().is_some_and(has_template)
                || has_template(&node.value_expr)
                || node.cond.as_ref().is_some_and(|cond| has_template(&cond.expr))
        }
        Expression::Conditional(node) => {
            [&node.cond_expr, &node.true_expr, &node.false_expr].into_iter().any(has_template)
        }
        Expression::FuncCall(node) => node.args.iter().any(has_template),
        Expression::UnaryOp(node) => has_template(&node.expr),
        Expression::BinaryOp(node) => has_template(&node.lhs_expr) || has_template(&node.rhs_expr),
        Expression::Traversal(node) => {
            has_template(&node.expr)
                || node.operators.iter().any(|operator| match operator.value() {
                    TraversalOperator::Index(index) => has_template(index),
                    TraversalOperator::AttrSplat(_)
                    | TraversalOperator::FullSplat(_)
                    | TraversalOperator::GetAttr(_)
                    | TraversalOperator::LegacyIndex(_) => false,
                })
        }
    }
}
