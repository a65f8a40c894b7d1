//! The flows of a cluster whose pods are in a flannel overlay: what Oracle's page "Example Network Resource Configurations" asks for in example 1, then what is a choice. What a pod sends outside of the overlay is its worker's.

use super::roles::*;
use crate::requirement::table::*;
use crate::rule::table::*;

pub const FLOWS: &[Requirement] = &[
    flow(ApiClients, API,        tcp(6443),                ORACLE,    Required, "kubectl and CI tooling reach the API server"),
    flow(API,        WORKER,     TCP,                      ORACLE,    Required, "control plane reaches workers (kubelet, webhooks)"),
    flow(API,        WORKER,     FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from the control plane to workers"),
    flow(API,        Services,   TCP,                      ORACLE,    Required, "control plane reaches OCI services"),
    flow(API,        Services,   FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from the control plane to OCI services"),
    flow(WORKER,     API,        tcp(6443),                ORACLE,    Required, "workers and pods call the API server"),
    flow(WORKER,     API,        tcp(12250),               ORACLE,    Required, "workers reach the control-plane internal port"),
    flow(WORKER,     API,        FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from workers to the control plane"),
    flow(WORKER,     WORKER,     ALL,                      ORACLE,    Required, "pods reach pods on other workers, through the overlay"),
    flow(WORKER,     Services,   TCP,                      ORACLE,    Required, "workers and pods reach OCI services"),
    flow(WORKER,     Anywhere,   FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from workers to anywhere"),
    flow(Anywhere,   WORKER,     FRAGMENTATION_NEEDED,     ORACLE,    Required, "path MTU discovery from anywhere to workers"),
    flow(LB,         WORKER,     tcp_range(30000, 32767),  ORACLE,    Required, "load balancer forwards to NodePorts"),
    flow(LB,         WORKER,     udp_range(30000, 32767),  ORACLE,    Required, "network load balancer forwards datagrams to NodePorts"),
    flow(LB,         WORKER,     tcp(10256),               ORACLE,    Required, "load balancer checks the health of kube-proxy"),
    flow(Anywhere,   LB,         tcp(443),                 REFERENCE, Required, "clients reach the load balancer on HTTPS"),
    flow(Anywhere,   LB,         tcp(80),                  REFERENCE, Required, "clients reach the load balancer on HTTP"),
    flow(WORKER,     Anywhere,   tcp(443),                 REFERENCE, Required, "workers pull images, and pods call external APIs, over HTTPS"),

    flow(WORKER,     Anywhere,   TCP,                      ORACLE,    Optional, "workers and pods reach the internet on every TCP port"),
    flow(LB,         WORKER,     udp_range(10256, 10256),  ORACLE,    Optional, "load balancer checks the health of kube-proxy over UDP"),
    flow(MANAGEMENT, WORKER,     tcp(22),                  ORACLE,    Optional, "SSH from the management subnet to workers"),
    flow(WORKER,     SECURE,     TCP,                      REFERENCE, Optional, "applications reach data in the secure subnet"),
];
