//! A configuration of Terraform's: its blocks, its modules, and what each name
//! in it stands for. Knows no network.

use super::expression::{Expr, Key, Root, Scope, Step, Val};
use super::world::{Attribute, Things, services};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub struct Block {
    pub module: &'static str,
    pub kind: &'static str,
    pub name: String,
    pub repeat: Option<Repeat>,
    pub body: Body,
    /// Its instances, by the names of the things that they are.
    pub things: Vec<(Option<Key>, String)>,
}

#[derive(Clone)]
pub enum Repeat {
    ForEach(Expr),
    Count(Expr),
}

pub type Body = Vec<(&'static str, Node)>;

#[derive(Clone)]
pub enum Node {
    Expr(Expr),
    Blocks(Vec<Nested>),
    /// A `dynamic` block over something that is not known yet.
    Unknown,
}

#[derive(Clone)]
pub struct Nested {
    /// The instance that has it; all, if none.
    pub only: Option<Key>,
    pub is_dynamic: bool,
    pub body: Body,
}

/// A configuration, and what exists of it before it is applied.
#[derive(Default)]
pub struct Stack {
    pub blocks: Vec<Block>,
    pub places: BTreeMap<String, (usize, Option<Key>)>,
    pub exists: BTreeSet<String>,
    pub locals: BTreeMap<(&'static str, String), Expr>,
    /// Of child modules, as the root module gives them.
    pub arguments: BTreeMap<(&'static str, String), Expr>,
    pub outputs: BTreeMap<(&'static str, String), Expr>,
    /// The keys of the child modules that have one.
    pub module_keys: BTreeMap<&'static str, Key>,
    /// Of the root module.
    pub variables: BTreeMap<String, Value>,
    pub things: Things,
}

pub const MODULES: [&str; 4] = ["", "net", "guard", "hosts"];

/// The id of a thing. A default has one id, whoever manages it.
pub fn ocid((thing, attribute): &Attribute) -> String {
    match (thing.split_once("-managed-"), *attribute) {
        (Some((vcn, "list")), _) => format!("ocid1.default_security_list_id.{vcn}"),
        (Some((vcn, _)), _) => format!("ocid1.default_route_table_id.{vcn}"),
        (None, "id") => format!("ocid1.thing.{thing}"),
        (None, attribute) => format!("ocid1.{attribute}.{thing}"),
    }
}

/// An instance's place: where its expressions stand.
pub struct Here<'s> {
    pub stack: &'s Stack,
    pub module: &'static str,
    pub key: Option<&'s Key>,
    pub repeat: Option<&'s Repeat>,
}

impl<'s> Here<'s> {
    const fn of(stack: &'s Stack, module: &'static str) -> Self {
        Self { stack, module, key: None, repeat: None }
    }
}

impl Stack {
    fn of(&self, thing: &str) -> Val {
        let one = |attribute: &'static str| {
            let id = Val::Known(json!(ocid(&(thing.to_owned(), attribute))));
            (attribute.to_owned(), if self.exists.contains(thing) { id } else { Val::Unknown })
        };
        Val::Object(["id", "default_security_list_id", "default_route_table_id"].map(one).into())
    }
}

impl Scope for Here<'_> {
    fn root(&self, steps: &[Step]) -> (Root<'_>, usize) {
        let name = |at: usize| match steps.get(at) {
            Some(Step::Name(name)) => name.as_str(),
            other => panic!("{other:?} in {steps:?}"),
        };
        let stack = self.stack;
        let value = |value| Root::Value(value);
        let there = |expr, module| Root::Expr(expr, Vec::new(), Box::new(Here::of(stack, module)));
        let named = |module| (module, name(1).to_owned());
        let key = || self.key.expect("an instance of several");
        match name(0) {
            "var" if self.module.is_empty() => (value(Val::of(&stack.variables[name(1)])), 2),
            "var" => (there(&stack.arguments[&named(self.module)], ""), 2),
            "local" => (there(&stack.locals[&named(self.module)], self.module), 2),
            "count" => (value(Val::Known(key().value())), 2),
            "each" if name(1) == "key" => (value(Val::Known(key().value())), 2),
            // What `for_each` has at the key; a literal is not looked at as a
            // whole.
            "each" => {
                let Some(Repeat::ForEach(all)) = self.repeat else { panic!("no for_each") };
                let row = vec![Val::Known(key().value())];
                (Root::Expr(all, row, Box::new(Here::of(stack, self.module))), 2)
            }
            "data" => (value(Val::of(&json!({ "services": services() }))), 3),
            "terraform_data" => (value(Val::Object([("output".to_owned(), Val::Unknown)].into())), 2),
            "module" => {
                let used = if matches!(steps.get(2), Some(Step::Key(_))) { 3 } else { 2 };
                let module = MODULES.into_iter().find(|module| *module == name(1)).expect("a module");
                (there(&stack.outputs[&(module, name(used).to_owned())], module), used + 1)
            }
            kind => {
                let is_it =
                    |block: &&Block| (block.module, block.kind, block.name.as_str()) == (self.module, kind, name(1));
                let block =
                    stack.blocks.iter().find(is_it).unwrap_or_else(|| panic!("no {steps:?} in {:?}", self.module));
                let all = block.things.iter().map(|(key, thing)| (key.clone(), stack.of(thing)));
                let whole = match &block.things[0].0 {
                    None => stack.of(&block.things[0].1),
                    Some(Key::Number(_)) => Val::List(all.map(|(_, one)| one).collect()),
                    Some(Key::Text(_)) => {
                        let named = |(key, one)| match key {
                            Some(Key::Text(text)) => (text, one),
                            other => panic!("{other:?}"),
                        };
                        Val::Object(all.map(named).collect())
                    }
                };
                (value(whole), 2)
            }
        }
    }
}
