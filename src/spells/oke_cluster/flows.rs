//! The flows of a cluster: the reference's annotated seven, then what else is required, then what is a choice. Oracle's are those of its pages on network resources for clusters.

use super::roles::*;
use crate::prove::need::table::*;
use crate::rule::table::*;

pub const FLOWS: &[Need] = &[
    need(ApiClients, API,        tcp(6443),                REFERENCE, Required, "kubectl and CI tooling reach the API server"),
    need(API,        WORKER,     tcp(10250),               REFERENCE, Required, "API server calls the kubelet (exec, logs, pod lifecycle)"),
    need(LB,         WORKER,     tcp(10256),               REFERENCE, Required, "load balancer checks the health of kube-proxy"),
    need(LB,         WORKER,     tcp_range(30000, 32767),  REFERENCE, Required, "load balancer forwards to NodePorts"),
    need(POD,        API,        tcp(6443),                REFERENCE, Required, "pods call the API server"),
    need(POD,        Anywhere,   tcp(443),                 REFERENCE, Required, "pods call external HTTPS APIs"),
    need(API,        POD,        ALL,                      REFERENCE, Required, "API server calls admission webhooks and metrics"),

    need(API,        Services,   tcp(443),                 ORACLE,    Required, "control plane reaches OCI services"),
    need(API,        Services,   FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from the control plane to OCI services"),
    need(API,        WORKER,     FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from the control plane to workers"),
    need(WORKER,     API,        tcp(6443),                ORACLE,    Required, "workers register with and query the API server"),
    need(WORKER,     API,        tcp(12250),               ORACLE,    Required, "workers reach the control-plane internal port"),
    need(WORKER,     API,        FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from workers to the control plane"),
    need(WORKER,     WORKER,     ALL,                      ORACLE,    Required, "workers reach workers"),
    need(WORKER,     POD,        ALL,                      ORACLE,    Required, "workers reach pods"),
    need(WORKER,     Services,   TCP,                      ORACLE,    Required, "workers reach OCI services"),
    need(WORKER,     Anywhere,   FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from workers to anywhere"),
    need(Anywhere,   WORKER,     FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from anywhere to workers"),
    need(POD,        API,        tcp(12250),               ORACLE,    Required, "pods reach the control-plane internal port"),
    need(POD,        POD,        ALL,                      ORACLE,    Required, "pods reach pods"),
    need(POD,        WORKER,     ALL,                      ORACLE,    Required, "pods reach NodePorts and pods on the host network"),
    need(POD,        Services,   TCP,                      ORACLE,    Required, "pods reach OCI services"),
    need(POD,        Services,   FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from pods to OCI services"),
    need(LB,         WORKER,     udp_range(30000, 32767),  ORACLE,    Required, "network load balancer forwards datagrams to NodePorts"),
    need(Anywhere,   LB,         tcp(443),                 REFERENCE, Required, "clients reach the load balancer on HTTPS"),
    need(Anywhere,   LB,         tcp(80),                  REFERENCE, Required, "clients reach the load balancer on HTTP"),
    need(WORKER,     Anywhere,   tcp(443),                 REFERENCE, Required, "workers pull images over HTTPS"),

    need(WORKER,     Anywhere,   TCP,                      ORACLE,    Optional, "workers reach the internet on every TCP port"),
    need(LB,         WORKER,     udp_range(10256, 10256),  ORACLE,    Optional, "load balancer checks the health of kube-proxy over UDP"),
    need(POD,        Anywhere,   tcp(80),                  REFERENCE, Optional, "pods call external HTTP endpoints"),
    need(MANAGEMENT, WORKER,     tcp(22),                  ORACLE,    Optional, "SSH from the management subnet to workers"),
    need(Anywhere,   WORKER,     tcp_range(30000, 32767),  ORACLE,    Optional, "clients of a network load balancer that preserves their addresses"),
    need(POD,        SECURE,     TCP,                      REFERENCE, Optional, "applications reach data in the secure subnet"),
    need(WORKER,     SECURE,     TCP,                      REFERENCE, Optional, "applications on the host network reach data in the secure subnet"),
];
