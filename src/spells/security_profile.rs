//! The `security_profile` of a VCN, and of a cluster in it: how much the security
//! lists open beside the NSGs.

use crate::diagnostic::{Diagnostic, Diagnostics, nearest, quoted};
use crate::spec::Field;
use crate::spec::value::string;

pub const REFERENCE: &str = "reference";
pub const STRICT: &str = "strict";

/// The name of a profile.
pub fn read(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<&'static str> {
    let text = string("\"strict\"")(field, diagnostics)?;
    let known = [REFERENCE, STRICT];
    if let Some(word) = known.into_iter().find(|word| *word == text) {
        return Some(word);
    }
    let label = match nearest(&text, known) {
        Some(name) => format!("did you mean \"{name}\"?"),
        None => "not a profile".to_owned(),
    };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("there is no security profile {}", quoted(&text)))
            .label(label)
            .help("write \"reference\" (the default) or \"strict\""),
    );
    None
}
