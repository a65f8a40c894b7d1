//! How grave an opening to the internet is, by what listens there.

use super::sensitive_ports::PORTS;
use super::sets::{self, TCP, TrafficSet};

/// What listens on some ports: a row of the table.
pub struct Service {
    protocol: u8,
    first: u16,
    last: u16,
    kind: Gravity,
    name: &'static str,
}

/// The gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Every TCP port.
    Everything,
    Administration,
    Database,
    Other,
}

/// What makes the table file look like a table.
pub mod table {
    use super::Gravity;
    pub use super::Gravity::{Administration, Database};
    pub use super::Service;
    pub use crate::prove::sets::{TCP, UDP};

    pub const fn service(protocol: u8, first: u16, last: u16, kind: Gravity, name: &'static str) -> Service {
        Service { protocol, first, last, kind, name }
    }
}

impl Service {
    fn is_in(&self, traffic: &TrafficSet) -> bool {
        let ports = sets::with_ports(self.protocol, &(self.first..=self.last));
        !traffic.is_disjoint(&TrafficSet::from_iter([ports]))
    }
}

pub fn gravity(traffic: &TrafficSet) -> Gravity {
    if is_everything(traffic) {
        return Gravity::Everything;
    }
    let open = PORTS.iter().filter(|service| service.is_in(traffic));
    open.map(|service| service.kind).min().unwrap_or(Gravity::Other)
}

/// The names of what listens on ports of some traffic; of everything none.
pub fn services(traffic: &TrafficSet) -> Vec<&'static str> {
    if is_everything(traffic) {
        return Vec::new();
    }
    let mut names: Vec<_> = PORTS.iter().filter(|service| service.is_in(traffic)).map(|service| service.name).collect();
    names.dedup();
    names
}

fn is_everything(traffic: &TrafficSet) -> bool {
    TrafficSet::from_iter([sets::protocol(TCP)]).is_subset(traffic)
}
