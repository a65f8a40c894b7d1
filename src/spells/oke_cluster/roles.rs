//! The roles of a cluster's VNICs, as the peers of rows.

use crate::contract::oke;
use crate::rule::Peer;

pub const API: Peer = Peer::Nsg(&oke::API);
pub const LB: Peer = Peer::Nsg(&oke::LB);
pub const INTERNAL_LB: Peer = Peer::Nsg(&oke::INTERNAL_LB);
pub const WORKER: Peer = Peer::Nsg(&oke::WORKER);
pub const POD: Peer = Peer::Nsg(&oke::POD);
