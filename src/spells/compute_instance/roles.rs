//! The roles of instances as the tables write them.

use crate::contract::compute;
use crate::rule::Peer;

pub const EDGE: Peer = Peer::Nsg(&compute::EDGE);
pub const APPLICATION: Peer = Peer::Nsg(&compute::APPLICATION);
pub const CACHE: Peer = Peer::Nsg(&compute::CACHE);
pub const DATABASE: Peer = Peer::Nsg(&compute::DATABASE);
/// Not the subnet of that name.
pub const MANAGER: Peer = Peer::Nsg(&compute::MANAGEMENT);
