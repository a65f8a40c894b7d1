//! What an id can stand for, by the types of resources. Knows no instance.

/// The kind of thing that an attribute refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    Vcn,
    Subnet,
    SecurityList,
    RouteTable,
    Nsg,
    /// Whatever a route can lead to.
    Gateway,
    Cluster,
    Instance,
    InstanceConfiguration,
    LoadBalancer,
}

/// What an id stands for: a resource instance, or a default that a VCN creates,
/// by the index of the instance in the inventory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    Instance(usize),
    DefaultList(usize),
    DefaultTable(usize),
}

impl Thing {
    /// The resource instance, if it is one.
    pub const fn instance(self) -> Option<usize> {
        match self {
            Self::Instance(at) => Some(at),
            Self::DefaultList(_) | Self::DefaultTable(_) => None,
        }
    }
}

impl Want {
    pub const EVERY: [Self; 10] = [
        Self::Vcn,
        Self::Subnet,
        Self::SecurityList,
        Self::RouteTable,
        Self::Nsg,
        Self::Gateway,
        Self::Cluster,
        Self::Instance,
        Self::InstanceConfiguration,
        Self::LoadBalancer,
    ];

    const fn types(self) -> &'static [&'static str] {
        match self {
            Self::Vcn => &["oci_core_vcn", "oci_core_virtual_network"],
            Self::Subnet => &["oci_core_subnet"],
            Self::SecurityList => &["oci_core_security_list", "oci_core_default_security_list"],
            Self::RouteTable => &["oci_core_route_table", "oci_core_default_route_table"],
            Self::Nsg => &["oci_core_network_security_group"],
            Self::Gateway => &[
                "oci_core_internet_gateway",
                "oci_core_nat_gateway",
                "oci_core_service_gateway",
                "oci_core_drg",
                "oci_core_local_peering_gateway",
                "oci_core_private_ip",
            ],
            Self::Cluster => &["oci_containerengine_cluster"],
            Self::Instance => &["oci_core_instance"],
            Self::InstanceConfiguration => &["oci_core_instance_configuration"],
            Self::LoadBalancer => &[
                "oci_network_load_balancer_network_load_balancer",
                "oci_load_balancer_load_balancer",
                "oci_load_balancer",
            ],
        }
    }

    /// Whether a resource of this type is of this kind.
    pub fn fits(self, kind: &str) -> bool {
        self.types().contains(&kind)
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Vcn => "VCN",
            Self::Subnet => "subnet",
            Self::SecurityList => "security list",
            Self::RouteTable => "route table",
            Self::Nsg => "network security group",
            Self::Gateway => "gateway",
            Self::Cluster => "cluster",
            Self::Instance => "instance",
            Self::InstanceConfiguration => "instance configuration",
            Self::LoadBalancer => "load balancer",
        }
    }
}
