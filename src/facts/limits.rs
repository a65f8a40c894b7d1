//! Limits of OCI, each with its source. They are used for diagnostics and
//! defaults only.

/// Ingress rules, and as many egress rules, in one security list.
/// Oracle, Service Limits, VCN security lists.
pub const RULES_PER_SECURITY_LIST: usize = 200;

/// Rules in one NSG, both directions together.
/// Oracle, Service Limits, network security groups.
pub const RULES_PER_NSG: usize = 120;

/// NSGs of one VNIC. Oracle, Network Security Groups.
pub const NSGS_PER_VNIC: usize = 5;

/// Addresses of a subnet that OCI keeps: the first two and the last.
/// Oracle, Overview of VCNs and Subnets.
pub const RESERVED_ADDRESSES: u64 = 3;

/// Prefix lengths of a VCN that leave every tier useful. OCI itself takes /16
/// to /30 (Oracle, Overview of VCNs and Subnets); from /25 on the smallest
/// tiers would be left with 13 addresses or fewer.
pub const VCN_PREFIXES: std::ops::RangeInclusive<u8> = 16..=24;

/// Characters of a `dns_label`: a letter, then letters and digits.
/// Oracle, DNS in Your Virtual Cloud Network.
pub const DNS_LABEL_LENGTH: usize = 15;

/// Characters of a display name. Oracle, Networking API, `displayName`.
pub const DISPLAY_NAME_LENGTH: usize = 255;

/// Free-form tags on one resource, ours included; characters of a key and of
/// a value. Oracle, Tagging Overview.
pub const FREEFORM_TAGS: usize = 10;
pub const DEFINED_TAGS: usize = 64;
pub const TAG_KEY_LENGTH: usize = 100;
pub const TAG_VALUE_LENGTH: usize = 256;

/// Nodes in one node pool, and in all node pools of one cluster.
/// Oracle, Container Engine limits.
pub const NODES_PER_POOL: u64 = 1000;
pub const NODES_PER_BASIC_CLUSTER: u64 = 1000;
pub const NODES_PER_ENHANCED_CLUSTER: u64 = 2000;

/// Pods on one node with VCN-native networking, whatever its shape.
/// Oracle, Pod Networking.
pub const PODS_PER_NODE: u64 = 110;

/// Addresses, and so pods, that one pod VNIC carries. Oracle, OCI CNI.
pub const PODS_PER_VNIC: u64 = 31;

/// Boot volume of a node or an instance, and any other volume, in GB. Oracle, Block
/// Volume limits (32 TB).
pub const BOOT_VOLUME_GB: std::ops::RangeInclusive<u64> = 50..=32_768;
pub const VOLUME_GB: std::ops::RangeInclusive<u64> = 50..=32_768;

/// Volume performance units for each GB: the first is the lower cost level, which
/// boot volumes do not have; from 30 on performance is ultra high. Oracle, Block
/// Volume Performance Levels.
pub const VOLUME_VPUS: [u64; 13] = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];

/// Volumes that may be attached to one instance. Oracle, Block Volume limits.
pub const VOLUMES_PER_INSTANCE: usize = 32;

/// The share of the private subnet's addresses, in percent, above which there
/// is a warning.
pub const CAPACITY_WARNING_PERCENT: u64 = 80;

/// Characters of a Kubernetes label's name or value. Kubernetes, Labels.
pub const LABEL_LENGTH: usize = 63;

/// Instances of one pool. OCI's own bound is the tenancy's limit of the shape;
/// this one only tells a slip from a wish.
pub const INSTANCES_PER_POOL: u64 = 1000;

/// Seconds between two actions of an autoscaler that goes by a metric: the
/// least, which is OCI's default, too; the most is a day, to tell a slip.
/// Oracle, Autoscaling API, `coolDownInSeconds`.
pub const COOLDOWN_SECONDS: std::ops::RangeInclusive<u64> = 300..=86_400;

/// Policies with a schedule in one autoscaling configuration.
/// Oracle, Autoscaling.
pub const SCHEDULES: usize = 50;

/// Bandwidth of a flexible load balancer, in Mbps.
/// Oracle, Load Balancing API, `ShapeDetails`.
pub const LOAD_BALANCER_MBPS: std::ops::RangeInclusive<u64> = 10..=8000;
