//! A network as the prover sees it: groups of VNICs in subnets, the rules that
//! guard them, and the routes of the subnets. Plain data, which is made from a
//! spec's topology or from a plan and knows neither.

pub use crate::rule::{Direction, Layer, Ports};
use ipnet::Ipv4Net;
use std::collections::{BTreeMap, BTreeSet};

/// Every VCN with what is in it. Keys are Terraform addresses, such as
/// `oci_core_subnet.lab_public`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    pub vcns: BTreeMap<String, Vcn>,
    pub subnets: BTreeMap<String, Subnet>,
    pub security_lists: BTreeMap<String, Vec<SecurityRule>>,
    pub nsgs: BTreeMap<String, Vec<SecurityRule>>,
    /// Dynamic Routing Gateways: the keys of the VCNs that are attached to each
    /// and whose CIDRs it passes on to the others.
    pub drgs: BTreeMap<String, BTreeSet<String>>,
    pub groups: Vec<Group>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vcn {
    pub cidrs: Vec<Ipv4Net>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnet {
    /// The key of its VCN.
    pub vcn: String,
    pub cidr: Ipv4Net,
    /// Keys of its security lists. Their rules add up.
    pub security_lists: Vec<String>,
    /// Whether VNICs may have public addresses: neither
    /// `prohibit_public_ip_on_vnic` nor `prohibit_internet_ingress` is set,
    /// which mean the same for IPv4.
    pub public_ips: bool,
    /// The key of its route table.
    pub route_table: String,
    /// The rules of its route table, without the implicit local route within
    /// the VCN.
    pub routes: Vec<Route>,
}

/// A rule of a route table. Of those that cover an address, the one with the
/// longest prefix decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub destination: Destination,
    pub target: Target,
    /// The address of the gateway.
    pub gateway: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    Cidr(Ipv4Net),
    /// `SERVICE_CIDR_BLOCK`: more specific than every CIDR.
    Services(Services),
}

/// A set of OCI services, by its CIDR label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Services {
    /// `all-…-services-in-oracle-services-network`
    All,
    /// `oci-…-objectstorage`, a subset of all services.
    ObjectStorage,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Both ways, for VNICs with a public address.
    InternetGateway,
    /// Outbound only; hides the private address.
    NatGateway,
    /// Outbound only, to the services that are enabled on it.
    ServiceGateway(Services),
    /// A peering, by the key of the VCN at its far end. It leads to nothing
    /// but that VCN.
    Peering(String),
    /// A DRG, by its key. It leads to the VCNs that are attached to it; what
    /// else is behind it is not part of the network.
    Drg(String),
    /// A gateway that is disabled, or one whose far end is not part of the
    /// network. No traffic is assumed to pass it.
    Other,
}

/// VNICs that share a subnet and NSGs, so that no rule can tell them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The name that users see: `k8s.worker`; for the other VNICs of a subnet
    /// the name of the subnet, `lab.private`.
    pub name: String,
    pub kind: GroupKind,
    /// The key of its subnet.
    pub subnet: String,
    /// Where in the subnet its VNICs may be; the whole subnet unless an
    /// address is known.
    pub addresses: Vec<Ipv4Net>,
    /// Keys of its NSGs. Their rules add up, with each other and with the
    /// security lists of the subnet.
    pub nsgs: Vec<String>,
    /// Whether its VNICs have public addresses (where the subnet allows it).
    pub public_ip: bool,
    /// From where network load balancers that keep their clients' addresses may
    /// forward to its VNICs.
    pub fronts: Vec<Front>,
    /// If this is one of several places where the same VNICs may be, or one of
    /// several route tables that they may have: the name that those
    /// candidates share.
    pub candidate_of: Option<String>,
}

/// A network load balancer, or the place of one, that forwards to VNICs and
/// keeps the client's address. Clients then have a way to them as through the
/// Internet Gateway of its subnet, and back, whatever the routes of their own:
/// their lists and NSGs see the client's address, and the port of the backend.
/// What guards the load balancer itself is asked about as its own VNICs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Front {
    /// The key of the subnet that it is in.
    pub subnet: String,
    /// What it forwards. Its clients' source ports do not matter.
    pub traffic: Traffic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKind {
    /// VNICs that a resource of the stack makes.
    Role,
    /// Any other VNIC that may be in the subnet, without an NSG.
    Other,
}

/// A rule of a security list or an NSG.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecurityRule {
    /// The Terraform address: of the rule itself in an NSG, of the list in a
    /// security list.
    pub address: String,
    pub direction: Direction,
    /// Who is at the other end: the source of ingress, the destination of
    /// egress.
    pub peer: Peer,
    pub traffic: Traffic,
    /// Connections are not tracked, so replies need a rule in the opposite
    /// direction. Takes precedence over stateful rules that match the same
    /// traffic.
    pub stateless: bool,
    pub description: String,
    pub layer: Layer,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// IPv4 addresses; `0.0.0.0/0` includes those of OCI services.
    Cidr(Ipv4Net),
    Services(Services),
    /// The VNICs of an NSG, by its key.
    Nsg(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Traffic {
    /// Every protocol.
    All,
    Tcp {
        source: Ports,
        destination: Ports,
    },
    Udp {
        source: Ports,
        destination: Ports,
    },
    /// Protocol 1. No type means every type (and the code is ignored), no code
    /// means every code.
    Icmp {
        kind: Option<u8>,
        code: Option<u8>,
    },
    /// Any other protocol, by its IANA number. The number of a protocol listed
    /// above means all of its traffic.
    Protocol(u8),
}

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// Public IPv4 addresses that are in no VCN of the network and belong to
    /// no OCI service.
    Internet,
    /// The OCI services of the region. They are only ever connected to.
    Services,
    /// A group, by its place in [`Network::groups`].
    Group(usize),
}
