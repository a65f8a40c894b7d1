//! The models of the networking API, as far as the control plane has them.

use crate::cloud::Kind as Resource;
use crate::fields::{Field, Kind, may, need};

/// What a kind of resource takes when it is made and when it is changed.
pub struct Model {
    pub create: &'static [Field],
    pub update: &'static [Field],
}

const COMPARTMENT: Field = need("compartmentId", Kind::Text);
const VCN: Field = need("vcnId", Kind::Text);
const NAME: Field = may("displayName", Kind::Text);
const FREEFORM: Field = may("freeformTags", Kind::Tags);
const DEFINED: Field = may("definedTags", Kind::DefinedTags);

const PORTS: &[Field] = &[need("min", Kind::Int), need("max", Kind::Int)];
const PORT_OPTIONS: &[Field] =
    &[may("destinationPortRange", Kind::One(PORTS)), may("sourcePortRange", Kind::One(PORTS))];
/// The API demands the type; that a code stands without one has a refusal of its own.
const ICMP: &[Field] = &[may("type", Kind::Int), may("code", Kind::Int)];

const LIST_PEERS: &[&str] = &["CIDR_BLOCK", "SERVICE_CIDR_BLOCK", "NETWORK_SECURITY_GROUP"];

const INGRESS_RULE: &[Field] = &[
    need("protocol", Kind::Text),
    need("source", Kind::Text),
    may("sourceType", Kind::Word(LIST_PEERS)),
    may("description", Kind::Text),
    may("isStateless", Kind::Flag),
    may("icmpOptions", Kind::One(ICMP)),
    may("tcpOptions", Kind::One(PORT_OPTIONS)),
    may("udpOptions", Kind::One(PORT_OPTIONS)),
];

const EGRESS_RULE: &[Field] = &[
    need("protocol", Kind::Text),
    need("destination", Kind::Text),
    may("destinationType", Kind::Word(LIST_PEERS)),
    may("description", Kind::Text),
    may("isStateless", Kind::Flag),
    may("icmpOptions", Kind::One(ICMP)),
    may("tcpOptions", Kind::One(PORT_OPTIONS)),
    may("udpOptions", Kind::One(PORT_OPTIONS)),
];

const NSG_RULE: [Field; 11] = [
    need("direction", Kind::Text),
    need("protocol", Kind::Text),
    may("source", Kind::Text),
    may("sourceType", Kind::Word(LIST_PEERS)),
    may("destination", Kind::Text),
    may("destinationType", Kind::Word(LIST_PEERS)),
    may("description", Kind::Text),
    may("isStateless", Kind::Flag),
    may("icmpOptions", Kind::One(ICMP)),
    may("tcpOptions", Kind::One(PORT_OPTIONS)),
    may("udpOptions", Kind::One(PORT_OPTIONS)),
];

const CHANGED_NSG_RULE: &[Field] = &{
    let [a, b, c, d, e, f, g, h, i, j, k] = NSG_RULE;
    [need("id", Kind::Text), a, b, c, d, e, f, g, h, i, j, k]
};

/// Bodies of an NSG's actions.
pub const ADD_RULES: &[Field] = &[need("securityRules", Kind::Many(&NSG_RULE))];
pub const UPDATE_RULES: &[Field] = &[need("securityRules", Kind::Many(CHANGED_NSG_RULE))];
pub const REMOVE_RULES: &[Field] = &[need("securityRuleIds", Kind::Texts)];

pub const CHANGE_COMPARTMENT: &[Field] = &[COMPARTMENT];

const ROUTE_RULE: &[Field] = &[
    need("networkEntityId", Kind::Text),
    need("destination", Kind::Text),
    may("destinationType", Kind::Word(&["CIDR_BLOCK", "SERVICE_CIDR_BLOCK"])),
    may("description", Kind::Text),
    may("routeType", Kind::Word(&["STATIC"])),
];

const SERVICE: &[Field] = &[need("serviceId", Kind::Text)];

const DHCP_OPTION: &[Field] = &[
    need("type", Kind::Word(&["DomainNameServer", "SearchDomain"])),
    may("serverType", Kind::Word(&["VcnLocal", "VcnLocalPlusInternet", "CustomDnsServer"])),
    may("customDnsServers", Kind::Texts),
    may("searchDomainNames", Kind::Texts),
];

const NAME_AND_TAGS: &[Field] = &[NAME, FREEFORM, DEFINED];

const VCN_CREATE: &[Field] = &[
    COMPARTMENT,
    NAME,
    FREEFORM,
    DEFINED,
    may("cidrBlock", Kind::Text),
    may("cidrBlocks", Kind::Texts),
    may("dnsLabel", Kind::Text),
    may("isIpv6Enabled", Kind::Flag),
];

const SUBNET_CREATE: &[Field] = &[
    COMPARTMENT,
    VCN,
    need("cidrBlock", Kind::Text),
    NAME,
    FREEFORM,
    DEFINED,
    may("availabilityDomain", Kind::Text),
    may("dnsLabel", Kind::Text),
    may("dhcpOptionsId", Kind::Text),
    may("routeTableId", Kind::Text),
    may("securityListIds", Kind::Texts),
    may("prohibitInternetIngress", Kind::Flag),
    may("prohibitPublicIpOnVnic", Kind::Flag),
];

const SUBNET_UPDATE: &[Field] = &[
    may("cidrBlock", Kind::Text),
    NAME,
    FREEFORM,
    DEFINED,
    may("dhcpOptionsId", Kind::Text),
    may("routeTableId", Kind::Text),
    may("securityListIds", Kind::Texts),
];

const LIST_UPDATE: &[Field] = &[
    NAME,
    FREEFORM,
    DEFINED,
    may("ingressSecurityRules", Kind::Many(INGRESS_RULE)),
    may("egressSecurityRules", Kind::Many(EGRESS_RULE)),
];

const LIST_CREATE: &[Field] = &[
    COMPARTMENT,
    VCN,
    NAME,
    FREEFORM,
    DEFINED,
    need("ingressSecurityRules", Kind::Many(INGRESS_RULE)),
    need("egressSecurityRules", Kind::Many(EGRESS_RULE)),
];

const GATEWAY_CREATE: &[Field] = &[COMPARTMENT, VCN, NAME, FREEFORM, DEFINED, need("isEnabled", Kind::Flag)];
const NAT_CREATE: &[Field] = &[COMPARTMENT, VCN, NAME, FREEFORM, DEFINED, may("blockTraffic", Kind::Flag)];
const SERVICES_CREATE: &[Field] = &[COMPARTMENT, VCN, NAME, FREEFORM, DEFINED, need("services", Kind::Many(SERVICE))];
const ROUTES_CREATE: &[Field] =
    &[COMPARTMENT, VCN, NAME, FREEFORM, DEFINED, need("routeRules", Kind::Many(ROUTE_RULE))];
const DHCP_CREATE: &[Field] = &[COMPARTMENT, VCN, NAME, FREEFORM, DEFINED, need("options", Kind::Many(DHCP_OPTION))];
const GATEWAY_UPDATE: &[Field] = &[NAME, FREEFORM, DEFINED, may("isEnabled", Kind::Flag)];
const NAT_UPDATE: &[Field] = &[NAME, FREEFORM, DEFINED, may("blockTraffic", Kind::Flag)];
const SERVICES_UPDATE: &[Field] =
    &[NAME, FREEFORM, DEFINED, may("blockTraffic", Kind::Flag), may("services", Kind::Many(SERVICE))];
const ROUTES_UPDATE: &[Field] = &[NAME, FREEFORM, DEFINED, may("routeRules", Kind::Many(ROUTE_RULE))];
const DHCP_UPDATE: &[Field] = &[NAME, FREEFORM, DEFINED, may("options", Kind::Many(DHCP_OPTION))];
const NSG_CREATE: &[Field] = &[COMPARTMENT, VCN, NAME, FREEFORM, DEFINED];

/// The model of a networking resource.
pub fn model(kind: Resource) -> Model {
    let (create, update) = match kind {
        Resource::Vcn => (VCN_CREATE, NAME_AND_TAGS),
        Resource::Subnet => (SUBNET_CREATE, SUBNET_UPDATE),
        Resource::SecurityList => (LIST_CREATE, LIST_UPDATE),
        Resource::InternetGateway => (GATEWAY_CREATE, GATEWAY_UPDATE),
        Resource::NatGateway => (NAT_CREATE, NAT_UPDATE),
        Resource::ServiceGateway => (SERVICES_CREATE, SERVICES_UPDATE),
        Resource::RouteTable => (ROUTES_CREATE, ROUTES_UPDATE),
        Resource::DhcpOptions => (DHCP_CREATE, DHCP_UPDATE),
        Resource::Nsg => (NSG_CREATE, NAME_AND_TAGS),
        _ => unreachable!("the other APIs have models of their own"),
    };
    Model { create, update }
}
