//! The simulator that generated stacks are applied to, tested over plain
//! HTTP: no OpenTofu, no provider.

mod balancers;
mod client;
mod compute;
mod faults;
mod instance_pools;
mod life;
mod limits;
mod protocol;
mod refusals;
mod stack;
