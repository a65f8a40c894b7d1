//! Writes the resources of a network as Terraform users do: in modules, in one
//! block for many, by `each.value` and by conditions. Which way is a matter of
//! the dice.

use super::dice::Dice;
use super::expression::{Expr, Key, Scope, Step, Val, at, equal, get, null, path, text, value, when};
use super::world::{Attribute, Fact, Facts, Thing, Things, services};
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

/// Which instances a body is for.
struct Many<'m> {
    module: &'static str,
    name: &'m str,
    keys: Vec<Key>,
    /// The fields that tell them apart.
    rows: BTreeMap<String, BTreeMap<Key, Expr>>,
}

struct Writer {
    stack: Stack,
    dice: Dice,
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
            if self.dice.chance(&format!("{module} is counted"), 20) {
                self.stack.module_keys.insert(module, Key::Number(0));
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
            let how = self.dice.of(&format!("repeat {kind}"), 4);
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
        let body = self.body(&mut many, "", &all);
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

    /// An expression as it is, or in a local value, or by a variable.
    fn held(&mut self, module: &'static str, what: &str, expr: Expr) -> Expr {
        match self.dice.of(&format!("{what} held"), 5) {
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
    fn variable(&mut self, module: &'static str, name: &str, value: Value) -> Expr {
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
        if is_list && self.dice.chance(&format!("{label} unknown"), 2) {
            return Some(Node::Unknown);
        }
        let mut made = Vec::new();
        let shape = |facts: &Facts| facts.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let shapes = |all: &Vec<Facts>| all.iter().map(shape).collect::<Vec<_>>();
        let alike = all.windows(2).all(|pair| shapes(&pair[0]) == shapes(&pair[1]));
        if alike && (many.keys.is_empty() || self.dice.chance(&format!("{label} alike"), 70)) {
            for at in 0..all[0].len() {
                let one: Vec<&Facts> = all.iter().map(|all| &all[at]).collect();
                let is_dynamic = is_list && self.dice.chance(&format!("{label} {at} dynamic"), 15);
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

    fn attribute(&mut self, many: &mut Many<'_>, place: &str, facts: &[Option<&Fact>]) -> Option<Expr> {
        let label = format!("{} {place}", many.name);
        if facts.windows(2).all(|pair| pair[0] == pair[1]) && !self.dice.chance(&format!("{label} varied"), 10) {
            let expr = match facts.first().copied().flatten()? {
                Fact::Value(value) => self.constant(many.module, &label, value),
                Fact::Id(target) => self.id(many.module, &label, target),
                Fact::Ids(targets) => self.ids(many.module, &label, targets),
                Fact::Blocks(_) => unreachable!("a block is no attribute"),
            };
            return Some(expr);
        }
        if many.keys.is_empty() {
            return self.attribute_of_one(many, &label, facts.first().copied().flatten()?);
        }
        let is_ids = facts.iter().flatten().any(|fact| matches!(fact, Fact::Ids(_)));
        let is_id = facts.iter().flatten().any(|fact| matches!(fact, Fact::Id(_)));
        match (is_id, is_ids) {
            (true, _) => Some(self.varied_id(many, place, &label, facts)),
            (_, true) => Some(self.varied_ids(many, place, &label, facts)),
            _ => {
                let value = |fact: &Option<&Fact>| match fact {
                    Some(Fact::Value(value)) => Expr::Const(value.clone()),
                    _ => null(),
                };
                Some(row(many, place, facts.iter().map(value).collect()))
            }
        }
    }

    fn attribute_of_one(&mut self, many: &Many<'_>, label: &str, fact: &Fact) -> Option<Expr> {
        Some(match fact {
            Fact::Value(value) => self.constant(many.module, label, value),
            Fact::Id(target) => self.id(many.module, label, target),
            Fact::Ids(targets) => self.ids(many.module, label, targets),
            Fact::Blocks(_) => return None,
        })
    }

    fn constant(&mut self, module: &'static str, label: &str, value: &Value) -> Expr {
        if value.as_str().is_some_and(|text| text.starts_with("ocid1.service.")) {
            let at = usize::from(!value.as_str().is_some_and(|text| text.ends_with(".all")));
            let mut steps =
                ["data", "oci_core_services", "all", "services"].map(|name| Step::Name(name.to_owned())).to_vec();
            steps.extend([Step::Key(Key::Number(at)), Step::Name("id".to_owned())]);
            let expr = Expr::Ref(steps);
            if module.is_empty() {
                return expr;
            }
            let name = field(label);
            self.stack.arguments.insert((module, name.clone()), expr);
            return path(&format!("var.{name}"));
        }
        match self.dice.of(&format!("{label} constant"), 50) {
            0..5 => self.variable(module, &field(label), value.clone()),
            5..8 => {
                let name = field(label);
                self.stack.locals.insert((module, name.clone()), Expr::Const(value.clone()));
                path(&format!("local.{name}"))
            }
            // Without its CIDR, a VCN or a subnet is hardly there.
            8 if !label.contains("cidr_block") => self.later(module, label),
            _ => Expr::Const(value.clone()),
        }
    }

    /// A value that is known only after the apply.
    fn later(&mut self, module: &'static str, label: &str) -> Expr {
        let later = path("terraform_data.later.output");
        if module.is_empty() {
            return later;
        }
        let name = field(label);
        self.stack.arguments.insert((module, name.clone()), later);
        path(&format!("var.{name}"))
    }

    fn flag(&mut self, module: &'static str, is: bool) -> Expr {
        self.variable(module, if is { "yes" } else { "no" }, json!(is))
    }

    /// Something else that such an attribute could name, or nothing.
    fn other(&mut self, module: &'static str, label: &str, (thing, attribute): &Attribute) -> Option<Expr> {
        let kind = self.stack.things[thing].kind;
        if kind == "oci_core_local_peering_gateway" {
            return None;
        }
        let others: Vec<_> = self
            .stack
            .things
            .iter()
            .filter(|(name, one)| one.kind == kind && *name != thing)
            .map(|one| one.0.clone())
            .collect();
        let at = self.dice.of(&format!("{label} other"), others.len() + 2);
        let other = others.get(at)?.clone();
        Some(self.reference(module, &(other, attribute)))
    }

    fn id(&mut self, module: &'static str, label: &str, target: &Attribute) -> Expr {
        let plain = self.reference(module, target);
        match self.dice.of(&format!("{label} id"), 40) {
            0 => {
                let other = self.other(module, label, target).unwrap_or_else(null);
                when(self.flag(module, true), plain, other)
            }
            1 => {
                let other = self.other(module, label, target).unwrap_or_else(null);
                when(self.flag(module, false), other, plain)
            }
            2..4 => {
                let name = field(label);
                self.stack.locals.insert((module, name.clone()), plain);
                path(&format!("local.{name}"))
            }
            4 => Expr::Call("one", vec![Expr::List(vec![plain])]),
            5..9 if self.stack.exists.contains(&target.0) => text(ocid(target)),
            _ => plain,
        }
    }

    fn ids(&mut self, module: &'static str, label: &str, targets: &[Attribute]) -> Expr {
        let element = |writer: &mut Self, target: &Attribute| {
            let is_text =
                writer.stack.exists.contains(&target.0) && writer.dice.chance(&format!("{label} {}", target.0), 30);
            if is_text { text(ocid(target)) } else { writer.reference(module, target) }
        };
        let list: Vec<Expr> = targets.iter().map(|target| element(self, target)).collect();
        let plain = Expr::List(list.clone());
        let other = |writer: &mut Self| targets.first().and_then(|first| writer.other(module, label, first));
        match self.dice.of(&format!("{label} ids"), 40) {
            0 => {
                let other = other(self).map_or_else(null, |other| Expr::List(vec![other]));
                when(self.flag(module, true), plain, other)
            }
            1 => {
                let other = other(self).map_or_else(null, |other| Expr::List(vec![other]));
                when(self.flag(module, false), other, plain)
            }
            2 => {
                let other = other(self).unwrap_or_else(|| text(""));
                let more = when(self.flag(module, false), Expr::List(vec![other]), Expr::List(Vec::new()));
                Expr::Call("concat", vec![plain, more])
            }
            3 => {
                let other = other(self).unwrap_or_else(|| text(""));
                let mut list = list;
                list.push(when(self.flag(module, true), text(""), other));
                Expr::Call("compact", vec![Expr::List(list)])
            }
            4..6 => {
                let name = field(label);
                self.stack.locals.insert((module, name.clone()), plain);
                path(&format!("local.{name}"))
            }
            6..16 => self.all_of_block(module, targets).unwrap_or(plain),
            _ => plain,
        }
    }

    /// `block[*].id`, where that is what is meant.
    fn all_of_block(&self, module: &str, targets: &[Attribute]) -> Option<Expr> {
        let (at, _) = self.stack.places.get(&targets.first()?.0)?;
        let block = &self.stack.blocks[*at];
        let key = block.things.first()?.0.clone()?;
        let is_all = block.things.len() == targets.len()
            && targets.iter().all(|(name, attribute)| *attribute == "id" && self.stack.places[name].0 == *at);
        if !is_all || block.module != module {
            return None;
        }
        let all = path(&format!("{}.{}", block.kind, block.name));
        Some(match key {
            Key::Number(_) => Expr::Splat(Box::new(all), "id".to_owned()),
            Key::Text(_) => {
                let values = Expr::Call("values", vec![all]);
                Expr::Splat(Box::new(values), "id".to_owned())
            }
        })
    }

    /// All that is chosen among, by name.
    fn map(&mut self, many: &Many<'_>, label: &str, targets: &BTreeSet<Attribute>) -> Expr {
        // They may be the instances of one block.
        let blocks: BTreeSet<usize> = targets.iter().map(|(name, _)| self.stack.places[name].0).collect();
        let first = blocks.first().map(|at| &self.stack.blocks[*at]);
        if let (1, Some(block)) = (blocks.len(), first)
            && block.module == many.module
            && targets.iter().all(|(name, _)| matches!(self.stack.places[name].1, Some(Key::Text(_))))
            && self.dice.chance(&format!("{label} by block"), 75)
        {
            return path(&format!("{}.{}", block.kind, block.name));
        }
        let entry = |target: &Attribute| {
            let object = Expr::Object([(target.1.to_owned(), self.reference(many.module, target))].into());
            (target.0.clone(), object)
        };
        let mut all: BTreeMap<String, Expr> = BTreeMap::new();
        for (name, object) in targets.iter().map(entry).collect::<Vec<_>>() {
            match (all.get_mut(&name), object) {
                (Some(Expr::Object(before)), Expr::Object(more)) => before.extend(more),
                (_, object) => _ = all.insert(name, object),
            }
        }
        self.held(many.module, &format!("{label} map"), Expr::Object(all))
    }

    fn varied_id(&mut self, many: &mut Many<'_>, place: &str, label: &str, facts: &[Option<&Fact>]) -> Expr {
        let of = |fact: &Option<&Fact>| match fact {
            Some(Fact::Id(target)) => Some(target.clone()),
            _ => None,
        };
        let targets: Vec<Option<Attribute>> = facts.iter().map(of).collect();
        let all: BTreeSet<Attribute> = targets.iter().flatten().cloned().collect();
        let attributes: BTreeSet<_> = all.iter().map(|target| target.1).collect();
        let how = self.dice.of(&format!("{label} varied id"), 10);
        if how < 3 || attributes.len() > 1 {
            // The rows have it.
            let all =
                targets.iter().map(|target| target.as_ref().map_or_else(null, |one| self.reference(many.module, one)));
            let all = all.collect();
            return row(many, place, all);
        }
        if how < 6 && all.len() < 4 {
            // One condition after another.
            let mut expr = null();
            for target in &all {
                let plain = self.reference(many.module, target);
                for (key, of) in many.keys.iter().zip(&targets).filter(|(_, of)| of.as_ref() == Some(target)) {
                    let _ = of;
                    expr = when(equal(own_key(key), Expr::Const(key.value())), plain.clone(), expr);
                }
            }
            return expr;
        }
        let names = targets.iter().map(|target| target.as_ref().map_or_else(null, |one| text(one.0.clone())));
        let names: Vec<_> = names.collect();
        let map = self.map(many, label, &all);
        let attribute = attributes.first().copied().unwrap_or("id");
        // Often the keys are the same.
        let is_own = many
            .keys
            .iter()
            .zip(&targets)
            .all(|(key, target)| target.as_ref().is_some_and(|(name, _)| Key::Text(name.clone()) == *key));
        if is_own {
            return get(at(map, path("each.key")), attribute);
        }
        let has_none = targets.contains(&None);
        let name = row(many, place, names);
        let chosen = get(at(map, name.clone()), attribute);
        if has_none { when(equal(name, null()), null(), chosen) } else { chosen }
    }

    fn varied_ids(&mut self, many: &mut Many<'_>, place: &str, label: &str, facts: &[Option<&Fact>]) -> Expr {
        let of = |fact: &Option<&Fact>| match fact {
            Some(Fact::Ids(targets)) => Some(targets.clone()),
            _ => None,
        };
        let targets: Vec<Option<Vec<Attribute>>> = facts.iter().map(of).collect();
        let all: BTreeSet<Attribute> = targets.iter().flatten().flatten().cloned().collect();
        let attributes: BTreeSet<_> = all.iter().map(|target| target.1).collect();
        let how = self.dice.of(&format!("{label} varied ids"), 10);
        let list = |writer: &mut Self, of: &Option<Vec<Attribute>>| match of {
            Some(of) => Expr::List(of.iter().map(|one| writer.reference(many.module, one)).collect()),
            None => null(),
        };
        if how < 3 || attributes.len() > 1 {
            let rows = targets.iter().map(|of| list(self, of)).collect();
            return row(many, place, rows);
        }
        if how < 6 {
            let mut expr = null();
            for (key, of) in many.keys.clone().iter().zip(&targets) {
                let list = match of {
                    Some(of) => Expr::List(of.iter().map(|one| self.reference(many.module, one)).collect()),
                    None => continue,
                };
                expr = when(equal(own_key(key), Expr::Const(key.value())), list, expr);
            }
            return expr;
        }
        let names = |of: &Option<Vec<Attribute>>| match of {
            Some(of) => Expr::List(of.iter().map(|one| text(one.0.clone())).collect()),
            None => null(),
        };
        let rows = targets.iter().map(names).collect();
        let map = self.map(many, label, &all);
        let attribute = attributes.first().copied().unwrap_or("id");
        let names = row(many, place, rows);
        let body = get(at(map, Expr::Item), attribute);
        let chosen = Expr::Each(Box::new(names.clone()), Box::new(body));
        if targets.contains(&None) { when(equal(names, null()), null(), chosen) } else { chosen }
    }

    /// A thing's attribute, as it is named in a module.
    fn reference(&mut self, from: &'static str, target: &(String, &'static str)) -> Expr {
        let (thing, attribute) = target;
        let (at, key) = self.stack.places[thing].clone();
        let block = &self.stack.blocks[at];
        let module = block.module;
        let mut steps = vec![Step::Name(block.kind.to_owned()), Step::Name(block.name.clone())];
        let is_whole =
            matches!(key, Some(Key::Text(_))) && self.dice.chance(&format!("{} put out whole", block.kind), 40);
        let whole = is_whole.then(|| (block.kind.trim_start_matches("oci_core_").to_owned(), Expr::Ref(steps.clone())));
        let index = key.clone().map(Step::Key);
        steps.extend(index.clone());
        steps.push(Step::Name((*attribute).to_owned()));
        let here = Expr::Ref(steps);
        if module == from {
            return here;
        }
        let mut outside = here.clone();
        if !module.is_empty() {
            let mut steps = vec![Step::Name("module".to_owned()), Step::Name(module.to_owned())];
            steps.extend(self.stack.module_keys.get(module).cloned().map(Step::Key));
            let kind = self.stack.blocks[at].kind;
            if let Some((name, all)) = whole {
                steps.push(Step::Name(name.clone()));
                steps.extend(index);
                steps.push(Step::Name((*attribute).to_owned()));
                self.stack.outputs.insert((module, name), all);
            } else if self.dice.chance(&format!("{kind} put out as a map"), 40) {
                let name = format!("{}_{attribute}s", kind.trim_start_matches("oci_core_"));
                steps.extend([Step::Name(name.clone()), Step::Key(Key::Text(thing.clone()))]);
                let output = self.stack.outputs.entry((module, name)).or_insert_with(|| Expr::Object(BTreeMap::new()));
                if let Expr::Object(map) = output {
                    map.insert(thing.clone(), here);
                }
            } else {
                let name = field(&format!("{thing} {attribute}"));
                steps.push(Step::Name(name.clone()));
                self.stack.outputs.insert((module, name), here);
            }
            outside = Expr::Ref(steps);
        }
        if from.is_empty() {
            return outside;
        }
        let name = field(&format!("{thing} {attribute}"));
        self.stack.arguments.insert((from, name.clone()), outside);
        path(&format!("var.{name}"))
    }
}

/// A field of the instance's own row.
fn row(many: &mut Many<'_>, place: &str, all: Vec<Expr>) -> Expr {
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

fn own_key(key: &Key) -> Expr {
    path(if matches!(key, Key::Number(_)) { "count.index" } else { "each.key" })
}

fn find<'f>(facts: &'f Facts, name: &str) -> Option<&'f Fact> {
    facts.iter().find(|(other, _)| *other == name).map(|(_, fact)| fact)
}

/// A text as a name.
fn field(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn static_kind(kind: &str) -> &'static str {
    const KINDS: [&str; 15] = [
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
    ];
    KINDS.into_iter().find(|known| *known == kind).expect("a kind of resource")
}

/// An expression's value if it refers to nothing.
fn constant(expr: &Expr) -> Option<Value> {
    super::expression::shown(expr).get("constant_value").cloned()
}

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

impl Here<'_> {
    fn in_module<'s>(&'s self, module: &'static str) -> Here<'s> {
        Here { stack: self.stack, module, key: None, repeat: None }
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
    fn root(&self, steps: &[Step]) -> (Val, usize) {
        let name = |at: usize| match steps.get(at) {
            Some(Step::Name(name)) => name.as_str(),
            other => panic!("{other:?} in {steps:?}"),
        };
        let stack = self.stack;
        match name(0) {
            "var" if self.module.is_empty() => (Val::of(&stack.variables[name(1)]), 2),
            "var" => {
                let argument = &stack.arguments[&(self.module, name(1).to_owned())];
                (value(argument, &self.in_module(""), None), 2)
            }
            "local" => {
                let local = &stack.locals[&(self.module, name(1).to_owned())];
                (value(local, &self.in_module(self.module), None), 2)
            }
            "each" if name(1) == "key" => (Val::Known(self.key.expect("a key").value()), 2),
            "count" => (Val::Known(self.key.expect("a key").value()), 2),
            "each" => {
                let Some(Repeat::ForEach(all)) = self.repeat else { panic!("no for_each") };
                let Val::Object(all) = value(all, &self.in_module(self.module), None) else { panic!("no map") };
                let Some(Key::Text(key)) = self.key else { panic!("no key") };
                (all[key].clone(), 2)
            }
            "data" => (Val::of(&json!({ "services": services() })), 3),
            "terraform_data" => (Val::Object([("output".to_owned(), Val::Unknown)].into()), 2),
            "module" => {
                let used = if matches!(steps.get(2), Some(Step::Key(_))) { 3 } else { 2 };
                let module = MODULES.into_iter().find(|module| *module == name(1)).expect("a module");
                let output = &stack.outputs[&(module, name(used).to_owned())];
                (value(output, &self.in_module(module), None), used + 1)
            }
            kind => {
                let is_it =
                    |block: &&Block| (block.module, block.kind, block.name.as_str()) == (self.module, kind, name(1));
                let block =
                    stack.blocks.iter().find(is_it).unwrap_or_else(|| panic!("no {steps:?} in {:?}", self.module));
                let all = block.things.iter().map(|(key, thing)| (key.clone(), stack.of(thing)));
                let value = match &block.things[0].0 {
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
                (value, 2)
            }
        }
    }
}
