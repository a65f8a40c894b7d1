//! What a trace begins with and what it finds.

use crate::audit::document::address::{Key, ModulePath};
use crate::audit::document::configuration::Repeated;
use crate::audit::document::kind::Thing;
use std::collections::BTreeSet;

/// Where an expression stands: what `var`, `each` and `count` mean there.
#[derive(Clone, Copy)]
pub struct Scope<'s, 'a> {
    pub module: &'s ModulePath,
    /// The instance that the expression is evaluated for.
    pub key: Option<&'s Key>,
    /// How many instances there are of it.
    pub instances: usize,
    pub block: Option<Repeated<'a>>,
}

/// What an expression leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traced {
    pub found: BTreeSet<Thing>,
    /// How often something was found, which is more than the number of things
    /// if one is named twice.
    pub takes: usize,
    /// What the trace could not follow, each as a phrase.
    pub opaque: BTreeSet<String>,
    /// What was assumed because the plan does not say it, each as a phrase that
    /// follows the name of what was found.
    pub assumed: BTreeSet<String>,
    /// What else it may be if an assumption is wrong.
    pub others: BTreeSet<Thing>,
    /// Whether an assumption leaves more open than `others` says.
    pub is_guess: bool,
    /// Whether anything but what is wanted is referred to, so that there may be
    /// a condition.
    pub is_mixed: bool,
    /// Whether a reference names several instances at once, so that there may be
    /// a filter.
    pub is_several: bool,
    /// Whether something was found in a map or a list that a key is taken from:
    /// of several it is one, and a plan does not say which has which key.
    pub is_part: bool,
}
