//! What a plan does, as lines that a person reads.

use serde_json::Value;

/// One line a resource that the plan touches, sorted: what happens, to which
/// address, and which attributes change or force the replacement.
pub fn summary(plan: &Value) -> String {
    let mut lines: Vec<String> = array(&plan["resource_changes"])
        .iter()
        .filter(|change| change["mode"] == "managed")
        .filter_map(|change| {
            let address = change["address"].as_str().expect("an address");
            let change = &change["change"];
            let actions: Vec<_> = array(&change["actions"]).iter().filter_map(Value::as_str).collect();
            Some(match actions[..] {
                ["no-op"] => return None,
                ["create"] => format!("create {address}\n"),
                ["delete"] => format!("delete {address}\n"),
                ["update"] => format!("update {address} ({})\n", changed(change).join(", ")),
                ["delete", "create"] | ["create", "delete"] => {
                    format!("REPLACE {address} ({})\n", reasons(change).join(", "))
                }
                _ => format!("{} {address}\n", actions.join("+")),
            })
        })
        .collect();
    lines.sort();
    if lines.is_empty() { "nothing\n".to_owned() } else { lines.concat() }
}

/// The attributes that can't change in place, by path.
fn reasons(change: &Value) -> Vec<String> {
    let mut reasons: Vec<String> = array(&change["replace_paths"])
        .iter()
        .map(|path| array(path).iter().filter_map(Value::as_str).collect::<Vec<_>>().join("."))
        .collect();
    reasons.sort();
    reasons
}

/// The attributes that a change touches, by path.
fn changed(change: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(&change["before"], &change["after"], &change["after_unknown"], "", &mut found);
    found
}

fn walk(before: &Value, after: &Value, unknown: &Value, path: &str, found: &mut Vec<String>) {
    let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let mut names: Vec<_> = old.keys().chain(new.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                walk(&before[name], &after[name], &unknown[name], &join(name), found);
            }
        }
        // A block that there is one of at most.
        (Value::Array(old), Value::Array(new))
            if old.len() == 1 && new.len() == 1 && old[0].is_object() && new[0].is_object() =>
        {
            walk(&old[0], &new[0], &unknown[0], path, found);
        }
        _ if before != after || *unknown == Value::Bool(true) => found.push(path.to_owned()),
        _ => {}
    }
}

/// The resources of a state or of a plan's `planned_values`, in whichever
/// module, as `(mode, type, name, values)`.
pub fn resources(values: &Value) -> Vec<&Value> {
    fn walk<'a>(module: &'a Value, found: &mut Vec<&'a Value>) {
        found.extend(array(&module["resources"]));
        for child in array(&module["child_modules"]) {
            walk(child, found);
        }
    }
    let mut found = Vec::new();
    walk(&values["root_module"], &mut found);
    found
}

/// A JSON array's members; none where there is no array.
pub fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
