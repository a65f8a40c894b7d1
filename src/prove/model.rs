//! What is to be proven: a network, and the flows that must pass in it.

use super::network::{Endpoint, Network, Traffic};
use super::sets::{self, Addresses, TrafficSet};
use ipnet::Ipv4Net;
use serde::Serialize;
use std::borrow::Cow;

/// A network, with the flows that documentation requires of it.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// What is there for certain.
    pub network: Network,
    /// All that may be there, with the same groups in the same order; `None`
    /// where that is the same network.
    pub widest: Option<Network>,
    pub flows: Vec<Flow>,
    /// What was not read, could not be resolved or is not modelled, sorted.
    pub unknowns: Vec<Unknown>,
    /// Required flows that can't be judged, each described in a sentence.
    pub unjudged: Vec<String>,
}

/// Connections that must pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    pub from: Endpoint,
    pub to: Endpoint,
    /// The CIDRs that the senders are limited to; `None` for all of their
    /// addresses.
    pub clients: Option<Vec<Ipv4Net>>,
    pub traffic: Traffic,
    pub source: Source,
    pub level: Level,
    /// What it is for, in a few words.
    pub purpose: Cow<'static, str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The stack does not work without it.
    Required,
    /// Oracle lists it, and a stack works without it.
    Recommended,
    /// Documented as optional.
    Optional,
}

/// The document that requires a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The architecture reference: its traffic flows, its rule tables.
    Reference,
    /// Oracle's pages "Network Resource Configuration for Cluster Creation
    /// and Deployment" and "Example Network Resource Configurations".
    Oracle,
    /// What the instances of a role are for: the tables of cloudspells.
    Roles,
    /// An `allow` block of the spec.
    Allow,
    /// `serves` or `served_by`, in a block of the spec.
    Relation,
}

/// Something relevant that is not known, or not modelled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unknown {
    /// The resource.
    pub address: String,
    /// The path of the attribute in it, such as `route_rules[0].destination`.
    pub attribute: String,
    /// What is not known about it, and what is done instead.
    pub why: String,
    pub may: May,
    /// Whose traffic it may change.
    #[serde(skip)]
    pub concerns: Concerns,
    /// Whether it is a list that is assumed to have every element that its
    /// expression names, which the module's text would make certain.
    #[serde(skip)]
    pub is_as_named: bool,
}

/// What something that is not known may do to traffic, beyond what the widest
/// network allows and the certain one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum May {
    /// Nothing: the networks hold all that it can be.
    Nothing,
    /// Let more pass: what is blocked may pass, and there may be exposures.
    Open,
    /// Let less pass: what is proven may be blocked.
    Close,
    /// Either.
    Either,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concerns {
    Everything,
    /// By its key.
    Vcn(String),
    /// By its key.
    Subnet(String),
    /// By its name, or the one that its candidates share.
    Group(String),
}

impl Model {
    /// The endpoint of a name: a group's, `internet` or `services`.
    pub fn endpoint(&self, name: &str) -> Option<Endpoint> {
        match name {
            INTERNET => Some(Endpoint::Internet),
            SERVICES => Some(Endpoint::Services),
            name => self.network.groups.iter().position(|group| group.name == name).map(Endpoint::Group),
        }
    }
}

pub const INTERNET: &str = "internet";
pub const SERVICES: &str = "services";

impl Network {
    pub fn name(&self, endpoint: Endpoint) -> &str {
        match endpoint {
            Endpoint::Internet => INTERNET,
            Endpoint::Services => SERVICES,
            Endpoint::Group(index) => self.groups.get(index).map(|group| group.name.as_str()).unwrap_or_default(),
        }
    }
}

impl Flow {
    pub fn wanted(&self) -> TrafficSet {
        TrafficSet::from_iter([sets::traffic(self.traffic)])
    }

    /// Whether its traffic is ICMP errors.
    pub fn is_error(&self) -> bool {
        matches!(self.traffic, Traffic::Icmp { kind: Some(UNREACHABLE), .. })
    }

    /// Whether it is ICMP errors from outside the VCNs: they answer packets
    /// that the receiver sent, and return the way those packets went out.
    pub fn is_answer(&self) -> bool {
        self.is_error() && !matches!(self.from, Endpoint::Group(_))
    }

    /// Those of the sender's addresses that the flow is about.
    pub fn senders(&self, addresses: Addresses) -> Addresses {
        match &self.clients {
            Some(clients) => addresses & clients.iter().map(|net| sets::network(*net)).collect::<Addresses>(),
            None => addresses,
        }
    }
}

/// ICMP's "destination unreachable".
pub const UNREACHABLE: u8 = 3;
