//! Everything that the control plane refuses: one table, one row a line.
//! Each row is tripped by a case in the root's `tests/simulator`.

/// A kind of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub name: &'static str,
    pub status: u16,
    pub code: &'static str,
    /// Each `{}` stands for one word about the case at hand.
    pub message: &'static str,
}

/// A refusal of one request.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub row: Row,
    pub message: String,
}

impl Row {
    /// The refusal with the words that its message has room for.
    pub fn with(self, words: &[&str]) -> Refusal {
        let mut pieces = self.message.split("{}");
        let mut message = pieces.next().unwrap_or_default().to_owned();
        let mut words = words.iter();
        for piece in pieces {
            message.push_str(words.next().expect("a word for each {} of a message"));
            message.push_str(piece);
        }
        assert!(words.next().is_none(), "{}: more words than its message has {{}}", self.name);
        Refusal { row: self, message }
    }
}

macro_rules! table {
    ($($name:ident $status:literal $code:literal $message:literal)*) => {
        $(pub const $name: Row = Row { name: stringify!($name), status: $status, code: $code, message: $message };)*
        /// The whole table, in order.
        pub const ALL: &[Row] = &[$($name),*];
    };
}

table! {
    // The request itself.
    UNKNOWN_REQUEST              501 "NotImplemented"           "oci-sim does not know {} {}"
    NOT_FOUND                    404 "NotAuthorizedOrNotFound"  "Authorization failed or requested resource not found: {}"
    CANNOT_PARSE                 400 "CannotParseRequest"       "Incorrectly formatted request: {}"
    MISSING_PARAMETER            400 "MissingParameter"         "Missing parameter: {}"
    UNKNOWN_FIELD                400 "InvalidParameter"         "Unrecognized field: {}"
    WRONG_TYPE                   400 "InvalidParameter"         "{} must be {}"
    IMMUTABLE_FIELD              400 "InvalidParameter"         "{} can't be changed after creation"
    ETAG_MISMATCH                412 "NoEtagMatch"              "The etag {} is not that of {}"
    RETRY_TOKEN_INVALIDATED      409 "InvalidatedRetryToken"    "The retry token {} belongs to another request, or its resource is gone"
    BAD_LIMIT                    400 "InvalidParameter"         "limit must be from 1 to 1000, not {}"
    BAD_PAGE                     400 "InvalidParameter"         "page is not a token that this list gave: {}"

    // What every resource has.
    BAD_COMPARTMENT              400 "InvalidParameter"         "compartmentId is not the OCID of a compartment: {}"
    BAD_NAME_LENGTH              400 "InvalidParameter"         "{} must have from 1 to 255 characters"
    BAD_DESCRIPTION_LENGTH       400 "InvalidParameter"         "description must have from 1 to 255 characters"
    TOO_MANY_FREEFORM_TAGS       400 "InvalidParameter"         "At most 10 free-form tags, not {}"
    TOO_MANY_DEFINED_TAGS        400 "InvalidParameter"         "At most 64 defined tags, not {}"
    BAD_TAG_KEY                  400 "InvalidParameter"         "A tag key has from 1 to 100 printable ASCII characters, no period and no space: {}"
    BAD_TAG_VALUE                400 "InvalidParameter"         "The value of tag {} has more than 256 characters"
    RELATED_NOT_FOUND            400 "RelatedResourceNotAuthorizedOrNotFound" "{} names a resource that does not exist: {}"
    OTHER_VCN                    400 "InvalidParameter"         "{} is not in VCN {}"

    // VCNs and subnets.
    BAD_CIDR                     400 "InvalidParameter"         "{} is not a valid IPv4 CIDR in canonical form: {}"
    CIDR_RESERVED                400 "InvalidParameter"         "{} overlaps a reserved range, {}"
    NO_VCN_CIDR                  400 "MissingParameter"         "A VCN needs one of cidrBlock and cidrBlocks, and not both"
    VCN_CIDR_SIZE                400 "InvalidParameter"         "The CIDR of a VCN is from /16 to /30, not {}"
    VCN_CIDRS_OVERLAP            400 "InvalidParameter"         "CIDRs {} and {} of the VCN overlap"
    TOO_MANY_VCN_CIDRS           400 "LimitExceeded"            "A VCN has at most 5 CIDRs, not {}"
    TOO_MANY_SUBNETS             400 "LimitExceeded"            "VCN {} has 300 subnets already"
    SUBNET_OUTSIDE_VCN           400 "InvalidParameter"         "{} is in none of the CIDRs of VCN {}"
    SUBNET_CIDR_SIZE             400 "InvalidParameter"         "The CIDR of a subnet is at most a /30: {}"
    SUBNETS_OVERLAP              400 "InvalidParameter"         "{} overlaps {} of subnet {}"
    BAD_DNS_LABEL                400 "InvalidParameter"         "dnsLabel is a letter and then at most 14 letters and digits: {}"
    DNS_LABEL_TAKEN              400 "InvalidParameter"         "dnsLabel {} is taken in VCN {}"
    DNS_LABEL_NEEDS_VCN_LABEL    400 "InvalidParameter"         "A subnet has a dnsLabel only in a VCN that has one: {}"
    TOO_MANY_SECURITY_LISTS      400 "LimitExceeded"            "A subnet has at most 5 security lists, not {}"
    DUPLICATE_ID                 400 "InvalidParameter"         "{} names {} twice"
    PROHIBITIONS_CONFLICT        400 "InvalidParameter"         "prohibitInternetIngress and prohibitPublicIpOnVnic differ"
    UNKNOWN_AD                   400 "InvalidParameter"         "No such availability domain: {}"

    // Gateways and routes.
    GATEWAY_EXISTS               400 "LimitExceeded"            "VCN {} has a gateway of this kind already: {}"
    UNKNOWN_SERVICE              400 "InvalidParameter"         "No such service: {}"
    SERVICES_OVERLAP             400 "InvalidParameter"         "A service gateway has one service label, not {}"
    UNKNOWN_WORD                 400 "InvalidParameter"         "{} is not one of {}"
    UNKNOWN_SERVICE_LABEL        400 "InvalidParameter"         "{} is not the CIDR label of a service: {}"
    DUPLICATE_DESTINATION        400 "InvalidParameter"         "Two route rules have the destination {}"
    TOO_MANY_ROUTE_RULES         400 "LimitExceeded"            "A route table has at most 200 rules, not {}"
    ROUTE_TARGET_KIND            400 "InvalidParameter"         "A rule with destinationType {} can't have the target {}"
    ROUTE_SERVICE_NOT_ENABLED    400 "InvalidParameter"         "{} is not enabled on service gateway {}"
    ROUTE_IGW_WITH_SERVICES      400 "InvalidParameter"         "A route table can't send all services to a service gateway and {} to an internet gateway"

    // Security rules.
    BAD_DIRECTION                400 "InvalidParameter"         "direction is INGRESS or EGRESS, not {}"
    RULE_NEEDS_PEER              400 "InvalidParameter"         "A rule for {} needs {}"
    RULE_WRONG_PEER              400 "InvalidParameter"         "A rule for {} can't have {}"
    PEER_NSG_IN_LIST             400 "InvalidParameter"         "A rule of a security list can't have an NSG as its {}"
    PEER_NSG_NOT_FOUND           400 "InvalidParameter"         "{} is not an NSG: {}"
    PEER_NSG_OTHER_VCN           400 "InvalidParameter"         "NSG {} is not in VCN {}"
    BAD_PROTOCOL                 400 "InvalidParameter"         "protocol is all or a number from 0 to 255: {}"
    OPTIONS_OF_OTHER_PROTOCOL    400 "InvalidParameter"         "{} needs protocol {}, not {}"
    BAD_PORT                     400 "InvalidParameter"         "A port is from 1 to 65535, not {}"
    BAD_PORT_RANGE               400 "InvalidParameter"         "A port range starts at or below its end, not {}-{}"
    BAD_ICMP_TYPE                400 "InvalidParameter"         "An ICMP type is from 0 to 254, not {}"
    BAD_ICMP_CODE                400 "InvalidParameter"         "An ICMP code is from 0 to 16, not {}"
    ICMP_CODE_WITHOUT_TYPE       400 "InvalidParameter"         "icmpOptions has a code without a type"
    TOO_MANY_INGRESS_RULES       400 "LimitExceeded"            "A security list has at most 200 ingress rules, not {}"
    TOO_MANY_EGRESS_RULES        400 "LimitExceeded"            "A security list has at most 200 egress rules, not {}"
    TOO_MANY_NSG_RULES           400 "LimitExceeded"            "An NSG has at most 120 rules, not {}"
    TOO_MANY_RULES_A_CALL        400 "InvalidParameter"         "At most 25 rules a call, not {}"
    DUPLICATE_NSG_RULE           400 "InvalidParameter"         "NSG {} has this rule already: {}"
    UNKNOWN_RULE                 400 "InvalidParameter"         "NSG {} has no rule {}"

    // What can't be deleted yet, or at all.
    VCN_NOT_EMPTY                409 "Conflict"                 "VCN {} still has {}"
    SUBNET_IN_USE                409 "Conflict"                 "Subnet {} still has a VNIC of {}"
    NSG_IN_USE                   409 "Conflict"                 "NSG {} still has a VNIC of {}"
    GATEWAY_IN_USE               409 "Conflict"                 "{} is the target of a rule in route table {}"
    PART_OF_SUBNET               409 "Conflict"                 "{} is in use by subnet {}"
    DEFAULT_OF_VCN               409 "Conflict"                 "{} is a default of its VCN, and goes with it"

    // Clusters.
    BUSY                         409 "IncorrectState"           "{} is {}"
    UNKNOWN_VERSION              400 "InvalidParameter"         "kubernetesVersion is not one that OKE has: {}"
    NO_DOWNGRADE                 400 "InvalidParameter"         "A cluster can't go from {} back to {}"
    ONE_MINOR_AT_A_TIME          400 "InvalidParameter"         "A cluster goes one minor version at a time, not from {} to {}"
    UPGRADE_LEAVES_POOL_BEHIND   400 "InvalidParameter"         "Node pool {} at {} would be too old for {}"
    NO_TYPE_DOWNGRADE            400 "InvalidParameter"         "An enhanced cluster can't become a basic one"
    TWO_CNIS                     400 "InvalidParameter"         "clusterPodNetworkOptions has one entry, not {}"
    PUBLIC_IP_PROHIBITED         400 "InvalidParameter"         "Subnet {} prohibits public IPs, so {} can't have one"
    TOO_MANY_NSGS                400 "LimitExceeded"            "{} has at most 5 NSGs, not {}"
    SERVICES_CIDR_OVERLAPS_VCN   400 "InvalidParameter"         "servicesCidr {} overlaps {} of the VCN"
    PODS_CIDR_OVERLAPS_VCN       400 "InvalidParameter"         "podsCidr {} overlaps {} of the VCN"
    PODS_OVERLAP_SERVICES        400 "InvalidParameter"         "podsCidr {} overlaps servicesCidr {}"
    ENHANCED_ONLY                400 "InvalidParameter"         "{} needs an enhanced cluster"
    ADDON_EXISTS                 409 "Conflict"                 "There is an add-on {} in cluster {} already"
    BAD_TOKEN_VERSION            400 "InvalidParameter"         "tokenVersion is 2.0.0, not {}"
    NO_PUBLIC_ENDPOINT           400 "InvalidParameter"         "Cluster {} has no {}"

    // Node pools.
    POOL_NEWER_THAN_CLUSTER      400 "InvalidParameter"         "Nodes at {} would be newer than their cluster at {}"
    POOL_TOO_OLD                 400 "InvalidParameter"         "Nodes at {} would be too old for their cluster at {}"
    POOL_SIZE                    400 "InvalidParameter"         "A node pool has from 0 to 1000 nodes, not {}"
    CLUSTER_SIZE                 400 "LimitExceeded"            "A cluster of type {} has at most {} nodes, not {}"
    NO_PLACEMENT                 400 "InvalidParameter"         "placementConfigs needs an entry"
    DUPLICATE_PLACEMENT          400 "InvalidParameter"         "placementConfigs names {} twice"
    UNKNOWN_FAULT_DOMAIN         400 "InvalidParameter"         "No such fault domain: {}"
    BAD_RESERVATION              400 "InvalidParameter"         "capacityReservationId is not the OCID of a capacity reservation: {}"
    NOT_PREEMPTIBLE              400 "InvalidParameter"         "Preemptible capacity is neither reserved nor bare metal"
    BAD_KMS_KEY                  400 "InvalidParameter"         "kmsKeyId is not the OCID of a key: {}"
    SUBNET_OF_OTHER_AD           400 "InvalidParameter"         "Subnet {} is of availability domain {}, not of {}"
    UNKNOWN_SHAPE                400 "InvalidParameter"         "There is no shape {}"
    FLEX_NEEDS_CONFIG            400 "InvalidParameter"         "Shape {} needs a shape config with ocpus"
    FIXED_SHAPE_CONFIG           400 "InvalidParameter"         "Shape {} takes no shape config"
    SHAPE_OCPUS                  400 "InvalidParameter"         "Shape {} has from 1 to {} OCPUs, not {}"
    SHAPE_MEMORY                 400 "InvalidParameter"         "Shape {} with {} OCPUs has from {} to {} GB of memory, not {}"
    BAD_IMAGE                    400 "InvalidParameter"         "imageId is not the OCID of an image: {}"
    IMAGE_OF_OTHER_VERSION       409 "Conflict"                 "Image {} is for Kubernetes {}, not {}"
    BAD_SOURCE_TYPE              400 "InvalidParameter"         "sourceType is IMAGE, not {}"
    BOOT_VOLUME_SIZE             400 "InvalidParameter"         "A boot volume has from 50 to 32768 GB, not {}"
    CNI_MISMATCH                 400 "InvalidParameter"         "cniType {} is not the cluster's {}"
    POD_SUBNETS_NEEDED           400 "InvalidParameter"         "OCI_VCN_IP_NATIVE needs podSubnetIds"
    MAX_PODS                     400 "InvalidParameter"         "maxPodsPerNode on shape {} is from 1 to {}, not {}"
    SHAPE_CARRIES_NO_PODS        400 "InvalidParameter"         "Shape {} has one VNIC, so it carries no pods"
    BAD_EVICTION_GRACE           400 "InvalidParameter"         "evictionGraceDuration is from PT0M to PT60M, not {}"
    BAD_NODE_LABEL               400 "InvalidParameter"         "initialNodeLabels has the invalid or doubled key {}"
    BAD_SSH_KEY                  400 "InvalidParameter"         "The SSH key is not an OpenSSH public key"

    // Virtual node pools.
    VIRTUAL_NODES_NEED_NATIVE    400 "InvalidParameter"         "Virtual nodes need OCI_VCN_IP_NATIVE, not {}"
    UNKNOWN_POD_SHAPE            400 "InvalidParameter"         "podConfiguration.shape is not one that virtual nodes have: {}"
    NO_FAULT_DOMAIN              400 "InvalidParameter"         "placementConfigurations needs a fault domain in {}"
    BAD_TAINT_EFFECT             400 "InvalidParameter"         "effect of a taint can't be {}"
    SUBNET_FULL                  400 "LimitExceeded"            "Subnet {} has {} addresses, and {} are needed"

    // Instances and their VNICs.
    IMAGE_OF_OTHER_ARCHITECTURE  400 "InvalidParameter"         "Image {} is for {}, and shape {} is not"
    BAD_HOSTNAME                 400 "InvalidParameter"         "hostnameLabel has from 1 to 63 letters, digits and hyphens: {}"
    HOSTNAME_NEEDS_SUBNET_LABEL  400 "InvalidParameter"         "Subnet {} has no dnsLabel, so a VNIC in it has no hostnameLabel"
    HOSTNAME_TAKEN               400 "InvalidParameter"         "hostnameLabel {} is taken in subnet {}"
    PRIVATE_IP_OUTSIDE           400 "InvalidParameter"         "privateIp {} is not one that subnet {} has to give"
    PRIVATE_IP_TAKEN             409 "Conflict"                 "privateIp {} is taken in subnet {}"
    BAD_USER_DATA                400 "InvalidParameter"         "user_data is not base64"
    METADATA_TOO_LARGE           400 "InvalidParameter"         "metadata has at most 32000 bytes, not {}"
    BAD_ACTION                   400 "InvalidParameter"         "There is no instance action {}"

    // Volumes.
    BAD_VPUS                     400 "InvalidParameter"         "vpusPerGB is a multiple of 10 from {} to 120, not {}"
    VOLUME_SIZE                  400 "InvalidParameter"         "A volume has from 50 to 32768 GB, not {}"
    VOLUME_SHRINKS               400 "InvalidParameter"         "Volume {} can't shrink from {} to {} GB"
    VOLUME_IN_USE                409 "IncorrectState"           "Volume {} is still attached to {}"
    VOLUME_ATTACHED              409 "Conflict"                 "Volume {} is attached to {} already, and not shareable"
    VOLUME_OF_OTHER_AD           400 "InvalidParameter"         "Volume {} is in {}, and the instance is in {}"
    BAD_ATTACHMENT_TYPE          400 "InvalidParameter"         "A volume is attached as iscsi or paravirtualized, not as {}"
    BAD_DEVICE                   400 "InvalidParameter"         "device is from /dev/oracleoci/oraclevdb to /dev/oracleoci/oraclevdag, not {}"
    DEVICE_TAKEN                 409 "Conflict"                 "Instance {} has a volume at {} already"
    TOO_MANY_VOLUMES             400 "LimitExceeded"            "Instance {} has 32 volumes already"
    UNKNOWN_BACKUP_POLICY        400 "InvalidParameter"         "There is no backup policy {}"
    POLICY_ASSIGNED              409 "Conflict"                 "{} has a backup policy already"

    // Instance pools and their autoscaling.
    CONFIGURATION_IN_USE         409 "Conflict"                 "Instance configuration {} is in use by instance pool {}"
    INSTANCE_POOL_SIZE           400 "InvalidParameter"         "An instance pool has no {} instances"
    ONE_PRIMARY_SUBNET           400 "InvalidParameter"         "A placement has one of primarySubnetId and primaryVnicSubnets"
    AUTOSCALING_EXISTS           409 "Conflict"                 "Instance pool {} has an autoscaling configuration already: {}"
    BAD_COOLDOWN                 400 "InvalidParameter"         "coolDownInSeconds is at least 300, not {}"
    NO_POLICY                    400 "InvalidParameter"         "policies needs an entry"
    MIXED_POLICIES               400 "InvalidParameter"         "An autoscaling configuration has one threshold policy, or up to 50 scheduled ones"
    BAD_CAPACITY                 400 "InvalidParameter"         "A capacity has min {} up to initial {} up to max {}, none below zero"
    BAD_RULES                    400 "InvalidParameter"         "A threshold policy has one rule that scales out and one that scales in"
    BAD_THRESHOLD                400 "InvalidParameter"         "A threshold is from 0 to 100, not {}"
    BAD_CRON                     400 "InvalidParameter"         "expression is a Quartz cron expression whose seconds are 0: {}"
    NEEDS_RESOURCE_ACTION        400 "InvalidParameter"         "A scheduled policy has one of capacity and resourceAction"

    // Load balancers of both kinds.
    BALANCER_SUBNETS             400 "InvalidParameter"         "A load balancer has one regional subnet, or if it is public two of two availability domains, not {}"
    BALANCER_SHAPE               400 "InvalidParameter"         "There is no load balancer shape {}, or it has no shapeDetails"
    BALANCER_BANDWIDTH           400 "InvalidParameter"         "Bandwidth goes from 10 to 8000 Mbps, and not from {} to {}"
    BALANCER_PROTECTED           409 "Conflict"                 "Load balancer {} is protected from deletion"
    BALANCER_PART_NAME           400 "InvalidParameter"         "A name is of letters, digits, hyphens, underscores and periods, and not too long: {}"
    BALANCER_PART_EXISTS         409 "Conflict"                 "Load balancer {} has one of that name already: {}"
    BALANCER_PART_IN_USE         409 "Conflict"                 "{} is in use by {}"
    UNKNOWN_BALANCER_PART        400 "InvalidParameter"         "The load balancer has no {} {}"
    BAD_HEALTH_CHECK             400 "InvalidParameter"         "healthChecker: {}"
    LISTENER_PORT_TAKEN          400 "InvalidParameter"         "Listener {} has port {} already"
    LISTENER_NEEDS_SSL           400 "InvalidParameter"         "A listener for {} needs sslConfiguration"
    RULES_NEED_HTTP              400 "InvalidParameter"         "A listener for {} has no rule sets"
    IDLE_TIMEOUT                 400 "InvalidParameter"         "idleTimeout is from 1 to 7200 seconds, not {}"
    BAD_CERTIFICATE              400 "InvalidParameter"         "{} is not PEM"
    BAD_CERTIFICATE_ID           400 "InvalidParameter"         "certificateIds has what is not the OCID of a certificate: {}"
    ONE_CERTIFICATE              400 "InvalidParameter"         "sslConfiguration has one certificate"
    BAD_REDIRECT                 400 "InvalidParameter"         "A redirection's responseCode is 301, 302, 303, 307 or 308, not {}"
    INCOMPLETE_REDIRECT          400 "InvalidParameter"         "A redirection has a condition and a redirectUri"
    POOL_ATTACHED                409 "Conflict"                 "Instance pool {} is attached to backend set {} already"
}
