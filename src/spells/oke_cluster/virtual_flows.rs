//! The flows of a cluster with virtual nodes beyond those of others: Oracle's page "Example Network Resource Configuration for Cluster with Virtual Nodes".

use super::roles::*;
use crate::requirement::table::*;
use crate::rule::table::*;

pub const FLOWS: &[Requirement] = &[
    flow(API,        WORKER,     TCP,                      ORACLE,    Required, "control plane reaches virtual nodes"),
    flow(LB,         POD,        tcp_range(30000, 32767),  ORACLE,    Required, "load balancer forwards to pods on virtual nodes"),
    flow(LB,         POD,        udp_range(30000, 32767),  ORACLE,    Required, "network load balancer forwards datagrams to pods on virtual nodes"),
    flow(LB,         POD,        tcp(10256),               ORACLE,    Required, "load balancer checks the health of pods on virtual nodes"),
    flow(INTERNAL_LB, POD,       tcp_range(30000, 32767),  ORACLE,    Required, "internal load balancer forwards to pods on virtual nodes"),
    flow(INTERNAL_LB, POD,       udp_range(30000, 32767),  ORACLE,    Required, "internal network load balancer forwards datagrams to pods on virtual nodes"),
    flow(INTERNAL_LB, POD,       tcp(10256),               ORACLE,    Required, "internal load balancer checks the health of pods on virtual nodes"),
];
