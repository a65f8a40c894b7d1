//! The tests that need nothing but Rust.

#![allow(clippy::restriction, clippy::disallowed_methods, reason = "a test may panic, index and print")]

mod allow;
mod audit_assumed;
mod audit_balancers;
mod audit_estate;
mod audit_hostile;
mod audit_property;
mod audit_read;
mod audit_states;
mod audit_text;
mod audit_unknown;
mod cli;
mod common;
mod compute_instance;
mod fuzz;
mod golden;
mod hints;
mod json;
mod layers;
mod oracle;
mod overlays;
mod ownership;
mod prove_exposures;
mod prove_oracle;
mod prove_paths;
mod prove_sums;
mod prove_unknown;
mod readme;
mod reference;
mod rejected;
mod relations;
mod replaced;
mod schema;
mod security_profile;
mod simulator;
mod spec_reference;
mod subnets;
mod text;
mod transcripts;
mod upkeep;
mod written;
