//! Reads from the text of the modules what a plan's JSON leaves out of an
//! expression: whether a list is a literal. Knows no value and no resource
//! type; must never evaluate anything.

use super::address::{Key, Step};
use crate::audit::problem::Problem;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::ForTemplateExpr;
use hcl_edit::visit::Visit;
use std::collections::BTreeMap;

/// The `.tf` files of a stack's modules, by directory as
/// [`Shown::directories`](crate::audit::Shown::directories) names them.
#[derive(Debug, Default)]
pub struct Texts(BTreeMap<String, Vec<Body>>);

/// An element of a list literal.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// A reference and nothing around it.
    Reference(Vec<Step>),
    Text(String),
    /// Anything else, such as a condition, with the references in it.
    Other(Vec<Vec<Step>>),
}

/// The elements of a list literal: no condition, no function, no splat around it.
pub fn elements(expression: &Expression) -> Option<Vec<Element>> {
    match expression {
        Expression::Array(elements) => Some(elements.iter().map(element).collect()),
        _ => None,
    }
}

/// The variable that an expression is, and nothing else.
pub fn variable(expression: &Expression) -> Option<&str> {
    let Expression::Traversal(one) = expression else { return None };
    let is_variable = one.expr.as_variable().is_some_and(|root| root.as_str() == "var");
    match one.operators.as_slice() {
        [only] if is_variable => match only.value() {
            TraversalOperator::GetAttr(name) => Some(name.as_str()),
            _ => None,
        },
        _ => None,
    }
}

impl Element {
    /// The references in it.
    pub fn references(&self) -> &[Vec<Step>] {
        match self {
            Self::Reference(steps) => std::slice::from_ref(steps),
            Self::Other(all) => all,
            Self::Text(_) => &[],
        }
    }
}

impl Texts {
    /// Adds a file of a directory.
    ///
    /// # Errors
    ///
    /// If it is not HCL, or HCL that is nested deeper than is read.
    pub fn add(&mut self, directory: &str, text: &str) -> Result<(), Problem> {
        let body = parsed(text).map_err(|error| {
            let place = error.location();
            let at = format!("line {}, column {}", place.line(), place.column());
            Problem::new(
                format!("this is not valid HCL at {at}: {}", error.message()),
                "`tofu validate` says what is wrong; until then the audit relies on the plan alone",
            )
        })?;
        self.0.entry(directory.to_owned()).or_default().push(body);
        Ok(())
    }

    /// Whether an attribute is a reference, or a list of one, whose only key
    /// that is not written out is the instance's own, and nothing else.
    pub fn is_keyed(&self, directory: &str, resource: &str, path: &str, attribute: &str) -> bool {
        let keyed = || {
            let mut expression = self.expression(directory, resource, path, attribute)?;
            if let Expression::Array(elements) = expression {
                expression = only(elements.iter())?;
            }
            let Expression::Traversal(traversal) = expression else { return None };
            traversal.expr.as_variable()?;
            let is_plain = |operator: &TraversalOperator| match operator {
                TraversalOperator::GetAttr(_) => true,
                TraversalOperator::Index(Expression::Traversal(key)) => {
                    matches!(key.expr.as_variable().map(|name| name.as_str()), Some("each" | "count"))
                        && key.operators.len() == 1
                }
                TraversalOperator::Index(Expression::String(_) | Expression::Number(_)) => true,
                _ => false,
            };
            traversal.operators.iter().all(|operator| is_plain(operator.value())).then_some(())
        };
        keyed().is_some()
    }

    /// The references of an attribute in a `dynamic` block, which a plan's JSON
    /// leaves out; those of what the block goes through among them.
    pub fn hidden(&self, directory: &str, resource: &str, path: &str, attribute: &str) -> Option<Vec<Vec<Step>>> {
        let mut body = self.resource(directory, resource)?;
        let mut iterators = Vec::new();
        for block in path.split('.').filter(|block| !block.is_empty()) {
            let name = block.split('[').next()?;
            if let Some(inner) = only_block(body, name) {
                body = inner;
                continue;
            }
            let is_it = |block: &&Block| {
                block.ident.as_str() == "dynamic" && block.labels.first().is_some_and(|label| label.as_str() == name)
            };
            let is_plain = body.blocks().all(|block| block.ident.as_str() != name);
            let dynamic = only(body.blocks().filter(is_it)).filter(|_| is_plain)?;
            let iterator = match dynamic.body.get_attribute("iterator").map(|one| &one.value) {
                None => name.to_owned(),
                Some(Expression::Variable(name)) => name.as_str().to_owned(),
                Some(_) => return None,
            };
            iterators.push((iterator, references(&dynamic.body.get_attribute("for_each")?.value)));
            body =
                only(dynamic.body.blocks().filter(|block| block.ident.as_str() == "content")).map(|one| &one.body)?;
        }
        let mut left = references(&body.get_attribute(attribute)?.value);
        // The innermost iterator of a name hides the others.
        for (iterator, collection) in iterators.into_iter().rev() {
            let is_by = |steps: &Vec<Step>| matches!(steps.first(), Some(Step::Name(name)) if *name == iterator);
            let before = left.len();
            left.retain(|steps| !is_by(steps));
            if left.len() < before {
                left.extend(collection);
            }
        }
        Some(left)
    }

    /// The expression of an attribute. `resource` is an address in its module,
    /// `path` the blocks around the attribute, such as `options[0].add_ons[0]`.
    pub fn expression(&self, directory: &str, resource: &str, path: &str, attribute: &str) -> Option<&Expression> {
        let mut body = self.resource(directory, resource)?;
        for block in path.split('.').filter(|block| !block.is_empty()) {
            body = only_block(body, block.split('[').next()?)?;
        }
        body.get_attribute(attribute).map(|attribute| &attribute.value)
    }

    /// The argument of a call of a module.
    pub fn argument(&self, directory: &str, call: &str, name: &str) -> Option<&Expression> {
        let is_it = |block: &&Block| {
            block.ident.as_str() == "module" && block.labels.first().is_some_and(|label| label.as_str() == call)
        };
        let call = only(self.0.get(directory)?.iter().flat_map(Body::blocks).filter(is_it))?;
        call.body.get_attribute(name).map(|one| &one.value)
    }

    /// Leaves out what is said of a directory: there is more in it than is read.
    pub fn hide(&mut self, directory: &str) {
        self.0.remove(directory);
    }

    /// The references in the text of a local value, and whether it is one
    /// reference and nothing else; `None` if the text does not have it.
    pub fn local(&self, directory: &str, name: &str) -> Option<(Vec<Vec<Step>>, bool)> {
        let bodies = self.0.get(directory).into_iter().flatten();
        let locals = bodies.flat_map(Body::blocks).filter(|block| block.ident.as_str() == "locals");
        let attribute = only(locals.filter_map(|block| block.body.get_attribute(name)))?;
        let is_plain = matches!(&attribute.value, Expression::Traversal(one) if reference(one).is_some());
        Some((references(&attribute.value), is_plain))
    }

    /// Whether a resource is declared in a directory.
    pub fn declares(&self, directory: &str, address: &str) -> bool {
        self.declarations(directory, address).next().is_some()
    }

    /// The body of a resource that is declared once. With a second declaration,
    /// in an override file, neither is the whole resource.
    fn resource(&self, directory: &str, address: &str) -> Option<&Body> {
        only(self.declarations(directory, address)).map(|block| &block.body)
    }

    fn declarations<'t>(&'t self, directory: &str, address: &str) -> impl Iterator<Item = &'t Block> {
        let named = move |block: &&Block| {
            let labels: Vec<_> = block.labels.iter().map(|label| label.as_str()).collect();
            block.ident.as_str() == "resource" && address.split_once('.').is_some_and(|(a, b)| labels == [a, b])
        };
        self.0.get(directory).into_iter().flatten().flat_map(Body::blocks).filter(named)
    }
}

/// The most keys of objects in a file that are there twice.
const MOST_TWICE: usize = 100;

/// Parses a file. Terraform takes an object that has a key twice, which the
/// parser does not; no key is looked at here, so the second one gets another
/// name.
fn parsed(text: &str) -> Result<Body, hcl_edit::parser::Error> {
    let mut text = std::borrow::Cow::Borrowed(text);
    for _ in 0..MOST_TWICE {
        match hcl_edit::parser::parse_body(&text) {
            Err(error) if error.message().contains("redefined object key") => {
                let at = error.location().offset();
                let Some((before, after)) = text.split_at_checked(at) else { return Err(error) };
                let (quote, after) = after.strip_prefix('"').map_or(("", after), |after| ("\"", after));
                text = format!("{before}{quote}_{after}").into();
            }
            result => return result,
        }
    }
    hcl_edit::parser::parse_body(&text)
}

/// What a reference starts with that is not a resource, and so may be null.
const NOT_RESOURCES: [&str; 10] =
    ["var", "local", "module", "data", "each", "count", "self", "path", "terraform", "tofu"];

/// Whether an expression can't be null: a resource's attribute, or a condition
/// that chooses between such.
// The recursion is bounded by the parser's limit on depth.
pub fn is_never_null(expression: &Expression) -> bool {
    match expression {
        Expression::Parenthesis(inner) => is_never_null(inner.inner()),
        Expression::Conditional(one) => is_never_null(&one.true_expr) && is_never_null(&one.false_expr),
        Expression::Traversal(one) => {
            let root = one.expr.as_variable().map(|name| name.as_str());
            root.is_some_and(|root| !NOT_RESOURCES.contains(&root))
        }
        _ => false,
    }
}

/// The only block of a name; `None` if there are several, or a `dynamic` one.
fn only_block<'b>(body: &'b Body, name: &str) -> Option<&'b Body> {
    let is_it = |block: &&Block| {
        let label = block.labels.first().map(|label| label.as_str());
        block.ident.as_str() == name || block.ident.as_str() == "dynamic" && label == Some(name)
    };
    only(body.blocks().filter(is_it)).filter(|block| block.ident.as_str() == name).map(|block| &block.body)
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

fn element(expression: &Expression) -> Element {
    let plain = match expression {
        Expression::String(text) => Some(Element::Text(text.as_str().to_owned())),
        Expression::Traversal(traversal) => reference(traversal).map(Element::Reference),
        _ => None,
    };
    plain.unwrap_or_else(|| Element::Other(references(expression)))
}

/// Every reference in an expression, each as far as its steps are written out.
pub fn references(expression: &Expression) -> Vec<Vec<Step>> {
    let mut found = References::default();
    found.visit_expr(expression);
    found.0
}

fn reference(traversal: &Traversal) -> Option<Vec<Step>> {
    let root = traversal.expr.as_variable()?.as_str().to_owned();
    let step = |operator: &TraversalOperator| match operator {
        TraversalOperator::GetAttr(name) => Some(Step::Name(name.as_str().to_owned())),
        TraversalOperator::Index(Expression::String(text)) => Some(Step::Index(Key::Text(text.as_str().to_owned()))),
        TraversalOperator::Index(Expression::Number(number)) => Some(Step::Index(Key::Number(number.as_u64()?))),
        _ => None,
    };
    let steps = traversal.operators.iter().map(|operator| step(operator.value()));
    std::iter::once(Some(Step::Name(root))).chain(steps).collect()
}

/// Every reference in an expression, each as far as its steps are written out.
#[derive(Default)]
struct References(Vec<Vec<Step>>);

impl Visit for References {
    fn visit_traversal(&mut self, traversal: &Traversal) {
        if let Some(root) = traversal.expr.as_variable() {
            let step = |operator: &TraversalOperator| match operator {
                TraversalOperator::GetAttr(name) => Some(Step::Name(name.as_str().to_owned())),
                TraversalOperator::Index(Expression::String(text)) => {
                    Some(Step::Index(Key::Text(text.as_str().to_owned())))
                }
                TraversalOperator::Index(Expression::Number(number)) => {
                    Some(Step::Index(Key::Number(number.as_u64()?)))
                }
                _ => None,
            };
            let steps = traversal.operators.iter().map_while(|operator| step(operator.value()));
            self.0.push(std::iter::once(Step::Name(root.as_str().to_owned())).chain(steps).collect());
        }
        hcl_edit::visit::visit_traversal(self, traversal);
    }

    // The visitor leaves out what a template's `for` goes through.
    fn visit_for_template_expr(&mut self, node: &ForTemplateExpr) {
        self.visit_expr(&node.collection_expr);
        hcl_edit::visit::visit_for_template_expr(self, node);
    }
}

/// The directory of a module that is called by its path, relative to the root
/// module's; `None` if its source is not a local path.
pub fn directory(caller: &str, source: &str) -> Option<String> {
    let is_path = source.starts_with("./") || source.starts_with("../");
    is_path.then(|| if caller.is_empty() { source.to_owned() } else { format!("{caller}/{source}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Option<usize> {
        let mut texts = Texts::default();
        texts.add("", text).ok()?;
        let elements = elements(texts.expression("", "a.b", "c[0].d[0]", "e")?)?;
        elements.iter().all(|one| !matches!(one, Element::Other(_))).then_some(elements.len())
    }

    #[test]
    fn a_key_that_is_there_twice_is_taken() {
        let text = "locals {\n  a = { x = b.c, x = d.e, \"x\" = f.g, (x) = h.i }\n}\n";
        let mut texts = Texts::default();
        assert!(texts.add("", text).is_ok());
        assert_eq!(texts.local("", "a").map(|(references, _)| references.len()), Some(4));
    }

    #[test]
    fn a_list_that_is_written_out_is_read_and_no_other() {
        const STACK: &str = r#"
resource "a" "b" {
  c {
    d {
      e = LIST
    }
  }
}
"#;
        let of = |list: &str| STACK.replace("LIST", list);
        assert_eq!(list(&of("[x.y.id, x.z[0].id, x.z[\"k\"].id, \"ocid1\"]")), Some(4));
        assert_eq!(list(&of("[]")), Some(0));
        for other in [
            "x.y[*].id",
            "[for y in x.y : y.id]",
            "[true ? x.y.id : x.z.id]",
            "[x.y[count.index].id]",
            "[x.y[*].id]",
            "compact([x.y.id])",
            "[\"${x.y.id}\"]",
            "[(x.y.id)]",
            "[null]",
        ] {
            assert_eq!(list(&of(other)), None, "{other}");
        }
        let twice = of("[x.y.id]");
        assert_eq!(list(&format!("{twice}\n{twice}")), None, "an override file");
        assert_eq!(list(&twice.replace("    d {", "    dynamic \"d\" {")), None);
        assert_eq!(list(&twice.replace("  c {", "  c {\n    dynamic \"d\" {\n    }")), None);
        assert_eq!(list(&twice.replace("\"b\"", "\"other\"")), None);
    }
}
