//! Chooses the instances of a block that a reference means: by its own key, by
//! a hint from the reference beside it, or all of them. Knows no block.

use crate::audit::document::address::{Key, Step};
use serde_json::Value;

/// What follows the name of a block in a reference.
pub struct Rest {
    pub steps: Vec<Step>,
    /// How many of them are the reference's own. The rest are taken from a
    /// value that holds the instances under keys that the plan does not show.
    own: usize,
}

impl Rest {
    pub fn new(steps: &[Step], tail: &[Step]) -> Self {
        let own = steps.get(2..).unwrap_or_default();
        Self { steps: joined(own, tail), own: own.len() }
    }

    /// The same, with a key behind the reference's own steps.
    pub fn at(mut self, hint: Option<&KeyHint>) -> Self {
        if let Some(hint) = hint {
            self.steps.insert(self.own, Step::Index(hint.key.clone()));
        }
        self
    }
}

/// A key that the reference may have been indexed with, such as `each.key`: a
/// plan lists both without saying so.
pub struct KeyHint {
    pub key: Key,
    /// What is assumed if it is used, as a message.
    pub how: String,
    /// Whether it is the key of the instance that the expression is evaluated
    /// for.
    pub is_own: bool,
}

impl KeyHint {
    pub fn same(key: &Key) -> String {
        match key {
            Key::Number(_) => "the one with the same index".to_owned(),
            Key::Text(_) => "the one with the same key".to_owned(),
        }
    }
}

/// The instances of a block, which may be thousands.
pub struct Instances<'f, T> {
    pub count: usize,
    pub find: &'f dyn Fn(&Key) -> Option<T>,
    pub list: &'f dyn Fn() -> Vec<T>,
}

/// The instances that a reference means.
pub struct Chosen<'r, T> {
    pub instances: Vec<T>,
    /// The remaining steps, into their attributes.
    pub rest: &'r [Step],
    /// What the choice assumes, if the plan does not say it.
    pub assumed: Option<String>,
    /// Whether none has the key that is taken: what holds them may not have it
    /// either.
    pub is_odd: bool,
}

/// The instances that a reference means: the one whose key it names, else the
/// one of the hint, else all. `here` is the number of instances of the block
/// that the reference stands in.
pub fn choose<'r, T>(all: &Instances<'_, T>, rest: &'r Rest, here: usize, hint: Option<&KeyHint>) -> Chosen<'r, T> {
    let chosen = |one, rest, assumed: Option<String>| Chosen {
        instances: vec![one],
        rest,
        assumed: assumed.filter(|_| all.count > 1),
        is_odd: false,
    };
    let is_own = rest.own > 0;
    match rest.steps.split_first() {
        Some((Step::Index(key), after)) => {
            return match (all.find)(key) {
                Some(one) => chosen(one, after, (!is_own).then(|| KeyHint::same(key))),
                None => {
                    let instances = if is_own { Vec::new() } else { (all.list)() };
                    Chosen { instances, rest: after, assumed: None, is_odd: true }
                }
            };
        }
        // `x.this.a` and `x.this["a"]` are the same.
        Some((Step::Name(name), after)) => {
            let key = Key::Text(name.clone());
            if let Some(one) = (all.find)(&key) {
                return chosen(one, after, (!is_own).then(|| KeyHint::same(&key)));
            }
        }
        None => {}
    }
    // With more instances here than there, the instance's own key can't be an
    // index as it is.
    let fitting = hint.filter(|hint| !hint.is_own || here <= all.count);
    if let Some((hint, one)) = fitting.and_then(|hint| Some((hint, (all.find)(&hint.key)?))) {
        return chosen(one, &rest.steps, Some(hint.how.clone()));
    }
    Chosen { instances: (all.list)(), rest: &rest.steps, assumed: None, is_odd: false }
}

pub fn named(steps: &[Step], at: usize) -> Option<&str> {
    steps.get(at)?.name()
}

pub fn joined(rest: &[Step], tail: &[Step]) -> Vec<Step> {
    rest.iter().chain(tail).cloned().collect()
}

pub fn at_key<'a>(value: &'a Value, key: &Key) -> Option<&'a Value> {
    match key {
        Key::Text(text) => value.get(text),
        Key::Number(number) => value.get(usize::try_from(*number).ok()?),
    }
}

pub fn at_step<'a>(value: &'a Value, step: &Step) -> Option<&'a Value> {
    match step {
        Step::Name(name) => value.get(name),
        Step::Index(key) => at_key(value, key),
    }
}
