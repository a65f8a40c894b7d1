//! What a generated module says there should be, read from its text without
//! cloudspells and without OpenTofu: the HCL is evaluated with hcl-rs, with the
//! identifiers that the state holds for the references.

use super::plan::resources;
use hcl::eval::{Context, Evaluate, FuncArgs, FuncDef, ParamType};
use hcl::{Body, Map, Structure};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One resource block, evaluated.
#[derive(Debug)]
pub struct Expected {
    pub kind: String,
    pub address: String,
    /// In the form of OCI's API.
    pub document: Value,
}

/// Every `resource "oci_…"` block of the module in a directory.
pub fn expected(module: &Path, state: &Value) -> Vec<Expected> {
    let mut paths: Vec<_> = std::fs::read_dir(module)
        .expect("the module can be read")
        .map(|entry| entry.expect("the module can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tf"))
        .collect();
    paths.sort();
    let bodies: Vec<Body> = paths
        .iter()
        .map(|path| hcl::from_str(&std::fs::read_to_string(path).expect("a file can be read")).expect("HCL"))
        .collect();
    MODULE.set(module.to_owned());
    let context = context(&bodies, state);
    bodies
        .iter()
        .flat_map(Body::blocks)
        .filter(|block| block.identifier() == "resource" && block.labels()[0].as_str().starts_with("oci_"))
        .flat_map(|block| {
            let (kind, name) = (block.labels()[0].as_str(), block.labels()[1].as_str());
            let copies = copies(block.body(), &context);
            copies.into_iter().map(move |(index, context)| Expected {
                kind: kind.to_owned(),
                address: format!("{kind}.{name}{index}"),
                document: document(block.body(), &context, kind),
            })
        })
        .collect()
}

/// What a resource block stands for: itself, or as many as its `count` or its
/// `for_each` says, each with the index of its address.
fn copies<'a>(body: &Body, context: &Context<'a>) -> Vec<(String, Context<'a>)> {
    let attribute = |name| body.attributes().find(|attribute| attribute.key() == name);
    let with = |name: &str, value: Value| {
        let mut inner = context.clone();
        inner.declare_var(name, to_hcl(&value));
        inner
    };
    if let Some(count) = attribute("count") {
        let count = count.expr().evaluate(context).expect("count can be evaluated").as_u64().expect("a number");
        return (0..count).map(|at| (format!("[{at}]"), with("count", json!({ "index": at })))).collect();
    }
    if attribute("for_each").is_none() {
        return vec![(String::new(), context.clone())];
    }
    keyed(body, context)
        .into_iter()
        .map(|(key, value)| (format!("[\"{key}\"]"), with("each", json!({ "key": key, "value": value }))))
        .collect()
}

/// The keys and values of a `for_each`: those of a list are its members.
fn keyed(body: &Body, context: &Context) -> Vec<(String, Value)> {
    let attribute = body.attributes().find(|attribute| attribute.key() == "for_each").expect("a for_each");
    let value = attribute.expr().evaluate(context).expect("for_each can be evaluated");
    match serde_json::to_value(&value).expect("JSON") {
        Value::Array(items) => {
            items.into_iter().map(|item| (item.as_str().unwrap_or_default().to_owned(), item)).collect()
        }
        Value::Object(map) => map.into_iter().collect(),
        other => panic!("for_each is a list or a map: {other}"),
    }
}

/// What a reference or a function call stands for.
fn context<'a>(bodies: &[Body], state: &Value) -> Context<'a> {
    let mut context = Context::new();
    let variables: serde_json::Map<String, Value> = bodies
        .iter()
        .flat_map(Body::blocks)
        .filter(|block| block.identifier() == "variable")
        .map(|block| block.labels()[0].as_str().to_owned())
        .map(|name| (name.clone(), super::values::of(&name)))
        .collect();
    context.declare_var("var", to_hcl(&Value::Object(variables)));
    context.declare_var("path", to_hcl(&json!({ "module": "." })));

    let mut data = serde_json::Map::new();
    let mut managed: BTreeMap<&str, serde_json::Map<String, Value>> = BTreeMap::new();
    for resource in resources(&state["values"]) {
        let word = |name| resource[name].as_str().expect("a word");
        if word("mode") == "data" {
            data.entry(word("type")).or_insert_with(|| json!({}))[word("name")] = resource["values"].clone();
        } else {
            let named = managed.entry(word("type")).or_default();
            let values = resource["values"].clone();
            match &resource["index"] {
                Value::Null => drop(named.insert(word("name").to_owned(), values)),
                // In the order of the index, as a state has them.
                Value::Number(_) => {
                    let list = named.entry(word("name")).or_insert_with(|| json!([]));
                    list.as_array_mut().expect("a list").push(values);
                }
                key => {
                    let map = named.entry(word("name")).or_insert_with(|| json!({}));
                    map[key.as_str().expect("a key")] = values;
                }
            }
        }
    }
    context.declare_var("data", to_hcl(&Value::Object(data)));
    for (kind, names) in managed {
        context.declare_var(kind, to_hcl(&Value::Object(names)));
    }

    let any = |function: fn(FuncArgs) -> Result<hcl::Value, String>| {
        FuncDef::builder().variadic_param(ParamType::Any).build(function)
    };
    context.declare_func("merge", any(merge));
    context.declare_func("lookup", any(lookup));
    context.declare_func("join", any(join));
    context.declare_func("upper", any(|arguments| one(arguments).map(|text| text.to_uppercase().into())));
    context.declare_func("trimspace", any(|arguments| one(arguments).map(|text| text.trim().into())));
    context.declare_func("values", any(values));
    context.declare_func("file", any(|arguments| file(arguments).map(Into::into)));
    context.declare_func("filebase64", any(|arguments| file(arguments).map(|text| base64(text.as_bytes()).into())));
    context.declare_func("base64encode", any(|arguments| one(arguments).map(|text| base64(text.as_bytes()).into())));
    context.declare_func(
        "reverse",
        any(|arguments| {
            let items =
                arguments.first().and_then(hcl::Value::as_array).ok_or("reverse of something else than a list")?;
            Ok(items.iter().rev().cloned().collect::<Vec<_>>().into())
        }),
    );
    context.declare_func(
        "element",
        any(|arguments| match arguments.iter().collect::<Vec<_>>()[..] {
            [hcl::Value::Array(items), hcl::Value::Number(at)] => {
                let at = usize::try_from(at.as_u64().unwrap_or_default()).expect("a small number");
                let wrapped = at.checked_rem(items.len()).and_then(|at| items.get(at));
                wrapped.cloned().ok_or_else(|| "element of an empty list".to_owned())
            }
            _ => Err("element has a list and a number".to_owned()),
        }),
    );
    // Nothing of a failed `regex` but that it is none.
    context.declare_func(
        "regex",
        any(|arguments| match arguments.iter().collect::<Vec<_>>()[..] {
            [hcl::Value::String(pattern), hcl::Value::String(text)] => {
                let pattern = regex_lite::Regex::new(pattern).map_err(|error| error.to_string())?;
                Ok(pattern.is_match(text).then(|| text.clone()).map_or(hcl::Value::Null, Into::into))
            }
            _ => Err("regex has a pattern and a text".to_owned()),
        }),
    );
    context.declare_func(
        "format",
        any(|arguments| match arguments.iter().collect::<Vec<_>>()[..] {
            [hcl::Value::String(form), hcl::Value::String(major), hcl::Value::String(a), hcl::Value::String(b)]
                if form == "%03d %s %s" =>
            {
                let major: u32 = major.parse().map_err(|_| format!("{major} is no number"))?;
                Ok(format!("{major:03} {a} {b}").into())
            }
            [hcl::Value::String(form), hcl::Value::Number(at)] if form.matches('%').count() == 1 => {
                Ok(form.replace("%d", &at.to_string()).into())
            }
            _ => Err("only a number and two texts are formatted, or one number".to_owned()),
        }),
    );
    context.declare_func("can", any(|arguments| Ok((arguments.first() != Some(&hcl::Value::Null)).into())));
    context.declare_func(
        "replace",
        any(|arguments| match arguments.iter().collect::<Vec<_>>()[..] {
            [hcl::Value::String(text), hcl::Value::String(pattern), hcl::Value::String(new)] => {
                let pattern = regex_lite::Regex::new(pattern.trim_matches('/')).map_err(|error| error.to_string())?;
                Ok(pattern.replace_all(text, new.as_str()).into_owned().into())
            }
            _ => Err("replace has a text, a pattern and what to write".to_owned()),
        }),
    );
    context.declare_func(
        "keys",
        any(|arguments| {
            let map =
                arguments.first().and_then(hcl::Value::as_object).ok_or("keys of something else than an object")?;
            let sorted: std::collections::BTreeSet<_> = map.keys().cloned().collect();
            Ok(sorted.into_iter().map(hcl::Value::from).collect::<Vec<_>>().into())
        }),
    );
    context.declare_func(
        "sort",
        any(|arguments| {
            let items = arguments.first().and_then(hcl::Value::as_array).ok_or("sort of something else than a list")?;
            let sorted: std::collections::BTreeSet<_> = items.iter().filter_map(hcl::Value::as_str).collect();
            Ok(sorted.into_iter().map(hcl::Value::from).collect::<Vec<_>>().into())
        }),
    );
    context.declare_func(
        "setproduct",
        any(|arguments| match arguments.iter().collect::<Vec<_>>()[..] {
            [hcl::Value::Array(a), hcl::Value::Array(b)] => {
                let pairs =
                    a.iter().flat_map(|one| b.iter().map(|two| hcl::Value::Array(vec![one.clone(), two.clone()])));
                Ok(pairs.collect::<Vec<_>>().into())
            }
            _ => Err("setproduct has two lists".to_owned()),
        }),
    );
    let mut locals = serde_json::Map::new();
    for attribute in bodies
        .iter()
        .flat_map(Body::blocks)
        .filter(|block| block.identifier() == "locals")
        .flat_map(|block| block.body().attributes())
    {
        let value =
            attribute.expr().evaluate(&context).unwrap_or_else(|error| panic!("local.{}: {error}", attribute.key()));
        locals.insert(attribute.key().to_owned(), serde_json::to_value(&value).expect("an HCL value is JSON"));
        // One that is written later may refer to it.
        context.declare_var("local", to_hcl(&Value::Object(locals.clone())));
    }
    context
}

/// In the order of the keys.
fn values(arguments: FuncArgs) -> Result<hcl::Value, String> {
    let map = arguments.first().and_then(hcl::Value::as_object).ok_or("values of something else than an object")?;
    let sorted: BTreeMap<_, _> = map.iter().collect();
    Ok(sorted.into_values().cloned().collect::<Vec<_>>().into())
}

thread_local! {
    /// The module that is being read: a function of HCL's sees its arguments only.
    static MODULE: RefCell<PathBuf> = RefCell::default();
}

fn file(arguments: FuncArgs) -> Result<String, String> {
    let path = MODULE.with_borrow(|module| one(arguments).map(|name| module.join(name)))?;
    std::fs::read_to_string(path).map_err(|error| error.to_string())
}

/// In groups of six bits.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(*group.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

fn one(arguments: FuncArgs) -> Result<String, String> {
    match arguments.first() {
        Some(hcl::Value::String(text)) => Ok(text.clone()),
        other => Err(format!("not a string: {other:?}")),
    }
}

fn merge(arguments: FuncArgs) -> Result<hcl::Value, String> {
    let mut merged = Map::new();
    for argument in arguments.iter() {
        merged.extend(argument.as_object().cloned().ok_or("merge of something else than objects")?);
    }
    Ok(merged.into())
}

fn lookup(arguments: FuncArgs) -> Result<hcl::Value, String> {
    match arguments.iter().collect::<Vec<_>>()[..] {
        [hcl::Value::Object(map), hcl::Value::String(key), fallback] => Ok(map.get(key).unwrap_or(fallback).clone()),
        _ => Err("lookup has a map, a key and a default".to_owned()),
    }
}

fn join(arguments: FuncArgs) -> Result<hcl::Value, String> {
    match arguments.iter().collect::<Vec<_>>()[..] {
        [hcl::Value::String(between), hcl::Value::Array(items)] => {
            let items: Option<Vec<&str>> = items.iter().map(hcl::Value::as_str).collect();
            Ok(items.ok_or("join of something else than strings")?.join(between).into())
        }
        _ => Err("join has a separator and a list".to_owned()),
    }
}

fn to_hcl(value: &Value) -> hcl::Value {
    hcl::to_value(value).expect("JSON is an HCL value")
}

/// Blocks of which OCI's API has a list.
const LISTS: [&str; 20] = [
    "cluster_pod_network_options",
    "conditions",
    "configurations",
    "egress_security_rules",
    "ingress_security_rules",
    "initial_node_labels",
    "initial_virtual_node_labels",
    "items",
    "key_details",
    "load_balancers",
    "placement_configs",
    "placement_configurations",
    "plugins_config",
    "policies",
    "required_claims",
    "route_rules",
    "rules",
    "secondary_vnic_subnets",
    "services",
    "taints",
];

/// A block as a document of OCI's API.
fn document(body: &Body, context: &Context, kind: &str) -> Value {
    let mut document = serde_json::Map::new();
    for structure in body.iter() {
        match structure {
            Structure::Attribute(attribute) if ["count", "depends_on", "for_each"].contains(&attribute.key()) => {}
            Structure::Attribute(attribute) => {
                let value = attribute
                    .expr()
                    .evaluate(context)
                    .unwrap_or_else(|error| panic!("{kind}: {}: {error}", attribute.key()));
                let value = serde_json::to_value(&value).expect("an HCL value is JSON");
                let value = if attribute.key() == "defined_tags" { nested(&value) } else { value };
                document.insert(api_name(attribute.key()), value);
            }
            Structure::Block(block) if block.identifier() == "lifecycle" => {}
            Structure::Block(block) if block.identifier() == "dynamic" => {
                let name = block.labels()[0].as_str();
                for (_, item) in keyed(block.body(), context) {
                    let mut inner = context.clone();
                    inner.declare_var(name, to_hcl(&json!({ "value": item })));
                    let content = block.body().blocks().find(|b| b.identifier() == "content").expect("a content block");
                    insert(&mut document, name, self::document(content.body(), &inner, kind));
                }
            }
            Structure::Block(block) => {
                let inner = self::document(block.body(), context, kind);
                insert(&mut document, block.identifier(), with_ports(inner, block.identifier(), kind));
            }
        }
    }
    Value::Object(document)
}

fn insert(document: &mut serde_json::Map<String, Value>, block: &str, value: Value) {
    if LISTS.contains(&block) {
        let list = document.entry(api_name(block)).or_insert_with(|| json!([]));
        list.as_array_mut().expect("a list").push(value);
    } else {
        assert!(document.insert(api_name(block), value).is_none(), "two blocks {block}");
    }
}

/// A security list's rule has its ports in `tcp_options` itself.
fn with_ports(options: Value, block: &str, kind: &str) -> Value {
    if kind.ends_with("security_list") && (block == "tcp_options" || block == "udp_options") {
        return json!({ "destinationPortRange": options });
    }
    options
}

/// `namespace.key` is a key in a namespace.
fn nested(tags: &Value) -> Value {
    let mut nested = json!({});
    for (name, value) in tags.as_object().expect("tags are a map") {
        let (namespace, key) = name.split_once('.').expect("namespace.key");
        nested[namespace][key] = value.clone();
    }
    nested
}

fn api_name(attribute: &str) -> String {
    match attribute {
        "memory_in_gbs" => return "memoryInGBs".to_owned(),
        "boot_volume_size_in_gbs" => return "bootVolumeSizeInGBs".to_owned(),
        "boot_volume_vpus_per_gb" => return "bootVolumeVpusPerGB".to_owned(),
        "size_in_gbs" => return "sizeInGBs".to_owned(),
        "vpus_per_gb" => return "vpusPerGB".to_owned(),
        _ => {}
    }
    let mut words = attribute.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}
