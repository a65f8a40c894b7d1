//! What the instances of each role are for, as the tables of its NSG have it. Instances in the public tier without a public address have no way out of the VCN, nor in.

use super::roles::*;
use crate::requirement::table::*;
use crate::rule::table::*;

pub const FLOWS: &[Requirement] = &[
    flow(Anywhere,    EDGE,        tcp(443), ROLES, Required, "clients reach the edge on HTTPS"),
    flow(Anywhere,    EDGE,        tcp(80),  ROLES, Required, "clients reach the edge on HTTP"),
    flow(EDGE,        Anywhere,    tcp(443), ROLES, Required, "the edge calls external APIs"),
    flow(EDGE,        Anywhere,    tcp(80),  ROLES, Optional, "the edge calls external HTTP endpoints"),
    flow(EDGE,        Services,    tcp(443), ROLES, Required, "edge instances reach OCI services"),
    flow(EDGE,        Services,    tcp(80),  ROLES, Optional, "edge instances reach package mirrors of OCI over HTTP"),
    flow(APPLICATION, Anywhere,    tcp(443), ROLES, Required, "applications call external APIs"),
    flow(APPLICATION, Anywhere,    tcp(80),  ROLES, Optional, "applications call external HTTP endpoints"),
    flow(APPLICATION, Services,    tcp(443), ROLES, Required, "application instances reach OCI services"),
    flow(APPLICATION, Services,    tcp(80),  ROLES, Optional, "application instances reach package mirrors of OCI over HTTP"),
    flow(CACHE,       Services,    tcp(443), ROLES, Required, "cache instances reach OCI services"),
    flow(DATABASE,    Services,    tcp(443), ROLES, Required, "databases reach OCI services"),
    flow(MANAGEMENT,  MANAGER,     tcp(22),  ROLES, Optional, "sessions of OCI Bastion reach management instances"),
    flow(MANAGER,     MANAGER,     tcp(22),  ROLES, Optional, "SSH between management instances"),
    flow(MANAGER,     Services,    tcp(443), ROLES, Required, "management instances reach OCI services"),
];
