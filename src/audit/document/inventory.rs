//! Every resource instance that will exist, by address, by id and by place.
//! Must never know a configuration.

use super::address::{Key, ModulePath, module_path};
use super::kind::{Thing, Want};
use super::{Document, Form};
use crate::audit::problem::Problem;
use crate::diagnostic::listed;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A resource instance, or what a data source read.
pub struct Instance<'a> {
    /// The full address, module and key included.
    pub address: &'a str,
    pub module: ModulePath,
    /// As configurations name it: `oci_core_vcn.lab`, `data.oci_core_vcn.lab`.
    pub block: String,
    pub key: Option<Key>,
    pub kind: &'a str,
    pub values: &'a Value,
    /// Which values are known only after the apply; `None` for an instance that
    /// already exists.
    pub unknown: Option<&'a Value>,
    /// Whether a plan's configuration describes it.
    pub planned: bool,
    pub is_data: bool,
}

impl<'a> Instance<'a> {
    /// The text of a top-level attribute, if it is known.
    pub fn text(&self, attribute: &str) -> Option<&'a str> {
        self.values.get(attribute).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Whether a top-level attribute is known only after the apply.
    pub fn awaits(&self, attribute: &str) -> bool {
        self.unknown.is_some_and(|unknown| unknown.get(attribute).and_then(Value::as_bool) == Some(true))
    }

    /// The same, or that something in it is.
    pub fn awaits_part(&self, attribute: &str) -> bool {
        self.unknown.and_then(|unknown| unknown.get(attribute)).is_some_and(has_true)
    }

    /// Whether anything of it is known only after the apply.
    pub fn awaits_any(&self) -> bool {
        self.unknown.is_some_and(has_true)
    }

    /// Whether it has an attribute of a name, known or not.
    pub fn has(&self, attribute: &str) -> bool {
        self.values.get(attribute).is_some() || self.unknown.is_some_and(|unknown| unknown.get(attribute).is_some())
    }

    /// The names of its module's calls.
    pub fn module_names(&self) -> Vec<&str> {
        self.module.iter().map(|(name, _)| name.as_str()).collect()
    }
}

type Keys = BTreeMap<Option<Key>, usize>;

#[derive(Default)]
pub struct Inventory<'a> {
    /// In the order of their addresses.
    pub instances: Vec<Instance<'a>>,
    by_id: HashMap<&'a str, Thing>,
    by_place: HashMap<ModulePath, HashMap<String, Keys>>,
    children: HashMap<ModulePath, HashMap<String, BTreeSet<Option<Key>>>>,
    /// Whether something other than an OCI resource (a data source, another
    /// provider's resource) has values that are known only after the apply, and
    /// so may produce any id.
    pub awaits_others: bool,
    /// The addresses of objects that were replaced but still exist.
    pub deposed: Vec<&'a str>,
    /// The addresses of resources whose values are not here.
    pub unread: Vec<&'a str>,
}

impl<'a> Inventory<'a> {
    pub fn new(document: &'a Document) -> Result<Self, Problem> {
        let mut all = Collected::default();
        match document.form {
            Form::State => all.add(document.part("values")),
            Form::Plan => collect_plan(document, &mut all),
        }
        let Collected { mut found, unread } = all;
        found.sort_by(|a, b| a.address.cmp(b.address));
        found.dedup_by(|later, earlier| later.address == earlier.address);
        let mut deposed = Vec::new();
        match document.form {
            Form::State => collect_deposed(document.part("values"), &mut deposed),
            Form::Plan => {
                let changes = document.part("resource_changes").and_then(Value::as_array).into_iter().flatten();
                let kept = changes.filter(|change| change.get("deposed").is_some() && is_forgotten(change));
                deposed.extend(kept.filter_map(|change| change.get("address").and_then(Value::as_str)));
            }
        }
        let mut all = Self { instances: found, deposed, unread, ..Self::default() };
        all.index();
        all.must_be_oci(document.form)?;
        Ok(all)
    }

    fn index(&mut self) {
        let mut by_id = HashMap::new();
        let wanted = |want: Want| self.instances.iter().enumerate().filter(move |(_, one)| want.fits(one.kind));
        // Managed resources take precedence over data sources. The id of a
        // default list stands for the VCN's default, which is the more useful
        // answer.
        for is_data in [false, true] {
            for (at, vcn) in wanted(Want::Vcn).filter(|(_, vcn)| vcn.is_data == is_data) {
                for (attribute, thing) in [
                    ("default_security_list_id", Thing::DefaultList(at)),
                    ("default_route_table_id", Thing::DefaultTable(at)),
                ] {
                    if let Some(id) = vcn.text(attribute) {
                        by_id.entry(id).or_insert(thing);
                    }
                }
            }
        }
        for is_data in [false, true] {
            for (at, instance) in Want::EVERY.into_iter().flat_map(wanted).filter(|(_, one)| one.is_data == is_data) {
                if let Some(id) = instance.text("id") {
                    by_id.entry(id).or_insert(Thing::Instance(at));
                }
            }
        }
        for (at, instance) in self.instances.iter().enumerate() {
            let place = self.by_place.entry(instance.module.clone()).or_default();
            place.entry(instance.block.clone()).or_default().insert(instance.key.clone(), at);
            let mut outer = instance.module.clone();
            while let Some((name, key)) = outer.pop() {
                let children = self.children.entry(outer.clone()).or_default();
                children.entry(name).or_default().insert(key);
            }
        }
        self.by_id = by_id;
        self.awaits_others = self.instances.iter().any(|instance| match instance.is_data {
            true => instance.unknown.is_some() && !HARMLESS_DATA.iter().any(|kind| instance.kind.starts_with(kind)),
            false => !instance.kind.starts_with("oci_") && instance.awaits_any(),
        });
    }

    fn must_be_oci(&self, form: Form) -> Result<(), Problem> {
        let kinds = || self.instances.iter().map(|instance| instance.kind);
        if kinds().any(|kind| kind.starts_with("oci_")) {
            return Ok(());
        }
        let providers: BTreeSet<&str> = kinds().map(|kind| kind.split('_').next().unwrap_or(kind)).collect();
        let form = form.word();
        Err(if providers.is_empty() {
            Problem::new(
                format!("the {form} is empty: it has no resources"),
                "audit the plan or the state of a stack with a network in OCI",
            )
        } else {
            Problem::new(
                format!("the {form} has no resources of OCI, only of {}", listed(providers)),
                "only networks of Oracle Cloud Infrastructure are audited: resources named oci_...",
            )
        })
    }

    pub fn instance(&self, at: usize) -> Option<&Instance<'a>> {
        self.instances.get(at)
    }

    pub fn of_kind<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = (usize, &'s Instance<'a>)> {
        let managed = self.instances.iter().enumerate();
        managed.filter(move |(_, instance)| instance.kind == kind && !instance.is_data)
    }

    /// Things with a real id, by that id.
    pub fn by_id(&self, id: &str) -> Option<Thing> {
        self.by_id.get(id).copied()
    }

    /// The instances of a block in a module instance.
    pub fn at_place(&self, module: &ModulePath, block: &str) -> Option<&Keys> {
        self.by_place.get(module)?.get(block)
    }

    /// The instances of a module call in a module instance.
    pub fn children(&self, module: &ModulePath, call: &str) -> Option<&BTreeSet<Option<Key>>> {
        self.children.get(module)?.get(call)
    }
}

// The recursion is bounded by the JSON parser's limit on depth.
fn has_true(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Array(list) => list.iter().any(has_true),
        Value::Object(map) => map.values().any(has_true),
        _ => false,
    }
}

/// Prefixes of the types of data sources that never give the id of a network
/// resource.
const HARMLESS_DATA: [&str; 4] =
    ["oci_core_services", "oci_core_images", "oci_identity_", "oci_objectstorage_namespace"];

/// The resources of a document.
#[derive(Default)]
struct Collected<'a> {
    found: Vec<Instance<'a>>,
    unread: Vec<&'a str>,
}

/// What a plan keeps, what it creates, and what its data sources read.
fn collect_plan<'a>(document: &'a Document, all: &mut Collected<'a>) {
    let mut unknown = HashMap::new();
    let mut mentioned = HashSet::new();
    let mut stays = Vec::new();
    for change in document.part("resource_changes").and_then(Value::as_array).into_iter().flatten() {
        let Some(address) = change.get("address").and_then(Value::as_str) else { continue };
        // What is only forgotten stays as it is.
        if !is_forgotten(change) {
            mentioned.insert(address);
        }
        if change.get("deposed").is_some() {
            continue;
        }
        if stays_or_comes(change) {
            stays.push(address);
        }
        if let Some(after) = change.get("change").and_then(|change| change.get("after_unknown")) {
            unknown.insert(address, after);
        }
    }
    all.add(document.part("planned_values"));
    for instance in &mut all.found {
        instance.planned = true;
        instance.unknown = unknown.get(instance.address).copied();
        mentioned.insert(instance.address);
    }
    // A plan with `-target` leaves out everything else, which stays as it is.
    let mut before = Collected::default();
    before.add(document.part("prior_state").and_then(|state| state.get("values")));
    before.found.retain(|instance| !mentioned.contains(instance.address));
    before.unread.retain(|address| !mentioned.contains(address));
    all.found.append(&mut before.found);
    all.unread.append(&mut before.unread);
    let found: HashSet<_> = all.found.iter().map(|instance| instance.address).collect();
    all.unread.extend(stays.into_iter().filter(|address| !found.contains(address)));
    all.unread.sort_unstable();
    all.unread.dedup();
}

/// Whether a managed resource is there after the plan.
fn stays_or_comes(change: &Value) -> bool {
    let actions = change.get("change").and_then(|change| change.get("actions")).and_then(Value::as_array);
    let is_there = |action: &Value| action.as_str().is_some_and(|action| action != "delete" && action != "read");
    change.get("mode").and_then(Value::as_str) == Some("managed") && actions.is_some_and(|all| all.iter().any(is_there))
}

fn is_forgotten(change: &Value) -> bool {
    let actions = change.get("change").and_then(|change| change.get("actions")).and_then(Value::as_array);
    actions.is_some_and(|actions| actions.iter().any(|action| action == "forget"))
}

impl<'a> Collected<'a> {
    fn add(&mut self, values: Option<&'a Value>) {
        if let Some(root) = values.and_then(|values| values.get("root_module")) {
            self.add_module(root, &ModulePath::new());
        }
    }

    // The recursion is bounded by the JSON parser's limit on depth.
    fn add_module(&mut self, module: &'a Value, path: &ModulePath) {
        let list = |name: &str| module.get(name).and_then(Value::as_array).into_iter().flatten();
        // A deposed object only waits to be destroyed.
        for resource in list("resources").filter(|resource| resource.get("deposed_key").is_none_or(Value::is_null)) {
            match instance(resource, path) {
                Some(instance) => self.found.push(instance),
                None => self.unread.push(resource.get("address").and_then(Value::as_str).unwrap_or("a resource")),
            }
        }
        for child in list("child_modules") {
            if let Some(path) = child.get("address").and_then(Value::as_str).and_then(module_path) {
                self.add_module(child, &path);
            }
        }
    }
}

fn collect_deposed<'a>(values: Option<&'a Value>, found: &mut Vec<&'a str>) {
    let mut modules: Vec<_> = values.and_then(|values| values.get("root_module")).into_iter().collect();
    while let Some(module) = modules.pop() {
        let list = |name: &str| module.get(name).and_then(Value::as_array).into_iter().flatten();
        let deposed = list("resources").filter(|resource| resource.get("deposed_key").is_some_and(Value::is_string));
        found.extend(deposed.filter_map(|resource| resource.get("address").and_then(Value::as_str)));
        modules.extend(list("child_modules"));
    }
}

static NOTHING: Value = Value::Null;

fn instance<'a>(resource: &'a Value, module: &ModulePath) -> Option<Instance<'a>> {
    let text = |name: &str| resource.get(name).and_then(Value::as_str);
    let (kind, is_data) = (text("type")?, text("mode") == Some("data"));
    let name = text("name")?;
    Some(Instance {
        address: text("address")?,
        module: module.clone(),
        block: if is_data { format!("data.{kind}.{name}") } else { format!("{kind}.{name}") },
        key: resource.get("index").and_then(Key::read),
        kind,
        // Of a data source that is read only when the plan is applied there may
        // be nothing.
        values: resource.get("values").filter(|values| values.is_object()).or(is_data.then_some(&NOTHING))?,
        unknown: None,
        planned: false,
        is_data,
    })
}
