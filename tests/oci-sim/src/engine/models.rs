//! The models of the container engine's API, as far as the control plane has them.

use crate::fields::{Field, Kind, may, need};

const FREEFORM: Field = may("freeformTags", Kind::Tags);
const DEFINED: Field = may("definedTags", Kind::DefinedTags);

const CNI: Kind = Kind::Word(&["OCI_VCN_IP_NATIVE", "FLANNEL_OVERLAY"]);
const CLUSTER_TYPE: Field = may("type", Kind::Word(&["BASIC_CLUSTER", "ENHANCED_CLUSTER"]));

const ENDPOINT: &[Field] =
    &[need("subnetId", Kind::Text), may("nsgIds", Kind::Texts), may("isPublicIpEnabled", Kind::Flag)];
pub const ENDPOINT_CHANGE: &[Field] = &[may("nsgIds", Kind::Texts), may("isPublicIpEnabled", Kind::Flag)];

const TAGS: &[Field] = &[FREEFORM, DEFINED];
const NETWORK: &[Field] = &[may("podsCidr", Kind::Text), may("servicesCidr", Kind::Text)];
const ADD_ONS: &[Field] = &[may("isKubernetesDashboardEnabled", Kind::Flag), may("isTillerEnabled", Kind::Flag)];
const ADMISSION: &[Field] = &[may("isPodSecurityPolicyEnabled", Kind::Flag)];
const BALANCERS: &[Field] = &[FREEFORM, DEFINED, may("backendNsgIds", Kind::Texts)];
const OIDC_DISCOVERY: &[Field] = &[may("isOpenIdConnectDiscoveryEnabled", Kind::Flag)];

const OIDC: &[Field] = &[
    need("isOpenIdConnectAuthEnabled", Kind::Flag),
    may("issuerUrl", Kind::Text),
    may("clientId", Kind::Text),
    may("usernameClaim", Kind::Text),
    may("usernamePrefix", Kind::Text),
    may("groupsClaim", Kind::Text),
    may("groupsPrefix", Kind::Text),
    may("requiredClaims", Kind::Many(&[may("key", Kind::Text), may("value", Kind::Text)])),
    may("caCertificate", Kind::Text),
    may("signingAlgorithms", Kind::Texts),
    may("configurationFile", Kind::Text),
];

const OPTIONS: &[Field] = &[
    may("serviceLbSubnetIds", Kind::Texts),
    may("kubernetesNetworkConfig", Kind::One(NETWORK)),
    may("ipFamilies", Kind::Texts),
    may("addOns", Kind::One(ADD_ONS)),
    may("admissionControllerOptions", Kind::One(ADMISSION)),
    may("persistentVolumeConfig", Kind::One(TAGS)),
    may("serviceLbConfig", Kind::One(BALANCERS)),
    may("openIdConnectDiscovery", Kind::One(OIDC_DISCOVERY)),
    may("openIdConnectTokenAuthenticationConfig", Kind::One(OIDC)),
];

const OPTIONS_CHANGE: &[Field] = &[
    may("admissionControllerOptions", Kind::One(ADMISSION)),
    may("persistentVolumeConfig", Kind::One(TAGS)),
    may("serviceLbConfig", Kind::One(BALANCERS)),
    may("openIdConnectDiscovery", Kind::One(OIDC_DISCOVERY)),
    may("openIdConnectTokenAuthenticationConfig", Kind::One(OIDC)),
];

const IMAGE_POLICY: &[Field] =
    &[may("isPolicyEnabled", Kind::Flag), may("keyDetails", Kind::Many(&[may("kmsKeyId", Kind::Text)]))];

pub const CLUSTER_CREATE: &[Field] = &[
    need("compartmentId", Kind::Text),
    need("vcnId", Kind::Text),
    need("name", Kind::Text),
    need("kubernetesVersion", Kind::Text),
    // Oracle's model has it optional; a cluster without one can no longer be made.
    need("endpointConfig", Kind::One(ENDPOINT)),
    FREEFORM,
    DEFINED,
    CLUSTER_TYPE,
    may("kmsKeyId", Kind::Text),
    may("options", Kind::One(OPTIONS)),
    may("imagePolicyConfig", Kind::One(IMAGE_POLICY)),
    may("clusterPodNetworkOptions", Kind::Many(&[need("cniType", CNI)])),
];

pub const CLUSTER_UPDATE: &[Field] = &[
    may("name", Kind::Text),
    may("kubernetesVersion", Kind::Text),
    FREEFORM,
    DEFINED,
    CLUSTER_TYPE,
    may("options", Kind::One(OPTIONS_CHANGE)),
    may("imagePolicyConfig", Kind::One(IMAGE_POLICY)),
];

const ADDON_CONFIGURATION: &[Field] = &[may("key", Kind::Text), may("value", Kind::Text)];
pub const ADDON_INSTALL: &[Field] = &[
    need("addonName", Kind::Text),
    may("version", Kind::Text),
    may("configurations", Kind::Many(ADDON_CONFIGURATION)),
    may("isOverrideExisting", Kind::Flag),
];
pub const ADDON_UPDATE: &[Field] =
    &[may("version", Kind::Text), may("configurations", Kind::Many(ADDON_CONFIGURATION))];

pub const KUBECONFIG: &[Field] = &[
    may("tokenVersion", Kind::Text),
    may("expiration", Kind::Int),
    may("endpoint", Kind::Word(&["PUBLIC_ENDPOINT", "PRIVATE_ENDPOINT", "VCN_HOSTNAME", "LEGACY_KUBERNETES"])),
];

const SHAPE: &[Field] = &[may("ocpus", Kind::Number), may("memoryInGBs", Kind::Number)];

const SOURCE: &[Field] =
    &[need("sourceType", Kind::Text), need("imageId", Kind::Text), may("bootVolumeSizeInGBs", Kind::Int)];

const LABEL: &[Field] = &[need("key", Kind::Text), may("value", Kind::Text)];

const PREEMPTION: &[Field] = &[need("type", Kind::Word(&["TERMINATE"])), may("isPreserveBootVolume", Kind::Flag)];
const PREEMPTIBLE: &[Field] = &[need("preemptionAction", Kind::One(PREEMPTION))];

const PLACEMENT: &[Field] = &[
    need("availabilityDomain", Kind::Text),
    need("subnetId", Kind::Text),
    may("faultDomains", Kind::Texts),
    may("capacityReservationId", Kind::Text),
    may("preemptibleNodeConfig", Kind::One(PREEMPTIBLE)),
];

const PODS: &[Field] = &[
    need("cniType", CNI),
    may("podSubnetIds", Kind::Texts),
    may("podNsgIds", Kind::Texts),
    may("maxPodsPerNode", Kind::Int),
];

const NODES: &[Field] = &[
    need("size", Kind::Int),
    need("placementConfigs", Kind::Many(PLACEMENT)),
    FREEFORM,
    DEFINED,
    may("nsgIds", Kind::Texts),
    may("kmsKeyId", Kind::Text),
    may("isPvEncryptionInTransitEnabled", Kind::Flag),
    may("nodePoolPodNetworkOptionDetails", Kind::One(PODS)),
];

const NODES_CHANGE: &[Field] = &[
    may("size", Kind::Int),
    may("placementConfigs", Kind::Many(PLACEMENT)),
    FREEFORM,
    DEFINED,
    may("nsgIds", Kind::Texts),
    may("kmsKeyId", Kind::Text),
    may("isPvEncryptionInTransitEnabled", Kind::Flag),
    may("nodePoolPodNetworkOptionDetails", Kind::One(PODS)),
];

const EVICTION: &[Field] = &[
    may("evictionGraceDuration", Kind::Text),
    may("isForceDeleteAfterGraceDuration", Kind::Flag),
    may("isForceActionAfterGraceDuration", Kind::Flag),
];

const CYCLING: &[Field] = &[
    may("isNodeCyclingEnabled", Kind::Flag),
    may("maximumSurge", Kind::Text),
    may("maximumUnavailable", Kind::Text),
    may("cycleModes", Kind::Texts),
];

pub const POOL_CREATE: &[Field] = &[
    need("compartmentId", Kind::Text),
    need("clusterId", Kind::Text),
    need("name", Kind::Text),
    need("nodeShape", Kind::Text),
    need("nodeSourceDetails", Kind::One(SOURCE)),
    need("nodeConfigDetails", Kind::One(NODES)),
    FREEFORM,
    DEFINED,
    may("kubernetesVersion", Kind::Text),
    may("nodeMetadata", Kind::Tags),
    may("nodeShapeConfig", Kind::One(SHAPE)),
    may("initialNodeLabels", Kind::Many(LABEL)),
    may("sshPublicKey", Kind::Text),
    may("nodeEvictionNodePoolSettings", Kind::One(EVICTION)),
    may("nodePoolCyclingDetails", Kind::One(CYCLING)),
];

pub const POOL_UPDATE: &[Field] = &[
    may("name", Kind::Text),
    may("nodeShape", Kind::Text),
    may("nodeSourceDetails", Kind::One(SOURCE)),
    may("nodeConfigDetails", Kind::One(NODES_CHANGE)),
    FREEFORM,
    DEFINED,
    may("kubernetesVersion", Kind::Text),
    may("nodeMetadata", Kind::Tags),
    may("nodeShapeConfig", Kind::One(SHAPE)),
    may("initialNodeLabels", Kind::Many(LABEL)),
    may("sshPublicKey", Kind::Text),
    may("nodeEvictionNodePoolSettings", Kind::One(EVICTION)),
    may("nodePoolCyclingDetails", Kind::One(CYCLING)),
];

const VIRTUAL_PLACEMENT: &[Field] =
    &[need("availabilityDomain", Kind::Text), need("faultDomain", Kind::Texts), need("subnetId", Kind::Text)];
const POD_CONFIGURATION: &[Field] =
    &[need("subnetId", Kind::Text), need("shape", Kind::Text), may("nsgIds", Kind::Texts)];
const TAINT: &[Field] = &[may("key", Kind::Text), may("value", Kind::Text), may("effect", Kind::Text)];
const VIRTUAL_CYCLING: &[Field] = &[
    may("isVirtualNodeCyclingEnabled", Kind::Flag),
    may("maximumSurge", Kind::Text),
    may("maximumUnavailable", Kind::Text),
];

pub const VIRTUAL_POOL_CREATE: &[Field] = &[
    need("compartmentId", Kind::Text),
    need("clusterId", Kind::Text),
    need("displayName", Kind::Text),
    need("size", Kind::Int),
    need("placementConfigurations", Kind::Many(VIRTUAL_PLACEMENT)),
    need("podConfiguration", Kind::One(POD_CONFIGURATION)),
    FREEFORM,
    DEFINED,
    may("initialVirtualNodeLabels", Kind::Many(LABEL)),
    may("taints", Kind::Many(TAINT)),
    may("nsgIds", Kind::Texts),
    may("virtualNodeTags", Kind::One(TAGS)),
    may("virtualNodePoolCyclingDetails", Kind::One(VIRTUAL_CYCLING)),
];

pub const VIRTUAL_POOL_UPDATE: &[Field] = &[
    may("displayName", Kind::Text),
    may("size", Kind::Int),
    may("placementConfigurations", Kind::Many(VIRTUAL_PLACEMENT)),
    may("podConfiguration", Kind::One(POD_CONFIGURATION)),
    FREEFORM,
    DEFINED,
    may("initialVirtualNodeLabels", Kind::Many(LABEL)),
    may("taints", Kind::Many(TAINT)),
    may("nsgIds", Kind::Texts),
    may("virtualNodeTags", Kind::One(TAGS)),
    may("virtualNodePoolCyclingDetails", Kind::One(VIRTUAL_CYCLING)),
];
