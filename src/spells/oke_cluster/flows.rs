//! The flows of a cluster: the reference's annotated seven, then what else is required, then what is a choice. Oracle's are those of its pages on network resources for clusters.

use super::roles::*;
use crate::requirement::table::*;
use crate::rule::table::*;

pub const FLOWS: &[Requirement] = &[
    flow(ApiClients, API,        tcp(6443),                REFERENCE, Required, "kubectl and CI tooling reach the API server"),
    flow(API,        WORKER,     tcp(10250),               REFERENCE, Required, "API server calls the kubelet (exec, logs, pod lifecycle)"),
    flow(LB,         WORKER,     tcp(10256),               REFERENCE, Required, "load balancer checks the health of kube-proxy"),
    flow(LB,         WORKER,     tcp_range(30000, 32767),  REFERENCE, Required, "load balancer forwards to NodePorts"),
    flow(POD,        API,        tcp(6443),                REFERENCE, Required, "pods call the API server"),
    flow(POD,        Anywhere,   tcp(443),                 REFERENCE, Required, "pods call external HTTPS APIs"),
    flow(API,        POD,        ALL,                      REFERENCE, Required, "API server calls admission webhooks and metrics"),

    flow(API,        Services,   tcp(443),                 ORACLE,    Required, "control plane reaches OCI services"),
    flow(API,        Services,   FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from the control plane to OCI services"),
    flow(API,        WORKER,     FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from the control plane to workers"),
    flow(WORKER,     API,        tcp(6443),                ORACLE,    Required, "workers register with and query the API server"),
    flow(WORKER,     API,        tcp(12250),               ORACLE,    Required, "workers reach the control-plane internal port"),
    flow(WORKER,     API,        FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from workers to the control plane"),
    flow(WORKER,     WORKER,     ALL,                      ORACLE,    Required, "workers reach workers"),
    flow(WORKER,     POD,        ALL,                      ORACLE,    Required, "workers reach pods"),
    flow(WORKER,     Services,   TCP,                      ORACLE,    Required, "workers reach OCI services"),
    flow(WORKER,     Anywhere,   FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from workers to anywhere"),
    flow(Anywhere,   WORKER,     FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from anywhere to workers"),
    flow(POD,        API,        tcp(12250),               ORACLE,    Required, "pods reach the control-plane internal port"),
    flow(POD,        POD,        ALL,                      ORACLE,    Required, "pods reach pods"),
    flow(POD,        WORKER,     ALL,                      ORACLE,    Required, "pods reach NodePorts and pods on the host network"),
    flow(POD,        Services,   TCP,                      ORACLE,    Required, "pods reach OCI services"),
    flow(POD,        Services,   FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from pods to OCI services"),
    flow(LB,         WORKER,     udp_range(30000, 32767),  ORACLE,    Required, "network load balancer forwards datagrams to NodePorts"),
    flow(Anywhere,   LB,         tcp(443),                 REFERENCE, Required, "clients reach the load balancer on HTTPS"),
    flow(Anywhere,   LB,         tcp(80),                  REFERENCE, Required, "clients reach the load balancer on HTTP"),
    flow(WORKER,     Anywhere,   tcp(443),                 REFERENCE, Required, "workers pull images over HTTPS"),

    flow(WORKER,     Anywhere,   TCP,                      ORACLE,    Optional, "workers reach the internet on every TCP port"),
    flow(LB,         WORKER,     udp_range(10256, 10256),  ORACLE,    Optional, "load balancer checks the health of kube-proxy over UDP"),
    flow(POD,        Anywhere,   tcp(80),                  REFERENCE, Optional, "pods call external HTTP endpoints"),
    flow(MANAGEMENT, WORKER,     tcp(22),                  ORACLE,    Optional, "SSH from the management subnet to workers"),
    flow(POD,        SECURE,     TCP,                      REFERENCE, Optional, "applications reach data in the secure subnet"),
    flow(WORKER,     SECURE,     TCP,                      REFERENCE, Optional, "applications on the host network reach data in the secure subnet"),
];
