//! The roles of an OKE cluster's VNICs, in the order of the reference. Load
//! balancers are made later, for Services: they are taken to be public and to
//! carry their NSG.

use crate::role::Role;
use crate::tier::Tier;

pub static API: Role = PUBLIC_API;

const PUBLIC_API: Role =
    Role { word: "api", vnics: "API endpoint", purpose: "on the API endpoint", tier: Tier::Public, public_ip: true };

/// The endpoint of a cluster whose `endpoint` is private.
pub static PRIVATE_API: Role = Role { tier: Tier::Private, public_ip: false, ..PUBLIC_API };

pub static LB: Role = Role {
    word: "lb",
    vnics: "load balancers",
    purpose: "for the annotation of a Service of type LoadBalancer",
    tier: Tier::Public,
    public_ip: true,
};

pub static WORKER: Role =
    Role { word: "worker", vnics: "workers", purpose: "on the workers", tier: Tier::Private, public_ip: false };

pub static POD: Role =
    Role { word: "pod", vnics: "pods", purpose: "on the pods", tier: Tier::Private, public_ip: false };

pub static EVERY: [&Role; 4] = [&API, &LB, &WORKER, &POD];

/// Those with VNICs where pods are in an overlay.
pub static WITHOUT_PODS: [&Role; 3] = [&API, &LB, &WORKER];
