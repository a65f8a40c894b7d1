//! One block of a resource: what is known of it, what is not known yet, and
//! the expressions that it is configured with. Must never know what a block
//! is for.

use super::inventory::Instance;
use serde_json::Value;

/// The most blocks of one name that are matched with their configuration; no
/// network resource has as many.
const MOST_MATCHED: usize = 1000;

#[derive(Clone)]
pub struct Block<'s, 'a> {
    pub owner: &'s Instance<'a>,
    /// Its path in its resource, such as `route_rules[2]`; empty for the
    /// resource itself.
    pub path: String,
    pub values: &'a Value,
    unknown: Option<&'a Value>,
    pub source: Source<'a>,
}

/// The expressions of a block.
#[derive(Clone)]
pub enum Source<'a> {
    /// The expressions of each block of the configuration that it may come
    /// from.
    Expressions(Vec<&'a Value>),
    /// The JSON does not have them: it leaves out `dynamic` blocks.
    Hidden,
    /// There are none: the resource already exists.
    None,
}

/// The state of an attribute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Attribute<'a> {
    Known(&'a Value),
    /// Not set, neither by the configuration nor later by the provider.
    Absent,
    Unknown,
}

/// The blocks of one name in another.
pub enum Blocks<'s, 'a> {
    Known(Vec<Block<'s, 'a>>),
    /// Not even their number is known.
    Unknown,
    /// A value that is not a list of blocks.
    Odd(&'a Value),
}

impl<'s, 'a> Block<'s, 'a> {
    /// The resource itself; `expressions` are its configuration's.
    pub fn of(owner: &'s Instance<'a>, expressions: Option<&'a Value>) -> Self {
        let source = match expressions {
            Some(expressions) => Source::Expressions(vec![expressions]),
            None if owner.planned => Source::Hidden,
            None => Source::None,
        };
        Self { owner, path: String::new(), values: owner.values, unknown: owner.unknown, source }
    }

    /// An attribute's path from its resource.
    pub fn path_of(&self, attribute: &str) -> String {
        if self.path.is_empty() { attribute.to_owned() } else { format!("{}.{attribute}", self.path) }
    }

    /// Whether its value is not that of a block.
    pub fn is_odd(&self) -> bool {
        !self.values.is_object() && !is_true(self.unknown)
    }

    pub fn get(&self, name: &str) -> Attribute<'a> {
        if is_true(self.unknown) || is_true(self.unknown_part(name)) {
            return Attribute::Unknown;
        }
        match self.values.get(name) {
            None | Some(Value::Null) => Attribute::Absent,
            Some(value) => Attribute::Known(value),
        }
    }

    /// Whether an element of a list is known only after the apply.
    pub fn awaits_element(&self, name: &str, at: usize) -> bool {
        is_true(self.unknown_part(name).and_then(|list| list.get(at)))
    }

    fn unknown_part(&self, name: &str) -> Option<&'a Value> {
        self.unknown.and_then(|unknown| unknown.get(name))
    }

    /// Whether the configuration sets an attribute, or may set it because its
    /// expressions are hidden.
    pub fn is_configured(&self, name: &str) -> bool {
        match &self.source {
            Source::Expressions(all) => all.iter().filter_map(|expressions| expressions.get(name)).any(is_set),
            Source::Hidden => true,
            Source::None => false,
        }
    }

    /// Whether the configuration visibly sets an attribute that the provider
    /// would set otherwise. What a `dynamic` block sets is hidden, but known
    /// anyway unless it is an id.
    pub fn is_seen_configured(&self, name: &str) -> bool {
        matches!(self.source, Source::Expressions(_)) && self.is_configured(name)
    }

    /// The names of the attributes and blocks that the configuration visibly
    /// sets.
    pub fn configured(&self) -> Vec<&'a str> {
        let Source::Expressions(all) = &self.source else { return Vec::new() };
        let maps = all.iter().filter_map(|expressions| expressions.as_object());
        maps.flat_map(|map| map.keys().map(String::as_str)).collect()
    }

    pub fn blocks(&self, name: &str) -> Blocks<'s, 'a> {
        let values: &[Value] = match self.get(name) {
            Attribute::Unknown => return Blocks::Unknown,
            Attribute::Known(Value::Array(values)) => values,
            Attribute::Known(value @ Value::Object(_)) => std::slice::from_ref(value),
            Attribute::Known(odd) => return Blocks::Odd(odd),
            Attribute::Absent => &[],
        };
        let unknown_of = |at: usize| match self.unknown_part(name) {
            Some(Value::Array(list)) => list.get(at),
            other => other,
        };
        let elements: Vec<(&Value, Option<&Value>)> =
            values.iter().enumerate().map(|(at, value)| (value, unknown_of(at))).collect();
        let mut sources = self.sources(name, &elements);
        let block = |(at, (values, unknown)): (usize, (&'a Value, Option<&'a Value>))| Block {
            owner: self.owner,
            path: format!("{}[{at}]", self.path_of(name)),
            values,
            unknown,
            source: sources.next().unwrap_or(Source::Hidden),
        };
        Blocks::Known(elements.into_iter().enumerate().map(block).collect())
    }

    /// The configuration of each element. A set has its own order, so elements
    /// are matched with blocks by their constants.
    fn sources(&self, name: &str, elements: &[(&'a Value, Option<&'a Value>)]) -> std::vec::IntoIter<Source<'a>> {
        let all = |source: Source<'a>| vec![source; elements.len()].into_iter();
        let outer = match &self.source {
            Source::Expressions(outer) => outer,
            other => return all(other.clone()),
        };
        let configured: Vec<&'a Value> = outer
            .iter()
            .filter_map(|expressions| expressions.get(name))
            .flat_map(|blocks| match blocks {
                Value::Array(blocks) => blocks.iter().collect(),
                other => vec![other],
            })
            .collect();
        if let [only] = configured.as_slice() {
            if only.get("references").is_some_and(Value::is_array) {
                // All blocks are given by one value, and any of them may have
                // what it refers to.
                return all(Source::Hidden);
            }
            if elements.len() == 1 {
                return all(Source::Expressions(vec![only]));
            }
        }
        if outer.len() > 1 {
            return all(Source::Expressions(configured));
        }
        if configured.len() != elements.len() || elements.len() > MOST_MATCHED {
            return all(Source::Hidden);
        }
        matched(&configured, elements).into_iter().map(Source::Expressions).collect::<Vec<_>>().into_iter()
    }
}

/// For each element, the blocks that it may come from: those that no constant
/// contradicts, and that are not certain to be another element's.
fn matched<'a>(configured: &[&'a Value], elements: &[(&Value, Option<&Value>)]) -> Vec<Vec<&'a Value>> {
    let mut candidates: Vec<Vec<usize>> = elements
        .iter()
        .map(|(values, unknown)| {
            let fits = |at: &usize| configured.get(*at).is_some_and(|block| agrees(block, values, *unknown));
            (0..configured.len()).filter(fits).collect()
        })
        .collect();
    let mut taken: Vec<usize> = Vec::new();
    while let Some(certain) =
        candidates.iter().filter(|one| one.len() == 1).flatten().copied().find(|at| !taken.contains(at))
    {
        taken.push(certain);
        for others in candidates.iter_mut().filter(|others| others.len() > 1) {
            others.retain(|at| *at != certain);
        }
    }
    let blocks = |places: Vec<usize>| places.into_iter().filter_map(|at| configured.get(at).copied()).collect();
    candidates.into_iter().map(blocks).collect()
}

/// Whether a block's values can come from its expressions.
fn agrees(expressions: &Value, values: &Value, unknown: Option<&Value>) -> bool {
    if is_true(unknown) {
        return true;
    }
    expressions.as_object().into_iter().flatten().all(|(name, expression)| {
        let value = values.get(name);
        let unknown = unknown.and_then(|unknown| unknown.get(name));
        if let Some(constant) = expression.get("constant_value") {
            // The schema converts: 6 to "6", "true" to true.
            return !is_true(unknown) && value.is_some_and(|value| scalar(value) == scalar(constant));
        }
        match (expression, value) {
            (Value::Array(inner), Some(Value::Array(values))) if inner.len() == 1 && values.len() == 1 => {
                let unknown = unknown.and_then(|unknown| unknown.get(0));
                inner.first().zip(values.first()).is_none_or(|(inner, value)| agrees(inner, value, unknown))
            }
            (Value::Array(inner), Some(Value::Array(values))) => values.len() >= inner.len(),
            _ => true,
        }
    })
}

/// A value as text where it is a scalar; the same form for equal values.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_true(value: Option<&Value>) -> bool {
    value.and_then(Value::as_bool) == Some(true)
}

/// Whether an expression is anything but a written `null`, which sets nothing.
fn is_set(expression: &Value) -> bool {
    !expression.get("constant_value").is_some_and(Value::is_null)
}
