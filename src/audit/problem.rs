//! What is wrong with a text that was to be audited, in words. Knows nothing
//! of JSON or networks.

use super::escape;
use std::fmt;

/// Why a text can't be audited at all.
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
