//! Where the API endpoint of a cluster stands, and who may be its clients.

use crate::contract::oke::{API, PRIVATE_API};
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::role::Role;
use crate::topology::is_public;
use ipnet::Ipv4Net;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// In the public tier, with a public address.
    Public,
    /// In the private tier, with none.
    Private,
}

pub const WORDS: &[(&str, Endpoint)] = &[("public", Endpoint::Public), ("private", Endpoint::Private)];

impl Endpoint {
    pub const fn role(self) -> &'static Role {
        match self {
            Self::Public => &API,
            Self::Private => &PRIVATE_API,
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }

    /// As `oci ce cluster create-kubeconfig` and the provider name it.
    pub const fn kube_endpoint(self) -> &'static str {
        match self {
            Self::Public => "PUBLIC_ENDPOINT",
            Self::Private => "PRIVATE_ENDPOINT",
        }
    }
}

/// Nobody comes from the internet to an endpoint that has no public address.
pub fn check_clients(endpoint: Option<&At<Endpoint>>, clients: &At<Vec<Ipv4Net>>, diagnostics: &mut Diagnostics) {
    let Some(endpoint) = endpoint.filter(|endpoint| endpoint.value == Endpoint::Private) else { return };
    let Some(client) = clients.value.iter().find(|client| is_public(**client)) else { return };
    diagnostics.push(
        Diagnostic::error(clients.span.clone(), format!("`api_allowed_cidrs` admits {client} to a private endpoint"))
            .label("these are addresses on the internet")
            .related(endpoint.span.clone(), "nothing from the internet reaches it")
            .help(
                "list addresses inside the VCN, or on premises, such as \"10.9.0.0/24\"; \
                 or leave it out: then the VCN's own addresses are admitted",
            ),
    );
}
