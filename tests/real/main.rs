//! The tests that need the real tools, of `tests/tools/install.sh`.

#![allow(clippy::restriction, clippy::disallowed_methods, reason = "a test may panic, index and print")]

mod audit_tools;
mod changes;
mod common;
mod controller;
mod faults;
mod format;
mod hostile;
mod install;
mod lifecycle;
mod preflight;
mod scaling;
mod scripts;
mod tag_defaults;
mod templates;
mod tools;
mod workloads;
