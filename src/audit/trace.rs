//! Follows the references of an expression, through modules, to the instances
//! that its value can be the id of. Takes no decision between them.

use super::address::{Key, ModulePath, Step, whole_references};
use super::configuration::{Configuration, Repeated, references};
use super::inventory::{Instance, Inventory};
use super::kind::{Thing, Want};
use serde_json::Value;
use std::collections::BTreeSet;

/// References that are followed for one attribute.
const MOST_STEPS: usize = 50_000;
/// Instances that one attribute may name; nothing in OCI names as many.
const MOST_FOUND: usize = 300;
/// Modules, outputs and attributes that are gone through in a row.
const DEEPEST: usize = 100;

/// Where an expression stands: what `var`, `each` and `count` mean there.
#[derive(Clone, Copy)]
pub struct Scope<'s, 'a> {
    pub module: &'s ModulePath,
    /// The instance that the expression is evaluated for.
    pub key: Option<&'s Key>,
    /// How many instances there are of it.
    pub instances: usize,
    pub block: Option<Repeated<'a>>,
}

/// What was found on the way.
pub struct Trace<'s, 'a> {
    inventory: &'s Inventory<'a>,
    configuration: &'s Configuration<'a>,
    want: Want,
    pub found: BTreeSet<Thing>,
    /// What can't be seen through, in words.
    pub blind: BTreeSet<String>,
    steps: usize,
    depth: usize,
}

impl<'s, 'a> Trace<'s, 'a> {
    pub fn new(inventory: &'s Inventory<'a>, configuration: &'s Configuration<'a>, want: Want) -> Self {
        Self { inventory, configuration, want, found: BTreeSet::new(), blind: BTreeSet::new(), steps: 0, depth: 0 }
    }

    /// Follows an expression; `tail` is what is then taken of its value.
    pub fn follow(&mut self, expression: &'a Value, scope: Scope<'_, 'a>, tail: &[Step]) {
        self.depth += 1;
        let all = whole_references(references(expression));
        self.steps += all.len() + 1;
        if self.depth > DEEPEST || self.steps > MOST_STEPS {
            self.blind.insert("a chain of references that is too long or goes round in a circle".to_owned());
        } else {
            let selected = self.selected(&all, scope);
            let before = self.found.len();
            for (text, steps) in &all {
                self.follow_one(text, steps, scope, selected.as_ref(), tail);
            }
            // What `for_each` holds, unless it only told the key.
            if self.found.len() == before && self.want_each_value(scope) {
                for (_, steps) in all.iter().filter(|(_, steps)| named(steps, 0) == Some("each")) {
                    if let (Some("value"), Some(rest)) = (named(steps, 1), steps.get(2..)) {
                        self.follow_each_value(scope, &joined(rest, tail));
                    }
                }
            }
        }
        self.depth -= 1;
    }

    fn want_each_value(&self, scope: Scope<'_, 'a>) -> bool {
        scope.block.is_some_and(|block| block.for_each.is_some())
    }

    fn follow_each_value(&mut self, scope: Scope<'_, 'a>, tail: &[Step]) {
        if let Some(for_each) = scope.block.and_then(|block| block.for_each) {
            // Its value at this instance's key: an instance of the same key,
            // where it is the instances of a block.
            let tail = scope.key.map(|key| Step::Index(key.clone())).into_iter().chain(tail.iter().cloned());
            let tail: Vec<_> = tail.collect();
            self.follow(for_each, Scope { key: None, block: None, ..scope }, &tail);
        }
    }

    /// The key that an expression picks an instance by, if it has only the one
    /// way to.
    fn selected(&self, all: &[(&str, Vec<Step>)], scope: Scope<'_, 'a>) -> Option<Key> {
        let mut keys: BTreeSet<Key> = BTreeSet::new();
        for (_, steps) in all {
            match (named(steps, 0), named(steps, 1)) {
                (Some("each"), Some("key")) | (Some("count"), Some("index")) => keys.extend(scope.key.cloned()),
                (Some("each"), Some("value")) => {
                    let known =
                        scope.block.and_then(|block| block.for_each).and_then(|each| self.known(each, scope.module));
                    let mut value = known.zip(scope.key).and_then(|(map, key)| at_key(map, key));
                    for step in steps.iter().skip(2) {
                        value = value.and_then(|value| at_step(value, step));
                    }
                    // A text picks; a flag or a number does not.
                    keys.extend(value?.as_str().map(|text| Key::Text(text.to_owned())));
                }
                _ => {}
            }
        }
        if keys.len() == 1 { keys.pop_first() } else { None }
    }

    /// The value of an expression that is a constant, or that names nothing
    /// but one variable with a known value.
    fn known(&self, expression: &'a Value, module: &[(String, Option<Key>)]) -> Option<&'a Value> {
        if let Some(constant) = expression.get("constant_value") {
            return Some(constant);
        }
        let all = whole_references(references(expression));
        let [(_, steps)] = all.as_slice() else { return None };
        let [Step::Name(var), Step::Name(name)] = steps.as_slice() else { return None };
        if var != "var" {
            return None;
        }
        let Some(((call, _), outer)) = module.split_last() else { return self.configuration.variable(name) };
        let inner: Vec<&str> = module.iter().map(|(name, _)| name.as_str()).collect();
        match self.configuration.call(inner.split_last()?.1, call)?.expressions.get(name) {
            // One module less: this ends.
            Some(argument) => self.known(argument, outer),
            None => self.configuration.default_of(&inner, name),
        }
    }

    fn follow_one(&mut self, text: &str, steps: &[Step], scope: Scope<'_, 'a>, selected: Option<&Key>, tail: &[Step]) {
        let (Some(first), Some(second)) = (named(steps, 0), named(steps, 1)) else { return };
        match first {
            "var" => self.follow_variable(second, scope, &Rest::new(steps, tail).steps),
            "local" => {
                self.blind
                    .insert(format!("`local.{second}`: a plan's JSON does not say what a local value is made of"));
            }
            "module" => self.follow_module(second, Rest::new(steps, tail), scope, selected),
            "data" => {
                let Some(name) = named(steps, 2) else { return };
                let read_later = self
                    .inventory
                    .at_place(scope.module, &format!("data.{second}.{name}"))
                    .is_some_and(|keys| keys.values().any(|at| self.awaits(*at, "id")));
                if read_later {
                    self.blind.insert(format!("`data.{second}.{name}`, which is read only when the plan is applied"));
                }
            }
            "each" | "count" | "path" | "terraform" | "tofu" | "self" => {}
            "terraform_data" | "null_resource" => {
                self.blind.insert(format!("`{text}`, whose value is known only after the apply"));
            }
            _ => self.follow_resource(&format!("{first}.{second}"), Rest::new(steps, tail), scope, selected),
        }
    }

    fn awaits(&self, at: usize, attribute: &str) -> bool {
        self.inventory.instance(at).is_some_and(|instance| instance.awaits(attribute))
    }

    fn follow_variable(&mut self, name: &str, scope: Scope<'_, 'a>, tail: &[Step]) {
        // A variable of the root module is known, so it is not what makes a
        // value unknown.
        let Some(((call, key), outer)) = scope.module.split_last() else { return };
        let outer = outer.to_vec();
        let names: Vec<_> = outer.iter().map(|(name, _)| name.as_str()).collect();
        let Some(block) = self.configuration.call(&names, call) else { return };
        if let Some(argument) = block.expressions.get(name) {
            let instances = self.inventory.children(&outer, call).map_or(1, BTreeSet::len);
            self.follow(argument, Scope { module: &outer, key: key.as_ref(), instances, block: Some(block) }, tail);
        }
    }

    fn follow_module(&mut self, call: &str, rest: Rest, scope: Scope<'_, 'a>, selected: Option<&Key>) {
        let names: Vec<_> = scope.module.iter().map(|(name, _)| name.as_str()).collect();
        let Some(block) = self.configuration.call(&names, call) else { return };
        let alone = BTreeSet::from([None]);
        let nothing = BTreeSet::new();
        let keys = match self.inventory.children(scope.module, call) {
            Some(keys) => keys,
            None if block.for_each.is_none() && block.count.is_none() => &alone,
            None => &nothing,
        };
        let instances = Instances {
            count: keys.len(),
            find: &|key| keys.get(&Some(key.clone())).cloned(),
            list: &|| keys.iter().cloned().collect(),
        };
        let (keys, rest) = choose(&instances, &rest, scope, selected);
        let inner: Vec<&str> = names.iter().copied().chain([call]).collect();
        let outputs: Vec<&'a Value> = match named(rest, 0) {
            Some(name) => self.configuration.output(&inner, name).into_iter().collect(),
            None => self.configuration.outputs(&inner).collect(),
        };
        for key in keys {
            let mut module = scope.module.clone();
            module.push((call.to_owned(), key));
            let inside = Scope { module: &module, key: None, instances: 1, block: None };
            for output in &outputs {
                self.follow(output, inside, rest.get(1..).unwrap_or_default());
            }
        }
    }

    fn follow_resource(&mut self, block: &str, rest: Rest, scope: Scope<'_, 'a>, selected: Option<&Key>) {
        let Some(keys) = self.inventory.at_place(scope.module, block) else { return };
        let instances = Instances {
            count: keys.len(),
            find: &|key| keys.get(&Some(key.clone())).copied(),
            list: &|| keys.values().take(MOST_FOUND + 1).copied().collect(),
        };
        let (chosen, rest) = choose(&instances, &rest, scope, selected);
        for at in chosen {
            self.steps += 1;
            if self.found.len() > MOST_FOUND {
                self.blind.insert(format!("which of the many instances of `{block}` it takes"));
                return;
            }
            if let Some(instance) = self.inventory.instance(at) {
                self.take(at, instance, rest);
            }
        }
    }

    /// An instance that the expression names, and what it takes of it.
    fn take(&mut self, at: usize, instance: &Instance<'a>, rest: &[Step]) {
        let attribute = named(rest, 0);
        let is_id = matches!(attribute, None | Some("id"));
        if self.want.fits(instance.kind) && is_id {
            if instance.awaits("id") {
                self.found.insert(Thing::Instance(at));
            }
            return;
        }
        if Want::Vcn.fits(instance.kind) {
            let (default, thing) = match self.want {
                Want::SecurityList => ("default_security_list_id", Thing::DefaultList(at)),
                Want::RouteTable => ("default_route_table_id", Thing::DefaultTable(at)),
                _ => return,
            };
            if attribute.is_none_or(|attribute| attribute == default) && instance.awaits(default) {
                self.found.insert(thing);
            }
            return;
        }
        // Another resource's attribute may be such an id: a subnet's `vcn_id`.
        if let Some(attribute) = attribute.filter(|attribute| *attribute != "id" && instance.awaits(attribute))
            && let Some(block) = self.configuration.resource(&instance.module_names(), &instance.block)
            && let Some(expression) = block.expressions.get(attribute)
        {
            let siblings = self.inventory.at_place(&instance.module, &instance.block).map_or(1, |keys| keys.len());
            let scope =
                Scope { module: &instance.module, key: instance.key.as_ref(), instances: siblings, block: Some(block) };
            self.follow(expression, scope, rest.get(1..).unwrap_or_default());
        }
    }
}

/// What follows the name of a block in a reference.
struct Rest {
    steps: Vec<Step>,
    /// Whether the first step is an instance key beyond doubt, and not a key
    /// of something that the instances were put into.
    is_keyed: bool,
}

impl Rest {
    fn new(steps: &[Step], tail: &[Step]) -> Self {
        let own = steps.get(2..).unwrap_or_default();
        Self { steps: joined(own, tail), is_keyed: matches!(own.first(), Some(Step::Index(_))) }
    }
}

/// The instances that a reference means, and what it takes of them: the one
/// whose key it names, else the one of the key that the expression picks by,
/// else all.
fn choose<'r, T>(
    all: &Instances<'_, T>,
    rest: &'r Rest,
    scope: Scope<'_, '_>,
    selected: Option<&Key>,
) -> (Vec<T>, &'r [Step]) {
    match rest.steps.split_first() {
        Some((Step::Index(key), after)) => match (all.find)(key) {
            Some(one) => return (vec![one], after),
            None if rest.is_keyed => return (Vec::new(), after),
            None => return ((all.list)(), after),
        },
        // `x.this.a` and `x.this["a"]` are the same.
        Some((Step::Name(name), after)) => {
            if let Some(one) = (all.find)(&Key::Text(name.clone())) {
                return (vec![one], after);
            }
        }
        None => {}
    }
    // With more instances here than there, the key can't be taken as it is.
    if let Some(one) = selected.filter(|_| scope.instances <= all.count).and_then(|key| (all.find)(key)) {
        return (vec![one], &rest.steps);
    }
    ((all.list)(), &rest.steps)
}

/// The instances of a block, which may be thousands.
struct Instances<'f, T> {
    count: usize,
    find: &'f dyn Fn(&Key) -> Option<T>,
    list: &'f dyn Fn() -> Vec<T>,
}

fn named(steps: &[Step], at: usize) -> Option<&str> {
    steps.get(at)?.name()
}

fn joined(rest: &[Step], tail: &[Step]) -> Vec<Step> {
    rest.iter().chain(tail).cloned().collect()
}

fn at_key<'a>(value: &'a Value, key: &Key) -> Option<&'a Value> {
    match key {
        Key::Text(text) => value.get(text),
        Key::Number(number) => value.get(usize::try_from(*number).ok()?),
    }
}

fn at_step<'a>(value: &'a Value, step: &Step) -> Option<&'a Value> {
    match step {
        Step::Name(name) => value.get(name),
        Step::Index(key) => at_key(value, key),
    }
}
