//! Reads the ports of a protocol, for whatever spell names some.

use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::rule::{Ports, Traffic};
use crate::spec::Field;
use crate::spec::value::wrong_type;
use hcl_edit::Span as _;
use hcl_edit::expr::Expression;

/// The protocols that have ports.
#[derive(Clone, Copy)]
pub enum Protocol {
    Tcp,
    Udp,
}

impl Protocol {
    pub const fn traffic(self, ports: Option<Ports>) -> Traffic {
        match self {
            Self::Tcp => Traffic::Tcp(ports),
            Self::Udp => Traffic::Udp(ports),
        }
    }
}

/// Ports: numbers from 1 to 65535 and ranges such as "8000-8100".
pub fn list(
    field: &Field<'_>,
    protocol: Protocol,
    example: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Traffic>> {
    let Some(items) = field.expression.as_array().filter(|items| !items.is_empty()) else {
        diagnostics.push(match field.expression {
            Expression::Array(_) => {
                Diagnostic::error(field.span.clone(), format!("{} of {} names no port", field.subject, field.owner))
                    .label("an empty list")
                    .help(format!("write for example {example}"))
            }
            _ => wrong_type(field, "a list of ports", example),
        });
        return None;
    };
    let mut all: Vec<Traffic> = Vec::new();
    for item in items {
        let span = item.span().unwrap_or_default();
        let Some(ports) = range(item) else {
            diagnostics.push(
                Diagnostic::error(span, format!("an item of {} of {} is no port", field.subject, field.owner))
                    .label("neither a port nor a range of ports")
                    .help(format!("write numbers from 1 to 65535: {example}")),
            );
            return None;
        };
        let one = protocol.traffic(Some(ports));
        if all.contains(&one) {
            diagnostics.push(
                Diagnostic::error(span, format!("{} appears twice in {}", quoted(&ports.to_string()), field.subject))
                    .label("again")
                    .help("each becomes a rule at each end: list it once"),
            );
            return None;
        }
        all.push(one);
    }
    Some(all)
}

fn range(item: &Expression) -> Option<Ports> {
    let port = |text: &str| text.trim().parse().ok().filter(|port: &u16| *port > 0);
    let (min, max) = match item {
        Expression::Number(number) => {
            let port = number.value().as_u64().and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0)?;
            (port, port)
        }
        Expression::String(text) => match text.split_once('-') {
            Some((min, max)) => (port(min)?, port(max)?),
            None => (port(text)?, port(text)?),
        },
        _ => return None,
    };
    (min <= max).then_some(Ports { min, max })
}
