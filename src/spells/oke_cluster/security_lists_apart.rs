//! The rules that a cluster adds to its VCN's security lists, by what they are there for: its nodes, its API endpoint, its load balancers. Together those of the public ones are the reference's, and datagrams to NodePorts, which the reference lets through only beside a public endpoint.

use crate::rule::table::*;

pub const NODES_PRIVATE_EGRESS: &[Row] = &[
    row(TCP,                      Services,   "Workers pull images from OCIR; pods reach monitoring and logging"),
    row(tcp(443),                 Anywhere,   "Workers pull container images; pods call external APIs via HTTPS"),
    row(tcp(80),                  Anywhere,   "Workers pull images from HTTP registries; OCI pre-authenticated URLs"),
];

pub const PUBLIC_API_PUBLIC_INGRESS: &[Row] = &[
    row(tcp(6443),                PRIVATE,    "Workers and pods reach the Kubernetes API server"),
    row(tcp(12250),               PRIVATE,    "Workers and pods reach the control-plane internal port"),
    row(tcp(6443),                ApiClients, "External kubectl and CI tooling reach the API"),
];
pub const PUBLIC_API_PUBLIC_EGRESS: &[Row] = &[
    row(TCP,                      Services,   "Control plane telemetry and management to OCI services"),
    row(tcp(10250),               PRIVATE,    "Control plane calls kubelet for pod lifecycle operations"),
    row(ALL,                      PRIVATE,    "Control plane reaches pods on arbitrary ports (webhooks, admission controllers, metrics)"),
];
pub const PUBLIC_API_PRIVATE_INGRESS: &[Row] = &[
    row(tcp(10250),               PUBLIC,     "Control plane manages pods via kubelet"),
    row(ALL,                      PUBLIC,     "Control plane reaches pods for webhooks and admission controllers"),
];
pub const PUBLIC_API_PRIVATE_EGRESS: &[Row] = &[
    row(tcp(6443),                PUBLIC,     "Workers and pods reach the Kubernetes API server"),
    row(tcp(12250),               PUBLIC,     "Workers and pods reach the control-plane internal port"),
];

pub const PRIVATE_API_PRIVATE_INGRESS: &[Row] = &[
    row(tcp(6443),                PRIVATE,    "Workers and pods reach the Kubernetes API server"),
    row(tcp(12250),               PRIVATE,    "Workers and pods reach the control-plane internal port"),
    row(tcp(6443),                ApiClients, "kubectl and CI tooling inside and on premises reach the API"),
    row(tcp(10250),               PRIVATE,    "Control plane manages pods via kubelet"),
    row(ALL,                      PRIVATE,    "Control plane reaches pods for webhooks and admission controllers"),
];
pub const PRIVATE_API_PRIVATE_EGRESS: &[Row] = &[
    row(tcp(6443),                PRIVATE,    "Workers and pods reach the Kubernetes API server"),
    row(tcp(12250),               PRIVATE,    "Workers and pods reach the control-plane internal port"),
    row(tcp(10250),               PRIVATE,    "Control plane calls kubelet for pod lifecycle operations"),
    row(ALL,                      PRIVATE,    "Control plane reaches pods on arbitrary ports (webhooks, admission controllers, metrics)"),
];

pub const PUBLIC_LB_PUBLIC_INGRESS: &[Row] = &[
    row(tcp(443),                 Anywhere,   "Load balancer receives HTTPS from the internet"),
    row(tcp(80),                  Anywhere,   "Load balancer receives HTTP from the internet"),
];
pub const PUBLIC_LB_PUBLIC_EGRESS: &[Row] = &[
    row(tcp_range(30000, 32767),  PRIVATE,    "Load balancer forwards to worker nodes via NodePort"),
    row(udp_range(30000, 32767),  PRIVATE,    "Network load balancer forwards datagrams via NodePort"),
    row(tcp(10256),               PRIVATE,    "Load balancer health-checks via kube-proxy"),
];
pub const PUBLIC_LB_PRIVATE_INGRESS: &[Row] = &[
    row(tcp_range(30000, 32767),  PUBLIC,     "Load balancer forwards traffic via NodePort"),
    row(udp_range(30000, 32767),  PUBLIC,     "Network load balancer forwards datagrams via NodePort"),
    row(tcp(10256),               PUBLIC,     "Load balancer health-checks via kube-proxy"),
];
