//! The module's variables: which there are, of what type, with which checks
//! and example values.

use super::Spec;
use super::provider::Provider;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Address, Body, Graph, Value};
use crate::hcl::{Document, Unfaithful};
use crate::layout::Layout;
use crate::spec::{MOST_VARIABLES, VariableType, VariableUse};
use crate::spells::{COMPARTMENT, Identity};
use std::collections::{BTreeMap, BTreeSet};

/// A defined tag, as an example.
const DEFINED_TAG: &str = "Operations.CostCenter";

pub struct Variable {
    pub name: String,
    pub variable_type: VariableType,
    pub description: String,
    /// A value of the right form, for tests and examples.
    pub example: Value,
    /// Whether it has only tags.
    may_be_left_out: bool,
    check: Option<Check>,
    origin: crate::diagnostic::Span,
}

/// A validation: what a value must be like, and the message if it is not.
struct Check {
    /// A regular expression.
    pattern: String,
    of: Part,
    message: String,
}

/// What a pattern is about.
enum Part {
    Value,
    EachKey,
}

impl Check {
    fn condition(&self, variable: &Address) -> Value {
        let value = Value::Reference(variable.clone(), Vec::new());
        let matches = |value| {
            let matched = Value::Call("regex", vec![self.pattern.as_str().into(), value]);
            Value::Call("can", vec![matched])
        };
        match self.of {
            Part::Value => matches(value),
            // An absent value is valid, too.
            Part::EachKey => {
                let keys = Value::Call("keys", vec![value]);
                let keys = Value::Call("try", vec![keys, Value::List(Vec::new())]);
                let each = Value::Each("key", Box::new(keys), Box::new(matches(Value::Name(vec!["key"]))));
                Value::Call("alltrue", vec![each])
            }
        }
    }
}

impl Variable {
    /// The type as Terraform writes it.
    pub const fn type_text(&self) -> &'static str {
        match self.variable_type {
            VariableType::String { .. } | VariableType::Secret => "string",
            VariableType::MapOfStrings | VariableType::FreeformTags | VariableType::DefinedTags => "map(string)",
            VariableType::Bool => "bool",
            VariableType::Any => "any",
        }
    }

    /// What it is where nobody sets it: tags may be left out.
    pub fn default(&self) -> Option<Value> {
        self.may_be_left_out.then(|| Value::Object(Vec::new()))
    }

    fn type_value(&self) -> Value {
        match self.variable_type {
            VariableType::String { .. } | VariableType::Secret => Value::Name(vec!["string"]),
            VariableType::MapOfStrings | VariableType::FreeformTags | VariableType::DefinedTags => {
                Value::Call("map", vec![Value::Name(vec!["string"])])
            }
            VariableType::Bool => Value::Name(vec!["bool"]),
            VariableType::Any => Value::Name(vec!["any"]),
        }
    }
}

/// Every variable that the module needs, by name.
pub fn variables(spec: &Spec, layout: Layout, diagnostics: &mut Diagnostics) -> Vec<Variable> {
    let mut uses: BTreeMap<&str, Vec<&VariableUse>> = BTreeMap::new();
    let provider = spec.setting.iter().filter(|_| layout == Layout::Root).map(|at| &at.value);
    let of_provider = provider.clone().flat_map(Provider::variables);
    for variable in spec.spells.iter().flat_map(|spell| spell.variables()).chain(of_provider) {
        uses.entry(&variable.name).or_default().push(variable);
    }
    if let Some(problem) = check_count(&uses) {
        // The rest would be slow.
        diagnostics.push(problem);
        return Vec::new();
    }
    let mut variables: Vec<_> = uses.into_iter().map(|(name, uses)| merged(name, &uses, diagnostics)).collect();
    if spec.spells.iter().any(|spell| spell.identity().is_some_and(Identity::needs_compartment)) {
        built_in(
            &mut variables,
            diagnostics,
            Variable {
                name: COMPARTMENT.to_owned(),
                variable_type: VariableType::String { ocid: Some("(compartment|tenancy)") },
                description: "OCID of the compartment that the stack is created in.".to_owned(),
                example: ocid_example("(compartment|tenancy)"),
                may_be_left_out: false,
                check: Some(ocid_check(COMPARTMENT, "(compartment|tenancy)")),
                origin: 0..0,
            },
        );
    }
    if layout == Layout::Root && provider.clone().all(Provider::needs_region) {
        built_in(
            &mut variables,
            diagnostics,
            Variable {
                name: "region".to_owned(),
                variable_type: VariableType::String { ocid: None },
                description: "Region that the stack is created in, such as eu-frankfurt-1.".to_owned(),
                example: "eu-frankfurt-1".into(),
                may_be_left_out: false,
                check: Some(Check {
                    pattern: "^[a-z]+(-[a-z]+)+-[0-9]+$".to_owned(),
                    of: Part::Value,
                    message: "region must be the identifier of a region, such as eu-frankfurt-1.".to_owned(),
                }),
                origin: 0..0,
            },
        );
    }
    variables.sort_by(|a, b| a.name.cmp(&b.name));
    variables
}

/// Each variable, and each value that is read from inside of one, counts.
fn check_count(uses: &BTreeMap<&str, Vec<&VariableUse>>) -> Option<Diagnostic> {
    let mut firsts = BTreeMap::new();
    for used in uses.values().flatten() {
        let first = firsts.entry((&used.name, &used.path)).or_insert(&used.span);
        if used.span.start < first.start {
            *first = &used.span;
        }
    }
    let mut spans: Vec<_> = firsts.into_values().collect();
    spans.sort_by_key(|span| span.start);
    let first_of_rest = spans.get(MOST_VARIABLES)?;
    Some(
        Diagnostic::error(
            (*first_of_rest).clone(),
            format!("the spec reads {} values from variables; at most {MOST_VARIABLES} can be read", spans.len()),
        )
        .label("the first one too many")
        .help("make several specs of it, each with a directory of its own"),
    )
}

/// Adds a variable of ours. The spec may name it too, as the same thing.
fn built_in(variables: &mut Vec<Variable>, diagnostics: &mut Diagnostics, ours: Variable) {
    if let Some(theirs) = variables.iter().position(|variable| variable.name == ours.name) {
        let theirs = variables.remove(theirs);
        let fits = match (&theirs.variable_type, &ours.variable_type) {
            (VariableType::String { ocid: Some(theirs) }, VariableType::String { ocid }) => Some(*theirs) == *ocid,
            (VariableType::String { ocid: None } | VariableType::Any, _) => true,
            _ => false,
        };
        if !fits {
            let words = ours.name.replace('_', " ");
            diagnostics.push(
                Diagnostic::error(theirs.origin, format!("`var.{}` is the stack's own {words}", ours.name))
                    .label("used as something else here")
                    .help("give this variable another name"),
            );
        }
    }
    variables.push(ours);
}

/// One variable from all of its uses.
fn merged(name: &str, uses: &[&VariableUse], diagnostics: &mut Diagnostics) -> Variable {
    let mut variable_type = VariableType::Any;
    let mut decided: Option<&VariableUse> = None;
    for used in uses {
        variable_type = match (&variable_type, &used.variable_type) {
            (VariableType::Any, other) => other.clone(),
            (known, VariableType::Any) => known.clone(),
            (VariableType::String { ocid: None }, VariableType::String { ocid }) => {
                VariableType::String { ocid: *ocid }
            }
            (known @ VariableType::String { .. }, VariableType::String { ocid: None }) => known.clone(),
            (VariableType::String { .. }, VariableType::Secret)
            | (VariableType::Secret, VariableType::String { .. }) => VariableType::Secret,
            (known, VariableType::DefinedTags) if is_map(known) => VariableType::DefinedTags,
            (known, other) if is_map(known) && is_map(other) => known.clone(),
            (known, other) if known == other => known.clone(),
            (known, _) => {
                if let Some(first) = decided {
                    diagnostics.push(
                        Diagnostic::error(used.span.clone(), format!("`var.{name}` would be two different things"))
                            .label(used.purpose.clone())
                            .related(first.span.clone(), first.purpose.clone())
                            .help("use two variables"),
                    );
                }
                known.clone()
            }
        };
        if decided.is_none() && used.variable_type != VariableType::Any {
            decided = Some(used);
        }
    }
    let check = match variable_type {
        VariableType::String { ocid } => ocid.map(|ocid| ocid_check(name, ocid)),
        VariableType::DefinedTags => Some(Check {
            pattern: "^[^.]+[.][^.]+$".to_owned(),
            of: Part::EachKey,
            message: format!("{name} must have keys of the form Namespace.Key, such as {DEFINED_TAG}."),
        }),
        _ => None,
    };
    Variable {
        name: name.to_owned(),
        description: describe(uses),
        example: example(&variable_type, uses),
        may_be_left_out: uses.iter().all(|used| is_tags(&used.variable_type)),
        check,
        variable_type,
        origin: uses.first().map(|used| used.span.clone()).unwrap_or_default(),
    }
}

const fn is_tags(variable_type: &VariableType) -> bool {
    matches!(variable_type, VariableType::FreeformTags | VariableType::DefinedTags)
}

const fn is_map(variable_type: &VariableType) -> bool {
    is_tags(variable_type) || matches!(variable_type, VariableType::MapOfStrings)
}

/// A description from what a variable is for: each purpose once, with the blocks
/// that it is for.
fn describe(uses: &[&VariableUse]) -> String {
    /// Purposes that are told; more are hardly one value's.
    const MOST_PURPOSES: usize = 3;
    let mut purposes: Vec<(bool, String, Vec<&str>)> = Vec::new();
    for used in uses {
        // A variable from which only parts are read may have other parts, too.
        let whole = used.path.is_empty();
        let purpose = used.purpose.replacen(&used.place, PLACE, usize::from(!used.place.is_empty()));
        match purposes.iter_mut().find(|(w, p, _)| *w == whole && *p == purpose) {
            Some((_, _, places)) if places.contains(&used.place.as_str()) => {}
            Some((_, _, places)) => places.push(&used.place),
            None => purposes.push((whole, purpose, vec![&used.place])),
        }
    }
    let mut told: Vec<_> = purposes
        .iter()
        .take(MOST_PURPOSES)
        .map(|(whole, purpose, places)| {
            let purpose = purpose.replacen(PLACE, &listed(places), 1);
            if *whole { purpose } else { format!("Holds: {purpose}") }
        })
        .collect();
    if purposes.len() > told.len() {
        told.push("and other values".to_owned());
    }
    told.join("; ") + "."
}

/// Stands for the blocks in a purpose. No text of the user's has it.
const PLACE: &str = "\0";

/// Blocks as prose. Of many only what they are: a description that named all
/// would change with each.
fn listed(places: &[&str]) -> String {
    const MOST_NAMED: usize = 3;
    if places.len() <= MOST_NAMED {
        return prose(places);
    }
    let kinds: BTreeSet<_> =
        places.iter().filter_map(|place| place.split(' ').next()).map(|kind| kind.replace('_', " ") + "s").collect();
    format!("several {}", prose(&kinds.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// `a`, `b` and `c`.
fn prose(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// The check of an OCID's resource type, in any realm.
fn ocid_check(name: &str, kind: &str) -> Check {
    let words = match kind {
        "capacityreservation" => "a capacity reservation",
        "certificate" => "a certificate of the Certificates service",
        "image" => "an image",
        "key" => "a key",
        "networksecuritygroup" => "an NSG",
        _ => "a compartment",
    };
    // Tenancies of the first years have OCIDs of another form.
    let old = if kind.contains("tenancy") { "|^ocidv1:tenancy:" } else { "" };
    let message = format!("{name} must be the OCID of {words}: it begins with ocid1.{}.", first_word(kind));
    Check { pattern: format!("^ocid1\\.{kind}\\.{old}"), of: Part::Value, message }
}

fn first_word(kind: &str) -> &str {
    kind.trim_matches(['(', ')']).split('|').next().unwrap_or(kind)
}

fn ocid_example(kind: &str) -> Value {
    Value::String(format!("ocid1.{}.oc1..example", first_word(kind)))
}

fn example(variable_type: &VariableType, uses: &[&VariableUse]) -> Value {
    match variable_type {
        VariableType::String { ocid: Some(kind) } => ocid_example(kind),
        VariableType::String { ocid: None } | VariableType::Secret => "example".into(),
        VariableType::MapOfStrings | VariableType::FreeformTags => {
            Value::Object(vec![("example".to_owned(), "example".into())])
        }
        VariableType::DefinedTags => Value::Object(vec![(DEFINED_TAG.to_owned(), "42".into())]),
        VariableType::Bool => Value::Bool(true),
        VariableType::Any => {
            let leaves: Vec<_> = uses.iter().map(|used| (used.path.as_slice(), &used.leaf)).collect();
            nested(&leaves)
        }
    }
}

/// An object that has a value at the end of each path.
fn nested(leaves: &[(&[String], &VariableType)]) -> Value {
    let mut branches: BTreeMap<&str, Vec<(&[String], &VariableType)>> = BTreeMap::new();
    for (path, leaf) in leaves {
        if let Some((first, rest)) = path.split_first() {
            branches.entry(first).or_default().push((rest, leaf));
        }
    }
    if branches.is_empty() {
        return match leaves.first() {
            Some((_, leaf)) if **leaf != VariableType::Any => example(leaf, &[]),
            _ => "example".into(),
        };
    }
    Value::Object(branches.into_iter().map(|(key, leaves)| (key.to_owned(), nested(&leaves))).collect())
}

/// Adds the variables to the graph.
pub fn declare(variables: &[Variable], graph: &mut Graph) {
    for variable in variables {
        let mut body = Body::default()
            .attribute("description", variable.description.as_str())
            .attribute("type", variable.type_value())
            .optional("default", variable.default())
            .optional("sensitive", (variable.variable_type == VariableType::Secret).then_some(Value::Bool(true)));
        let address = Address::Variable(variable.name.clone());
        if let Some(check) = &variable.check {
            body = body.block(
                "validation",
                Body::default()
                    .attribute("condition", check.condition(&address))
                    .attribute("error_message", check.message.as_str()),
            );
        }
        graph.add("variables.tf", address, &variable.origin, body);
    }
}

/// `terraform.tfvars.example`: each variable with a value to replace.
pub fn example_values(variables: &[Variable]) -> Result<String, Unfaithful> {
    let mut document = Document::new("Copy this file to terraform.tfvars and put your values in.");
    let mut body = Body::default();
    for variable in variables {
        body = body.comment(variable.description.clone()).attribute(variable.name.clone(), variable.example.clone());
    }
    document.extend(&body)?;
    Ok(document.render())
}
