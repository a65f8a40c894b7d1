//! Traces the references of an expression, through modules, to the instances
//! whose id its value may be. Does not choose between them.

use super::instance_choice::{KeyHint, Rest, at_key, at_step, joined, named};
use super::traced::{Scope, Traced};
use crate::audit::document::address::{Key, ModulePath, Step, whole_references};
use crate::audit::document::configuration::{Configuration, references};
use crate::audit::document::inventory::Inventory;
use crate::audit::document::kind::Want;
use crate::audit::document::text::Texts;
use serde_json::Value;
use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};

/// The most references that are followed for one attribute.
const MOST_STEPS: usize = 50_000;
/// The most references that are followed for one document.
pub const BUDGET: usize = 4_000_000;
/// The longest chain of modules, outputs and attributes that is followed.
const DEEPEST: usize = 100;

/// An expression in a place: where it leads is the same each time.
#[derive(PartialEq, Eq, Hash)]
struct Visit {
    expression: usize,
    module: ModulePath,
    key: Option<Key>,
    tail: Vec<Step>,
    is_wide: bool,
    is_other: bool,
}

pub struct ReferenceTrace<'s, 'a> {
    pub(super) inventory: &'s Inventory<'a>,
    pub(super) configuration: &'s Configuration<'a>,
    pub(super) want: Want,
    /// Whether to find things that already have an id, too.
    pub(super) with_known: bool,
    pub traced: Traced,
    budget: &'s Cell<usize>,
    steps: usize,
    depth: usize,
    /// How much each visit found; `None` while it lasts.
    visits: HashMap<Visit, Option<usize>>,
    /// Whether all outputs of a module are being followed, most of which are
    /// not meant.
    pub(super) is_wide: bool,
    /// Whether what is found counts only if an assumption is wrong.
    pub(super) is_other: bool,
    texts: &'s Texts,
    /// Whether the expression is known to be a reference by the instance's own
    /// key, and nothing else.
    is_keyed: bool,
}

impl<'s, 'a> ReferenceTrace<'s, 'a> {
    pub fn new(
        inventory: &'s Inventory<'a>,
        configuration: &'s Configuration<'a>,
        texts: &'s Texts,
        want: Want,
        budget: &'s Cell<usize>,
    ) -> Self {
        let (traced, visits) = (Traced::default(), HashMap::new());
        Self {
            inventory,
            configuration,
            want,
            with_known: false,
            traced,
            budget,
            steps: 0,
            depth: 0,
            visits,
            is_wide: false,
            is_other: false,
            texts,
            is_keyed: false,
        }
    }

    /// Finds things that already have an id, too: a set with one unknown
    /// element is unknown as a whole.
    pub fn with_known(self, with_known: bool) -> Self {
        Self { with_known, ..self }
    }

    /// Takes keys for certain, as the text has nothing else in the expression.
    pub fn keyed(self, is_keyed: bool) -> Self {
        Self { is_keyed, ..self }
    }

    /// The references of a local value's text, if there is one.
    fn follow_local(&mut self, name: &str, scope: Scope<'_, 'a>, tail: &[Step]) -> Option<()> {
        let names: Vec<_> = scope.module.iter().map(|(name, _)| name.as_str()).collect();
        let directory = self.configuration.directory(&names)?;
        let (all, is_plain) = self.texts.local(&directory, name)?;
        self.traced.is_mixed |= !is_plain;
        self.follow_text(&format!("local.{name}"), &all, Scope { key: None, block: None, ..scope }, tail);
        Some(())
    }

    /// Follows the references of an expression in a module's text.
    pub fn follow_text(&mut self, text: &str, all: &[Vec<Step>], scope: Scope<'_, 'a>, tail: &[Step]) {
        self.depth += 1;
        if self.depth <= DEEPEST && self.spend(all.len() + 1) {
            for steps in all {
                if let (Some("each"), Some("value")) = (named(steps, 0), named(steps, 1)) {
                    self.follow_each_value(scope, &joined(steps.get(2..).unwrap_or_default(), tail));
                } else {
                    self.follow_one(text, steps, scope, None, tail);
                }
            }
        } else {
            self.give_up();
        }
        self.depth -= 1;
    }

    /// What a choice assumes, unless the text says so.
    pub(super) fn assumes(&self, assumed: Option<String>) -> Option<String> {
        assumed.filter(|_| !self.is_keyed_here())
    }

    fn is_keyed_here(&self) -> bool {
        self.is_keyed && self.depth == 1
    }

    /// Follows an expression; `tail` is the steps that are then taken into its
    /// value.
    pub fn follow(&mut self, expression: &'a Value, scope: Scope<'_, 'a>, tail: &[Step]) {
        let (is_wide, is_other) = (self.is_wide, self.is_other);
        let visit = || Visit {
            expression: std::ptr::from_ref(expression).addr(),
            module: scope.module.clone(),
            key: scope.key.cloned(),
            tail: tail.to_vec(),
            is_wide,
            is_other,
        };
        match self.visits.insert(visit(), None) {
            Some(Some(takes)) => {
                self.traced.takes = self.traced.takes.saturating_add(takes);
                self.visits.insert(visit(), Some(takes));
                return;
            }
            Some(None) => return self.give_up(),
            None => {}
        }
        let before = self.traced.takes;
        self.depth += 1;
        let all = whole_references(references(expression));
        if self.depth <= DEEPEST && self.spend(all.len() + 1) {
            self.follow_all(&all, scope, tail);
        } else {
            self.give_up();
        }
        self.depth -= 1;
        self.visits.insert(visit(), Some(self.traced.takes - before));
    }

    fn give_up(&mut self) {
        self.traced.opaque.insert("a chain of references that is circular or too long".to_owned());
    }

    pub(super) fn spend(&mut self, steps: usize) -> bool {
        self.steps += steps;
        let left = self.budget.get().saturating_sub(steps);
        self.budget.set(left);
        left > 0 && self.steps <= MOST_STEPS
    }

    fn follow_all(&mut self, all: &[(&str, Vec<Step>)], scope: Scope<'_, 'a>, tail: &[Step]) {
        let mut is_key = false;
        for (at, (text, steps)) in all.iter().enumerate() {
            if let (Some("each"), Some("value")) = (named(steps, 0), named(steps, 1)) {
                let was_other = self.is_other;
                self.is_other |= std::mem::take(&mut is_key);
                let before = self.seen();
                self.follow_each_value(scope, &joined(steps.get(2..).unwrap_or_default(), tail));
                // As with other references: it may be what a condition is about.
                self.traced.is_mixed |= before == self.seen() && !self.is_keyed_here();
                self.is_other = was_other;
                continue;
            }
            let next = all.get(at + 1);
            let hint = next.and_then(|(text, steps)| self.key_hint(text, steps, scope));
            let before = self.traced.takes;
            self.follow_one(text, steps, scope, hint.as_ref(), tail);
            // `each.value` right after a block without a key is most likely
            // that key.
            let value = next.filter(|(_, steps)| named(steps, 1) == Some("value") && named(steps, 0) == Some("each"));
            is_key = value.is_some() && (hint.is_some() || steps.len() == 2 && self.traced.takes > before);
            if let Some((value, _)) = value.filter(|_| is_key && hint.is_none()) {
                self.traced.assumed.insert(format!("`{value}` being only a key"));
            }
        }
    }

    /// What `for_each` holds at this instance's key: an instance of the same
    /// key, where it is the instances of a block.
    fn follow_each_value(&mut self, scope: Scope<'_, 'a>, tail: &[Step]) {
        if let Some(for_each) = scope.block.and_then(|block| block.for_each) {
            let tail = scope.key.map(|key| Step::Index(key.clone())).into_iter().chain(tail.iter().cloned());
            let tail: Vec<_> = tail.collect();
            self.follow(for_each, Scope { key: None, block: None, ..scope }, &tail);
        }
    }

    /// The hint that a reference gives about the key of the one before it. A
    /// plan shows `x[count.index]` and `x[1 - count.index]` alike: as `x`,
    /// `count.index`.
    fn key_hint(&self, text: &str, steps: &[Step], scope: Scope<'_, 'a>) -> Option<KeyHint> {
        match (named(steps, 0)?, named(steps, 1)?) {
            ("each", "key") | ("count", "index") => {
                Some(KeyHint { how: KeyHint::same(scope.key?), key: scope.key?.clone(), is_own: true })
            }
            ("each", "value") => {
                let for_each = scope.block?.for_each?;
                let mut value = at_key(self.known(for_each, scope.module)?, scope.key?);
                for step in steps.iter().skip(2) {
                    value = value.and_then(|value| at_step(value, step));
                }
                // Only a string is likely to be a key; a boolean or a number is
                // not.
                let key = Key::Text(value?.as_str()?.to_owned());
                Some(KeyHint { key, how: format!("the one with the key in `{text}`"), is_own: false })
            }
            _ => None,
        }
    }

    /// The value of an expression that is a constant, or a single variable
    /// whose value is known.
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
            // Each step leaves a module, so this ends.
            Some(argument) => self.known(argument, outer),
            None => self.configuration.default_of(&inner, name),
        }
    }

    fn follow_one(&mut self, text: &str, steps: &[Step], scope: Scope<'_, 'a>, hint: Option<&KeyHint>, tail: &[Step]) {
        let (Some(first), Some(second)) = (named(steps, 0), named(steps, 1)) else { return };
        let before = self.seen();
        self.follow_from((first, second), text, steps, scope, hint, tail);
        // What leads nowhere is there for something else, a condition, unless the
        // text says that it is a key.
        let is_key = matches!(first, "each" | "count") && self.is_keyed_here();
        self.traced.is_mixed |= before == self.seen() && !is_key;
    }

    /// How much has been found, or not been found out.
    fn seen(&self) -> (usize, usize, usize) {
        (self.traced.takes, self.traced.others.len(), self.traced.opaque.len())
    }

    fn follow_from(
        &mut self,
        (first, second): (&str, &str),
        text: &str,
        steps: &[Step],
        scope: Scope<'_, 'a>,
        hint: Option<&KeyHint>,
        tail: &[Step],
    ) {
        match first {
            "var" => {
                let rest = Rest::new(steps, tail).at(hint);
                self.follow_variable(second, scope, &rest.steps);
            }
            "local" => {
                let rest = Rest::new(steps, tail).at(hint);
                if self.follow_local(second, scope, &rest.steps).is_some() {
                    return;
                }
                let why = format!("`local.{second}`: a plan's JSON does not say what a local value is made of");
                self.traced.opaque.insert(why);
            }
            "module" if steps.len() > 2 => self.follow_module(second, Rest::new(steps, tail).at(hint), scope, None),
            "module" => self.follow_module(second, Rest::new(steps, tail), scope, hint),
            "data" => {
                self.traced.is_mixed = true;
                let Some(name) = named(steps, 2) else { return };
                let read_later = self
                    .inventory
                    .at_place(scope.module, &format!("data.{second}.{name}"))
                    .is_some_and(|keys| keys.values().any(|at| self.awaits(*at, "id")));
                if read_later {
                    self.traced
                        .opaque
                        .insert(format!("`data.{second}.{name}`, which is read only when the plan is applied"));
                }
            }
            "each" | "count" | "path" | "terraform" | "tofu" | "self" => {}
            "terraform_data" | "null_resource" | "ephemeral" => {
                self.traced.opaque.insert(format!("`{text}`, whose value is known only after the apply"));
            }
            _ => self.follow_resource(&format!("{first}.{second}"), Rest::new(steps, tail), scope, hint),
        }
    }

    fn awaits(&self, at: usize, attribute: &str) -> bool {
        self.inventory.instance(at).is_some_and(|instance| instance.awaits(attribute))
    }

    fn follow_variable(&mut self, name: &str, scope: Scope<'_, 'a>, tail: &[Step]) {
        // A variable of the root module is known, so it is not what makes a
        // value unknown.
        let Some(((call, key), outer)) = scope.module.split_last() else {
            self.traced.is_mixed = true;
            return;
        };
        let outer = outer.to_vec();
        let names: Vec<_> = outer.iter().map(|(name, _)| name.as_str()).collect();
        let Some(block) = self.configuration.call(&names, call) else { return };
        // It may be a map, of which what is wanted is no part.
        self.traced.is_mixed = true;
        if let Some(argument) = block.expressions.get(name) {
            let instances = self.inventory.children(&outer, call).map_or(1, BTreeSet::len);
            self.follow(argument, Scope { module: &outer, key: key.as_ref(), instances, block: Some(block) }, tail);
        }
    }
}
