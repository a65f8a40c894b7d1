//! Terraform's expressions: what their value is, and what a plan's JSON says of
//! them. Written from Terraform's documentation; shares nothing with the audit.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// `count`'s number or `for_each`'s text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Number(usize),
    Text(String),
}

impl Key {
    pub fn value(&self) -> Value {
        match self {
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(text),
        }
    }

    /// In brackets.
    pub fn index(&self) -> String {
        match self {
            Self::Number(number) => format!("[{number}]"),
            Self::Text(text) => format!("[\"{text}\"]"),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Name(String),
    Key(Key),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Const(Value),
    /// Names and keys that are written out: `oci_core_vcn.this["a"].id`.
    Ref(Vec<Step>),
    /// With a key that is computed.
    Index(Box<Expr>, Box<Expr>),
    Get(Box<Expr>, String),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Equal(Box<Expr>, Box<Expr>),
    List(Vec<Expr>),
    Object(BTreeMap<String, Expr>),
    /// `[for item in LIST : BODY]`
    Each(Box<Expr>, Box<Expr>),
    /// `item`
    Item,
    /// `concat`, `compact`, `one`, `values`, `toset`.
    Call(&'static str, Vec<Expr>),
    /// `LIST[*].id`
    Splat(Box<Expr>, String),
}

/// A value, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Val {
    Unknown,
    Known(Value),
    List(Vec<Val>),
    Object(BTreeMap<String, Val>),
}

impl Val {
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Array(list) => Self::List(list.iter().map(Self::of).collect()),
            Value::Object(map) => {
                Self::Object(map.iter().map(|(name, value)| (name.clone(), Self::of(value))).collect())
            }
            other => Self::Known(other.clone()),
        }
    }

    /// The value, if all of it is known.
    pub fn whole(&self) -> Option<Value> {
        match self {
            Self::Unknown => None,
            Self::Known(value) => Some(value.clone()),
            Self::List(list) => list.iter().map(Self::whole).collect::<Option<Vec<_>>>().map(Value::Array),
            Self::Object(map) => {
                let parts = map.iter().map(|(name, value)| Some((name.clone(), value.whole()?)));
                parts.collect::<Option<Map<_, _>>>().map(Value::Object)
            }
        }
    }

    fn at(&self, key: &Val) -> Val {
        match (self, key) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Object(map), Self::Known(Value::String(key))) => {
                map.get(key).cloned().unwrap_or_else(|| panic!("no {key} in {map:?}"))
            }
            (Self::List(list), Self::Known(Value::Number(at))) => {
                let at = usize::try_from(at.as_u64().expect("a whole number")).expect("fits");
                list[at].clone()
            }
            _ => panic!("{self:?} has no {key:?}"),
        }
    }
}

pub fn text(text: impl Into<String>) -> Expr {
    Expr::Const(Value::String(text.into()))
}

pub const fn null() -> Expr {
    Expr::Const(Value::Null)
}

/// `a.b.c`
pub fn path(names: &str) -> Expr {
    Expr::Ref(names.split('.').map(|name| Step::Name(name.to_owned())).collect())
}

pub fn when(condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    Expr::If(Box::new(condition), Box::new(then), Box::new(otherwise))
}

pub fn equal(a: Expr, b: Expr) -> Expr {
    Expr::Equal(Box::new(a), Box::new(b))
}

pub fn at(all: Expr, key: Expr) -> Expr {
    Expr::Index(Box::new(all), Box::new(key))
}

pub fn get(all: Expr, name: &str) -> Expr {
    match all {
        Expr::Ref(mut steps) => {
            steps.push(Step::Name(name.to_owned()));
            Expr::Ref(steps)
        }
        other => Expr::Get(Box::new(other), name.to_owned()),
    }
}

/// What the first steps of a reference are.
pub enum Root<'s> {
    Value(Val),
    /// A part of an expression that stands elsewhere.
    Expr(&'s Expr, Vec<Val>, Box<dyn Scope + 's>),
}

/// Where an expression stands.
pub trait Scope {
    /// What the first so many steps are, and how many.
    fn root(&self, steps: &[Step]) -> (Root<'_>, usize);
}

/// The value of an expression.
pub fn value(expr: &Expr, scope: &dyn Scope) -> Val {
    part(expr, &[], scope, None)
}

/// A part of an expression's value; nothing else of it is looked at.
fn part(expr: &Expr, keys: &[Val], scope: &dyn Scope, item: Option<&Val>) -> Val {
    let of = |expr: &Expr| part(expr, &[], scope, item);
    let inner = |all: &Expr, key: Val| {
        let keys: Vec<_> = std::iter::once(key).chain(keys.iter().cloned()).collect();
        part(all, &keys, scope, item)
    };
    let whole = match (expr, keys.first()) {
        (Expr::Object(map), Some(Val::Known(Value::String(key)))) => {
            let one = map.get(key).unwrap_or_else(|| panic!("no {key}"));
            return part(one, &keys[1..], scope, item);
        }
        (Expr::Index(all, key), _) => {
            let key = of(key);
            return if key == Val::Unknown { key } else { inner(all, key) };
        }
        (Expr::Get(all, name), _) => return inner(all, Val::Known(json!(name))),
        (Expr::Ref(steps), _) => {
            let (root, used) = scope.root(steps);
            let step = |step: &Step| match step {
                Step::Name(name) => Val::Known(json!(name)),
                Step::Key(key) => Val::Known(key.value()),
            };
            let keys: Vec<_> = steps[used..].iter().map(step).chain(keys.iter().cloned()).collect();
            return match root {
                Root::Expr(expr, mut first, scope) => {
                    first.extend(keys);
                    part(expr, &first, scope.as_ref(), None)
                }
                Root::Value(value) => keys.iter().fold(value, |value, key| value.at(key)),
            };
        }
        (Expr::Const(value), _) => Val::of(value),
        (Expr::If(condition, then, otherwise), _) => match of(condition) {
            Val::Known(Value::Bool(true)) => return part(then, keys, scope, item),
            Val::Known(Value::Bool(false)) => return part(otherwise, keys, scope, item),
            Val::Unknown => Val::Unknown,
            other => panic!("{other:?} is no condition"),
        },
        (Expr::Equal(a, b), _) => match (of(a), of(b)) {
            (Val::Unknown, _) | (_, Val::Unknown) => Val::Unknown,
            (a, b) => Val::Known(json!(a == b)),
        },
        (Expr::List(list), _) => Val::List(list.iter().map(of).collect()),
        (Expr::Object(map), _) => Val::Object(map.iter().map(|(name, expr)| (name.clone(), of(expr))).collect()),
        (Expr::Each(all, body), _) => match of(all) {
            Val::List(list) => Val::List(list.iter().map(|item| part(body, &[], scope, Some(item))).collect()),
            Val::Unknown => Val::Unknown,
            other => panic!("{other:?} is no list"),
        },
        (Expr::Item, _) => item.cloned().expect("in a for"),
        (Expr::Splat(all, name), _) => match of(all) {
            Val::List(list) => Val::List(list.iter().map(|one| one.at(&Val::Known(json!(name)))).collect()),
            other => panic!("{other:?} is no list"),
        },
        (Expr::Call(name, arguments), _) => call(name, arguments.iter().map(of).collect()),
    };
    keys.iter().fold(whole, |value, key| value.at(key))
}

fn call(name: &str, arguments: Vec<Val>) -> Val {
    let lists = || {
        arguments.iter().map(|list| match list {
            Val::List(list) => Some(list.clone()),
            Val::Unknown => None,
            other => panic!("{other:?} is no list"),
        })
    };
    match name {
        "concat" => match lists().collect::<Option<Vec<_>>>() {
            Some(lists) => Val::List(lists.concat()),
            None => Val::Unknown,
        },
        // One of the elements may be empty.
        "compact" => {
            let all: Vec<_> = lists().flatten().flatten().collect();
            if all.contains(&Val::Unknown) {
                return Val::Unknown;
            }
            let is_empty = |one: &Val| *one == Val::Known(Value::Null) || *one == Val::Known(json!(""));
            Val::List(all.into_iter().filter(|one| !is_empty(one)).collect())
        }
        "one" => lists().flatten().flatten().next().unwrap_or(Val::Known(Value::Null)),
        "values" => match arguments.into_iter().next() {
            Some(Val::Object(map)) => Val::List(map.into_values().collect()),
            other => panic!("{other:?} has no values"),
        },
        "toset" => match arguments.into_iter().next() {
            Some(Val::List(list)) => {
                let named = |one: &Val| match one.whole() {
                    Some(Value::String(text)) => (text, one.clone()),
                    other => panic!("{other:?} is no key"),
                };
                Val::Object(list.iter().map(named).collect())
            }
            other => panic!("{other:?} is no set"),
        },
        other => panic!("no function {other}"),
    }
}

/// The references of an expression, as `tofu show -json` lists them: each in
/// full, then shorter and shorter.
pub fn references(expr: &Expr, found: &mut Vec<String>) {
    match expr {
        Expr::Const(_) | Expr::Item => {}
        Expr::Ref(steps) => listed(steps, found),
        Expr::Index(a, b) | Expr::Equal(a, b) | Expr::Each(a, b) => {
            references(a, found);
            references(b, found);
        }
        Expr::Get(all, _) | Expr::Splat(all, _) => references(all, found),
        Expr::If(a, b, c) => [a, b, c].into_iter().for_each(|one| references(one, found)),
        Expr::List(all) | Expr::Call(_, all) => all.iter().for_each(|one| references(one, found)),
        Expr::Object(all) => all.values().for_each(|one| references(one, found)),
    }
}

fn listed(steps: &[Step], found: &mut Vec<String>) {
    let name = |at: usize| match steps.get(at) {
        Some(Step::Name(name)) => Some(name.as_str()),
        _ => None,
    };
    let shown = |end: usize| {
        let mut text = String::new();
        for step in &steps[..end] {
            match step {
                Step::Name(name) if text.is_empty() => text.push_str(name),
                Step::Name(name) => text.push_str(&format!(".{name}")),
                Step::Key(key) => text.push_str(&key.index()),
            }
        }
        text
    };
    let is_key = |at: usize| matches!(steps.get(at), Some(Step::Key(_)));
    let first = name(0).expect("a name");
    // What the reference is to, and what is said of that besides.
    let (subject, more) = match first {
        "var" | "local" | "each" | "count" => (2, None),
        "data" => (if is_key(3) { 4 } else { 3 }, is_key(3).then_some(3)),
        "module" => {
            let call = if is_key(2) { 3 } else { 2 };
            if name(call).is_some() { (call + 1, Some(call)) } else { (call, is_key(2).then_some(2)) }
        }
        _ => (if is_key(2) { 3 } else { 2 }, is_key(2).then_some(2)),
    };
    found.extend((subject..=steps.len()).rev().map(shown));
    found.extend(more.map(shown));
}

/// An expression as a plan's JSON has it.
pub fn shown(expr: &Expr) -> Value {
    let mut all = Vec::new();
    references(expr, &mut all);
    if !all.is_empty() {
        return json!({ "references": all });
    }
    struct Nowhere;
    impl Scope for Nowhere {
        fn root(&self, _: &[Step]) -> (Root<'_>, usize) {
            unreachable!("a constant refers to nothing")
        }
    }
    // What `toset` makes is no list, but is shown as one.
    let inner = match expr {
        Expr::Call("toset", arguments) => &arguments[0],
        other => other,
    };
    json!({ "constant_value": value(inner, &Nowhere).whole() })
}
