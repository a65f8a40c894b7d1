//! Reachability: who can reach whom, with what, and by which rules. Exact and
//! symbolic. Knows topology and rules, no HCL.

pub mod network;
