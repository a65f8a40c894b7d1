//! The four tiers of a VCN and how its address space is cut between them.
//! Knows no rule and no resource.

use ipnet::Ipv4Net;

/// A tier: one subnet with its route table and its security list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Load balancers and the Kubernetes API endpoint: reached from the internet.
    Public,
    /// Workers and pods: reach the internet through the NAT Gateway.
    Private,
    /// Data: reaches OCI services and nothing else outside the VCN.
    Secure,
    /// Operations: reaches OCI services and nothing else outside the VCN.
    Management,
}

/// Where a tier's route table sends traffic for `0.0.0.0/0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultRoute {
    InternetGateway,
    NatGateway,
    None,
}

impl Tier {
    /// Every tier, in the order in which it is written.
    pub const EVERY: [Self; 4] = [Self::Public, Self::Private, Self::Secure, Self::Management];

    /// As it stands in addresses, display names, tags and `dns_label`s.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Secure => "secure",
            Self::Management => "management",
        }
    }

    pub const fn default_route(self) -> DefaultRoute {
        match self {
            Self::Public => DefaultRoute::InternetGateway,
            Self::Private => DefaultRoute::NatGateway,
            Self::Secure | Self::Management => DefaultRoute::None,
        }
    }

    /// Whether the tier routes OCI services to the Service Gateway. The public
    /// tier does not: OCI refuses an Internet Gateway rule and a
    /// service-gateway rule for the same traffic in one route table.
    pub const fn routes_to_services(self) -> bool {
        !matches!(self, Self::Public)
    }

    /// Whether a VNIC in this tier may have a public address.
    pub const fn allows_public_ip(self) -> bool {
        matches!(self, Self::Public)
    }

    /// How the tier is cut from the VCN: bits added to the VCN's prefix, and
    /// which of the blocks of that size it is. Private is the lower half,
    /// secure the lower half of the rest, public and management share what
    /// remains. These are the arguments of Terraform's `cidrsubnet` function.
    pub const fn cut(self) -> (u8, u32) {
        match self {
            Self::Private => (1, 0),
            Self::Secure => (2, 2),
            Self::Public => (3, 6),
            Self::Management => (3, 7),
        }
    }

    /// The tier's CIDR in a VCN: /N+1 to /N+3 for a VCN of prefix N, at most 29.
    /// A VCN too small to be cut is its own tier; the spec refuses such a VCN
    /// before anyone asks.
    pub fn subnet_of(self, vcn: Ipv4Net) -> Ipv4Net {
        let (bits, block) = self.cut();
        vcn.subnets(vcn.prefix_len() + bits).ok().and_then(|mut blocks| blocks.nth(block as usize)).unwrap_or(vcn)
    }
}
