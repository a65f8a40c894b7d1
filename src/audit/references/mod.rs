//! From an attribute to the resources that it names: by id, or by following the
//! references of its expression through modules.

mod instance_choice;
pub mod lists;
pub mod reader;
mod reference_trace;
pub mod resolve;
mod trace_end;
mod traced;
mod written;
