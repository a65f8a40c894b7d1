//! The models of the compute and block storage APIs, as far as the control
//! plane has them.

use crate::fields::{Field, Kind, may, need};

const NAME: Field = may("displayName", Kind::Text);
const FREEFORM: Field = may("freeformTags", Kind::Tags);
const DEFINED: Field = may("definedTags", Kind::DefinedTags);

pub const VNIC: &[Field] = &[
    may("assignPublicIp", Kind::Flag),
    may("assignPrivateDnsRecord", Kind::Flag),
    DEFINED,
    NAME,
    FREEFORM,
    may("hostnameLabel", Kind::Text),
    may("nsgIds", Kind::Texts),
    may("privateIp", Kind::Text),
    may("skipSourceDestCheck", Kind::Flag),
    may("subnetId", Kind::Text),
];

pub const VNIC_UPDATE: &[Field] = &[
    DEFINED,
    NAME,
    FREEFORM,
    may("hostnameLabel", Kind::Text),
    may("nsgIds", Kind::Texts),
    may("skipSourceDestCheck", Kind::Flag),
];

const BASELINES: &[&str] = &["BASELINE_1_8", "BASELINE_1_2", "BASELINE_1_1"];

pub const SHAPE_CONFIG: &[Field] = &[
    may("ocpus", Kind::Number),
    may("memoryInGBs", Kind::Number),
    may("baselineOcpuUtilization", Kind::Word(BASELINES)),
];

const PLUGIN: &[Field] = &[need("name", Kind::Text), need("desiredState", Kind::Word(&["ENABLED", "DISABLED"]))];

pub const AGENT: &[Field] = &[
    may("isMonitoringDisabled", Kind::Flag),
    may("isManagementDisabled", Kind::Flag),
    may("areAllPluginsDisabled", Kind::Flag),
    may("pluginsConfig", Kind::Many(PLUGIN)),
];

pub const OPTIONS: &[Field] = &[may("areLegacyImdsEndpointsDisabled", Kind::Flag)];

pub const LAUNCH_OPTIONS: &[Field] = &[
    may("bootVolumeType", Kind::Word(&["ISCSI", "SCSI", "IDE", "VFIO", "PARAVIRTUALIZED"])),
    may("firmware", Kind::Word(&["BIOS", "UEFI_64"])),
    may("networkType", Kind::Word(&["E1000", "VFIO", "PARAVIRTUALIZED"])),
    may("remoteDataVolumeType", Kind::Word(&["ISCSI", "SCSI", "IDE", "VFIO", "PARAVIRTUALIZED"])),
    may("isPvEncryptionInTransitEnabled", Kind::Flag),
    may("isConsistentVolumeNamingEnabled", Kind::Flag),
];

pub const AVAILABILITY: &[Field] = &[
    may("isLiveMigrationPreferred", Kind::Flag),
    may("recoveryAction", Kind::Word(&["RESTORE_INSTANCE", "STOP_INSTANCE"])),
];

pub const SOURCE: &[Field] = &[
    need("sourceType", Kind::Word(&["image"])),
    need("imageId", Kind::Text),
    may("bootVolumeSizeInGBs", Kind::Int),
    may("bootVolumeVpusPerGB", Kind::Int),
    may("kmsKeyId", Kind::Text),
];

pub const SOURCE_UPDATE: &[Field] = &[
    need("sourceType", Kind::Word(&["image"])),
    need("imageId", Kind::Text),
    may("bootVolumeSizeInGBs", Kind::Int),
    may("isPreserveBootVolumeEnabled", Kind::Flag),
    may("kmsKeyId", Kind::Text),
];

pub const LAUNCH: &[Field] = &[
    need("availabilityDomain", Kind::Text),
    need("compartmentId", Kind::Text),
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
    may("launchOptions", Kind::One(LAUNCH_OPTIONS)),
    may("metadata", Kind::Tags),
    need("shape", Kind::Text),
    may("shapeConfig", Kind::One(SHAPE_CONFIG)),
    need("sourceDetails", Kind::One(SOURCE)),
];

const DOWNTIME: &[&str] = &["ALLOW_DOWNTIME", "AVOID_DOWNTIME"];

pub const UPDATE: &[Field] = &[
    NAME,
    FREEFORM,
    DEFINED,
    may("agentConfig", Kind::One(AGENT)),
    may("availabilityConfig", Kind::One(AVAILABILITY)),
    may("extendedMetadata", Kind::Tags),
    may("faultDomain", Kind::Text),
    may("instanceOptions", Kind::One(OPTIONS)),
    may("launchOptions", Kind::One(LAUNCH_OPTIONS)),
    may("metadata", Kind::Tags),
    may("shape", Kind::Text),
    may("shapeConfig", Kind::One(SHAPE_CONFIG)),
    may("sourceDetails", Kind::One(SOURCE_UPDATE)),
    may("updateOperationConstraint", Kind::Word(DOWNTIME)),
];

pub const PUBLIC_IP: &[Field] =
    &[need("compartmentId", Kind::Text), need("lifetime", Kind::Word(&["EPHEMERAL"])), may("privateIpId", Kind::Text)];

pub const FIND_IP: &[Field] = &[need("ipAddress", Kind::Text)];

pub const VOLUME: &[Field] = &[
    need("availabilityDomain", Kind::Text),
    need("compartmentId", Kind::Text),
    NAME,
    FREEFORM,
    DEFINED,
    may("sizeInGBs", Kind::Int),
    may("vpusPerGB", Kind::Int),
    may("kmsKeyId", Kind::Text),
    may("isAutoTuneEnabled", Kind::Flag),
];

pub const VOLUME_UPDATE: &[Field] = &[
    NAME,
    FREEFORM,
    DEFINED,
    may("sizeInGBs", Kind::Int),
    may("vpusPerGB", Kind::Int),
    may("isAutoTuneEnabled", Kind::Flag),
];

pub const KEY: &[Field] = &[need("kmsKeyId", Kind::Text)];

pub const ATTACHMENT: &[Field] = &[
    need("instanceId", Kind::Text),
    need("volumeId", Kind::Text),
    need("type", Kind::Text),
    may("device", Kind::Text),
    NAME,
    may("isReadOnly", Kind::Flag),
    may("isShareable", Kind::Flag),
    may("isPvEncryptionInTransitEnabled", Kind::Flag),
    may("isAgentAutoIscsiLoginEnabled", Kind::Flag),
    may("useChap", Kind::Flag),
    may("encryptionInTransitType", Kind::Word(&["NONE", "BM_ENCRYPTION_IN_TRANSIT"])),
];

pub const POLICY_ASSIGNMENT: &[Field] = &[need("assetId", Kind::Text), need("policyId", Kind::Text)];
