//! The certificate of a listener: one of OCI's Certificates service, by its OCID,
//! or one that is uploaded as PEM.

use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::spec::object::members;
use crate::spec::value::{Objection, passthrough, secret};
use crate::spec::{BlockReader, Field, Passthrough, VariableUse};

const PEM: &str = "{ certificate = var.certificate, private_key = var.private_key, ca_certificates = var.chain }";

pub enum Certificate {
    /// Of the Certificates service, which renews it.
    Managed(Passthrough),
    Pem(Pem),
}

pub struct Pem {
    pub certificate: Passthrough,
    pub private_key: Passthrough,
    pub ca_certificates: Option<Passthrough>,
}

/// Reads `certificate_id` or `certificate_pem`, with where it stands.
pub fn read(reader: &mut BlockReader<'_>) -> Option<At<Certificate>> {
    // A description is prose: no quotes.
    let title = reader.title().replace('"', "").replace("load_balancer", "the load balancer");
    let purpose = format!("OCID of the certificate of {title}");
    let id = reader.optional("certificate_id", passthrough(purpose, Some("certificate"), check));
    let pem = reader.optional("certificate_pem", |field, diagnostics| pem(field, &title, diagnostics));
    if let (Some(id), Some(pem)) = (&id, &pem) {
        reader.diagnostics.push(
            Diagnostic::error(pem.span.clone(), format!("{} has two certificates", reader.title()))
                .label("the second")
                .related(id.span.clone(), "the first")
                .help("keep one: `certificate_id` of the Certificates service, or `certificate_pem` that is uploaded"),
        );
    }
    let id = id.map(|at| At::new(Certificate::Managed(at.value), at.span));
    id.or_else(|| pem.map(|at| At::new(Certificate::Pem(at.value), at.span)))
}

fn check(text: &str) -> Objection {
    let (problem, help) = if text.starts_with("ocid1.certificate.") {
        return None;
    } else if text.contains("BEGIN CERTIFICATE") {
        ("a certificate itself", "write `certificate_pem = { certificate = ..., private_key = ... }`")
    } else {
        (
            "not the OCID of a certificate",
            "write \"ocid1.certificate....\" or var.certificate_id; `oci certs-mgmt certificate list` lists certificates",
        )
    };
    Some((problem, help))
}

fn pem(field: &Field<'_>, title: &str, diagnostics: &mut Diagnostics) -> Option<Pem> {
    let members = members(field, &["certificate", "private_key", "ca_certificates"], PEM, diagnostics)?;
    let mut found = [None, None, None];
    let mut is_sound = true;
    for (name, member) in &members {
        let (at, read) = match *name {
            "certificate" => {
                let purpose = format!("Certificate of {title}, PEM");
                (0, passthrough(purpose, None, check_pem)(member, diagnostics))
            }
            "private_key" => (1, private_key(member, title, diagnostics)),
            _ => {
                let purpose = format!("Certificates of the authorities above that of {title}, PEM");
                (2, passthrough(purpose, None, check_pem)(member, diagnostics))
            }
        };
        is_sound &= read.is_some();
        if let Some(place) = found.get_mut(at) {
            *place = read;
        }
    }
    let [certificate, private_key, ca_certificates] = found;
    let lacks = |name| !members.iter().any(|(known, _)| *known == name);
    if lacks("certificate") || lacks("private_key") {
        let name = if lacks("certificate") { "certificate" } else { "private_key" };
        diagnostics.push(
            Diagnostic::error(field.span.clone(), format!("{} of {} has no `{name}`", field.subject, field.owner))
                .label("a listener needs both")
                .help(format!("write for example {PEM}")),
        );
        return None;
    }
    is_sound.then_some(Pem { certificate: certificate?, private_key: private_key?, ca_certificates })
}

fn check_pem(text: &str) -> Objection {
    (!text.trim_start().starts_with("-----BEGIN CERTIFICATE-----"))
        .then_some(("no certificate in PEM", "write var.NAME, or file(\"${path.module}/certificate.pem\")"))
}

/// Any expression in whose text no private key stands. The key is not
/// repeated in the report.
fn private_key(field: &Field<'_>, title: &str, diagnostics: &mut Diagnostics) -> Option<Passthrough> {
    let purpose = format!("Private key of the certificate of {title}, PEM, without a passphrase");
    if !field.expression.to_string().contains("PRIVATE KEY") {
        let check: fn(&str) -> Objection = |_| Some(("no private key in PEM", "write var.NAME: it belongs in no file"));
        return secret(purpose, check)(field, diagnostics);
    }
    let start = field.span.start;
    diagnostics.push(
        Diagnostic::error(start..start + 1, format!("{} of {} is written out", field.subject, field.owner))
            .label("a private key belongs in no spec")
            .help("write var.NAME, which becomes a sensitive variable; and replace the key that stood here"),
    );
    None
}

impl Certificate {
    pub fn variables(&self) -> impl Iterator<Item = &VariableUse> {
        let given: Vec<&Passthrough> = match self {
            Self::Managed(id) => vec![id],
            Self::Pem(pem) => [&pem.certificate, &pem.private_key].into_iter().chain(&pem.ca_certificates).collect(),
        };
        given.into_iter().flat_map(|given| &given.uses)
    }
}
