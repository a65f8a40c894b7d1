//! What Oracle says that changes with time, each with the page that says it and
//! the date: for checks, generated guards and the tests' simulator alike. Data
//! only; knows nothing.

pub mod addons;
pub mod agent;
pub mod images;
pub mod kubernetes;
pub mod limits;
pub mod replacing;
pub mod shapes;
