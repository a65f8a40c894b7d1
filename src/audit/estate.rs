//! Several plans and states as one: each becomes a module of a document that
//! holds them all, so that ids of one lead to resources of another. Knows no
//! resource type.

use super::document::{Document, Form};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The documents as one, each with the name of its file. An address that two of
/// them have begins with that name.
pub fn joined(documents: Vec<(String, Document)>) -> Document {
    let mut times = BTreeMap::<String, usize>::new();
    for (_, document) in &documents {
        let mut own = Vec::new();
        for part in [document.part("values"), document.part("planned_values"), prior(document)].into_iter().flatten() {
            addresses(part.get("root_module"), &mut own);
        }
        own.sort_unstable();
        own.dedup();
        for address in own {
            *times.entry(address.to_owned()).or_default() += 1;
        }
    }
    let form = if documents.iter().any(|(_, one)| one.form == Form::Plan) { Form::Plan } else { Form::State };
    let mut estate = Estate::default();
    for (index, (file, document)) in documents.into_iter().enumerate() {
        let name = |address: &str| match times.get(address) {
            Some(2..) => format!("{file}:{address}"),
            _ => address.to_owned(),
        };
        estate.add(&format!("file{index}"), document, &name);
    }
    Document { form, root: estate.root(form) }
}

fn prior(document: &Document) -> Option<&Value> {
    document.part("prior_state")?.get("values")
}

// The recursion is bounded by the JSON parser's limit on depth.
fn addresses<'a>(module: Option<&'a Value>, found: &mut Vec<&'a str>) {
    let list = |name: &str| module.and_then(|module| module.get(name)).and_then(Value::as_array).into_iter().flatten();
    found.extend(list("resources").filter_map(|resource| resource.get("address")?.as_str()));
    for child in list("child_modules") {
        addresses(Some(child), found);
    }
}

/// The parts of the document that holds them all.
#[derive(Default)]
struct Estate {
    /// What will be, and what is and stays.
    planned: Vec<Value>,
    standing: Vec<Value>,
    changes: Vec<Value>,
    calls: Map<String, Value>,
}

impl Estate {
    fn add(&mut self, label: &str, mut document: Document, name: &dyn Fn(&str) -> String) {
        let mut root = |part: &str| document.root.get_mut(part).map(Value::take).unwrap_or_default();
        let module = |mut values: Value| {
            let mut module = values.get_mut("root_module").map(Value::take)?;
            rename(&mut module, label, name);
            if let Value::Object(module) = &mut module {
                module.insert("address".to_owned(), json!(format!("module.{label}")));
            }
            Some(module)
        };
        self.standing.extend(module(root("values")));
        self.planned.extend(module(root("planned_values")));
        let mut before = root("prior_state");
        self.standing.extend(before.get_mut("values").map(Value::take).and_then(module));
        if let Value::Array(mut changes) = root("resource_changes") {
            for change in &mut changes {
                set_address(change, name);
            }
            self.changes.append(&mut changes);
        }
        let mut configuration = root("configuration");
        let Some(body) = configuration.get_mut("root_module").map(Value::take) else { return };
        // The variables of a root module are the arguments of a call.
        let mut arguments = Map::new();
        if let Value::Object(variables) = root("variables") {
            for (variable, mut value) in variables {
                let value = value.get_mut("value").map(Value::take).unwrap_or_default();
                arguments.insert(variable, json!({ "constant_value": value }));
            }
        }
        self.calls.insert(label.to_owned(), json!({ "expressions": arguments, "module": body }));
    }

    fn root(self, form: Form) -> Map<String, Value> {
        let modules = |modules: Vec<Value>| json!({ "root_module": { "child_modules": modules } });
        let parts = match form {
            Form::State => vec![("values", modules(self.standing))],
            Form::Plan => vec![
                ("planned_values", modules(self.planned)),
                ("prior_state", json!({ "values": modules(self.standing) })),
                ("resource_changes", Value::Array(self.changes)),
                ("configuration", json!({ "root_module": { "module_calls": self.calls } })),
            ],
        };
        parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect()
    }
}

/// Gives the resources of a module their names in the estate, and the modules
/// in it their place there.
fn rename(module: &mut Value, label: &str, name: &dyn Fn(&str) -> String) {
    for resource in module.get_mut("resources").and_then(Value::as_array_mut).into_iter().flatten() {
        set_address(resource, name);
    }
    for child in module.get_mut("child_modules").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(Value::String(address)) = child.get_mut("address") {
            *address = format!("module.{label}.{address}");
        }
        rename(child, label, name);
    }
}

fn set_address(resource: &mut Value, name: &dyn Fn(&str) -> String) {
    if let Some(Value::String(address)) = resource.get_mut("address") {
        *address = name(address);
    }
}
