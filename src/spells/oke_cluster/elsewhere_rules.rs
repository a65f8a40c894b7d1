//! What a cluster with workers outside of the private subnet has beside the rest: in the NSGs what the reference has in that subnet's lists alone, and in the secure subnet's list what its own rules grant to the private one only.

use super::roles::*;
use super::workloads::Workload::{self, *};
use crate::rule::table::*;

pub const LB_EGRESS: &[Row] = &[
    row(udp_range(30000, 32767),  WORKER,     "Network load balancer forwards datagrams via NodePort"),
];
pub const WORKER_INGRESS: &[Row] = &[
    row(udp_range(30000, 32767),  LB,         "Network load balancer forwards datagrams via NodePort"),
];
pub const SECURE_LIST_INGRESS: &[(Workload, Row)] = &[
    (FileStorage,           row(tcp(111),              SECURE,     "Workers mount file systems of File Storage: portmapper")),
    (FileStorage,           row(tcp_range(2048, 2050), SECURE,     "Workers mount file systems of File Storage: NFS")),
    (FileStorage,           row(udp_range(111, 111),   SECURE,     "Workers mount file systems of File Storage: portmapper")),
    (FileStorage,           row(udp_range(2048, 2048), SECURE,     "Workers mount file systems of File Storage: NFS")),
    (FileStorage,           row(tcp(111),              MANAGEMENT, "Workers mount file systems of File Storage: portmapper")),
    (FileStorage,           row(tcp_range(2048, 2050), MANAGEMENT, "Workers mount file systems of File Storage: NFS")),
    (FileStorage,           row(udp_range(111, 111),   MANAGEMENT, "Workers mount file systems of File Storage: portmapper")),
    (FileStorage,           row(udp_range(2048, 2048), MANAGEMENT, "Workers mount file systems of File Storage: NFS")),
];
