//! From text to the JSON document of a plan or a state, or to the reason why
//! it is neither. Must never know what is in a network.

pub mod address;
pub mod block;
pub mod configuration;
pub mod inventory;
pub mod kind;
pub mod text;

use crate::audit::problem::Problem;
use crate::diagnostic::{listed, quoted};
use serde_json::{Map, Value};

/// The largest text that is read, in bytes. A plan has about 4 KiB a rule.
pub const LARGEST: usize = 64 << 20;

/// The most memory, in bytes, that parsing may take. The output of the tools
/// takes 8 to 15 times its own size.
const MOST_MEMORY: usize = 16 * LARGEST;

/// The major format versions that are known, of plans and of states.
const KNOWN_MAJOR: &str = "1";

const HOW: &str = "for a plan run `tofu plan -out plan.bin`, then `tofu show -json plan.bin > plan.json`; for a state \
                   `tofu show -json > state.json` (`terraform` does the same)";

/// Whether the document is a plan or a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Plan,
    State,
}

impl Form {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::State => "state",
        }
    }
}

/// Output of `tofu show -json`.
pub struct Document {
    pub form: Form,
    pub root: Map<String, Value>,
}

impl Document {
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > LARGEST {
            let limit = LARGEST >> 20;
            return Err(Problem::new(
                format!("the text is larger than {limit} MiB, the largest that is read"),
                "audit parts of the stack one by one, for example a root module each",
            ));
        }
        if text.trim().is_empty() {
            return Err(Problem::new("the text is empty", HOW));
        }
        if memory(text) > MOST_MEMORY {
            return Err(Problem::new(
                "the text has more small values than any plan or state of its size",
                "is it what `tofu show -json` printed?",
            ));
        }
        match serde_json::from_str(text) {
            Ok(Value::Object(root)) => Self::known(root),
            Ok(other) => Err(Problem::new(
                format!("the text is JSON, but {} and not the object that `tofu show -json` prints", kind(&other)),
                HOW,
            )),
            Err(error) => Err(not_json(text, &error)),
        }
    }

    fn known(root: Map<String, Value>) -> Result<Self, Problem> {
        let Some(version) = root.get("format_version") else { return Err(foreign(&root)) };
        let version = version.as_str().ok_or_else(|| {
            Problem::new("`format_version` is not a string such as \"1.2\"", format!("is the file complete? {HOW}"))
        })?;
        if version.split('.').next() != Some(KNOWN_MAJOR) {
            return Err(Problem::new(
                format!("format_version {} is not known", quoted(version)),
                format!(
                    "{KNOWN_MAJOR}.x is known, of plans and of states: OpenTofu, and Terraform 1.1 and later, write it"
                ),
            ));
        }
        let has = |name: &str| root.get(name).is_some_and(Value::is_object);
        if has("planned_values") || has("resource_changes") || has("prior_state") {
            return Ok(Self { form: Form::Plan, root });
        }
        if has("values") {
            return Ok(Self { form: Form::State, root });
        }
        let is_another = ["provider_schemas", "valid", "function_signatures", "configuration", "diagnostics"]
            .into_iter()
            .find(|name| root.contains_key(*name));
        Err(match is_another {
            Some(name) => Problem::new(format!("the JSON holds `{name}`, but no plan and no state"), HOW),
            None => Problem::new("the state or plan is empty: it has no values", HOW),
        })
    }

    /// An object at the top, such as `planned_values`.
    pub fn part(&self, name: &str) -> Option<&Value> {
        self.root.get(name)
    }
}

/// An upper estimate of the memory that the values of a JSON text take: maps
/// and lists allocate more than they hold.
fn memory(text: &str) -> usize {
    const MAP: usize = 400;
    const LIST: usize = 300;
    const VALUE: usize = 144;
    let (mut bytes, mut sum) = (text.bytes(), text.len());
    let mut is_quoted = false;
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\\' if is_quoted => {
                bytes.next();
            }
            b'{' if !is_quoted => sum += MAP,
            b'[' if !is_quoted => sum += LIST,
            b',' if !is_quoted => sum += VALUE,
            _ => {}
        }
    }
    sum
}

/// How many characters of an unknown name are shown.
const LONGEST_NAME: usize = 60;

/// Why JSON without a `format_version` can't be audited.
fn foreign(root: &Map<String, Value>) -> Problem {
    if root.contains_key("@message") {
        return stream();
    }
    if root.contains_key("version") && (root.contains_key("resources") || root.contains_key("lineage")) {
        return Problem::new(
            "this is a state file, whose form is private to Terraform and OpenTofu",
            "run `tofu show -json terraform.tfstate > state.json` and audit that file",
        );
    }
    if root.is_empty() {
        return Problem::new("this JSON is not from `tofu show -json`: it is an empty object", HOW);
    }
    let names = root.keys().take(8).map(|name| name.chars().take(LONGEST_NAME).collect::<String>());
    let names: Vec<_> = names.collect();
    let names = listed(names.iter().map(String::as_str));
    Problem::new(format!("this JSON is not from `tofu show -json`: it has no `format_version`, only {names}"), HOW)
}

fn stream() -> Problem {
    Problem::new(
        "this is the progress that `tofu plan -json` prints, one message a line: it has no plan in it",
        "run `tofu plan -out plan.bin`, then `tofu show -json plan.bin > plan.json`",
    )
}

fn not_json(text: &str, error: &serde_json::Error) -> Problem {
    if text.starts_with("PK\u{3}\u{4}") {
        return Problem::new(
            "this is a plan as `tofu plan -out` saves it",
            "run `tofu show -json` on it and audit the output",
        );
    }
    let place = format!("line {}, column {}", error.line(), error.column());
    let first = text.trim_start().lines().next().unwrap_or_default();
    if let Ok(Value::Object(line)) = serde_json::from_str(first)
        && line.contains_key("@message")
    {
        return stream();
    }
    if error.is_eof() {
        return Problem::new(
            format!("the JSON is cut off: it ends at {place}"),
            "is the file complete, and the disk not full? write it again",
        );
    }
    if error.to_string().starts_with("recursion limit") {
        return Problem::new(
            format!("the JSON is nested too deeply, at {place}"),
            "no plan or state nests values more than 127 deep; is this one?",
        );
    }
    // serde_json repeats the place at the end of its message.
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default();
    Problem::new(format!("the text is not JSON: {what} at {place}"), HOW)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "a list",
        Value::String(_) => "a string",
        Value::Number(_) => "a number",
        Value::Bool(_) => "a boolean",
        Value::Null | Value::Object(_) => "null",
    }
}

/// A value as users read it: a string in quotes, a list or object by its kind,
/// anything else as JSON.
pub fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Null | Value::Bool(_) => value.to_string(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Number(_) => quoted(&value.to_string()),
    }
}
