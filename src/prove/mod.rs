//! Reachability: who can reach whom, with what, and by which rules. Exact and
//! symbolic. Knows networks, rules and routes; no spec, no plan, no HCL.

mod answer;
mod candidates;
mod display;
mod engine;
mod equivalence;
mod explain;
mod exposure;
mod model;
pub mod network;
mod path;
mod policy;
mod question;
mod reach;
mod report;
mod route;
mod sets;
mod verdict;

pub use answer::{Answer, answer};
pub use engine::Engine;
pub use exposure::{Exposure, Severity, exposures};
pub use model::{Flow, Level, Model, Sketch, Source};
pub use path::{Hop, Obstacle, Path, Question, Way};
pub use question::{Asked, Misunderstood, ask};
pub use reach::{Address, Packet, Reach, Region};
pub use report::{ExposureLine, FORMAT_VERSION, FlowLine, FlowResult, Report, RuleLine};
pub use sets::elsewhere;
pub use verdict::{Verdict, verdicts};
