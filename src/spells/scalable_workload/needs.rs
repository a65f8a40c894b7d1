//! What a workload's rules and flows depend on; and as its tag holds it, for
//! audits.

use crate::rule::Traffic;
use crate::rule::table::tcp;

/// A port of a workload, as its tables name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// On which the load balancer listens.
    Listener,
    /// On which it sends clients on to HTTPS.
    Redirect,
    /// On which the instances are served by the load balancer with its own
    /// address.
    Served,
    /// On which the instances are reached, whoever's address that comes from.
    Backend,
    /// On which the instances are reached by clients, whose addresses a network
    /// load balancer keeps.
    Kept,
    /// Where the instances tell whether they are well.
    Health,
    /// Of instances with a way to the internet.
    Outside(u16),
    /// Of instances anywhere.
    Always(u16),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    pub balancer: Option<BalancerNeeds>,
    /// Whether the instances are in a tier without a way to the internet.
    pub is_secure: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BalancerNeeds {
    pub listener: u16,
    pub redirect: Option<u16>,
    pub backend: u16,
    pub health: u16,
    /// Whether it has no public address.
    pub is_internal: bool,
    /// Whether clients keep their addresses behind it.
    pub keeps_addresses: bool,
}

impl Needs {
    /// What a port stands for; none where there is no such port.
    pub fn traffic(&self, port: Port) -> Option<Traffic> {
        let balancer = self.balancer;
        let number = match port {
            Port::Listener => balancer?.listener,
            Port::Redirect => balancer?.redirect?,
            Port::Backend => balancer?.backend,
            Port::Served => balancer.filter(|one| !one.keeps_addresses)?.backend,
            Port::Kept => balancer.filter(|one| one.keeps_addresses)?.backend,
            Port::Health => balancer?.health,
            Port::Outside(number) => (!self.is_secure).then_some(number)?,
            Port::Always(number) => number,
        };
        Some(tcp(number))
    }

    pub fn is_internal(&self) -> bool {
        self.balancer.is_some_and(|balancer| balancer.is_internal)
    }

    /// What the tag of a generated pool says.
    pub fn from_tag(text: &str) -> Self {
        let port = |wanted: &str| {
            let mut words = text.split(' ').filter_map(|word| word.split_once('_'));
            words.find(|(name, _)| *name == wanted).and_then(|(_, number)| number.parse().ok())
        };
        let says = |wanted: &str| text.split(' ').any(|word| word == wanted);
        let balancer = || {
            Some(BalancerNeeds {
                listener: port("listener")?,
                redirect: port("redirect"),
                backend: port("backend")?,
                health: port("health")?,
                is_internal: says("internal"),
                keeps_addresses: says("kept"),
            })
        };
        Self { balancer: balancer(), is_secure: says("secure") }
    }

    /// The value of the tag; none where there is nothing to say.
    pub fn tag(&self) -> Option<String> {
        let mut words = Vec::new();
        if let Some(balancer) = &self.balancer {
            words.push(format!("listener_{}", balancer.listener));
            words.extend(balancer.redirect.map(|port| format!("redirect_{port}")));
            words.push(format!("backend_{}", balancer.backend));
            words.push(format!("health_{}", balancer.health));
            words.extend(balancer.is_internal.then(|| "internal".to_owned()));
            words.extend(balancer.keeps_addresses.then(|| "kept".to_owned()));
        }
        words.extend(self.is_secure.then(|| "secure".to_owned()));
        (!words.is_empty()).then(|| words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_says_what_was_asked_for() {
        let balancer = BalancerNeeds {
            listener: 443,
            redirect: Some(80),
            backend: 8080,
            health: 8081,
            is_internal: true,
            keeps_addresses: false,
        };
        let needs = Needs { balancer: Some(balancer), is_secure: true };
        let tag = needs.tag().unwrap_or_default();
        assert_eq!(tag, "listener_443 redirect_80 backend_8080 health_8081 internal secure");
        assert_eq!(Needs::from_tag(&tag), needs);
        let kept = BalancerNeeds { redirect: None, is_internal: false, keeps_addresses: true, ..balancer };
        let kept = Needs { balancer: Some(kept), is_secure: false };
        assert_eq!(Needs::from_tag(&kept.tag().unwrap_or_default()), kept);
        assert_eq!(Needs::default().tag(), None);
        assert_eq!(Needs::from_tag(""), Needs::default());
    }
}
