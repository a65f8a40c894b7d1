//! From an attribute to the one thing that it names.
//! Knows ids and references; must never guess.

use super::reference_trace::{BUDGET, ReferenceTrace};
use super::traced::{Scope, Traced};
use crate::audit::document::address::Step;
use crate::audit::document::block::{Attribute, Block, Source};
use crate::audit::document::configuration::{Configuration, Repeated};
use crate::audit::document::inventory::{Instance, Inventory};
use crate::audit::document::kind::{Thing, Want};
use crate::audit::document::text::Texts;
use crate::audit::document::{Document, Form, shown};
use crate::diagnostic::{listed, quoted};
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeSet;

/// Everything that is needed to resolve an attribute.
pub struct Resolver<'a> {
    pub inventory: Inventory<'a>,
    pub configuration: Configuration<'a>,
    pub(super) texts: &'a Texts,
    form: Form,
    /// References that may still be followed.
    budget: Cell<usize>,
}

/// What an attribute that holds one id names.
pub enum Single {
    Absent,
    Certain(Thing),
    /// One of these; or, unless they are all, something else.
    Among {
        things: Vec<Thing>,
        is_all: bool,
        why: String,
    },
    /// Something that is not here.
    Unresolved(String),
}

/// How many things of a kind one line says.
pub(super) const MOST_NAMED: usize = 3;

impl<'a> Resolver<'a> {
    pub fn new(document: &'a Document, inventory: Inventory<'a>, texts: &'a Texts) -> Self {
        let configuration = Configuration::new(document.part("configuration"), document.part("variables"));
        Self { inventory, configuration, texts, form: document.form, budget: Cell::new(BUDGET) }
    }

    /// A resource as a block.
    pub fn block<'s>(&'s self, instance: &'s Instance<'a>) -> Block<'s, 'a> {
        Block::of(instance, self.configured(instance).map(|block| block.expressions))
    }

    fn configured(&self, instance: &Instance<'a>) -> Option<Repeated<'a>> {
        if !instance.planned {
            return None;
        }
        self.configuration.resource(&instance.module_names(), &instance.block)
    }

    /// The address of a thing, which is both its key and what users read.
    pub fn address(&self, thing: Thing) -> String {
        let address = |at: usize| self.inventory.instance(at).map_or("", |instance| instance.address);
        match thing {
            Thing::Instance(at) => address(at).to_owned(),
            Thing::DefaultList(vcn) => format!("{}.default_security_list_id", address(vcn)),
            Thing::DefaultTable(vcn) => format!("{}.default_route_table_id", address(vcn)),
        }
    }

    /// The VCN that a resource is in.
    pub fn vcn_of(&self, instance: &Instance<'a>) -> Option<Thing> {
        match self.one(&self.block(instance), "vcn_id", Want::Vcn) {
            Single::Certain(vcn) => Some(vcn),
            Single::Among { things, is_all: true, .. } => match things.as_slice() {
                [only] => Some(*only),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn one(&self, block: &Block<'_, 'a>, name: &str, want: Want) -> Single {
        match block.get(name) {
            Attribute::Absent => Single::Absent,
            Attribute::Known(Value::String(id)) if id.is_empty() => Single::Absent,
            Attribute::Known(value) => self.by_id(value, want).map_or_else(Single::Unresolved, Single::Certain),
            Attribute::Unknown if !block.is_configured(name) => Single::Absent,
            Attribute::Unknown => self.one_by_reference(block, name, want),
        }
    }

    /// Whether an attribute that is not known yet may turn out not to be set: its
    /// expression has more than a reference, and so may have a condition.
    pub fn may_be_unset(&self, block: &Block<'_, 'a>, name: &str, want: Want) -> bool {
        if block.get(name) != Attribute::Unknown || !block.is_configured(name) {
            return false;
        }
        if self.is_never_null(block, name) {
            return false;
        }
        let is_more = |traced: &Traced| traced.is_mixed || traced.is_part || !traced.opaque.is_empty();
        self.traces(block, name, want, false).map_or(true, |traces| traces.iter().any(is_more))
    }

    /// What is referred to in an attribute's expression, whatever its value.
    pub fn one_by_reference(&self, block: &Block<'_, 'a>, name: &str, want: Want) -> Single {
        let mut all = Traced::default();
        // With an assumption the choice may be one of those with an id, too.
        match self.traces(block, name, want, false) {
            Err(why) => return self.by_elimination(why, want),
            Ok(traces) => {
                for traced in traces {
                    all.found.extend(traced.found);
                    all.opaque.extend(traced.opaque);
                    all.assumed.extend(traced.assumed);
                    all.others.extend(traced.others);
                    all.is_guess |= traced.is_guess;
                }
            }
        }
        match (self.assumption(&all), all.opaque.is_empty()) {
            (None, true) if all.found.len() == 1 => all.found.pop_first().map_or(Single::Absent, Single::Certain),
            (Some(why), true) if all.found.len() == 1 => {
                let others = if all.is_guess { self.every(want) } else { all.others.into_iter().collect() };
                let found = &all.found;
                let others = others.into_iter().filter(|other| !found.contains(other));
                let things = found.iter().copied().chain(others).collect();
                Single::Among { things, is_all: true, why }
            }
            (_, true) if all.found.len() > 1 => {
                let why = self.several_or_none(&all, want);
                all.found.append(&mut all.others);
                let things = if all.is_guess { self.every(want) } else { all.found.into_iter().collect() };
                Single::Among { things, is_all: true, why }
            }
            _ => self.by_elimination(self.several_or_none(&all, want), want),
        }
    }

    /// Everything of a kind.
    pub fn every(&self, want: Want) -> Vec<Thing> {
        let mut all = Vec::new();
        for (at, instance) in self.inventory.instances.iter().enumerate() {
            if want.fits(instance.kind) {
                all.push(Thing::Instance(at));
            }
            if Want::Vcn.fits(instance.kind) {
                match want {
                    Want::SecurityList => all.push(Thing::DefaultList(at)),
                    Want::RouteTable => all.push(Thing::DefaultTable(at)),
                    _ => {}
                }
            }
        }
        all
    }

    /// What was assumed to find a result, as a message.
    pub(super) fn assumption(&self, traced: &Traced) -> Option<String> {
        let how = few(traced.assumed.iter().cloned(), " and ");
        (!how.is_empty())
            .then(|| format!("it is likely {}, {how}; the plan does not say so", self.names(&traced.found)))
    }

    /// What the expressions of an attribute lead to, for each block of the
    /// configuration that may hold them.
    pub(super) fn traces(
        &self,
        block: &Block<'_, 'a>,
        name: &str,
        want: Want,
        with_known: bool,
    ) -> Result<Vec<Traced>, String> {
        let all = match &block.source {
            Source::Expressions(all) => all,
            Source::Hidden => {
                if let Some(references) = self.hidden(block, name) {
                    let traced = self.traced_text(self.scope(block.owner), name, &references, want, with_known);
                    return Ok(vec![Traced { is_mixed: true, ..traced }]);
                }
                return Err(
                    "it is set in a `dynamic` block or by a value as a whole, whose expressions a plan's JSON \
                            leaves out"
                        .to_owned(),
                );
            }
            Source::None => return Ok(Vec::new()),
        };
        let instance = block.owner;
        let scope = self.scope(instance);
        let directory = self.configuration.directory(&instance.module_names());
        let is_keyed = all.len() == 1
            && directory.is_some_and(|directory| self.texts.is_keyed(&directory, &instance.block, &block.path, name));
        let trace = |expressions: &&'a Value| {
            let trace = ReferenceTrace::new(&self.inventory, &self.configuration, self.texts, want, &self.budget);
            let mut trace = trace.with_known(with_known).keyed(is_keyed);
            if let Some(expression) = expressions.get(name) {
                trace.follow(expression, scope, &[]);
            }
            trace.traced
        };
        Ok(all.iter().map(trace).collect())
    }

    pub(super) fn scope<'s>(&'s self, instance: &'s Instance<'a>) -> Scope<'s, 'a> {
        Scope {
            module: &instance.module,
            key: instance.key.as_ref(),
            instances: self.inventory.at_place(&instance.module, &instance.block).map_or(1, |keys| keys.len()),
            block: self.configured(instance),
        }
    }

    /// The references of an attribute in a `dynamic` block of the module's text.
    fn hidden(&self, block: &Block<'_, 'a>, name: &str) -> Option<Vec<Vec<Step>>> {
        let directory = self.configuration.directory(&block.owner.module_names())?;
        self.texts.hidden(&directory, &block.owner.block, &block.path, name)
    }

    /// What the references in a part of an attribute's text lead to.
    pub(super) fn traced_text(
        &self,
        scope: Scope<'_, 'a>,
        name: &str,
        references: &[Vec<Step>],
        want: Want,
        with_known: bool,
    ) -> Traced {
        let trace = ReferenceTrace::new(&self.inventory, &self.configuration, self.texts, want, &self.budget);
        let mut trace = trace.with_known(with_known);
        trace.follow_text(name, references, scope, &[]);
        trace.traced
    }

    /// What is possible when the references of an expression were inconclusive
    /// for the reason `why`. A value that is not known yet can hardly be the id
    /// of anything but what is here, unless something other than an OCI resource
    /// may produce it.
    fn by_elimination(&self, why: String, want: Want) -> Single {
        let (things, word) = (self.every(want), want.word());
        let why = match things.as_slice() {
            [only] if !self.inventory.awaits_others => {
                let name = self.address(*only);
                format!("{why}; assumed to be `{name}`, the only {word} here; the plan does not say so")
            }
            _ => format!("{why}; every {word} here is possible"),
        };
        Single::Among { things, is_all: false, why }
    }

    pub(super) fn by_id(&self, value: &Value, want: Want) -> Result<Thing, String> {
        let Some(id) = value.as_str() else {
            return Err(format!("{} is not an id", shown(value)));
        };
        let thing =
            self.inventory.by_id(id).ok_or_else(|| format!("{} is not in this {}", quoted_id(id), self.form.word()))?;
        let fits = match thing {
            Thing::Instance(at) => self.inventory.instance(at).is_some_and(|instance| want.fits(instance.kind)),
            Thing::DefaultList(_) => want == Want::SecurityList,
            Thing::DefaultTable(_) => want == Want::RouteTable,
        };
        if fits { Ok(thing) } else { Err(format!("{} is not a {}", self.address(thing), want.word())) }
    }

    pub(super) fn several_or_none(&self, traced: &Traced, want: Want) -> String {
        let unseen = few(traced.opaque.iter().cloned(), ", ");
        let names = self.names(&traced.found);
        match (traced.found.len(), traced.opaque.is_empty()) {
            (0, true) => format!("its expression leads to no {} that this plan makes", want.word()),
            (0, false) => format!("it depends on {unseen}"),
            (1, true) => format!("it may be {names}, or more"),
            (1, false) => format!("it may be {names}, but depends on {unseen}"),
            (_, true) => format!("it is among {names}, and the plan does not say which"),
            (_, false) => format!("it is among {names}, and depends on {unseen}"),
        }
    }

    pub(super) fn names(&self, things: &BTreeSet<Thing>) -> String {
        let names: Vec<_> = things.iter().map(|thing| self.address(*thing)).collect();
        listed(names.iter().map(String::as_str))
    }
}

/// The first few of many, on one line.
fn few(all: impl ExactSizeIterator<Item = String>, between: &str) -> String {
    let more = all.len().saturating_sub(MOST_NAMED);
    let mut shown: Vec<_> = all.take(MOST_NAMED).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(between)
}

/// An id in quotes. OCIDs are longer than the limit for other quoted text, and
/// useless when cut.
fn quoted_id(id: &str) -> String {
    if id.len() <= 200 && id.chars().all(|c| c.is_ascii_graphic()) { format!("\"{id}\"") } else { quoted(id) }
}
