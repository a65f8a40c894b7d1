//! What every spell's resources carry: compartment, display name, tags.

use crate::contract::{self, SpellType};
use crate::diagnostic::At;
use crate::graph::{Address, Body, Graph, Value};
use crate::spec::value::{display_name, passthrough};
use crate::spec::{BlockReader, Passthrough, TagKind, Tags, VariableUse, tags};
use crate::topology::{Name, limits};
use hcl_edit::expr::Expression;
use std::sync::Arc;

/// Tags that cloudspells itself sets on a resource, at most.
const OWN_TAGS: usize = 4;

/// The variable that `compartment_id` is where the spec does not say.
pub const COMPARTMENT: &str = "compartment_ocid";

/// The attributes that every spell has: where it is made and how it is tagged.
pub struct Identity {
    spell_type: SpellType,
    pub name: At<Name>,
    compartment: Option<Passthrough>,
    freeform_tags: Option<Tags>,
    defined_tags: Option<Tags>,
    pub uses: Vec<VariableUse>,
}

impl Identity {
    pub fn read(reader: &mut BlockReader<'_>, spell_type: SpellType) -> Self {
        // A description is prose: no quotes.
        let plain_title = reader.title().replace('"', "");
        let mut uses = Vec::new();
        let compartment = reader.optional(
            "compartment_id",
            passthrough(format!("OCID of the compartment of {plain_title}"), Some("(compartment|tenancy)"), |text| {
                let known = text.starts_with("ocid1.compartment.")
                    || text.starts_with("ocid1.tenancy.")
                    || text.starts_with("ocidv1:tenancy:");
                (!known)
                    .then_some(("not the OCID of a compartment or tenancy", "leave it out to use var.compartment_ocid"))
            }),
        );
        if let Some(compartment) = &compartment {
            uses.extend(compartment.value.uses.iter().cloned());
        }
        let mut read_tags = |name, kind, most| {
            let (tags, tag_uses) = reader.optional(name, tags(plain_title.clone(), kind, most))?.value;
            uses.extend(tag_uses);
            Some(tags)
        };
        let freeform_tags = read_tags("freeform_tags", TagKind::Freeform, limits::FREEFORM_TAGS - OWN_TAGS);
        let defined_tags = read_tags("defined_tags", TagKind::Defined, limits::DEFINED_TAGS);
        Self {
            spell_type,
            name: reader.name(),
            compartment: compartment.map(|at| at.value),
            freeform_tags,
            defined_tags,
            uses,
        }
    }

    pub fn compartment(&self) -> Value {
        match &self.compartment {
            Some(given) => user(&given.expression),
            None => Value::Reference(Address::Variable(COMPARTMENT.to_owned()), Vec::new()),
        }
    }

    /// The compartment as it is written, to compare with others.
    pub fn compartment_text(&self) -> String {
        match &self.compartment {
            Some(given) => given.expression.to_string().trim().to_owned(),
            None => format!("var.{COMPARTMENT}"),
        }
    }

    /// Whether the stack needs `var.compartment_ocid` for this spell.
    pub fn needs_compartment(&self) -> bool {
        self.compartment.is_none()
    }

    /// Our tags and the user's; the user's win.
    fn freeform_tags(&self) -> Value {
        let own = contract::tags(self.spell_type, self.name.value.as_str());
        let mut items: Vec<(String, Value)> =
            own.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect();
        match &self.freeform_tags {
            None => Value::Object(items),
            Some(Tags::Computed(map)) => {
                Value::Call("merge", std::iter::once(Value::Object(items)).chain(merged(map)).collect())
            }
            Some(Tags::Literal(tags)) => {
                items.retain(|(key, _)| !tags.iter().any(|(k, _)| k == key));
                items.extend(tags.iter().map(|(key, value)| (key.clone(), user(value))));
                Value::Object(items)
            }
        }
    }

    fn defined_tags(&self) -> Option<Value> {
        self.defined_tags.as_ref().map(tag_map)
    }

    /// Whether the spec writes out this key of a defined tag.
    pub fn sets_defined_tag(&self, key: &str) -> bool {
        matches!(&self.defined_tags, Some(Tags::Literal(tags)) if tags.iter().any(|(known, _)| known == key))
    }

    /// Adds the tags of the spell's resources, which refer to it.
    pub fn build(&self, graph: &mut Graph) {
        let tags = [("freeform".to_owned(), self.freeform_tags())].into_iter();
        let tags = tags.chain(self.defined_tags().map(|tags| ("defined".to_owned(), tags)));
        let Address::Local(name) = self.tags() else { return };
        let body = Body::default().attribute(name, Value::Object(tags.collect()));
        graph.add("tags.tf", self.tags(), &self.name.span, body);
    }

    /// Of two spells that share a name the type tells them apart.
    fn tags(&self) -> Address {
        Address::Local(format!("{}_tags", self.qualified()))
    }

    /// Ends a resource's attributes with its tags: the spell's, and more, over
    /// which the user's win.
    pub fn tagged(&self, body: Body, more: &[(&str, &str)]) -> Body {
        let freeform = self.tags().attribute("freeform");
        let freeform = if more.is_empty() {
            freeform
        } else {
            let more = more.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect();
            Value::Call("merge", vec![Value::Inline(more), freeform])
        };
        let defined = self.defined_tags.as_ref().map(|_| self.tags().attribute("defined"));
        body.optional("defined_tags", defined).attribute("freeform_tags", freeform)
    }

    /// The spell's name with its type: unique in a stack.
    pub fn qualified(&self) -> String {
        format!("{}_{}", self.spell_type.0.replace('-', "_"), self.name.value.identifier())
    }

    /// `{name}-{suffix}`.
    pub fn display(&self, suffix: &str) -> Value {
        Value::String(format!("{}-{suffix}", self.name.value))
    }

    /// `{identifier}_{suffix}`.
    pub fn identifier(&self, suffix: &str) -> String {
        format!("{}_{suffix}", self.name.value.identifier())
    }
}

/// Reads `display_name`, or takes the block's name.
pub fn display_name_or_name(reader: &mut BlockReader<'_>) -> String {
    let name = reader.name().value.to_string();
    reader.optional("display_name", display_name).map_or(name, |at| at.value)
}

pub fn user(expression: &Arc<Expression>) -> Value {
    Value::Expression(Arc::clone(expression))
}

/// Tags as a map.
pub fn tag_map(tags: &Tags) -> Value {
    match tags {
        Tags::Computed(map) => user(map),
        Tags::Literal(tags) => Value::Object(tags.iter().map(|(key, value)| (key.clone(), user(value))).collect()),
    }
}

/// The maps that an expression merges; else itself.
fn merged(expression: &Arc<Expression>) -> Vec<Value> {
    match expression.as_func_call() {
        Some(call)
            if call.name.name.as_str() == "merge" && call.name.namespace.is_empty() && !call.args.expand_final() =>
        {
            call.args.iter().map(|argument| Value::Expression(Arc::new(argument.clone()))).collect()
        }
        _ => vec![user(expression)],
    }
}

/// An output's body.
pub fn output(description: impl Into<String>, value: Value) -> Body {
    Body::default().attribute("description", Value::String(description.into())).attribute("value", value)
}
