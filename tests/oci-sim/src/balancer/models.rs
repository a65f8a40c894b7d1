//! The models of the two load balancing APIs, as far as the control plane has
//! them.

use crate::fields::{Field, Kind, may, need};

const COMPARTMENT: Field = need("compartmentId", Kind::Text);
const NAME: Field = need("displayName", Kind::Text);
const FREEFORM: Field = may("freeformTags", Kind::Tags);
const DEFINED: Field = may("definedTags", Kind::DefinedTags);
const NSGS: Field = may("networkSecurityGroupIds", Kind::Texts);
const PRIVATE: Field = may("isPrivate", Kind::Flag);

pub const SHAPE_DETAILS: &[Field] =
    &[need("minimumBandwidthInMbps", Kind::Int), need("maximumBandwidthInMbps", Kind::Int)];

pub const BALANCER: &[Field] = &[
    COMPARTMENT,
    NAME,
    FREEFORM,
    DEFINED,
    NSGS,
    PRIVATE,
    need("shapeName", Kind::Text),
    may("shapeDetails", Kind::One(SHAPE_DETAILS)),
    need("subnetIds", Kind::Texts),
    may("ipMode", Kind::Word(&["IPV4"])),
    may("isDeleteProtectionEnabled", Kind::Flag),
    may("isRequestIdEnabled", Kind::Flag),
    may("requestIdHeader", Kind::Text),
];

pub const BALANCER_UPDATE: &[Field] = &[
    may("displayName", Kind::Text),
    FREEFORM,
    DEFINED,
    may("ipMode", Kind::Word(&["IPV4"])),
    may("ipv6SubnetCidr", Kind::Text),
    may("isDeleteProtectionEnabled", Kind::Flag),
    may("isRequestIdEnabled", Kind::Flag),
    may("requestIdHeader", Kind::Text),
    may("securityAttributes", Kind::DefinedTags),
];

pub const SHAPE: &[Field] = &[need("shapeName", Kind::Text), may("shapeDetails", Kind::One(SHAPE_DETAILS))];

pub const NETWORK_BALANCER: &[Field] = &[
    COMPARTMENT,
    NAME,
    FREEFORM,
    DEFINED,
    NSGS,
    PRIVATE,
    need("subnetId", Kind::Text),
    may("isPreserveSourceDestination", Kind::Flag),
    may("isSymmetricHashEnabled", Kind::Flag),
    may("nlbIpVersion", Kind::Word(&["IPV4"])),
];

pub const NETWORK_BALANCER_UPDATE: &[Field] = &[
    may("displayName", Kind::Text),
    FREEFORM,
    DEFINED,
    may("isPreserveSourceDestination", Kind::Flag),
    may("isSymmetricHashEnabled", Kind::Flag),
    may("nlbIpVersion", Kind::Word(&["IPV4"])),
    may("securityAttributes", Kind::DefinedTags),
];

pub const GROUPS: &[Field] = &[NSGS];

const BACKEND: &[Field] = &[
    may("ipAddress", Kind::Text),
    may("targetId", Kind::Text),
    need("port", Kind::Int),
    may("weight", Kind::Int),
    may("maxConnections", Kind::Int),
    may("backup", Kind::Flag),
    may("drain", Kind::Flag),
    may("offline", Kind::Flag),
    may("isBackup", Kind::Flag),
    may("isDrain", Kind::Flag),
    may("isOffline", Kind::Flag),
    may("name", Kind::Text),
];

const HEALTH: &[Field] = &[
    need("protocol", Kind::Word(&["HTTP", "TCP"])),
    may("port", Kind::Int),
    may("urlPath", Kind::Text),
    may("returnCode", Kind::Int),
    may("retries", Kind::Int),
    may("intervalInMillis", Kind::Int),
    may("timeoutInMillis", Kind::Int),
    may("responseBodyRegex", Kind::Text),
    may("isForcePlainText", Kind::Flag),
];

const NETWORK_HEALTH: &[Field] = &[
    need("protocol", Kind::Word(&["HTTP", "HTTPS", "TCP", "UDP"])),
    may("port", Kind::Int),
    may("urlPath", Kind::Text),
    may("returnCode", Kind::Int),
    may("retries", Kind::Int),
    may("intervalInMillis", Kind::Int),
    may("timeoutInMillis", Kind::Int),
    may("responseBodyRegex", Kind::Text),
    may("requestData", Kind::Text),
    may("responseData", Kind::Text),
];

const ORDER: &[&str] = &["ENABLED", "DISABLED"];

const SSL: &[Field] = &[
    may("certificateIds", Kind::Texts),
    may("certificateName", Kind::Text),
    may("cipherSuiteName", Kind::Text),
    may("hasSessionResumption", Kind::Flag),
    may("protocols", Kind::Texts),
    may("serverOrderPreference", Kind::Word(ORDER)),
    may("trustedCertificateAuthorityIds", Kind::Texts),
    may("verifyDepth", Kind::Int),
    may("verifyPeerCertificate", Kind::Flag),
];

const COOKIE: &[Field] = &[need("cookieName", Kind::Text), may("disableFallback", Kind::Flag)];

pub const BACKEND_SET: &[Field] = &[
    may("name", Kind::Text),
    need("policy", Kind::Word(&["ROUND_ROBIN", "LEAST_CONNECTIONS", "IP_HASH"])),
    need("healthChecker", Kind::One(HEALTH)),
    may("backends", Kind::Many(BACKEND)),
    may("backendMaxConnections", Kind::Int),
    may("sessionPersistenceConfiguration", Kind::One(COOKIE)),
    may("sslConfiguration", Kind::One(SSL)),
];

pub const NETWORK_BACKEND_SET: &[Field] = &[
    may("name", Kind::Text),
    may("policy", Kind::Word(&["TWO_TUPLE", "THREE_TUPLE", "FIVE_TUPLE"])),
    may("healthChecker", Kind::One(NETWORK_HEALTH)),
    may("backends", Kind::Many(BACKEND)),
    may("areOperationallyActiveBackendsPreferred", Kind::Flag),
    may("ipVersion", Kind::Word(&["IPV4"])),
    may("isFailOpen", Kind::Flag),
    may("isInstantFailoverEnabled", Kind::Flag),
    may("isInstantFailoverTcpResetEnabled", Kind::Flag),
    may("isPreserveSource", Kind::Flag),
];

const CONNECTION: &[Field] = &[
    need("idleTimeout", Kind::Int),
    may("backendTcpProxyProtocolVersion", Kind::Int),
    may("backendTcpProxyProtocolOptions", Kind::Texts),
];

pub const LISTENER: &[Field] = &[
    may("name", Kind::Text),
    need("defaultBackendSetName", Kind::Text),
    need("port", Kind::Int),
    need("protocol", Kind::Word(&["HTTP", "HTTP2", "TCP", "GRPC"])),
    may("connectionConfiguration", Kind::One(CONNECTION)),
    may("hostnameNames", Kind::Texts),
    may("ruleSetNames", Kind::Texts),
    may("pathRouteSetName", Kind::Text),
    may("routingPolicyName", Kind::Text),
    may("sslConfiguration", Kind::One(SSL)),
];

pub const NETWORK_LISTENER: &[Field] = &[
    may("name", Kind::Text),
    may("defaultBackendSetName", Kind::Text),
    may("port", Kind::Int),
    may("protocol", Kind::Word(&["ANY", "TCP", "UDP", "TCP_AND_UDP", "L3IP"])),
    may("ipVersion", Kind::Word(&["IPV4"])),
    may("isPpv2Enabled", Kind::Flag),
    may("tcpIdleTimeout", Kind::Int),
    may("udpIdleTimeout", Kind::Int),
    may("l3IpIdleTimeout", Kind::Int),
];

pub const CERTIFICATE: &[Field] = &[
    need("certificateName", Kind::Text),
    may("caCertificate", Kind::Text),
    may("publicCertificate", Kind::Text),
    may("privateKey", Kind::Text),
    may("passphrase", Kind::Text),
];

const CONDITION: &[Field] = &[
    need("attributeName", Kind::Word(&["PATH", "SOURCE_IP_ADDRESS", "SOURCE_VCN_ID", "SOURCE_VCN_IP_ADDRESS"])),
    need("attributeValue", Kind::Text),
    may("operator", Kind::Word(&["EXACT_MATCH", "FORCE_LONGEST_PREFIX_MATCH", "PREFIX_MATCH", "SUFFIX_MATCH"])),
];

const REDIRECT: &[Field] = &[
    may("host", Kind::Text),
    may("path", Kind::Text),
    may("port", Kind::Int),
    may("protocol", Kind::Text),
    may("query", Kind::Text),
];

/// Redirections and headers; no other rules are known here.
const RULE: &[Field] = &[
    need(
        "action",
        Kind::Word(&[
            "REDIRECT",
            "ADD_HTTP_REQUEST_HEADER",
            "ADD_HTTP_RESPONSE_HEADER",
            "REMOVE_HTTP_REQUEST_HEADER",
            "REMOVE_HTTP_RESPONSE_HEADER",
        ]),
    ),
    may("conditions", Kind::Many(CONDITION)),
    may("redirectUri", Kind::One(REDIRECT)),
    may("responseCode", Kind::Int),
    may("header", Kind::Text),
    may("value", Kind::Text),
];

pub const RULE_SET: &[Field] = &[may("name", Kind::Text), need("items", Kind::Many(RULE))];

pub const ATTACH: &[Field] = &[
    need("loadBalancerId", Kind::Text),
    need("backendSetName", Kind::Text),
    need("port", Kind::Int),
    need("vnicSelection", Kind::Word(&["PrimaryVnic"])),
];

pub const DETACH: &[Field] = &[need("loadBalancerId", Kind::Text), need("backendSetName", Kind::Text)];
