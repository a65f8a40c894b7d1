//! The rules of a cluster whose pods are in a flannel overlay: those of Oracle's page "Example Network Resource Configurations", example 1, HTTPS to the internet, and pods to data. Pods send with their worker's address.

use super::roles::*;
use crate::rule::table::*;

pub const API_INGRESS: &[Row] = &[
    row(tcp(6443),                WORKER,     "Workers and pods reach the Kubernetes API server"),
    row(tcp(12250),               WORKER,     "Workers reach the control-plane internal port"),
    row(tcp(6443),                ApiClients, "External kubectl and CI tooling"),
];
pub const API_EGRESS: &[Row] = &[
    row(TCP,                      Services,   "Control plane telemetry and management"),
    row(TCP,                      WORKER,     "Control plane reaches workers (kubelet, webhooks)"),
];
pub const LB_INGRESS: &[Row] = &[
    row(tcp(443),                 Anywhere,   "Internet reaches the load balancer on HTTPS"),
    row(tcp(80),                  Anywhere,   "Internet reaches the load balancer on HTTP"),
];
pub const LB_EGRESS: &[Row] = &[
    row(tcp_range(30000, 32767),  WORKER,     "Load balancer forwards requests via NodePort"),
    row(udp_range(30000, 32767),  WORKER,     "Network load balancer forwards datagrams via NodePort"),
    row(tcp(10256),               WORKER,     "Load balancer queries kube-proxy health before routing"),
];
pub const WORKER_INGRESS: &[Row] = &[
    row(TCP,                      API,        "Control plane reaches workers (kubelet, webhooks)"),
    row(tcp_range(30000, 32767),  LB,         "Load balancer forwards requests via NodePort"),
    row(udp_range(30000, 32767),  LB,         "Network load balancer forwards datagrams via NodePort"),
    row(tcp(10256),               LB,         "Load balancer health-checks via kube-proxy"),
    row(ALL,                      WORKER,     "Pods reach pods on other workers, through the overlay"),
];
pub const WORKER_EGRESS: &[Row] = &[
    row(tcp(6443),                API,        "Workers and pods reach the Kubernetes API server"),
    row(tcp(12250),               API,        "Workers reach the control-plane internal port"),
    row(TCP,                      Services,   "Workers pull images from OCIR; pods reach OCI services"),
    row(ALL,                      WORKER,     "Pods reach pods on other workers, through the overlay"),
    row(tcp(443),                 Anywhere,   "Workers pull images, and pods call external APIs, via HTTPS"),
    row(TCP,                      SECURE,     "Applications reach data in the secure subnet"),
];

pub const PUBLIC_API_PUBLIC_EGRESS: &[Row] = &[
    row(TCP,                      Services,   "Control plane telemetry and management to OCI services"),
    row(TCP,                      PRIVATE,    "Control plane reaches workers (kubelet, webhooks)"),
];
pub const PUBLIC_API_PRIVATE_INGRESS: &[Row] = &[
    row(TCP,                      PUBLIC,     "Control plane reaches workers (kubelet, webhooks)"),
];

pub const PRIVATE_API_PRIVATE_INGRESS: &[Row] = &[
    row(tcp(6443),                PRIVATE,    "Workers and pods reach the Kubernetes API server"),
    row(tcp(12250),               PRIVATE,    "Workers and pods reach the control-plane internal port"),
    row(tcp(6443),                ApiClients, "kubectl and CI tooling inside and on premises reach the API"),
    row(TCP,                      PRIVATE,    "Control plane reaches workers (kubelet, webhooks)"),
];
pub const PRIVATE_API_PRIVATE_EGRESS: &[Row] = &[
    row(tcp(6443),                PRIVATE,    "Workers and pods reach the Kubernetes API server"),
    row(tcp(12250),               PRIVATE,    "Workers and pods reach the control-plane internal port"),
    row(TCP,                      PRIVATE,    "Control plane reaches workers (kubelet, webhooks)"),
];
