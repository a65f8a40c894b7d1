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

/// Load balancers without a public address.
pub static INTERNAL_LB: Role = Role {
    word: "internal_lb",
    vnics: "internal load balancers",
    purpose: "for the annotation of a Service whose load balancer is internal",
    tier: Tier::Private,
    public_ip: false,
};

pub static WORKER: Role =
    Role { word: "worker", vnics: "workers", purpose: "on the workers", tier: Tier::Private, public_ip: false };

pub static POD: Role =
    Role { word: "pod", vnics: "pods", purpose: "on the pods", tier: Tier::Private, public_ip: false };

/// Those of the reference.
pub static EVERY: [&Role; 4] = [&API, &LB, &WORKER, &POD];

/// Those that a cluster may have.
pub static ALL: [&Role; 5] = [&API, &LB, &INTERNAL_LB, &WORKER, &POD];

/// The workers once more: of an NSG that is left to OCI's cloud controller.
pub static BACKEND: Role = Role {
    word: "backend",
    vnics: "backends of load balancers",
    purpose: "on the workers, for the rules of the cloud controller",
    tier: Tier::Private,
    public_ip: false,
};

/// The ports of Services on workers: Kubernetes' default, which OKE has.
pub const NODE_PORTS: (u16, u16) = (30000, 32767);
