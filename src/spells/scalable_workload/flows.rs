//! The flows of a workload. Oracle's are those of its pages "Load Balancer Management" and "Network Load Balancer: Security Rules", and of the agents' page "Oracle Cloud Agent". Where a port is not there, neither is its flow.

use super::tables::*;
use crate::requirement::table::*;

pub const FLOWS: &[FlowEntry] = &[
    asked(Anywhere, LB,       Listener,     Required, "clients reach the load balancer"),
    asked(Anywhere, LB,       Redirect,     Required, "clients on HTTP are sent on to HTTPS"),
    asked(LB,       INSTANCE, Backend,      Required, "load balancer forwards to the instances"),
    asked(LB,       INSTANCE, Health,       Required, "load balancer checks the health of the instances"),
    asked(Anywhere, INSTANCE, Kept,         Required, "clients reach the instances with their own addresses"),
    asked(INSTANCE, Services, Always(443),  Required, "instances reach OCI services"),
    asked(INSTANCE, Anywhere, Outside(443), Required, "instances call external HTTPS APIs"),
    asked(INSTANCE, Anywhere, Outside(80),  Optional, "instances download packages via HTTP"),
];
