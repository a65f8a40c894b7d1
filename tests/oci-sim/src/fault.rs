//! Faults: what goes wrong, on which calls.

use std::time::Duration;

/// What a fault does to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Answers this status instead, with nothing done.
    Status { status: u16, retry_after: Option<u32> },
    /// Ends the connection with nothing done.
    Drop,
    /// Does what is asked, and ends the connection without an answer.
    DropAfter,
    /// Lets the work request that the call begins fail.
    FailWork,
    /// Answers late.
    Delay(Duration),
}

/// An effect on the calls of a method whose path fits a pattern.
#[derive(Debug, Clone)]
pub struct Fault {
    method: String,
    pattern: String,
    effect: Effect,
    /// Fitting calls that pass before the first that is hit.
    pass: u32,
    /// Calls still to hit.
    left: u32,
}

impl Fault {
    /// On calls of `method` (`*` for any) to a path that fits `pattern`,
    /// where `*` stands for any text. One call, the first, unless said otherwise.
    pub fn on(method: &str, pattern: &str, effect: Effect) -> Self {
        Self { method: method.to_owned(), pattern: pattern.to_owned(), effect, pass: 0, left: 1 }
    }

    /// A status such as 429, 500 or 503.
    pub fn status(method: &str, pattern: &str, status: u16) -> Self {
        Self::on(method, pattern, Effect::Status { status, retry_after: None })
    }

    /// With a `Retry-After` header, where the effect is a status.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        if let Effect::Status { retry_after, .. } = &mut self.effect {
            *retry_after = Some(seconds);
        }
        self
    }

    /// From the nth fitting call on, counted from 1.
    pub fn nth(mut self, n: u32) -> Self {
        self.pass = n.saturating_sub(1);
        self
    }

    /// On that many calls, one after the other.
    pub fn times(mut self, times: u32) -> Self {
        self.left = times;
        self
    }

    /// Whether it still waits for calls.
    pub(crate) fn waits(&self) -> bool {
        self.left > 0
    }

    /// What happens to this call, counting it.
    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Option<Effect> {
        if self.left == 0 || (self.method != "*" && self.method != method) || !fits(&self.pattern, path) {
            return None;
        }
        if self.pass > 0 {
            self.pass -= 1;
            return None;
        }
        self.left -= 1;
        Some(self.effect.clone())
    }
}

/// Whether a path fits a pattern in which `*` stands for any text.
fn fits(pattern: &str, path: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}
