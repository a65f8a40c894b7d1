//! The `load_balancer` block: what stands before the instances, and what goes
//! together.

use super::certificate::{self, Certificate};
use super::health::{HealthCheck, Protocol as HealthProtocol};
use super::needs::BalancerNeeds;
use crate::diagnostic::{At, Diagnostic, Diagnostics, Span};
use crate::facts::limits::LOAD_BALANCER_MBPS;
use crate::spec::object::members;
use crate::spec::value::{boolean, integer};
use crate::spec::word::word;
use crate::spec::{BlockReader, Field, VariableUse};

const BANDWIDTH: &str = "{ min = 10, max = 100 }";

/// Mbps where the spec does not say: OCI's least, and room for peaks.
const DEFAULT_BANDWIDTH: (u64, u64) = (10, 100);

/// Where clients on HTTP are sent on to HTTPS.
const REDIRECT_PORT: u16 = 80;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Speaks HTTP with clients and instances.
    Application,
    /// Hands packets on.
    Network,
}

const TYPES: &[(&str, Type)] = &[("application", Type::Application), ("network", Type::Network)];
const ACCESSES: &[(&str, bool)] = &[("public", false), ("internal", true)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Https,
    Http,
    Tcp,
}

const PROTOCOLS: &[(&str, Protocol)] = &[("HTTPS", Protocol::Https), ("HTTP", Protocol::Http), ("TCP", Protocol::Tcp)];

impl Protocol {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Https => "HTTPS",
            Self::Http => "HTTP",
            Self::Tcp => "TCP",
        }
    }
}

pub struct Balancer {
    pub kind: Type,
    pub is_internal: bool,
    /// Least and most, in Mbps; of an application load balancer.
    pub bandwidth: (u64, u64),
    pub protocol: Protocol,
    pub port: u16,
    pub backend_port: u16,
    pub health: HealthCheck,
    pub certificate: Option<Certificate>,
    pub redirects: bool,
    pub keeps_addresses: bool,
}

impl Balancer {
    pub fn read(reader: &mut BlockReader<'_>) -> Option<Self> {
        let kind = reader.optional("type", word(TYPES));
        let access = reader.optional("access", word(ACCESSES));
        let bandwidth = reader.optional("bandwidth", bandwidth);
        let protocol = reader.optional("protocol", word(PROTOCOLS));
        let listener = reader.optional("port", port);
        let backend = reader.required("backend_port", "8080", port);
        let certificate = certificate::read(reader);
        let redirects = reader.optional("redirect_http", boolean);
        let keeps = reader.optional("keep_client_addresses", boolean);
        let asks = kind.as_ref().map_or(Type::Application, |at| at.value);
        let default = if asks == Type::Network { HealthProtocol::Tcp } else { HealthProtocol::Http };
        let health = reader.defaulted("health_check", HealthCheck::default_of(default), HealthCheck::read(default));
        let is_sound = ["type", "protocol", "certificate_id", "certificate_pem"].into_iter().all(|name| {
            // What is wrong has a message of its own.
            !reader.has(name)
                || match name {
                    "type" => kind.is_some(),
                    "protocol" => protocol.is_some(),
                    _ => certificate.is_some(),
                }
        });
        if !is_sound {
            return None;
        }
        let is_network = asks == Type::Network;
        let here = reader.name().span;
        let title = reader.title().to_owned();
        let speaks = protocol.as_ref().map_or(if is_network { Protocol::Tcp } else { Protocol::Https }, |at| at.value);
        // What other parts are refused for.
        let because = |at: Option<Span>| at.unwrap_or_else(|| here.clone());
        let of_type = because(kind.as_ref().map(|at| at.span.clone()));
        let of_protocol = because(protocol.as_ref().map(|at| at.span.clone()));
        let mut problems = Vec::new();
        if is_network != (speaks == Protocol::Tcp) {
            problems.push(speaks_otherwise(&title, is_network, &of_protocol, &of_type));
        }
        if speaks == Protocol::Https && certificate.is_none() {
            problems.push(
                Diagnostic::error(of_protocol.clone(), format!("the listener of {title} has HTTPS and no certificate"))
                    .label(if protocol.is_some() { "it needs one" } else { "HTTPS is what it has by default" })
                    .help("add `certificate_id = var.certificate_id`, or `certificate_pem`; or write `protocol = \"HTTP\"`"),
            );
        }
        if let Some(certificate) = certificate.as_ref().filter(|_| speaks != Protocol::Https) {
            problems.push(
                Diagnostic::error(
                    certificate.span.clone(),
                    format!("{title} has a certificate, and its listener has no HTTPS"),
                )
                .label("nobody would see it")
                .related(of_protocol.clone(), format!("the listener has {}", speaks.word()))
                .help("write `protocol = \"HTTPS\"`, which an application load balancer takes; or take the certificate out"),
            );
        }
        if let Some(redirects) = redirects.as_ref().filter(|at| at.value && speaks != Protocol::Https) {
            problems.push(
                Diagnostic::error(redirects.span.clone(), format!("{title} can't send clients on to HTTPS"))
                    .label("its listener has none")
                    .related(of_protocol.clone(), format!("the listener has {}", speaks.word()))
                    .help("write `protocol = \"HTTPS\"`, or take `redirect_http` out"),
            );
        }
        let misplaced = [
            (bandwidth.as_ref().map(|at| &at.span), "bandwidth", is_network, "it takes what there is"),
            (
                keeps.as_ref().filter(|at| at.value).map(|at| &at.span),
                "keep_client_addresses",
                !is_network,
                "instances see its own address; clients' are in the header X-Forwarded-For",
            ),
        ];
        for (span, name, is_misplaced, why) in misplaced {
            if let Some(span) = span.filter(|_| is_misplaced) {
                let (kind, other) = if is_network { ("network", "application") } else { ("application", "network") };
                problems.push(
                    Diagnostic::error(span.clone(), format!("`{name}` has no use in {title}: it is of type {kind}"))
                        .label(why)
                        .related(of_type.clone(), "the type")
                        .help(format!("take it out, or write `type = \"{other}\"`")),
                );
            }
        }
        let listener = match (listener, speaks) {
            (Some(at), _) => Some(at),
            (None, _) if reader.has("port") => None,
            (None, Protocol::Https) => Some(At::new(443, here.clone())),
            (None, Protocol::Http) => Some(At::new(80, here.clone())),
            (None, Protocol::Tcp) => {
                problems.push(
                    Diagnostic::error(here.clone(), format!("{title} lacks `port`"))
                        .label("TCP has no port of its own")
                        .help("add `port = 5432`, or whatever clients connect to"),
                );
                None
            }
        };
        let (redirects, is_https) = (redirects.is_some_and(|at| at.value), speaks == Protocol::Https);
        if let Some(at) = listener.as_ref().filter(|at| redirects && is_https && at.value == REDIRECT_PORT) {
            problems.push(
                Diagnostic::error(
                    at.span.clone(),
                    format!("two listeners of {title} would be on port {REDIRECT_PORT}"),
                )
                .label("so is the redirect")
                .help("write `port = 443`"),
            );
        }
        let found = !problems.is_empty();
        problems.into_iter().for_each(|problem| reader.diagnostics.push(problem));
        if found {
            return None;
        }
        Some(Self {
            kind: asks,
            is_internal: access.is_some_and(|at| at.value),
            bandwidth: bandwidth.map_or(DEFAULT_BANDWIDTH, |at| at.value),
            protocol: speaks,
            port: listener?.value,
            backend_port: backend?.value,
            health: health?.value,
            certificate: certificate.map(|at| at.value),
            redirects,
            // OCI's default, too.
            keeps_addresses: is_network && keeps.is_none_or(|at| at.value),
        })
    }

    pub fn needs(&self) -> BalancerNeeds {
        BalancerNeeds {
            listener: self.port,
            redirect: self.redirects.then_some(REDIRECT_PORT),
            backend: self.backend_port,
            health: self.health.port.unwrap_or(self.backend_port),
            is_internal: self.is_internal,
            keeps_addresses: self.keeps_addresses,
        }
    }

    pub fn variables(&self) -> impl Iterator<Item = &VariableUse> {
        self.certificate.iter().flat_map(Certificate::variables)
    }
}

/// HTTP through what hands packets on, or TCP through what speaks HTTP.
fn speaks_otherwise(title: &str, is_network: bool, protocol: &Span, of_type: &Span) -> Diagnostic {
    let (message, help) = if is_network {
        (
            format!("{title} is of type network, which has no HTTP and no HTTPS"),
            "write `protocol = \"TCP\"`, which hands both on; or `type = \"application\"`",
        )
    } else {
        (
            format!("{title} is of type application, and would have TCP"),
            "write `type = \"network\"` for TCP, or `protocol = \"HTTP\"`",
        )
    };
    Diagnostic::error(protocol.clone(), message)
        .label("another kind of load balancer does that")
        .related(of_type.clone(), "the type")
        .help(help)
}

fn port(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<u16> {
    u16::try_from(integer(1..=65_535, "")(field, diagnostics)?).ok()
}

/// The least that is there at any time, and the most that there can be, in Mbps.
fn bandwidth(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<(u64, u64)> {
    let members = members(field, &["min", "max"], BANDWIDTH, diagnostics)?;
    let mut read = |wanted| {
        let (_, field) = members.iter().find(|(name, _)| *name == wanted)?;
        Some(integer(LOAD_BALANCER_MBPS, " Mbps")(field, diagnostics))
    };
    let (Some(least), Some(most)) = (read("min"), read("max")) else {
        diagnostics.push(
            Diagnostic::error(
                field.span.clone(),
                format!("{} of {} has no `min` or no `max`", field.subject, field.owner),
            )
            .label("a flexible load balancer has both")
            .help(format!("write for example {BANDWIDTH}")),
        );
        return None;
    };
    let (least, most) = (least?, most?);
    if least <= most {
        return Some((least, most));
    }
    diagnostics.push(
        Diagnostic::error(
            field.span.clone(),
            format!("{} of {} goes from {least} to {most} Mbps", field.subject, field.owner),
        )
        .label("the minimum is above the maximum")
        .help(format!("write for example {BANDWIDTH}")),
    );
    None
}
