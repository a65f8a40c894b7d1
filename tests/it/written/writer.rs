//! Writes the resources of a network as Terraform users do: in modules, in one
//! block for many, in `dynamic` blocks, or one by one. Which way is a matter of
//! the dice.

use super::dice::Dice;
use super::expression::{self, Expr, Key, at, get, null, path, text};
use super::stack::{Block, Body, MODULES, Nested, Node, Repeat, Stack};
use super::world::{Fact, Facts, Thing, Things};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a stack may be about: a part of the names of some attributes, and the
/// types whose resources are then made together.
const FOCI: [(&str, &[&str]); 12] = [
    ("", &[]),
    ("", &[]),
    ("subnet.this route_table_id", &["oci_core_subnet"]),
    ("route_table_id", &["oci_core_route_table"]),
    ("security_list_ids", &["oci_core_subnet"]),
    ("security_list_ids", &["oci_core_security_list"]),
    ("nsg_ids", &["oci_core_instance", "oci_core_network_security_group"]),
    ("create_vnic_details", &["oci_core_instance"]),
    ("network_entity_id", &["oci_core_route_table", "oci_core_internet_gateway"]),
    ("network_security_group_id", &["oci_core_network_security_group_security_rule"]),
    ("_rules", &["oci_core_route_table", "oci_core_security_list"]),
    ("_default_", &[]),
];

/// Which instances a body is for.
pub struct Many<'m> {
    pub module: &'static str,
    pub name: &'m str,
    pub keys: Vec<Key>,
    /// The fields that tell them apart.
    pub rows: BTreeMap<String, BTreeMap<Key, Expr>>,
}

pub struct Writer {
    pub stack: Stack,
    pub dice: Dice,
}

pub fn write(things: Things, dice: Dice) -> Stack {
    let mut writer = Writer { stack: Stack { things, ..Stack::default() }, dice };
    writer.exist();
    writer.place();
    for at in 0..writer.stack.blocks.len() {
        writer.fill(at);
    }
    writer.stack
}

/// The things that a thing depends on.
fn needs(facts: &Facts, found: &mut Vec<String>) {
    for (_, fact) in facts {
        match fact {
            Fact::Value(_) => {}
            Fact::Id((thing, _)) => found.push(thing.clone()),
            Fact::Ids(all) => found.extend(all.iter().map(|(thing, _)| thing.clone())),
            Fact::Blocks(all) => all.iter().for_each(|facts| needs(facts, found)),
        }
    }
}

impl Writer {
    /// Some of it may exist already: nothing, most, or here and there, and
    /// whatever that needs.
    fn exist(&mut self) {
        let percent = [0, 0, 0, 30, 80][self.dice.of("how much exists", 5)];
        let mut wanted: Vec<_> = self.stack.things.keys().cloned().collect();
        wanted.retain(|name| self.dice.chance(&format!("{name} exists"), percent));
        while let Some(name) = wanted.pop() {
            needs(&self.stack.things[&name].facts, &mut wanted);
            self.stack.exists.insert(name);
            wanted.retain(|name| !self.stack.exists.contains(name));
        }
    }

    /// Which block of which module makes each thing.
    fn place(&mut self) {
        let has_modules = self.dice.chance("modules", 60);
        for module in &MODULES[1..] {
            match self.dice.of(&format!("{module} is repeated"), 8) {
                0 => _ = self.stack.module_keys.insert(module, Key::Number(0)),
                1 => _ = self.stack.module_keys.insert(module, Key::Text("only".to_owned())),
                _ => {}
            }
        }
        let mut of_kind = BTreeMap::<&str, Vec<String>>::new();
        for (name, thing) in &self.stack.things {
            of_kind.entry(thing.kind).or_default().push(name.clone());
        }
        for (kind, names) in of_kind {
            let module = match has_modules {
                true => MODULES[self.dice.of(&format!("module of {kind}"), MODULES.len())],
                false => "",
            };
            let (_, kinds) = FOCI[self.dice.of("focus", FOCI.len())];
            let ways = if kinds.contains(&kind) || kinds.is_empty() { 4 } else { 16 };
            let how = self.dice.of(&format!("repeat {kind}"), ways);
            let how = if how < ways - 2 { 0 } else { how + 4 - ways };
            let (mut together, mut alone) = (Vec::new(), Vec::new());
            for name in names {
                let is_alone = how < 2 || self.dice.chance(&format!("{name} alone"), 15);
                if is_alone { alone.push(name) } else { together.push(name) }
            }
            let block = |name: String, things| Block {
                module,
                kind: static_kind(kind),
                name,
                repeat: None,
                body: Body::new(),
                things,
            };
            for name in alone {
                self.stack.places.insert(name.clone(), (self.stack.blocks.len(), None));
                self.stack.blocks.push(block(name.clone(), vec![(None, name)]));
            }
            if together.is_empty() {
                continue;
            }
            let key = |(at, name): (usize, String)| {
                let key = if how == 2 { Key::Text(name.clone()) } else { Key::Number(at) };
                (Some(key), name)
            };
            let things: Vec<_> = together.into_iter().enumerate().map(key).collect();
            for (key, name) in &things {
                self.stack.places.insert(name.clone(), (self.stack.blocks.len(), key.clone()));
            }
            self.stack.blocks.push(block("this".to_owned(), things));
        }
    }

    fn fill(&mut self, at: usize) {
        let block = &self.stack.blocks[at];
        let (module, name) = (block.module, format!("{}.{}", block.kind, block.name));
        let things: Vec<(Option<Key>, Thing)> =
            block.things.iter().map(|(key, name)| (key.clone(), self.stack.things[name].clone())).collect();
        let keys: Vec<_> = things.iter().filter_map(|(key, _)| key.clone()).collect();
        let mut many = Many { module, name: &name, keys: keys.clone(), rows: BTreeMap::new() };
        let all: Vec<&Facts> = things.iter().map(|(_, thing)| &thing.facts).collect();
        let mut body = self.body(&mut many, "", &all);
        let kind = things.first().map_or("", |(_, thing)| thing.kind);
        let unset = self.absent(module, &name, kind);
        body.extend(
            unset
                .filter(|(unset, _)| !body.iter().any(|(name, _)| name == unset))
                .map(|(name, expr)| (name, Node::Expr(expr))),
        );
        let repeat = match keys.first() {
            None => None,
            Some(Key::Text(_)) => Some(Repeat::ForEach(self.for_each(&many))),
            Some(Key::Number(_)) => Some(Repeat::Count(self.count(&many))),
        };
        let block = &mut self.stack.blocks[at];
        (block.body, block.repeat) = (body, repeat);
    }

    fn for_each(&mut self, many: &Many<'_>) -> Expr {
        let Many { module, name, keys, rows } = many;
        let label = |key: &Key| match key {
            Key::Text(text) => text.clone(),
            Key::Number(number) => number.to_string(),
        };
        if rows.is_empty() {
            return Expr::Call("toset", vec![Expr::List(keys.iter().map(|key| text(label(key))).collect())]);
        }
        let row = |key: &Key| {
            let fields = rows.iter().map(|(field, of)| (field.clone(), of.get(key).cloned().unwrap_or_else(null)));
            (label(key), Expr::Object(fields.collect()))
        };
        let all = Expr::Object(keys.iter().map(row).collect());
        self.held(module, &format!("{name} rows"), all)
    }

    /// The number of instances; what tells them apart is in a local.
    fn count(&mut self, many: &Many<'_>) -> Expr {
        let Many { module, name, keys, rows } = many;
        let row = |key: &Key| {
            let fields = rows.iter().map(|(field, of)| (field.clone(), of.get(key).cloned().unwrap_or_else(null)));
            Expr::Object(fields.collect())
        };
        if !rows.is_empty() {
            let all = Expr::List(keys.iter().map(row).collect());
            self.stack.locals.insert((module, field(name)), all);
        }
        Expr::Const(json!(keys.len()))
    }

    /// Whether something is what this stack is about. Elsewhere it is plain, so
    /// that what is not known there hides nothing.
    fn is_odd(&self, label: &str) -> bool {
        label.contains(FOCI[self.dice.of("focus", FOCI.len())].0)
    }

    /// One of so many ways to write something: the last, which is the plainest,
    /// if it is nothing special.
    pub fn odd(&self, label: &str, what: &str, ways: usize) -> usize {
        if self.is_odd(label) { self.dice.of(&format!("{label} {what}"), ways) } else { ways - 1 }
    }

    /// An expression as it is, or in a local value, or by a variable.
    pub fn held(&mut self, module: &'static str, what: &str, expr: Expr) -> Expr {
        match self.odd(what, "held", 5) {
            0 | 1 => {
                let name = field(what);
                self.stack.locals.insert((module, name.clone()), expr);
                path(&format!("local.{name}"))
            }
            2 => match constant(&expr) {
                Some(value) => self.variable(module, &field(what), value),
                None => expr,
            },
            _ => expr,
        }
    }

    /// A variable with a known value, passed on to a child module.
    pub fn variable(&mut self, module: &'static str, name: &str, value: Value) -> Expr {
        let expr = path(&format!("var.{name}"));
        self.stack.variables.insert(name.to_owned(), value);
        if !module.is_empty() {
            self.stack.arguments.insert((module, name.to_owned()), expr.clone());
        }
        expr
    }

    /// What the instances say, as one body.
    fn body(&mut self, many: &mut Many<'_>, place: &str, all: &[&Facts]) -> Body {
        let mut names: Vec<&'static str> = Vec::new();
        for (name, _) in all.iter().flat_map(|facts| facts.iter()) {
            if !names.contains(name) {
                names.push(name);
            }
        }
        let mut body = Body::new();
        for name in names {
            let facts: Vec<Option<&Fact>> = all.iter().map(|facts| find(facts, name)).collect();
            let place = format!("{place}{name}");
            let is_blocks = facts.iter().flatten().any(|fact| matches!(fact, Fact::Blocks(_)));
            let node = if is_blocks {
                self.blocks(many, &place, name, &facts)
            } else {
                self.attribute(many, &place, &facts).map(Node::Expr)
            };
            body.extend(node.map(|node| (name, node)));
        }
        body
    }

    fn blocks(&mut self, many: &mut Many<'_>, place: &str, name: &str, facts: &[Option<&Fact>]) -> Option<Node> {
        let of = |fact: &Option<&Fact>| match fact {
            Some(Fact::Blocks(all)) => all.clone(),
            _ => Vec::new(),
        };
        let all: Vec<Vec<Facts>> = facts.iter().map(of).collect();
        let label = format!("{} {place}", many.name);
        let is_list = name.ends_with("_rules");
        if is_list && self.is_odd(&label) && self.dice.chance(&format!("{label} unknown"), 12) {
            return Some(Node::Unknown);
        }
        let mut made = Vec::new();
        let shape = |facts: &Facts| facts.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let shapes = |all: &Vec<Facts>| all.iter().map(shape).collect::<Vec<_>>();
        let alike = all.windows(2).all(|pair| shapes(&pair[0]) == shapes(&pair[1]));
        if alike && (many.keys.is_empty() || self.dice.chance(&format!("{label} alike"), 70)) {
            for at in 0..all[0].len() {
                let one: Vec<&Facts> = all.iter().map(|all| &all[at]).collect();
                let is_dynamic =
                    is_list && self.is_odd(&label) && self.dice.chance(&format!("{label} {at} dynamic"), 15);
                let body = self.body(many, &format!("{place}_{at}_"), &one);
                made.push(Nested { only: None, is_dynamic, body });
            }
        } else {
            for (key, all) in many.keys.clone().iter().zip(&all) {
                for (at, facts) in all.iter().enumerate() {
                    let mut alone =
                        Many { module: many.module, name: many.name, keys: Vec::new(), rows: BTreeMap::new() };
                    let label = format!("{place}_{at}_{}", key.index());
                    let body = self.body(&mut alone, &label, &[facts]);
                    made.push(Nested { only: Some(key.clone()), is_dynamic: true, body });
                }
            }
        }
        (!made.is_empty()).then_some(Node::Blocks(made))
    }
}

/// A field of the instance's own row.
pub fn row(many: &mut Many<'_>, place: &str, all: Vec<Expr>) -> Expr {
    let name = field(place);
    let of = many.keys.iter().cloned().zip(all).collect();
    many.rows.insert(name.clone(), of);
    match many.keys.first() {
        Some(Key::Number(_)) => {
            let rows = path(&format!("local.{}", field(many.name)));
            get(at(rows, path("count.index")), &name)
        }
        _ => path(&format!("each.value.{name}")),
    }
}

pub fn own_key(key: &Key) -> Expr {
    path(if matches!(key, Key::Number(_)) { "count.index" } else { "each.key" })
}

fn find<'f>(facts: &'f Facts, name: &str) -> Option<&'f Fact> {
    facts.iter().find(|(other, _)| *other == name).map(|(_, fact)| fact)
}

/// A text as a name.
pub fn field(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn static_kind(kind: &str) -> &'static str {
    const KINDS: [&str; 19] = [
        "oci_core_vcn",
        "oci_core_internet_gateway",
        "oci_core_nat_gateway",
        "oci_core_service_gateway",
        "oci_core_local_peering_gateway",
        "oci_core_drg",
        "oci_core_drg_attachment",
        "oci_core_route_table",
        "oci_core_default_route_table",
        "oci_core_security_list",
        "oci_core_default_security_list",
        "oci_core_network_security_group",
        "oci_core_network_security_group_security_rule",
        "oci_core_subnet",
        "oci_core_instance",
        "oci_network_load_balancer_network_load_balancer",
        "oci_network_load_balancer_backend_set",
        "oci_network_load_balancer_listener",
        "oci_network_load_balancer_backend",
    ];
    KINDS.into_iter().find(|known| *known == kind).expect("a kind of resource")
}

/// An expression's value if it refers to nothing.
fn constant(expr: &Expr) -> Option<Value> {
    expression::shown(expr).get("constant_value").cloned()
}
