//! Every generated block against the provider's schema, and every reference
//! against what is declared: what `tofu validate` would say, without tofu.

use crate::common;
use crate::common::strategy::{self, sample};
use cloudspells::Layout;
use cloudspells::diagnostic::Source;
use cloudspells::{DEFAULT_SPEC, STARTER_SPEC};
use hcl::edit::visit::{self, Visit};
use hcl::{Block, Body, Expression, edit};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What `tofu providers schema -json` says, cut to what we use. Terraform's
/// own provider for files is not in it.
static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let path = common::root().join("tests/oci-provider-schema.json");
    let text = std::fs::read_to_string(path).expect("the schema can be read");
    let mut schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    let optional = json!({ "type": "string", "optional": true });
    schema["resources"]["local_sensitive_file"] = json!({ "attributes": {
        "filename": { "type": "string", "required": true },
        "content": optional, "content_base64": optional, "source": optional,
        "file_permission": optional, "directory_permission": optional,
        "id": { "type": "string", "computed": true },
    } });
    schema
});

/// What is wrong with a module's `.tf` files.
#[derive(Default)]
struct Checker {
    problems: Vec<String>,
    declared: BTreeSet<String>,
    /// Variables that something other than their own block uses.
    used: BTreeSet<String>,
}

impl Checker {
    fn check(text: &str) -> Vec<String> {
        let body = hcl::parse(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
        let mut checker = Self::default();
        for block in body.blocks() {
            for address in declared_by(block) {
                if !checker.declared.insert(address.clone()) {
                    checker.problems.push(format!("{address}: declared twice"));
                }
            }
        }
        body.blocks().for_each(|block| checker.top_level(block));
        let body: edit::structure::Body = text.parse().expect("was read before");
        body.blocks().for_each(|block| checker.references(block));
        let unused = checker.declared.iter().filter(|a| a.starts_with("var.") && !checker.used.contains(*a));
        let unused: Vec<_> = unused.map(|address| format!("{address}: declared and never used")).collect();
        checker.problems.extend(unused);
        checker.problems
    }

    fn top_level(&mut self, block: &Block) {
        let path = declared_by(block).first().cloned().unwrap_or_else(|| block.identifier().to_owned());
        let section = match block.identifier() {
            "resource" => "resources",
            "data" => "data_sources",
            _ => return,
        };
        match SCHEMA[section].get(block.labels()[0].as_str()) {
            Some(schema) => self.block(schema, block.body(), &path, true),
            None => self.problems.push(format!("{path}: unknown type")),
        }
    }

    /// What one top-level block refers to.
    fn references(&mut self, block: &edit::structure::Block) {
        let mut references = References::default();
        references.visit_block(block);
        let path = block.labels.iter().map(|label| label.as_str()).collect::<Vec<_>>().join(".");
        for (address, read) in references.found {
            if !self.declared.contains(&address) {
                self.problems.push(format!("{path}: {address} is not declared"));
            } else if let Some(read) = read.filter(|read| !has(&address, read)) {
                self.problems.push(format!("{path}: {address} has no {read}"));
            }
            // A variable's own validation is no use of it.
            if block.ident.as_str() != "variable" {
                self.used.insert(address);
            }
        }
    }

    /// One block against its schema, and those within it.
    fn block(&mut self, schema: &Value, body: &Body, path: &str, top: bool) {
        let none = json!({});
        let attributes = schema.get("attributes").unwrap_or(&none);
        let types = schema.get("block_types").unwrap_or(&none);
        for attribute in body.attributes() {
            let name = attribute.key();
            let problem = match attributes.get(name) {
                _ if top && ["depends_on", "count", "for_each", "provider"].contains(&name) => continue,
                None if types.get(name).is_some() => "is a block".to_owned(),
                None => "unknown attribute".to_owned(),
                // The provider's library lists `id` as optional and refuses it.
                Some(_) if top && name == "id" => "can't be set".to_owned(),
                Some(schema) if !is(schema, "optional") && !is(schema, "required") => "can't be set".to_owned(),
                Some(schema) if is(schema, "deprecated") => "deprecated".to_owned(),
                Some(schema) if is(schema, "required") && attribute.expr == Expression::Null => "required".to_owned(),
                Some(schema) if fits(&attribute.expr, &schema["type"]) => continue,
                Some(schema) => format!("{} is no {}", attribute.expr, schema["type"]),
            };
            self.problems.push(format!("{path}.{name}: {problem}"));
        }
        for (name, schema) in attributes.as_object().into_iter().flatten() {
            if is(schema, "required") && body.attributes().all(|attribute| attribute.key() != name) {
                self.problems.push(format!("{path}.{name}: required attribute is missing"));
            }
        }
        // How many blocks of each type there are, and whether there may be more.
        let mut counts: BTreeMap<String, (u64, bool)> = BTreeMap::new();
        for block in body.blocks().filter(|block| !(top && block.identifier() == "lifecycle")) {
            // No block of a resource has a label, so that none is known by this name.
            let labels = block.labels().iter().map(|label| label.as_str());
            let name = std::iter::once(block.identifier()).chain(labels).collect::<Vec<_>>().join(" ");
            let content = name.strip_prefix("dynamic ").map(|name| (name.to_owned(), self.content(block, path)));
            let is_dynamic = content.is_some();
            let (name, body) = content.unwrap_or((name, block.body().clone()));
            match types.get(&name) {
                Some(schema) => self.block(&schema["block"], &body, &format!("{path}.{name}"), false),
                None => self.problems.push(format!("{path}.{name}: unknown block")),
            }
            let count = counts.entry(name).or_default();
            *count = (count.0 + u64::from(!is_dynamic), count.1 || is_dynamic);
        }
        for (name, schema) in types.as_object().into_iter().flatten() {
            let (count, or_more) = counts.get(name).copied().unwrap_or_default();
            let single = (schema["nesting_mode"] == "single").then_some(1);
            let most = schema["max_items"].as_u64().or(single).unwrap_or(u64::MAX);
            let least = schema["min_items"].as_u64().unwrap_or(0);
            if count > most || (count < least && !or_more) {
                self.problems.push(format!("{path}.{name}: {count} blocks, not {least} to {most}"));
            }
        }
    }

    /// The content of a `dynamic` block.
    fn content(&mut self, block: &Block, path: &str) -> Body {
        let attributes: Vec<_> = block.body().attributes().map(|attribute| attribute.key()).collect();
        let mut contents = block.body().blocks().filter(|block| block.identifier() == "content");
        let content = contents.next().map(|content| content.body().clone());
        if content.is_none() || block.body().blocks().count() != 1 || attributes != ["for_each"] {
            self.problems.push(format!("{path}: a dynamic block has for_each and one content"));
        }
        content.unwrap_or_default()
    }
}

/// The addresses that a top-level block declares.
fn declared_by(block: &Block) -> Vec<String> {
    let labels: Vec<&str> = block.labels().iter().map(|label| label.as_str()).collect();
    match (block.identifier(), labels.as_slice()) {
        ("resource", [kind, name]) => vec![format!("{kind}.{name}")],
        ("variable", [name]) => vec![format!("var.{name}")],
        ("data" | "output" | "module" | "provider", labels) => {
            vec![format!("{}.{}", block.identifier(), labels.join("."))]
        }
        ("locals", []) => block.body().attributes().map(|attribute| format!("local.{}", attribute.key())).collect(),
        _ => Vec::new(),
    }
}

/// Whether what is declared at an address has an attribute or block.
fn has(address: &str, name: &str) -> bool {
    let mut words = address.split('.');
    let schema = match words.next() {
        Some("data") => &SCHEMA["data_sources"][words.next().unwrap_or_default()],
        kind => &SCHEMA["resources"][kind.unwrap_or_default()],
    };
    // What a variable has depends on its value.
    schema.is_null() || ["attributes", "block_types"].iter().any(|kind| schema[*kind].get(name).is_some())
}

fn is(schema: &Value, flag: &str) -> bool {
    schema.get(flag).and_then(Value::as_bool).unwrap_or(false)
}

/// Whether a literal has the type; any other expression is taken to have it.
fn fits(expression: &Expression, kind: &Value) -> bool {
    let (outer, inner) = (kind.get(0).and_then(Value::as_str), &kind[1]);
    match expression {
        Expression::Parenthesis(expression) => fits(expression, kind),
        Expression::String(_) | Expression::TemplateExpr(_) => kind == "string",
        Expression::Number(_) => kind == "number",
        Expression::Bool(_) => kind == "bool",
        Expression::Array(items) => matches!(outer, Some("list" | "set")) && items.iter().all(|item| fits(item, inner)),
        // The values of tags may be the user's; a plain one becomes a string.
        Expression::Object(items) if outer == Some("map") => items
            .values()
            .all(|value| fits(value, inner) || matches!(value, Expression::Number(_) | Expression::Bool(_))),
        Expression::Object(items) if outer == Some("object") => items
            .iter()
            .all(|(key, value)| inner.get(key.to_string().trim_matches('"')).is_some_and(|kind| fits(value, kind))),
        Expression::Object(_) => false,
        _ => true,
    }
}

/// Collects what the expressions of a block refer to.
#[derive(Default)]
struct References {
    /// Names that mean something only here: of `for` and of `dynamic`.
    scope: Vec<String>,
    /// Address, and the attribute that is read first.
    found: Vec<(String, Option<String>)>,
}

impl References {
    fn within(&mut self, names: impl IntoIterator<Item = String>, visit: impl FnOnce(&mut Self)) {
        let depth = self.scope.len();
        self.scope.extend(names);
        visit(self);
        self.scope.truncate(depth);
    }
}

impl Visit for References {
    fn visit_block(&mut self, block: &edit::structure::Block) {
        let name = block.labels.first().filter(|_| block.ident.as_str() == "dynamic");
        // Within `lifecycle` are names of the resource's own attributes.
        if block.ident.as_str() != "lifecycle" {
            self.within(name.map(|name| name.as_str().to_owned()), |this| visit::visit_block(this, block));
        }
    }

    fn visit_traversal(&mut self, traversal: &edit::expr::Traversal) {
        let known = ["path", "terraform", "each", "count", "self"];
        let root = traversal.expr.as_variable().map(|name| name.as_str().to_owned());
        if let Some(root) = root.filter(|root| !self.scope.contains(root) && !known.contains(&root.as_str())) {
            let length = if root == "data" { 3 } else { 2 };
            let mut names = vec![root];
            // `x.a[0].b` and `x.a[*].b` read `a` of `x`.
            names.extend(traversal.operators.iter().map_while(|operator| match operator.value() {
                edit::expr::TraversalOperator::GetAttr(name) => Some(name.as_str().to_owned()),
                _ => None,
            }));
            let read = names.get(length).cloned();
            names.truncate(length);
            self.found.push((names.join("."), read));
        }
        visit::visit_traversal(self, traversal);
    }

    fn visit_for_expr(&mut self, node: &edit::expr::ForExpr) {
        let names = node.intro.key_var.iter().chain([&node.intro.value_var]).map(|name| name.as_str().to_owned());
        self.within(names, |this| visit::visit_for_expr(this, node));
    }

    fn visit_for_directive(&mut self, node: &edit::template::ForDirective) {
        let each = &node.for_expr;
        let names = each.key_var.iter().chain([&each.value_var]).map(|name| name.as_str().to_owned());
        // The default visitor passes this by.
        self.visit_expr(&each.collection_expr);
        self.within(names, |this| visit::visit_for_directive(this, node));
    }
}

/// Every attribute; an expression where one may stand.
const SPEC: &str = r#"
vcn "a-b" {
  cidr_block     = "172.16.0.0/20"
  dns_label      = "ab"
  compartment_id = var.compartments["network"]
  freeform_tags  = merge(var.tags, { for k, v in var.more : k => "${k}-${v}" if v != "" })
  defined_tags   = { "Operations.CostCenter" = var.cost_center }
}

oke_cluster "k-8" {
  vcn                = vcn.a-b
  kubernetes_version = "v1.36.1"
  display_name       = "Eight"
  pods_cidr          = "10.244.0.0/16"
  services_cidr      = "10.96.0.0/16"
  api_allowed_cidrs  = ["203.0.113.0/24", "198.51.100.0/24"]
  create_kubeconfig  = "out/kubeconfig"
  compartment_id     = var.compartments.cluster
  freeform_tags      = { team = "team-${var.team}", "a-b" = 1 }
  defined_tags       = var.defined_tags

  node_pool "one" {
    shape                   = "VM.Standard.E5.Flex"
    image                   = [for name, id in var.images : id if name == "arm"][0]
    node_count              = 3
    ocpus                   = 4
    memory_in_gbs           = 32
    ssh_public_key          = "%{ for key in var.keys }${key} %{ endfor }"
    boot_volume_size_in_gbs = 100
    initial_node_labels     = { "example.com/tier" = "web", zone = "a" }
    max_pods_per_node       = 62
  }
}
"#;

#[test]
fn what_is_generated_fits_the_schema() {
    let goldens = common::goldens().into_iter().map(|golden| (golden.source, golden.layout));
    let random = sample(strategy::spec(), 30).into_iter();
    let random = random.chain([SPEC, DEFAULT_SPEC, STARTER_SPEC].map(str::to_owned)).flat_map(|text| {
        let source = Source::file(text.clone(), text);
        [(source.clone(), Layout::Root), (source, Layout::Module)]
    });
    for (source, layout) in goldens.chain(random) {
        let files = common::generate(&source, layout).files;
        let code = files.iter().filter(|(path, _)| path.ends_with(".tf")).map(|(_, text)| text.to_string() + "\n");
        let problems = Checker::check(&code.collect::<String>());
        assert!(problems.is_empty(), "{} as {}: {problems:#?}", source.origin.shown(), layout.word());
    }
}

/// A module that is right; each case makes one thing wrong in it.
const RIGHT: &str = r#"
variable "c" { type = string }

resource "oci_core_network_security_group" "n" {
  compartment_id = var.c
  vcn_id         = "ocid1.vcn.oc1..a"
  freeform_tags  = { a = "b" }
}

resource "oci_core_network_security_group_security_rule" "r" {
  network_security_group_id = oci_core_network_security_group.n.id
  direction                 = "INGRESS"
  protocol                  = "6"

  tcp_options {
    destination_port_range {
      min = 1
      max = 2
    }
  }
}

resource "oci_core_subnet" "s" {
  compartment_id    = var.c
  vcn_id            = "ocid1.vcn.oc1..a"
  security_list_ids = ["ocid1.securitylist.oc1..a"]
}

resource "oci_core_service_gateway" "g" {
  compartment_id = var.c
  vcn_id         = "ocid1.vcn.oc1..a"

  dynamic "services" {
    for_each = [oci_core_subnet.s.id]
    content { service_id = services.value }
  }
}
"#;

/// What is replaced in [`RIGHT`], by what, and what must be said about it.
#[rustfmt::skip]
const WRONG: [(&str, &str, &str); 28] = [
    ("  direction  ", "  way = 1\n  direction  ", "r.way: unknown attribute"),
    ("direction                 = \"INGRESS\"", "", "r.direction: required attribute is missing"),
    ("      min = 1\n", "", "r.tcp_options.destination_port_range.min: required attribute is missing"),
    ("\"INGRESS\"", "null", "r.direction: required"),
    ("  tcp_options {", "  tcp_options {}\n  tcp_options {", "r.tcp_options: 2 blocks, not 0 to 1"),
    ("    destination_port_range {", "    range {}\n    destination_port_range {", "r.tcp_options.range: unknown block"),
    ("  tcp_options {", "  udp_options = 1\n  tcp_options {", "r.udp_options: is a block"),
    ("      min = 1", "      min = 1\n      lifecycle {}", "destination_port_range.lifecycle: unknown block"),
    ("      min = 1", "      min = 1\n      count = 1", "destination_port_range.count: unknown attribute"),
    ("min = 1", "min = \"1\"", "destination_port_range.min: \"1\" is no \"number\""),
    ("\"6\"", "6", "r.protocol: 6 is no \"string\""),
    ("[\"ocid1.securitylist.oc1..a\"]", "1", "s.security_list_ids: 1 is no"),
    ("[\"ocid1.securitylist.oc1..a\"]", "[1]", "s.security_list_ids: ["),
    ("{ a = \"b\" }", "[\"a\"]", "n.freeform_tags: ["),
    ("  direction  ", "  is_valid = true\n  direction  ", "r.is_valid: can't be set"),
    ("  direction  ", "  id = \"x\"\n  direction  ", "r.id: can't be set"),
    ("for_each = [oci_core_subnet.s.id]", "", "dynamic block has"),
    ("{ service_id = services.value }", "{\n      x = 1\n      service_id = services.value\n    }", "g.services.x: unknown attribute"),
    ("dynamic \"services\" {", "dynamic \"servers\" {\n    for_each = []\n    content {}\n  }\n  dynamic \"services\" {", "g.servers: unknown block"),
    ("dynamic \"services\" {\n    for_each = [oci_core_subnet.s.id]\n    content { service_id = services.value }\n  }", "", "g.services: 0 blocks, not 1 to"),
    ("oci_core_subnet.s.id", "oci_core_subnet.t.id", "g: oci_core_subnet.t is not declared"),
    ("oci_core_subnet.s.id", "oci_core_subnet.s.idd", "g: oci_core_subnet.s has no idd"),
    ("oci_core_subnet.s.id", "\"a${[for x in [1] : \"${x.y}-${data.oci_core_services.all.id}\"][0]}\"", "g: data.oci_core_services.all is not declared"),
    ("for_each = [oci_core_subnet.s.id]", "for_each = [servers.value]", "g: servers.value is not declared"),
    ("= var.c\n  vcn_id         =", "= var.d\n  vcn_id         =", "n: var.d is not declared"),
    ("resource \"oci_core_service_gateway\" \"g\"", "resource \"oci_core_x\" \"x\" {\n}\nresource \"oci_core_service_gateway\" \"g\"", "oci_core_x.x: unknown type"),
    ("resource \"oci_core_service_gateway\" \"g\"", "variable \"c\" {\n}\nresource \"oci_core_service_gateway\" \"g\"", "var.c: declared twice"),
    ("resource \"oci_core_service_gateway\" \"g\"", "variable \"x\" {\n  validation {\n    condition = var.x\n  }\n}\nresource \"oci_core_service_gateway\" \"g\"", "var.x: declared and never used"),
];

#[test]
fn what_is_wrong_is_reported() {
    assert_eq!(Checker::check(RIGHT), Vec::<String>::new());
    for (from, to, expected) in WRONG {
        assert!(RIGHT.contains(from), "{from}");
        let problems = Checker::check(&RIGHT.replacen(from, to, 1));
        assert!(problems.len() == 1 && problems[0].contains(expected), "{expected}: {problems:#?}");
    }
}
