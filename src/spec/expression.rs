//! Pass-through expressions: what may stand in one, and which variables it
//! names. Never evaluates anything.

use super::Field;
use super::value::deceptive;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ForExpr, FuncCall, Traversal, TraversalOperator};
use hcl_edit::template::{Element, ForDirective, Interpolation};
use hcl_edit::visit::{self, Visit};
use std::sync::Arc;

/// An expression that the tool hands on unread, and the variables it needs.
#[derive(Debug, Clone)]
pub struct Passthrough {
    pub expression: Arc<Expression>,
    pub uses: Vec<VariableUse>,
}

/// One `var.NAME` of a pass-through expression.
#[derive(Debug, Clone)]
pub struct VariableUse {
    pub name: String,
    pub span: Span,
    pub variable_type: VariableType,
    /// What the value is for, as a variable's description says it.
    pub purpose: String,
    /// The block that it is for, as `purpose` names it, where it does.
    pub place: String,
    /// The attributes and keys read from the variable: `["arm"]` for
    /// `var.images["arm"]`.
    pub path: Vec<String>,
    /// The type of what is read from there.
    pub leaf: VariableType,
}

/// The type that a variable must have where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableType {
    /// `ocid` is the resource type that stands second in the OCID, where the
    /// variable is an OCID.
    String {
        ocid: Option<&'static str>,
    },
    /// A string that no plan shows.
    Secret,
    MapOfStrings,
    /// A map of strings of which none is needed.
    FreeformTags,
    /// The same with keys of the form `Namespace.Key`.
    DefinedTags,
    Bool,
    /// The expression around the variable decides.
    Any,
}

/// Names that OpenTofu keeps for itself in a module's arguments.
const RESERVED: [&str; 8] =
    ["count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"];

/// Bytes of an expression. Tags are written to each of a spell's resources, as
/// often as there are any.
const LONGEST: usize = 4 * 1024;

/// Attributes and keys between a variable and what is read from it.
const DEEPEST_PATH: usize = 16;

/// Reads an expression that must give `expected`.
pub fn read(
    field: &Field<'_>,
    expected: &VariableType,
    purpose: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Passthrough> {
    let length = field.span.len();
    if length > LONGEST {
        diagnostics.push(
            Diagnostic::error(
                field.span.clone(),
                format!("this expression has {length} bytes; at most {LONGEST} are read"),
            )
            .label("written to every resource that has it")
            .help("give the value a variable of its own: var.NAME"),
        );
        return None;
    }
    // A description is prose: no quotes.
    let place = field.owner.replace('"', "");
    let mut reader = Reader {
        field_span: field.span.clone(),
        purpose,
        place: &place,
        scope: Vec::new(),
        uses: Vec::new(),
        problems: Vec::new(),
    };
    reader.read_as(field.expression, expected);
    let Reader { uses, problems, .. } = reader;
    let complete = problems.is_empty();
    problems.into_iter().for_each(|problem| diagnostics.push(problem));
    complete.then(|| Passthrough { expression: Arc::new(field.expression.clone()), uses })
}

struct Reader<'a> {
    field_span: Span,
    purpose: &'a str,
    place: &'a str,
    /// Names bound by the `for` expressions around.
    scope: Vec<String>,
    uses: Vec<VariableUse>,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Visits an expression whose value has a known type, and hands the type
    /// on to the parts that give the value.
    fn read_as(&mut self, expression: &Expression, expected: &VariableType) {
        match expression {
            Expression::Parenthesis(inner) => self.read_as(inner.inner(), expected),
            Expression::Traversal(traversal) if is_variable(traversal) => self.use_variable(traversal, expected),
            // `"${x}"` is x.
            Expression::StringTemplate(template)
                if template.len() == 1 && template.get(0).is_some_and(Element::is_interpolation) =>
            {
                for node in template.iter().filter_map(Element::as_interpolation) {
                    self.read_as(&node.expr, expected);
                }
            }
            Expression::Conditional(node) => {
                self.read_as(&node.cond_expr, &VariableType::Bool);
                self.read_as(&node.true_expr, expected);
                self.read_as(&node.false_expr, expected);
            }
            Expression::FuncCall(call) => self.read_call(call, expected),
            _ => self.visit_expr(expression),
        }
    }

    /// Visits a function call. Of the functions that stand in real modules
    /// it is known what they take; an argument of any other may be anything.
    fn read_call(&mut self, call: &FuncCall, expected: &VariableType) {
        let text = VariableType::String { ocid: None };
        for (position, argument) in call.args.iter().enumerate() {
            let takes = match (call.name.name.as_str(), position) {
                ("coalesce" | "merge" | "nonsensitive" | "sensitive" | "tomap" | "try", _) => expected,
                ("lookup", 0) => &VariableType::MapOfStrings,
                ("lookup", 2) => expected,
                (
                    "chomp" | "file" | "lookup" | "lower" | "pathexpand" | "replace" | "title" | "tostring" | "trim"
                    | "trimprefix" | "trimspace" | "trimsuffix" | "upper",
                    _,
                )
                | ("join", 0) => &text,
                _ => &VariableType::Any,
            };
            self.read_as(argument, takes);
        }
    }

    /// Visits what a `for` runs over: some collection.
    fn read_collection(&mut self, expression: &Expression) {
        let before = self.uses.len();
        self.read_as(expression, &VariableType::Any);
        if let (Expression::Traversal(traversal), Some(used)) = (expression, self.uses.get_mut(before))
            && is_variable(traversal)
        {
            used.path.push("example".to_owned());
        }
    }

    fn use_variable(&mut self, traversal: &Traversal, expected: &VariableType) {
        let span = traversal.span().unwrap_or_else(|| self.field_span.clone());
        let mut operators = traversal.operators.iter();
        let Some(TraversalOperator::GetAttr(name)) = operators.next().map(|operator| operator.value()) else {
            self.problems.push(
                Diagnostic::error(span, "a variable is named after `var.`")
                    .label("no name here")
                    .help("write var.NAME"),
            );
            return;
        };
        if RESERVED.contains(&name.as_str()) {
            self.problems.push(
                Diagnostic::error(span, format!("a variable can't be named `{}`", name.as_str()))
                    .label("OpenTofu keeps this name for itself")
                    .help(format!("write var.{}_value, for example", name.as_str())),
            );
            return;
        }
        let mut path = Vec::new();
        for operator in operators.clone() {
            match operator.value() {
                TraversalOperator::GetAttr(attribute) => path.push(attribute.as_str().to_owned()),
                TraversalOperator::Index(index) => {
                    path.extend(index.as_str().map(str::to_owned));
                    self.visit_expr(index);
                }
                _ => {}
            }
        }
        if path.len() > DEEPEST_PATH {
            self.problems.push(
                Diagnostic::error(span, format!("`var.{}` is read {} levels deep", name.as_str(), path.len()))
                    .label(format!("at most {DEEPEST_PATH} levels"))
                    .help("give the inner value a variable of its own"),
            );
            return;
        }
        let bare = operators.next().is_none();
        self.uses.push(VariableUse {
            name: name.as_str().to_owned(),
            span,
            variable_type: if bare { expected.clone() } else { VariableType::Any },
            purpose: self.purpose.to_owned(),
            place: self.place.to_owned(),
            path,
            leaf: expected.clone(),
        });
    }

    fn check_root(&mut self, root: &str, span: Option<Span>) {
        let known = self.scope.iter().any(|name| name == root);
        if known {
            return;
        }
        let span = span.unwrap_or_else(|| self.field_span.clone());
        self.problems.push(
            Diagnostic::error(span, format!("`{root}` is not known in the generated module"))
                .label("only variables can be used here")
                .help(match root {
                    "var" => "write var.NAME",
                    "data" | "local" | "module" => "write var.NAME, and give the variable this value from outside",
                    _ => "write var.NAME, or put a text in quotes",
                }),
        );
    }

    fn check_text(&mut self, text: &str, span: Option<Span>) {
        if let Some(problem) = deceptive(text) {
            let span = span.unwrap_or_else(|| self.field_span.clone());
            self.problems.push(
                Diagnostic::error(span, format!("this text contains {problem}"))
                    .label("can't be shown safely")
                    .help("remove the character"),
            );
        }
    }

    /// Runs `inner` with some names bound.
    fn bound(&mut self, names: impl IntoIterator<Item = String>, inner: impl FnOnce(&mut Self)) {
        let depth = self.scope.len();
        self.scope.extend(names);
        inner(self);
        self.scope.truncate(depth);
    }
}

impl Visit for Reader<'_> {
    fn visit_expr(&mut self, expression: &Expression) {
        match expression {
            Expression::Traversal(traversal) if is_variable(traversal) => {
                self.use_variable(traversal, &VariableType::Any);
            }
            Expression::Traversal(traversal) if is_constant(traversal) => {}
            Expression::Conditional(_) => self.read_as(expression, &VariableType::Any),
            Expression::FuncCall(call) => self.read_call(call, &VariableType::Any),
            Expression::Variable(root) => self.check_root(root.as_str(), root.span()),
            Expression::String(text) => self.check_text(text, text.span()),
            _ => visit::visit_expr(self, expression),
        }
    }

    fn visit_for_expr(&mut self, node: &ForExpr) {
        self.read_collection(&node.intro.collection_expr);
        let names = node.intro.key_var.iter().chain([&node.intro.value_var]);
        let names: Vec<_> = names.map(|name| name.as_str().to_owned()).collect();
        self.bound(names, |reader| {
            node.key_expr.iter().for_each(|key| reader.visit_expr(key));
            reader.visit_expr(&node.value_expr);
            node.cond.iter().for_each(|cond| reader.visit_expr(&cond.expr));
        });
    }

    fn visit_for_directive(&mut self, node: &ForDirective) {
        self.read_collection(&node.for_expr.collection_expr);
        let names = node.for_expr.key_var.iter().chain([&node.for_expr.value_var]);
        let names: Vec<_> = names.map(|name| name.as_str().to_owned()).collect();
        self.bound(names, |reader| reader.visit_template(&node.for_expr.template));
    }

    fn visit_interpolation(&mut self, node: &Interpolation) {
        self.read_as(&node.expr, &VariableType::String { ocid: None });
    }

    fn visit_element(&mut self, node: &Element) {
        if let Element::Literal(text) = node {
            self.check_text(text, text.span());
        }
        visit::visit_element(self, node);
    }

    fn visit_object_key(&mut self, node: &hcl_edit::expr::ObjectKey) {
        // A bare key is a name, not a reference.
        if let hcl_edit::expr::ObjectKey::Expression(expression) = node
            && !matches!(expression, Expression::Variable(_))
        {
            self.visit_expr(expression);
        }
    }
}

/// Values that every module has.
fn is_constant(traversal: &Traversal) -> bool {
    let root = traversal.expr.as_variable().map(|root| root.as_str());
    let first = traversal.operators.first().map(|operator| operator.value());
    let Some(TraversalOperator::GetAttr(name)) = first else { return false };
    matches!((root, name.as_str()), (Some("path"), "module" | "root" | "cwd") | (Some("terraform"), "workspace"))
}

fn is_variable(traversal: &Traversal) -> bool {
    traversal.expr.as_variable().is_some_and(|root| root.as_str() == "var")
}
