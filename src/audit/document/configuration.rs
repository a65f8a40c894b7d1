//! The configuration in a plan: which expression stands where, by module.
//! Knows no instance and no value that an expression has.

use super::text;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};

/// Every module of the configuration, found by the names of its calls.
#[derive(Default)]
pub struct Configuration<'a> {
    modules: HashMap<Vec<&'a str>, Module<'a>>,
    /// The values of the root module's variables.
    variables: Option<&'a Map<String, Value>>,
}

#[derive(Default)]
struct Module<'a> {
    /// The directory of its text, relative to the root module's; `None` if the
    /// plan does not say.
    directory: Option<String>,
    resources: HashMap<&'a str, &'a Value>,
    calls: HashMap<&'a str, &'a Value>,
    outputs: Option<&'a Map<String, Value>>,
    variables: Option<&'a Value>,
}

/// A resource or a module call: its arguments, and what repeats it.
#[derive(Clone, Copy)]
pub struct Repeated<'a> {
    pub expressions: &'a Value,
    pub for_each: Option<&'a Value>,
    pub count: Option<&'a Value>,
}

impl<'a> Repeated<'a> {
    fn new(block: &'a Value) -> Option<Self> {
        Some(Self {
            expressions: block.get("expressions")?,
            for_each: block.get("for_each_expression"),
            count: block.get("count_expression"),
        })
    }
}

impl<'a> Configuration<'a> {
    pub fn new(configuration: Option<&'a Value>, variables: Option<&'a Value>) -> Self {
        let mut all = Self { variables: variables.and_then(Value::as_object), ..Self::default() };
        if let Some(root) = configuration.and_then(|configuration| configuration.get("root_module")) {
            all.add(&mut Vec::new(), root, Some(String::new()));
        }
        all
    }

    // The recursion is bounded by the JSON parser's limit on depth.
    fn add(&mut self, path: &mut Vec<&'a str>, module: &'a Value, directory: Option<String>) {
        let mut here = Module {
            directory: directory.clone(),
            outputs: module.get("outputs").and_then(Value::as_object),
            variables: module.get("variables"),
            ..Module::default()
        };
        for resource in module.get("resources").and_then(Value::as_array).into_iter().flatten() {
            if let Some(address) = resource.get("address").and_then(Value::as_str) {
                here.resources.insert(address, resource);
            }
        }
        for (name, call) in module.get("module_calls").and_then(Value::as_object).into_iter().flatten() {
            here.calls.insert(name, call);
            if let Some(module) = call.get("module") {
                let source = call.get("source").and_then(Value::as_str);
                let directory =
                    source.zip(directory.as_deref()).and_then(|(source, here)| text::directory(here, source));
                path.push(name);
                self.add(path, module, directory);
                path.pop();
            }
        }
        self.modules.insert(path.clone(), here);
    }

    /// Where a module's text is.
    pub fn directory(&self, module: &[&str]) -> Option<String> {
        self.modules.get(module)?.directory.clone()
    }

    /// The directories of all modules.
    pub fn directories(&self) -> BTreeSet<String> {
        self.modules.values().filter_map(|module| module.directory.clone()).collect()
    }

    /// Whether any of its resources is declared in the text of its module.
    pub fn is_declared_in(&self, texts: &text::Texts) -> bool {
        let mut modules =
            self.modules.values().filter_map(|module| Some((module.directory.as_ref()?, &module.resources)));
        modules.any(|(directory, resources)| resources.keys().any(|address| texts.declares(directory, address)))
    }

    /// A resource by its module's call names and its address in that module.
    pub fn resource(&self, module: &[&str], address: &str) -> Option<Repeated<'a>> {
        Repeated::new(self.modules.get(module)?.resources.get(address)?)
    }

    pub fn call(&self, module: &[&str], name: &str) -> Option<Repeated<'a>> {
        Repeated::new(self.modules.get(module)?.calls.get(name)?)
    }

    pub fn output(&self, module: &[&str], name: &str) -> Option<&'a Value> {
        self.modules.get(module)?.outputs?.get(name)?.get("expression")
    }

    pub fn outputs(&self, module: &[&str]) -> impl Iterator<Item = &'a Value> {
        let outputs = self.modules.get(module).and_then(|module| module.outputs);
        outputs.into_iter().flatten().filter_map(|(_, output)| output.get("expression"))
    }

    /// What a module's variable is when its call does not set it.
    pub fn default_of(&self, module: &[&str], name: &str) -> Option<&'a Value> {
        self.modules.get(module)?.variables?.get(name)?.get("default")
    }

    /// The value of a variable of the root module.
    pub fn variable(&self, name: &str) -> Option<&'a Value> {
        self.variables?.get(name)?.get("value")
    }
}

/// The references of an expression.
pub fn references(expression: &Value) -> impl Iterator<Item = &str> {
    expression.get("references").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
