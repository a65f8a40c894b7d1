//! How a load balancer asks whether an instance is well.

use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::graph::{Body, Value};
use crate::spec::Field;
use crate::spec::object::members;
use crate::spec::value::{integer, string};
use crate::spec::word::word;

const EXAMPLE: &str = "{ protocol = \"HTTP\", port = 8080, path = \"/healthz\" }";

const KEYS: [&str; 7] = ["protocol", "port", "path", "status", "interval_in_seconds", "timeout_in_seconds", "retries"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Http,
    Tcp,
}

const PROTOCOLS: &[(&str, Protocol)] = &[("HTTP", Protocol::Http), ("TCP", Protocol::Tcp)];

pub struct HealthCheck {
    pub protocol: Protocol,
    /// The backends' own where there is none.
    pub port: Option<u16>,
    path: Option<String>,
    status: u64,
    /// Seconds.
    interval: u64,
    timeout: u64,
    retries: u64,
}

impl HealthCheck {
    /// What is asked where the spec does not say.
    pub const fn default_of(protocol: Protocol) -> Self {
        Self { protocol, port: None, path: None, status: 200, interval: 10, timeout: 3, retries: 3 }
    }

    pub fn read(default: Protocol) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<Self> {
        move |field, diagnostics| {
            let members = members(field, &KEYS, EXAMPLE, diagnostics)?;
            let find = |wanted: &str| members.iter().find(|(name, _)| *name == wanted).map(|(_, field)| field);
            let mut check = Self::default_of(default);
            if let Some(field) = find("protocol") {
                check.protocol = word(PROTOCOLS)(field, diagnostics)?;
            }
            if let Some(field) = find("port") {
                check.port = u16::try_from(integer(1..=65_535, "")(field, diagnostics)?).ok();
            }
            if let Some(field) = find("path") {
                check.path = Some(path(field, diagnostics)?);
            }
            let mut number = |name: &str, range, unit, place: &mut u64| {
                if let Some(field) = find(name) {
                    *place = integer(range, unit)(field, diagnostics)?;
                }
                Some(())
            };
            number("status", 100..=599, "", &mut check.status)?;
            number("interval_in_seconds", 1..=1800, " seconds", &mut check.interval)?;
            number("timeout_in_seconds", 1..=600, " seconds", &mut check.timeout)?;
            number("retries", 1..=100, " retries", &mut check.retries)?;
            for name in ["path", "status"] {
                if let Some(needless) = find(name).filter(|_| check.protocol == Protocol::Tcp) {
                    let message = format!("{} of {} has no use in a check over TCP", needless.subject, needless.owner);
                    diagnostics.push(
                        Diagnostic::error(needless.span.clone(), message)
                            .label("TCP only asks whether the port is open")
                            .help("write `protocol = \"HTTP\"`, or take it out"),
                    );
                    return None;
                }
            }
            if check.timeout > check.interval {
                let message = format!(
                    "{} of {} waits {} seconds for an answer, and asks again after {}",
                    field.subject, field.owner, check.timeout, check.interval
                );
                diagnostics.push(
                    Diagnostic::error(field.span.clone(), message)
                        .label("expected timeout_in_seconds ≤ interval_in_seconds")
                        .help("lower `timeout_in_seconds`, or raise `interval_in_seconds`"),
                );
                return None;
            }
            Some(check)
        }
    }

    /// The `health_checker` block; the name of the interval differs between both
    /// kinds of load balancers.
    pub fn body(&self, backend: u16, interval: &'static str) -> Body {
        let is_http = self.protocol == Protocol::Http;
        let body = Body::default()
            .attribute("protocol", if is_http { "HTTP" } else { "TCP" })
            .attribute("port", Value::Number(self.port.unwrap_or(backend).into()))
            .attribute(interval, Value::Number(self.interval * 1000))
            .attribute("timeout_in_millis", Value::Number(self.timeout * 1000))
            .attribute("retries", Value::Number(self.retries));
        body.optional("url_path", is_http.then(|| Value::String(self.path.clone().unwrap_or_else(|| "/".to_owned()))))
            .optional("return_code", is_http.then_some(Value::Number(self.status)))
    }

    /// What is asked, in words.
    pub fn words(&self, backend: u16) -> String {
        let port = self.port.unwrap_or(backend);
        match self.protocol {
            Protocol::Http => format!("HTTP {} on {port}", self.path.as_deref().unwrap_or("/")),
            Protocol::Tcp => format!("TCP on {port}"),
        }
    }
}

fn path(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = string("\"/healthz\"")(field, diagnostics)?;
    let is_path = text.starts_with('/') && text.chars().all(|c| c.is_ascii_graphic());
    if is_path {
        return Some(text);
    }
    diagnostics.push(
        Diagnostic::error(
            field.span.clone(),
            format!("{} of {} can't be {}", field.subject, field.owner, quoted(&text)),
        )
        .label("a path begins with `/` and has no spaces")
        .help("for example \"/healthz\""),
    );
    None
}
