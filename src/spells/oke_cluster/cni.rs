//! How pods are on the network: with VNICs of their own in the VCN, or hidden
//! behind their worker's in an overlay.

use crate::diagnostic::{At, Diagnostic, Diagnostics, nearest, quoted};
use crate::spec::Field;
use crate::spec::value::string;
use ipnet::Ipv4Net;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cni {
    VcnNative,
    Flannel,
}

const EVERY: [Cni; 2] = [Cni::VcnNative, Cni::Flannel];

/// The prefix of what flannel gives each node. Oracle, "CIDR Blocks and
/// Kubernetes Engine (OKE)".
const FLANNEL_NODE_PREFIX: u8 = 25;

impl Cni {
    /// As a spec names it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::VcnNative => "vcn-native",
            Self::Flannel => "flannel",
        }
    }

    /// As OKE's API names it.
    pub const fn api_name(self) -> &'static str {
        match self {
            Self::VcnNative => "OCI_VCN_IP_NATIVE",
            Self::Flannel => "FLANNEL_OVERLAY",
        }
    }

    /// What the README says of it.
    pub const fn note(self) -> &'static str {
        match self {
            Self::VcnNative => "VCN-native pod networking",
            Self::Flannel => "pods in a flannel overlay, without VNICs",
        }
    }

    /// Nodes for whose pods a range has the addresses.
    pub fn nodes_in(self, pods: Ipv4Net) -> Option<u64> {
        let bits = FLANNEL_NODE_PREFIX.checked_sub(pods.prefix_len());
        (self == Self::Flannel).then(|| bits.map_or(0, |bits| 1 << bits))
    }

    pub fn read(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = string("\"flannel\"")(field, diagnostics)?;
        if let Some(cni) = EVERY.into_iter().find(|cni| cni.word() == text) {
            return Some(cni);
        }
        let label = match nearest(&text, EVERY.map(Self::word)) {
            Some(near) => format!("did you mean {}?", quoted(near)),
            None => "OKE has two".to_owned(),
        };
        let message = format!("{} of {} can't be {}", field.subject, field.owner, quoted(&text));
        diagnostics.push(
            Diagnostic::error(field.span.clone(), message)
                .label(label)
                .help("write \"vcn-native\" (the default) or \"flannel\""),
        );
        None
    }
}

/// Says that something is for pods with VNICs only.
pub fn needs_vnics(what: &str, at: std::ops::Range<usize>, cni: &At<Cni>, help: &str) -> Diagnostic {
    Diagnostic::error(at, format!("{what}: pods of a flannel cluster have no VNICs"))
        .label("needs VCN-native pods")
        .related(cni.span.clone(), "the overlay")
        .help(help)
}
