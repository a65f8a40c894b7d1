//! What there should be against what the simulator has.

use serde_json::Value;

/// What OCI adds to a member of a list that says nothing more than its author.
const ADDED: [&str; 6] = ["id", "isStateless", "isValid", "timeCreated", "routeType", "serviceName"];

/// Where a document differs from what it should at least hold, one line each.
pub fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    compare(expected, found, "", false, &mut differences);
    differences
}

fn compare(expected: &Value, found: &Value, path: &str, whole: bool, differences: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(wanted), Value::Object(has)) => {
            for (name, value) in wanted {
                let at = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compare(value, has.get(name).unwrap_or(&Value::Null), &at, whole, differences);
            }
            for (name, value) in has.iter().filter(|(name, _)| whole && !wanted.contains_key(*name)) {
                let is_nothing = value.is_null() || *value == Value::Bool(false) || *value == Value::Array(Vec::new());
                if !is_nothing && !ADDED.contains(&name.as_str()) {
                    differences.push(format!("{path}: has {name} = {value} besides"));
                }
            }
        }
        // In any order: OCI keeps none.
        (Value::Array(wanted), Value::Array(has)) => {
            let mut left: Vec<&Value> = has.iter().collect();
            for item in wanted {
                match left.iter().position(|candidate| {
                    let mut inner = Vec::new();
                    compare(item, candidate, path, true, &mut inner);
                    inner.is_empty()
                }) {
                    Some(at) => drop(left.remove(at)),
                    None => differences.push(format!("{path}: lacks {item}")),
                }
            }
            differences.extend(left.into_iter().map(|extra| format!("{path}: has {extra} besides")));
        }
        // A number in a map of strings is a string in the end.
        _ if plain(expected).is_some() && plain(expected) == plain(found) => {}
        _ => differences.push(format!("{path}: {expected} was wanted, and it is {found}")),
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.as_f64()?.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
