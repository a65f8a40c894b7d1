//! The rules and flows of common workloads that the strict profile has no room for: a spec names the workload, and it has exactly these. Oracle's pages are those on File Storage's security rules, on the native ingress controller, on network load balancers for Services and on network resources for clusters.

use super::roles::*;
use super::workloads::Workload::{self, *};
use crate::requirement::table::*;
use crate::rule::table::*;

pub const NSG_EGRESS: &[(Workload, Peer, Row)] = &[
    (FileStorage,   WORKER, row(tcp(111),                SECURE,   "Workers mount file systems of File Storage: portmapper")),
    (FileStorage,   WORKER, row(tcp_range(2048, 2050),   SECURE,   "Workers mount file systems of File Storage: NFS")),
    (FileStorage,   WORKER, row(udp_range(111, 111),     SECURE,   "Workers mount file systems of File Storage: portmapper")),
    (FileStorage,   WORKER, row(udp_range(2048, 2048),   SECURE,   "Workers mount file systems of File Storage: NFS")),
    (NativeIngress, LB,     row(TCP,                     POD,      "Load balancers of the native ingress controller forward to pods")),
    (Webhooks,      API,    row(TCP,                     WORKER,   "Control plane calls webhooks on the network of their nodes")),
    (Dns01,         POD,    row(udp_range(53, 53),       Anywhere, "cert-manager asks authoritative name servers before DNS-01")),
    (Dns01,         POD,    row(tcp(53),                 Anywhere, "cert-manager asks authoritative name servers before DNS-01")),
];
pub const NSG_INGRESS: &[(Workload, Peer, Row)] = &[
    (NativeIngress, POD,    row(TCP,                     LB,       "Load balancers of the native ingress controller forward to pods")),
    (Webhooks,      WORKER, row(TCP,                     API,      "Control plane calls webhooks on the network of their nodes")),
    (ClientIps,     WORKER, row(tcp_range(30000, 32767), Anywhere, "Clients of a network load balancer that keeps their addresses reach NodePorts")),
    (ClientIps,     WORKER, row(udp_range(30000, 32767), Anywhere, "Clients of a network load balancer that keeps their addresses reach NodePorts")),
];
pub const SECURE_LIST_INGRESS: &[(Workload, Row)] = &[
    (FileStorage,           row(tcp(111),                PRIVATE,  "Workers mount file systems of File Storage: portmapper")),
    (FileStorage,           row(tcp_range(2048, 2050),   PRIVATE,  "Workers mount file systems of File Storage: NFS")),
    (FileStorage,           row(udp_range(111, 111),     PRIVATE,  "Workers mount file systems of File Storage: portmapper")),
    (FileStorage,           row(udp_range(2048, 2048),   PRIVATE,  "Workers mount file systems of File Storage: NFS")),
];

pub const FLOWS: &[(Workload, Requirement)] = &[
    (FileStorage,   flow(WORKER,      SECURE,   tcp(111),                ORACLE, Optional, "workload file_storage: workers reach mount targets in the secure subnet")),
    (FileStorage,   flow(WORKER,      SECURE,   tcp_range(2048, 2050),   ORACLE, Optional, "workload file_storage: workers reach mount targets in the secure subnet")),
    (FileStorage,   flow(WORKER,      SECURE,   udp_range(111, 111),     ORACLE, Optional, "workload file_storage: workers reach mount targets in the secure subnet")),
    (FileStorage,   flow(WORKER,      SECURE,   udp_range(2048, 2048),   ORACLE, Optional, "workload file_storage: workers reach mount targets in the secure subnet")),
    (NativeIngress, flow(LB,          POD,      TCP,                     ORACLE, Optional, "workload native_ingress: load balancers of Oracle's native ingress controller forward to pods")),
    (NativeIngress, flow(INTERNAL_LB, POD,      TCP,                     ORACLE, Optional, "workload native_ingress: internal load balancers of Oracle's native ingress controller forward to pods")),
    (Webhooks,      flow(API,         WORKER,   TCP,                     ORACLE, Optional, "workload webhooks: API server calls webhooks on the network of their nodes, as terraform-oci-oke opens it")),
    (Dns01,         flow(POD,         Anywhere, udp_range(53, 53),       ORACLE, Optional, "workload dns01: cert-manager asks authoritative name servers")),
    (Dns01,         flow(POD,         Services, udp_range(53, 53),       ORACLE, Optional, "workload dns01: cert-manager asks the name servers of OCI's zones")),
    (Dns01,         flow(POD,         Anywhere, tcp(53),                 ORACLE, Optional, "workload dns01: cert-manager asks authoritative name servers")),
    (ClientIps,     flow(Anywhere,    WORKER,   tcp_range(30000, 32767), ORACLE, Optional, "workload client_ip_preservation: clients of a network load balancer that keeps their addresses reach NodePorts")),
    (ClientIps,     flow(Anywhere,    WORKER,   udp_range(30000, 32767), ORACLE, Optional, "workload client_ip_preservation: clients of a network load balancer that keeps their addresses reach NodePorts")),
];
