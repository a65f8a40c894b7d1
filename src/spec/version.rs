//! Kubernetes versions as a spec writes them.

use super::Field;
use super::value::string;
use crate::diagnostic::{At, Diagnostic, Diagnostics, quoted};
use crate::facts::kubernetes::{AS_OF, GONE, MINORS_TO_COME, OFFERED, SENSIBLE, skew};
use std::fmt;

/// A version of Kubernetes 1. Ordered as they came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    minor: u64,
    patch: u64,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1.{}.{}", self.minor, self.patch)
    }
}

impl Version {
    pub const fn minor(self) -> u64 {
        self.minor
    }

    /// As the names of images have it: without the `v`.
    pub fn number(self) -> String {
        format!("1.{}.{}", self.minor, self.patch)
    }

    fn parse(text: &str) -> Option<Self> {
        let number = |part: &str| {
            let plain = part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
            (plain && (part.len() == 1 || !part.starts_with('0'))).then(|| part.parse().ok()).flatten()
        };
        let (minor, patch) = text.strip_prefix("v1.")?.split_once('.')?;
        Some(Self { minor: number(minor)?, patch: number(patch)? })
    }

    /// What is wrong with nodes of this version under a control plane of
    /// another, if anything is, and what would be right.
    pub fn skew_from(self, control_plane: Self) -> Option<(&'static str, String)> {
        let allowed = skew(control_plane.minor);
        let oldest = control_plane.minor.saturating_sub(allowed);
        if self > control_plane {
            Some(("newer than the control plane", format!("write {} or older", quoted(&control_plane.to_string()))))
        } else if self.minor < oldest {
            let help = format!(
                "nodes may be {allowed} minor versions behind: write a v1.{oldest} or newer, or upgrade the cluster in steps"
            );
            Some(("too far behind the control plane", help))
        } else {
            None
        }
    }
}

/// A Kubernetes version as OKE writes it: `vX.Y.Z`, major 1.
pub fn kubernetes_version(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Version> {
    let text = string(&quoted(SENSIBLE))(field, diagnostics)?;
    if let Some(version) = Version::parse(&text) {
        warn(&At::new(version, field.span.clone()), diagnostics);
        return Some(version);
    }
    let help = if text.starts_with(|c: char| c.is_ascii_digit()) && text.split('.').count() == 3 {
        format!("write {}", quoted(&format!("v{text}")))
    } else {
        format!(
            "for example {}; `oci ce cluster-options get --cluster-option-id all` lists what your region offers",
            quoted(SENSIBLE)
        )
    };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("{} is not a Kubernetes version", quoted(&text)))
            .label("expected v1.Y.Z")
            .help(help),
    );
    None
}

/// Versions that are known to be gone, and those that can't be there yet. The
/// plan asks OKE itself.
fn warn(version: &At<Version>, diagnostics: &mut Diagnostics) {
    let newest = OFFERED.iter().filter_map(|offered| Version::parse(offered)).max().unwrap_or_default();
    let gone = GONE.iter().rfind(|gone| version.value.minor <= gone.minor);
    let (message, label) = if let Some(gone) = gone {
        (
            format!("OKE no longer offers Kubernetes {} for new clusters", version.value),
            format!("gone since {} at the latest", gone.since),
        )
    } else if version.value.minor > newest.minor + MINORS_TO_COME {
        (
            format!("there is no Kubernetes {} that cloudspells knows of", version.value),
            format!("the newest on OKE was {newest} in {AS_OF}"),
        )
    } else {
        return;
    };
    let offered = OFFERED.map(quoted).join(", ");
    diagnostics.push(Diagnostic::warning(version.span.clone(), message).label(label).help(format!(
        "for example {}; in {AS_OF} there were {offered}, and the plan asks OKE itself",
        quoted(SENSIBLE)
    )));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap_or_default()
    }

    #[test]
    fn nodes_are_never_newer_and_at_most_three_minors_older() {
        let wrong = |nodes, plane| version(nodes).skew_from(version(plane)).is_some();
        assert!(!wrong("v1.35.2", "v1.35.2"));
        assert!(!wrong("v1.32.9", "v1.35.2"));
        assert!(wrong("v1.31.9", "v1.35.2"));
        assert!(wrong("v1.35.3", "v1.35.2"));
        assert!(wrong("v1.36.1", "v1.35.2"));
        assert!(!wrong("v1.25.0", "v1.27.0"));
        assert!(wrong("v1.24.0", "v1.27.0"));
        assert!(!wrong("v1.25.0", "v1.28.0"));
    }

    #[test]
    fn what_is_not_a_version_is_none() {
        for text in ["", "v1", "v1.35", "1.35.2", "v2.0.0", "v1.035.2", "v1.35.2.1", "v1.35.x", "v1.1234.0", "v1..2"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
