//! The end of a trace: which instances of a module or a resource a reference
//! names, and what it takes of each.

use super::instance_choice::{Instances, KeyHint, Rest, choose, named};
use super::reference_trace::ReferenceTrace;
use super::traced::Scope;
use crate::audit::document::address::Step;
use crate::audit::document::inventory::Instance;
use crate::audit::document::kind::{Thing, Want};
use serde_json::Value;
use std::collections::BTreeSet;

/// The most instances that one attribute may name; nothing in OCI comes close.
const MOST_FOUND: usize = 300;

impl<'a> ReferenceTrace<'_, 'a> {
    pub(super) fn follow_module(&mut self, call: &str, rest: Rest, scope: Scope<'_, 'a>, hint: Option<&KeyHint>) {
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
        let chosen = choose(&instances, &rest, scope.instances, hint);
        self.traced.is_several |= chosen.instances.len() > 1;
        self.traced.is_mixed |= chosen.is_odd;
        let assumed = self.assumes(chosen.assumed);
        let is_assumed = assumed.is_some();
        self.traced.assumed.extend(assumed);
        let inner: Vec<&str> = names.iter().copied().chain([call]).collect();
        let outputs: Vec<&'a Value> = match named(chosen.rest, 0) {
            Some(name) => self.configuration.output(&inner, name).into_iter().collect(),
            None => self.configuration.outputs(&inner).collect(),
        };
        let was_wide = self.is_wide;
        if outputs.len() > 1 {
            self.is_wide = true;
            self.traced.is_guess = true;
            self.traced.assumed.insert(format!("the only one that `module.{call}` gives"));
        }
        let others = if is_assumed { (instances.list)() } else { Vec::new() };
        let was_other = self.is_other;
        for (key, is_other) in
            chosen.instances.into_iter().map(|key| (key, false)).chain(others.into_iter().map(|key| (key, true)))
        {
            self.is_other = was_other || is_other;
            let mut module = scope.module.clone();
            module.push((call.to_owned(), key));
            let inside = Scope { module: &module, key: None, instances: 1, block: None };
            for output in &outputs {
                self.follow(output, inside, chosen.rest.get(1..).unwrap_or_default());
            }
        }
        self.is_other = was_other;
        self.is_wide = was_wide;
    }

    pub(super) fn follow_resource(&mut self, block: &str, rest: Rest, scope: Scope<'_, 'a>, hint: Option<&KeyHint>) {
        let Some(keys) = self.inventory.at_place(scope.module, block) else { return };
        let instances = Instances {
            count: keys.len(),
            find: &|key| keys.get(&Some(key.clone())).copied(),
            list: &|| keys.values().take(MOST_FOUND + 1).copied().collect(),
        };
        let chosen = choose(&instances, &rest, scope.instances, hint);
        self.traced.is_several |= chosen.instances.len() > 1;
        self.traced.is_mixed |= chosen.is_odd;
        let assumed = self.assumes(chosen.assumed);
        let others = if assumed.is_some() { (instances.list)() } else { Vec::new() };
        self.traced.assumed.extend(assumed);
        let was_other = self.is_other;
        let each = chosen.instances.into_iter().map(|at| (at, false)).chain(others.into_iter().map(|at| (at, true)));
        for (at, is_other) in each {
            self.is_other = was_other || is_other;
            if self.traced.found.len().max(self.traced.others.len()) > MOST_FOUND || !self.spend(1) {
                self.traced.opaque.insert(format!("which of the many instances of `{block}` it takes"));
                break;
            }
            if let Some(instance) = self.inventory.instance(at) {
                self.take(at, instance, chosen.rest);
            }
        }
        self.is_other = was_other;
    }

    /// An instance that the expression names, and what it takes of it.
    fn take(&mut self, at: usize, instance: &Instance<'a>, rest: &[Step]) {
        // A name that the resource does not have as an attribute belongs to an
        // object around the resource.
        let attribute = named(rest, 0).filter(|attribute| instance.has(attribute));
        if self.want.fits(instance.kind) && matches!(attribute, None | Some("id")) {
            if self.with_known || instance.awaits("id") {
                self.found(Thing::Instance(at), attribute.is_some(), rest);
            }
            return;
        }
        if Want::Vcn.fits(instance.kind) {
            let default = match self.want {
                Want::SecurityList => Some(("default_security_list_id", Thing::DefaultList(at))),
                Want::RouteTable => Some(("default_route_table_id", Thing::DefaultTable(at))),
                _ => None,
            };
            if let Some((default, thing)) = default
                && attribute.is_none_or(|attribute| attribute == default)
            {
                if self.with_known || instance.awaits(default) {
                    self.found(thing, attribute.is_some(), rest);
                }
                return;
            }
        }
        let is_open = match attribute {
            Some(attribute) => instance.awaits_part(attribute),
            // Most outputs of a whole module are not meant.
            None => !self.is_wide && instance.awaits_any(),
        };
        self.traced.is_mixed = true;
        if !is_open {
            return;
        }
        // Another resource's attribute may be such an id: a subnet's `vcn_id`.
        if let Some(attribute) = attribute.filter(|attribute| *attribute != "id")
            && let Some(block) = self.configuration.resource(&instance.module_names(), &instance.block)
            && let Some(expression) = block.expressions.get(attribute).filter(|one| one.get("references").is_some())
        {
            let siblings = self.inventory.at_place(&instance.module, &instance.block).map_or(1, |keys| keys.len());
            let scope =
                Scope { module: &instance.module, key: instance.key.as_ref(), instances: siblings, block: Some(block) };
            self.follow(expression, scope, rest.get(1..).unwrap_or_default());
        } else if !self.is_wide {
            let part = attribute.map(|attribute| format!(".{attribute}")).unwrap_or_default();
            self.traced.opaque.insert(format!("`{}{part}`, which is known only after the apply", instance.address));
        }
    }

    fn found(&mut self, thing: Thing, is_attribute: bool, rest: &[Step]) {
        self.traced.is_part |= rest.len() > usize::from(is_attribute);
        // What takes the id out of a resource may also pass it over.
        self.traced.is_mixed |= !is_attribute;
        if self.is_other {
            self.traced.others.insert(thing);
            return;
        }
        self.traced.found.insert(thing);
        self.traced.takes = self.traced.takes.saturating_add(1);
    }
}
