//! A network of the oracle's as Terraform users write it, in the JSON of its
//! plan and of its state.

mod attribute;
pub mod dice;
pub mod expression;
pub mod json;
pub mod stack;
pub mod world;
pub mod writer;
