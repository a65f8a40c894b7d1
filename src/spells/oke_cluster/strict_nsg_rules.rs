//! The rules of a strict cluster's four NSGs: what Oracle's pages on network resources for clusters require, HTTPS to the internet, and pods to data.

use super::roles::*;
use crate::rule::table::*;

pub const API_INGRESS: &[Row] = &[
    row(tcp(6443),                WORKER,     "Worker nodes reach the Kubernetes API server"),
    row(tcp(12250),               WORKER,     "Worker nodes reach the control-plane internal port"),
    row(tcp(6443),                POD,        "Pods reach the Kubernetes API server"),
    row(tcp(12250),               POD,        "Pods reach the control-plane internal port"),
    row(tcp(6443),                ApiClients, "External kubectl and CI tooling"),
];
pub const API_EGRESS: &[Row] = &[
    row(tcp(443),                 Services,   "Control plane telemetry and management"),
    row(tcp(10250),               WORKER,     "Control plane calls kubelet on worker nodes"),
    row(ALL,                      POD,        "Control plane reaches pods on arbitrary ports (webhooks, exec, metrics)"),
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
    row(tcp(10250),               API,        "Control plane calls kubelet for pod lifecycle, logs, exec"),
    row(tcp_range(30000, 32767),  LB,         "Load balancer forwards requests via NodePort"),
    row(udp_range(30000, 32767),  LB,         "Network load balancer forwards datagrams via NodePort"),
    row(tcp(10256),               LB,         "Load balancer health-checks via kube-proxy"),
    row(ALL,                      POD,        "Pods communicate with worker VNIC (OCI CNI VNIC-native)"),
    row(ALL,                      WORKER,     "Node-to-node traffic for OCI CNI pod traffic across ADs"),
];
pub const WORKER_EGRESS: &[Row] = &[
    row(tcp(6443),                API,        "Workers register with and query the API server"),
    row(tcp(12250),               API,        "Workers communicate with the control-plane internal port"),
    row(TCP,                      Services,   "Workers pull images from OCIR; send metrics and logs"),
    row(ALL,                      POD,        "Workers reach pod VNICs (OCI CNI VNIC-native)"),
    row(ALL,                      WORKER,     "Node-to-node traffic for OCI CNI across ADs"),
    row(tcp(443),                 Anywhere,   "Workers pull container images via HTTPS"),
];
pub const POD_INGRESS: &[Row] = &[
    row(ALL,                      API,        "Control plane reaches pods on arbitrary ports (webhooks, exec, metrics scraping)"),
    row(ALL,                      WORKER,     "Worker nodes reach pod VNICs (OCI CNI VNIC-native)"),
    row(ALL,                      POD,        "Pod-to-pod east-west traffic"),
];
pub const POD_EGRESS: &[Row] = &[
    row(ALL,                      POD,        "Pod-to-pod east-west traffic"),
    row(ALL,                      WORKER,     "Pods reach worker VNICs (OCI CNI VNIC-native)"),
    row(tcp(6443),                API,        "Pods reach the Kubernetes API server"),
    row(tcp(12250),               API,        "Pods reach the control-plane internal port"),
    row(TCP,                      Services,   "Pods reach OCI services (object storage, monitoring, logging)"),
    row(tcp(443),                 Anywhere,   "Pods call external APIs and download dependencies via HTTPS"),
    row(TCP,                      SECURE,     "Applications reach data in the secure subnet"),
];
