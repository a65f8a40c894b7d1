//! The models of instance configurations, pools and autoscaling, as far as the
//! control plane has them.

use crate::compute::models::{AGENT, AVAILABILITY, LAUNCH_OPTIONS, OPTIONS, SHAPE_CONFIG, SOURCE, VNIC};
use crate::fields::{Field, Kind, may, need};

const COMPARTMENT: Field = need("compartmentId", Kind::Text);
const NAME: Field = may("displayName", Kind::Text);
const FREEFORM: Field = may("freeformTags", Kind::Tags);
const DEFINED: Field = may("definedTags", Kind::DefinedTags);

pub const NAME_AND_TAGS: &[Field] = &[NAME, FREEFORM, DEFINED];

const LAUNCH: &[Field] = &[
    may("availabilityDomain", Kind::Text),
    may("compartmentId", Kind::Text),
    NAME,
    FREEFORM,
    DEFINED,
    may("agentConfig", Kind::One(AGENT)),
    may("availabilityConfig", Kind::One(AVAILABILITY)),
    may("createVnicDetails", Kind::One(VNIC)),
    may("extendedMetadata", Kind::Tags),
    may("faultDomain", Kind::Text),
    may("instanceOptions", Kind::One(OPTIONS)),
    may("isPvEncryptionInTransitEnabled", Kind::Flag),
    may("launchMode", Kind::Word(&["NATIVE", "EMULATED", "PARAVIRTUALIZED", "CUSTOM"])),
    may("launchOptions", Kind::One(LAUNCH_OPTIONS)),
    may("metadata", Kind::Tags),
    may("preferredMaintenanceAction", Kind::Word(&["LIVE_MIGRATE", "REBOOT"])),
    may("shape", Kind::Text),
    may("shapeConfig", Kind::One(SHAPE_CONFIG)),
    may("sourceDetails", Kind::One(SOURCE)),
];

const DETAILS: &[Field] = &[need("instanceType", Kind::Word(&["compute"])), need("launchDetails", Kind::One(LAUNCH))];

pub const CONFIGURATION: &[Field] = &[
    COMPARTMENT,
    NAME,
    FREEFORM,
    DEFINED,
    need("source", Kind::Word(&["NONE"])),
    need("instanceDetails", Kind::One(DETAILS)),
];

const PRIMARY: &[Field] = &[need("subnetId", Kind::Text), may("isAssignIpv6Ip", Kind::Flag)];
/// There are no secondary VNICs here.
const SECONDARY: &[Field] = &[];

const PLACEMENT: &[Field] = &[
    need("availabilityDomain", Kind::Text),
    may("faultDomains", Kind::Texts),
    may("primarySubnetId", Kind::Text),
    may("primaryVnicSubnets", Kind::One(PRIMARY)),
    may("secondaryVnicSubnets", Kind::Many(SECONDARY)),
];

pub const POOL: &[Field] = &[
    COMPARTMENT,
    NAME,
    FREEFORM,
    DEFINED,
    need("instanceConfigurationId", Kind::Text),
    may("instanceDisplayNameFormatter", Kind::Text),
    may("instanceHostnameFormatter", Kind::Text),
    may("loadBalancers", Kind::Many(crate::balancer::ATTACH)),
    need("placementConfigurations", Kind::Many(PLACEMENT)),
    need("size", Kind::Int),
];

pub const POOL_UPDATE: &[Field] = &[
    NAME,
    FREEFORM,
    DEFINED,
    may("instanceConfigurationId", Kind::Text),
    may("instanceDisplayNameFormatter", Kind::Text),
    may("instanceHostnameFormatter", Kind::Text),
    may("placementConfigurations", Kind::Many(PLACEMENT)),
    may("size", Kind::Int),
];

const CAPACITY: &[Field] = &[may("initial", Kind::Int), may("max", Kind::Int), may("min", Kind::Int)];
const ACTION: &[Field] = &[need("type", Kind::Word(&["CHANGE_COUNT_BY"])), need("value", Kind::Int)];
const THRESHOLD: &[Field] = &[need("operator", Kind::Word(&["GT", "GTE", "LT", "LTE"])), need("value", Kind::Int)];

const METRIC: &[Field] = &[
    need("metricSource", Kind::Word(&["COMPUTE_AGENT"])),
    need("metricType", Kind::Word(&["CPU_UTILIZATION", "MEMORY_UTILIZATION"])),
    need("threshold", Kind::One(THRESHOLD)),
    may("pendingDuration", Kind::Text),
];

const RULE: &[Field] = &[NAME, need("action", Kind::One(ACTION)), need("metric", Kind::One(METRIC))];

const SCHEDULE: &[Field] =
    &[need("type", Kind::Word(&["cron"])), need("expression", Kind::Text), need("timezone", Kind::Word(&["UTC"]))];

const POWER: &[Field] =
    &[need("actionType", Kind::Word(&["power"])), need("action", Kind::Word(&["STOP", "START", "SOFTRESET", "RESET"]))];

const POLICY: &[Field] = &[
    need("policyType", Kind::Word(&["threshold", "scheduled"])),
    NAME,
    may("isEnabled", Kind::Flag),
    may("capacity", Kind::One(CAPACITY)),
    may("rules", Kind::Many(RULE)),
    may("executionSchedule", Kind::One(SCHEDULE)),
    may("resourceAction", Kind::One(POWER)),
];

const RESOURCE: &[Field] = &[need("type", Kind::Word(&["instancePool"])), need("id", Kind::Text)];

pub const AUTOSCALING: &[Field] = &[
    COMPARTMENT,
    NAME,
    FREEFORM,
    DEFINED,
    may("coolDownInSeconds", Kind::Int),
    may("isEnabled", Kind::Flag),
    need("policies", Kind::Many(POLICY)),
    need("resource", Kind::One(RESOURCE)),
];

pub const AUTOSCALING_UPDATE: &[Field] =
    &[NAME, FREEFORM, DEFINED, may("coolDownInSeconds", Kind::Int), may("isEnabled", Kind::Flag)];
