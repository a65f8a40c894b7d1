//! Reachability: who can reach whom, with what, and by which rules. Exact and
//! symbolic. Knows networks, rules and routes; no spec, no plan, no HCL.

mod alike;
mod answer;
mod ask;
mod carry;
mod engine;
mod exposure;
mod line;
mod model;
pub(crate) mod need;
pub mod network;
mod pairs;
mod path;
mod reach;
mod report;
mod route;
mod side;
mod verdict;
mod words;

pub use answer::{Answer, answer};
pub use ask::{Asked, Misunderstood, ask};
pub use engine::Engine;
pub use exposure::{Exposure, Severity, exposures};
pub use line::elsewhere;
pub use model::{Flow, Level, Model, Source};
pub use path::{Hop, Obstacle, Path, Question, Way};
pub use reach::{Address, Packet, Reach, Region};
pub use report::{ExposureLine, FORMAT_VERSION, FlowLine, FlowResult, Report, RuleLine};
pub use verdict::{Verdict, verdicts};
