//! Which members a request body may have, and of what type: the shape of the
//! API's models. What the values mean is checked elsewhere.

use serde_json::Value;

use crate::refusals::{IMMUTABLE_FIELD, MISSING_PARAMETER, Refusal, UNKNOWN_FIELD, UNKNOWN_WORD, WRONG_TYPE};
use crate::wire::Body;

/// One member of a model.
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

/// What a member holds.
pub enum Kind {
    Text,
    Flag,
    Int,
    Number,
    Texts,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Text by text.
    Tags,
    /// Text by text by text.
    DefinedTags,
    One(&'static [Field]),
    Many(&'static [Field]),
}

/// A member that must be there.
pub const fn need(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

/// A member that may be there.
pub const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

/// Refuses a body that is not of the model.
pub fn check(fields: &[Field], body: &Body) -> Result<(), Refusal> {
    check_at(fields, body, "")
}

/// Refuses the body of a change: a member that only a creation takes is
/// refused as immutable.
pub fn check_change(update: &[Field], create: &[Field], body: &Body) -> Result<(), Refusal> {
    let fixed = |name: &String| find(update, name).is_none() && find(create, name).is_some();
    match body.keys().find(|name| fixed(name)) {
        Some(name) => Err(IMMUTABLE_FIELD.with(&[name])),
        None => check(update, body),
    }
}

fn find<'a>(fields: &'a [Field], name: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.name == name)
}

fn check_at(fields: &[Field], body: &Body, above: &str) -> Result<(), Refusal> {
    for (name, value) in body {
        let path = format!("{above}{name}");
        let field = find(fields, name).ok_or_else(|| UNKNOWN_FIELD.with(&[&path]))?;
        check_value(&field.kind, value, &path)?;
    }
    match fields.iter().find(|field| field.required && !body.contains_key(field.name)) {
        Some(missing) => Err(MISSING_PARAMETER.with(&[&format!("{above}{}", missing.name)])),
        None => Ok(()),
    }
}

fn check_value(kind: &Kind, value: &Value, path: &str) -> Result<(), Refusal> {
    let of_type = |fits: bool, what: &str| if fits { Ok(()) } else { Err(WRONG_TYPE.with(&[path, what])) };
    let tags = |value: &Value| value.as_object().is_some_and(|tags| tags.values().all(Value::is_string));
    match kind {
        Kind::Text => of_type(value.is_string(), "a string"),
        Kind::Flag => of_type(value.is_boolean(), "a boolean"),
        Kind::Int => of_type(value.is_i64(), "an integer"),
        Kind::Number => of_type(value.is_number(), "a number"),
        Kind::Texts => {
            of_type(value.as_array().is_some_and(|items| items.iter().all(Value::is_string)), "a list of strings")
        }
        Kind::Word(words) => {
            let word = value.as_str().ok_or_else(|| WRONG_TYPE.with(&[path, "a string"]))?;
            if words.contains(&word) {
                Ok(())
            } else {
                Err(UNKNOWN_WORD.with(&[&format!("{path} {word}"), &words.join(", ")]))
            }
        }
        Kind::Tags => of_type(tags(value), "a map of strings"),
        Kind::DefinedTags => of_type(
            value.as_object().is_some_and(|namespaces| namespaces.values().all(tags)),
            "a map of maps of strings",
        ),
        Kind::One(fields) => match value {
            Value::Object(inner) => check_at(fields, inner, &format!("{path}.")),
            _ => of_type(false, "an object"),
        },
        Kind::Many(fields) => {
            let items = value.as_array().ok_or_else(|| WRONG_TYPE.with(&[path, "a list of objects"]))?;
            items.iter().enumerate().try_for_each(|(index, item)| match item {
                Value::Object(inner) => check_at(fields, inner, &format!("{path}[{index}].")),
                _ => of_type(false, "a list of objects"),
            })
        }
    }
}
