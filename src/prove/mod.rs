//! Reachability: who can reach whom, with what, and by which rules. Exact and
//! symbolic. Knows topology and rules, no HCL.

mod engine;
mod line;
pub mod network;
mod reach;
mod route;
mod side;

pub use engine::Engine;
pub use reach::{Address, Packet, Reach, Region};
