//! HCL text to hcl-edit's tree, exact where hcl-edit alone is not: in the text
//! of templates and in numbers. Knows neither specs nor Terraform.

mod template;

use crate::diagnostic::Diagnostic;
use hcl_edit::structure::Body;
use hcl_edit::{Formatted, Number};

/// Why a text is not HCL.
pub enum Problem {
    /// hcl-edit's parser says so.
    Syntax(hcl_edit::parser::Error),
    /// The text of a template is not what HCL allows.
    Template(Vec<Diagnostic>),
}

/// Reads a whole text.
///
/// # Errors
///
/// Where it is not HCL.
pub fn parse(text: &str) -> Result<Body, Problem> {
    let mut body = hcl_edit::parser::parse_body(text).map_err(Problem::Syntax)?;
    let problems = template::settle(&mut body, text);
    if problems.is_empty() { Ok(body) } else { Err(Problem::Template(problems)) }
}

/// A number as it was written: hcl-edit's value has lost digits where a float
/// can't hold them.
pub fn number(number: &Formatted<Number>) -> String {
    let written = number.as_repr().map(|repr| String::from(&**repr));
    let written = written.unwrap_or_else(|| number.value().to_string());
    // Between a minus and its number there may be space.
    written.split_whitespace().collect()
}
