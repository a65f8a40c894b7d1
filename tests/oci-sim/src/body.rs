//! Reading members of a JSON object whose types have been checked already.

use serde_json::Value;

use crate::wire::Body;

pub fn text<'a>(body: &'a Body, key: &str) -> Option<&'a str> {
    body.get(key).and_then(Value::as_str)
}

pub fn flag(body: &Body, key: &str) -> Option<bool> {
    body.get(key).and_then(Value::as_bool)
}

pub fn int(body: &Body, key: &str) -> Option<i64> {
    body.get(key).and_then(Value::as_i64)
}

pub fn number(body: &Body, key: &str) -> Option<f64> {
    body.get(key).and_then(Value::as_f64)
}

/// The strings of a list; none where there is no list.
pub fn texts<'a>(body: &'a Body, key: &str) -> Vec<&'a str> {
    body.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

pub fn object<'a>(body: &'a Body, key: &str) -> Option<&'a Body> {
    body.get(key).and_then(Value::as_object)
}

/// The objects of a list; none where there is no list.
pub fn objects<'a>(body: &'a Body, key: &str) -> Vec<&'a Body> {
    body.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object).collect()
}

/// Sets what is not set.
pub fn default(body: &mut Body, key: &str, value: impl Into<Value>) {
    if !body.contains_key(key) {
        body.insert(key.to_owned(), value.into());
    }
}

pub fn set(body: &mut Body, key: &str, value: impl Into<Value>) {
    body.insert(key.to_owned(), value.into());
}
