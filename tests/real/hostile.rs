//! A user's string can never become code: whatever it holds, the output has it
//! back as the same literal, or the spec is refused and the message says why.

use crate::common;
use crate::common::strategy::{hostile_text, quoted, sample};
use crate::common::tools::tools;
use crate::common::{generate_text, root};
use proptest::prelude::*;

/// A spec with a text in every place that takes one.
fn spec(text: &str) -> String {
    let with = |prefix: &str| quoted(&format!("{prefix}{text}"));
    format!(
        r#"
vcn "lab" {{
  compartment_id = {compartment}
  freeform_tags  = {{ "note" = {plain} }}
  defined_tags   = {{ "Ops.note" = {plain} }}
}}
oke_cluster "k8s" {{
  kubernetes_version = "v1.35.2"
  display_name       = {named}
  create_kubeconfig  = {path}
  freeform_tags      = {{ "note" = {plain}, "mixed" = upper({plain}) }}
  node_pool "p" {{
    shape          = "VM.Standard.A1.Flex"
    image          = {image}
    node_count     = 1
    ocpus          = 1
    memory_in_gbs  = 6
    ssh_public_key = {key}
  }}
}}
"#,
        compartment = with("ocid1.compartment."),
        plain = quoted(text),
        named = with("n"),
        path = quoted(&format!("/tmp/{text}x")),
        image = with("ocid1.image."),
        key = with("ssh-ed25519 "),
    )
}

/// The literals of one attribute, wherever it stands in a file.
fn literals(file: &str, attribute: &str) -> Vec<String> {
    fn in_object(expression: &hcl::Expression, attribute: &str, found: &mut Vec<String>) {
        let hcl::Expression::Object(object) = expression else { return };
        for (key, value) in object {
            if key.to_string().trim_matches('"') == attribute {
                found.push(literal(value));
            }
            in_object(value, attribute, found);
        }
    }
    fn in_body(body: &hcl::Body, attribute: &str, found: &mut Vec<String>) {
        for structure in body {
            match structure {
                hcl::Structure::Attribute(a) => {
                    if a.key() == attribute {
                        found.push(literal(a.expr()));
                    }
                    in_object(a.expr(), attribute, found);
                }
                hcl::Structure::Block(block) => in_body(block.body(), attribute, found),
            }
        }
    }
    let mut found = Vec::new();
    in_body(&hcl::parse(file).unwrap_or_else(|e| panic!("{e}\n{file}")), attribute, &mut found);
    found
}

/// A string's value. A template without any interpolation is one, too.
fn literal(expression: &hcl::Expression) -> String {
    match expression {
        hcl::Expression::String(text) => text.clone(),
        hcl::Expression::TemplateExpr(template) => {
            let template = hcl::Template::from_expr(template).expect("a template");
            template
                .elements()
                .iter()
                .map(|element| match element {
                    hcl::template::Element::Literal(text) => text.clone(),
                    other => panic!("a user's text became code: {other:?}"),
                })
                .collect()
        }
        other => panic!("a user's text became code: {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_comes_back_as_the_same_literal(text in hostile_text()) {
        let generated = generate_text(&spec(&text));
        let file = |name: &str| generated.files.get(name).expect(name).to_owned();
        let all = |file: &str, attribute: &str, expected: &str| {
            let found = literals(file, attribute);
            assert!(!found.is_empty(), "no {attribute} in\n{file}");
            assert!(found.iter().all(|f| f == expected), "{attribute}: {found:?} is not {expected:?}");
        };
        let cluster = file("cluster.tf");
        all(&cluster, "name", &format!("n{text}"));
        all(&cluster, "filename", &format!("/tmp/{text}x"));
        let tags = file("tags.tf");
        all(&tags, "note", &text);
        all(&tags, "Ops.note", &text);
        let network = file("network.tf");
        all(&network, "compartment_id", &format!("ocid1.compartment.{text}"));
        let pools = file("node_pools.tf");
        all(&pools, "image_id", &format!("ocid1.image.{text}"));
        all(&pools, "ssh_public_key", &format!("ssh-ed25519 {text}"));
    }
}

#[test]
fn opentofu_reads_every_text_as_it_was_meant() {
    let mut texts = sample(hostile_text(), 200);
    // OpenTofu composes characters when it reads (NFC); the file has the text
    // as the user wrote it.
    texts.retain(|text| !text.contains('\u{301}'));
    let mut module = String::new();
    for (number, text) in texts.iter().enumerate() {
        let generated = generate_text(&spec(text));
        let cluster = generated.files.get("cluster.tf").expect("cluster.tf");
        let line = cluster.lines().find(|line| line.trim_start().starts_with("name ")).expect("a name");
        let value = line.split_once('=').expect("an attribute").1;
        module += &format!("output \"o{number}\" {{\n  value ={value}\n}}\n");
    }
    for tool in tools("evaluation of hostile texts") {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(directory.path().join("main.tf"), &module).expect("written");
        tool.succeeds(directory.path(), &["init", "-no-color"]);
        tool.succeeds(directory.path(), &["apply", "-auto-approve", "-no-color"]);
        let outputs = tool.succeeds(directory.path(), &["output", "-json"]);
        let outputs: serde_json::Value = serde_json::from_str(&outputs).expect("JSON");
        for (number, text) in texts.iter().enumerate() {
            let said = outputs[format!("o{number}")]["value"].as_str().expect("a string");
            assert_eq!(said, format!("n{text}"), "{}", tool.name);
        }
    }
}

#[test]
fn what_deceives_a_reader_is_refused() {
    for (text, word) in [
        ("\\u0007", "control"),
        ("\\u001b[2J", "control"),
        ("\\u0000", "control"),
        ("\u{202e}gnp.exe", "writing direction"),
        ("\u{2066}", "writing direction"),
        ("\\u200f", "writing direction"),
    ] {
        for place in ["display_name = \"n@\"", "freeform_tags = { k = \"@\" }", "freeform_tags = { k = upper(\"@\") }"]
        {
            let attribute = place.replace('@', text);
            let text = format!(
                "vcn \"lab\" {{}}\noke_cluster \"k\" {{\n  kubernetes_version = \"v1.35.2\"\n  {attribute}\n}}\n"
            );
            let source = cloudspells::diagnostic::Source::file("test.hcl", text);
            let refused = cloudspells::generate(&source, cloudspells::Layout::Root);
            let Err(diagnostics) = refused else { panic!("accepted {attribute}") };
            let report = diagnostics.render(&source, false);
            assert!(report.contains(word) && report.contains("test.hcl:4:"), "{report}");
            let shown =
                report.chars().find(|c| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c));
            assert_eq!(shown, None, "the report itself deceives: {report}");
        }
    }
}

#[test]
fn texts_longer_than_oci_takes_are_refused() {
    for (attribute, length, problem) in [
        ("display_name", 255, None),
        ("display_name", 256, Some("256 characters")),
        ("display_name", 1_000_000, Some("1000000 characters")),
    ] {
        let text = format!(
            "vcn \"lab\" {{}}\noke_cluster \"k\" {{\n  kubernetes_version = \"v1.35.2\"\n  {attribute} = \"{}\"\n}}\n",
            "x".repeat(length)
        );
        let source = cloudspells::diagnostic::Source::file("test.hcl", text);
        match (cloudspells::generate(&source, cloudspells::Layout::Root), problem) {
            (Ok(_), None) => {}
            (Err(diagnostics), Some(problem)) => {
                let report = diagnostics.render(&source, false);
                assert!(report.contains(problem), "{problem} is not in the report");
                assert!(report.len() < 3000, "the text buries the message: {} bytes", report.len());
            }
            (Ok(_), Some(_)) => panic!("{length} characters were accepted"),
            (Err(diagnostics), None) => panic!("{}", diagnostics.render(&source, false)),
        }
    }
}

#[test]
fn hcl_is_never_made_by_joining_strings() {
    // Whatever writes HCL goes through hcl-edit: the text of a block stands
    // nowhere in the source.
    let source = common::files_under(&root().join("src"));
    for (path, text) in source.iter().filter(|(path, _)| path.ends_with(".rs")) {
        for mark in ["resource \\\"", "variable \\\"", "output \\\"", "${{"] {
            assert!(!text.contains(mark), "{path} seems to join HCL: {mark}");
        }
    }
}
