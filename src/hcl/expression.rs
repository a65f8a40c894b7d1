//! Expressions: ours built from parts, and a user's built anew with the
//! spacing that `tofu fmt` gives. Never joins strings.

use crate::graph::Step;
use hcl_edit::expr::{
    Array, BinaryOp, BinaryOperator, Conditional, Expression, ForCond, ForExpr, ForIntro, FuncArgs, FuncCall, FuncName,
    Object, ObjectKey, ObjectValue, ObjectValueTerminator, Parenthesis, Splat, Traversal, TraversalOperator, UnaryOp,
    UnaryOperator,
};
use hcl_edit::template::{
    Directive, Element, ElseTemplateExpr, EndforTemplateExpr, EndifTemplateExpr, ForDirective, ForTemplateExpr,
    IfDirective, IfTemplateExpr, Interpolation, StringTemplate, Template,
};
use hcl_edit::visit::{self, Visit};
use hcl_edit::{Decorate as _, Decorated, Formatted, Ident, Spanned};

/// A text as a literal that gives exactly this text.
pub fn string(text: &str) -> Expression {
    match pieces(text).as_slice() {
        [] | [_] => Expression::from(text),
        pieces => Expression::from(StringTemplate::from(literals(pieces))),
    }
}

/// hcl-edit escapes `${` and `%{`, but overlooks one that follows a `$` or `%`
/// of the text. Cut before each, every piece is escaped right.
fn pieces(text: &str) -> Vec<&str> {
    let starts = text.char_indices().map(|(at, _)| at).filter(|at| {
        let rest = text.get(*at..).unwrap_or_default();
        *at == 0 || rest.starts_with("${") || rest.starts_with("%{")
    });
    let ends = starts.clone().skip(1).chain([text.len()]);
    starts.zip(ends).filter_map(|(start, end)| text.get(start..end)).collect()
}

fn literals(pieces: &[&str]) -> Vec<Element> {
    pieces.iter().map(|piece| Element::Literal(Spanned::new((*piece).into()))).collect()
}

pub fn number(value: u64) -> Expression {
    Expression::from(value)
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
    normal_for(&ForExpr::new(intro, value))
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
        Step::Splat => Decorated::new(TraversalOperator::FullSplat(Decorated::new(Splat))),
    }));
    let root = Expression::Variable(Decorated::new(Ident::new(*root)));
    if operators.is_empty() { root } else { Expression::from(Traversal::new(root, operators)) }
}

/// A user's expression on one line, spaced as `tofu fmt` spaces it. Comments
/// and heredoc syntax go; the value stays.
pub fn normal(expression: &Expression) -> Expression {
    match expression {
        Expression::Null(_) => Expression::null(),
        Expression::Bool(value) => Expression::from(*value.value()),
        Expression::Number(value) => Expression::Number(Formatted::new(*value.value())),
        Expression::String(text) => string(text.as_str()),
        Expression::Array(items) => list(items.iter().map(normal)),
        Expression::Object(object) => normal_object(object),
        Expression::StringTemplate(template) => normal_template(template.iter()),
        Expression::HeredocTemplate(heredoc) => normal_template(heredoc.template.iter()),
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
        Expression::UnaryOp(operation) => *operation.operator.value() == UnaryOperator::Neg,
        Expression::Number(number) => number.as_f64().is_some_and(|number| number < 0.0),
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

fn normal_template<'a>(elements: impl Iterator<Item = &'a Element>) -> Expression {
    let elements = normal_elements(elements);
    match elements.as_slice() {
        [] => string(""),
        [Element::Literal(text)] => string(text.as_str()),
        _ => Expression::from(StringTemplate::from(elements)),
    }
}

fn normal_elements<'a>(elements: impl Iterator<Item = &'a Element>) -> Vec<Element> {
    let mut normalized = Vec::new();
    // hcl-edit forgets, after a template inside an interpolation, that the
    // text around is quoted: from there on text goes in as a string.
    let mut unquoted = false;
    for element in elements {
        match element {
            Element::Literal(text) if unquoted => {
                normalized.push(Element::Interpolation(interpolation(string(text.as_str()))));
            }
            Element::Literal(text) => normalized.extend(literals(&pieces(text.as_str()))),
            Element::Interpolation(node) => {
                let mut normal = interpolation(normal(&node.expr));
                normal.strip = node.strip;
                normalized.push(Element::Interpolation(normal));
            }
            Element::Directive(directive) => normalized.push(Element::Directive(Box::new(normal_directive(directive)))),
        }
        unquoted |= normalized.last().is_some_and(contains_template);
    }
    normalized
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

fn normal_directive(directive: &Directive) -> Directive {
    match directive {
        Directive::If(node) => {
            let mut begin =
                IfTemplateExpr::new(after_word(&node.if_expr.cond_expr), normal_inner(&node.if_expr.template));
            begin.set_preamble("");
            begin.strip = node.if_expr.strip;
            let mut end = EndifTemplateExpr::new();
            end.set_preamble("");
            end.set_trailing("");
            end.strip = node.endif_expr.strip;
            let otherwise = node.else_expr.as_ref().map(|node| {
                let mut otherwise = ElseTemplateExpr::new(normal_inner(&node.template));
                otherwise.set_preamble("");
                otherwise.set_trailing("");
                otherwise.strip = node.strip;
                otherwise
            });
            Directive::If(IfDirective::new(begin, otherwise, end))
        }
        Directive::For(node) => {
            let mut begin = ForTemplateExpr::new(
                node.for_expr.key_var.as_ref().map(plain),
                plain(&node.for_expr.value_var),
                after_word(&node.for_expr.collection_expr),
                normal_inner(&node.for_expr.template),
            );
            begin.set_preamble("");
            begin.strip = node.for_expr.strip;
            let mut end = EndforTemplateExpr::new();
            end.set_preamble("");
            end.set_trailing("");
            end.strip = node.endfor_expr.strip;
            Directive::For(ForDirective::new(begin, end))
        }
    }
}

fn normal_inner(template: &Template) -> Template {
    Template::from(normal_elements(template.iter()))
}

/// Whether a part of a template has a template inside.
fn contains_template(element: &Element) -> bool {
    let mut finder = TemplateFinder(false);
    finder.visit_element(element);
    finder.0
}

struct TemplateFinder(bool);

impl Visit for TemplateFinder {
    fn visit_expr(&mut self, expression: &Expression) {
        self.0 |= matches!(expression, Expression::StringTemplate(_) | Expression::HeredocTemplate(_));
        visit::visit_expr(self, expression);
    }
}
