//! A request as the control plane sees it, and its answer. Knows no socket.

use serde_json::Value;

use crate::refusals::{CANNOT_PARSE, Refusal};

/// A resource, or a part of one.
pub type Body = serde_json::Map<String, Value>;

/// One HTTP request, taken apart.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Without the query.
    pub path: String,
    /// In the order they stand in the URL.
    pub query: Vec<(String, String)>,
    pub if_match: Option<String>,
    pub retry_token: Option<String>,
    pub content: Vec<u8>,
}

impl Request {
    /// The query parameter `name`.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The JSON object in the body. A member that is null is one that is not
    /// there, as OCI has it.
    pub fn body(&self) -> Result<Body, Refusal> {
        match serde_json::from_slice(&self.content) {
            Ok(Value::Object(body)) => Ok(without_nulls(body)),
            Ok(_) => Err(CANNOT_PARSE.with(&["the body is not a JSON object"])),
            Err(error) => Err(CANNOT_PARSE.with(&[&error.to_string()])),
        }
    }
}

fn without_nulls(body: Body) -> Body {
    let keep = |value: Value| match value {
        Value::Object(inner) => Value::Object(without_nulls(inner)),
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| match item {
                    Value::Object(inner) => Value::Object(without_nulls(inner)),
                    other => other,
                })
                .collect(),
        ),
        other => other,
    };
    body.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, keep(value))).collect()
}

/// What is sent back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub content: Content,
}

/// The body of an answer.
#[derive(Debug, Clone)]
pub enum Content {
    Empty,
    Json(Value),
    Yaml(String),
}

impl Answer {
    pub fn json(value: impl Into<Value>) -> Self {
        Self { status: 200, headers: Vec::new(), content: Content::Json(value.into()) }
    }

    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), content: Content::Empty }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self {
            status: refusal.row.status,
            headers: Vec::new(),
            content: Content::Json(serde_json::json!({ "code": refusal.row.code, "message": refusal.message })),
        }
    }
}
