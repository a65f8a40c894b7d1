//! Writes one attribute: as a constant, a reference, a condition, by a local
//! value or a variable, or by what tells the instances of a block apart.

use super::expression::{Expr, Key, Step, at, equal, get, null, path, text, when};
use super::stack::ocid;
use super::world::{Attribute, Fact};
use super::writer::{Many, Writer, field, own_key, row};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

impl Writer {
    pub fn attribute(&mut self, many: &mut Many<'_>, place: &str, facts: &[Option<&Fact>]) -> Option<Expr> {
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
        match self.odd(label, "constant", 16) {
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
        match self.odd(label, "id", 14) {
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
        match self.odd(label, "ids", 18) {
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

    /// An attribute that is not set, written so that it might be.
    pub fn absent(&mut self, module: &'static str, name: &str, kind: &str) -> Option<(&'static str, Expr)> {
        let (attribute, wanted) = match kind {
            "oci_core_subnet" => {
                [("security_list_ids", "oci_core_security_list"), ("route_table_id", "oci_core_route_table")]
                    [self.dice.of(&format!("{name} unset"), 2)]
            }
            _ => return None,
        };
        let label = format!("{name} {attribute}");
        let (thing, _) = self.stack.things.iter().find(|(_, thing)| thing.kind == wanted)?;
        if self.odd(&label, "unset", 4) > 1 {
            return None;
        }
        let other = self.reference(module, &(thing.clone(), "id"));
        let other = if attribute.ends_with('s') { Expr::List(vec![other]) } else { other };
        Some((attribute, when(self.flag(module, false), other, null())))
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
        let name = if !has_none && self.dice.chance(&format!("{label} by its key"), 40) {
            by_own_key(&many.keys, names)
        } else {
            row(many, place, names)
        };
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

/// `{a = "x", b = "y"}[each.key]`, which a plan shows as `each.key`.
fn by_own_key(keys: &[Key], names: Vec<Expr>) -> Expr {
    let of = keys.iter().zip(names);
    match keys.first() {
        Some(Key::Number(_)) => at(Expr::List(of.map(|(_, name)| name).collect()), path("count.index")),
        _ => {
            let named = |(key, name): (&Key, Expr)| match key {
                Key::Text(text) => (text.clone(), name),
                Key::Number(number) => (number.to_string(), name),
            };
            at(Expr::Object(of.map(named).collect()), path("each.key"))
        }
    }
}
