//! Keys that machines are given: public SSH keys, and keys of a vault.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::spec::value::{Objection, passthrough};
use crate::spec::{Field, Passthrough};

/// Any expression in whose text no private key stands. The key is not
/// repeated in the report.
pub fn public_key(purpose: String) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<Passthrough> {
    move |field, diagnostics| {
        if !field.expression.to_string().contains("PRIVATE KEY") {
            return passthrough(purpose, None, check_key)(field, diagnostics);
        }
        let start = field.span.start;
        diagnostics.push(
            Diagnostic::error(start..start + 1, format!("{} of {} is a private key", field.subject, field.owner))
                .label("it belongs on no node and in no file")
                .help("write the public key, the content of a .pub file; and replace the key that stood here"),
        );
        None
    }
}

fn check_key(text: &str) -> Objection {
    let known = ["ssh-", "ecdsa-", "sk-"].iter().any(|prefix| text.starts_with(prefix));
    (!known || text.trim_end().contains('\n')).then_some((
        "not a public key in OpenSSH's form",
        "write one line such as \"ssh-ed25519 AAAA... name\", or var.ssh_public_key",
    ))
}

pub fn check_kms_key(text: &str) -> Objection {
    (!text.starts_with("ocid1.key."))
        .then_some(("not the OCID of a key", "write \"ocid1.key....\" or var.kms_key_id; a vault is not a key"))
}
