//! Why an input can't be audited, as a message. Knows neither JSON nor
//! networks.

use super::escape;
use std::fmt;

/// Why an input can't be audited at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The problem in one sentence.
    pub message: String,
    /// What to do instead.
    pub help: String,
}

impl Problem {
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: escape::text(&message.into()), help: escape::text(&help.into()) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  help: {}", self.message, self.help)
    }
}

impl std::error::Error for Problem {}
