//! A template of the user's means to OpenTofu what it meant in the spec,
//! wherever another stands inside of it; and nothing in it becomes code.

use crate::common::generate_text;
use crate::common::strategy::{INNERMOST, POSITIONS, nested_template, sample};
use crate::common::tools::{say, tools};
use proptest::prelude::*;
use std::fmt::Write as _;

/// A spec with values in places that take any expression: the keys of as many
/// node pools.
fn spec(values: &[String]) -> String {
    let mut text = "vcn \"lab\" {}\noke_cluster \"k8s\" {\n  kubernetes_version = \"v1.35.2\"\n".to_owned();
    for (number, value) in values.iter().enumerate() {
        // A literal would have to be a key.
        let value = format!("[{value}][0]");
        let _ = writeln!(
            text,
            "  node_pool \"p{number:05}\" {{\n    shape = \"VM.Standard.A1.Flex\"\n    image = var.image\n    \
             node_count = 0\n    ocpus = 1\n    memory_in_gbs = 6\n    ssh_public_key = {value}\n  }}"
        );
    }
    text + "}\n"
}

/// What the generated module has in those places, as HCL. The file has nothing
/// that it would not have with plain keys.
fn written(values: &[String]) -> Vec<String> {
    // As many as one spec may have.
    values.chunks(500).flat_map(written_at_once).collect()
}

fn written_at_once(values: &[String]) -> Vec<String> {
    let pools = |values: &[String]| {
        let generated = generate_text(&spec(values));
        let text = generated.files.get("node_pools.tf").expect("node_pools.tf");
        let is_key = |line: &&str| line.starts_with("  ssh_public_key ");
        let (keys, others): (Vec<_>, Vec<_>) = text.lines().partition(is_key);
        let keys: Vec<_> =
            keys.iter().map(|line| line.split_once('=').expect("an attribute").1.trim().to_owned()).collect();
        (keys, others.join("\n"))
    };
    let (keys, others) = pools(values);
    let plain = vec!["\"ssh-ed25519 key\"".to_owned(); values.len()];
    assert_eq!(others, pools(&plain).1, "more than the values changed");
    assert_eq!(keys.len(), values.len());
    keys
}

/// Every position, with every innermost text; and every pair of positions.
fn systematic() -> Vec<String> {
    let singles = (0..POSITIONS.len()).flat_map(|at| (0..INNERMOST.len()).map(move |text| (vec![at], text)));
    let pairs = (0..POSITIONS.len()).flat_map(|a| (0..POSITIONS.len()).map(move |b| (vec![a, b], a + b)));
    singles.chain(pairs).map(|(path, text)| nested_template(&path, text)).collect()
}

fn deep() -> impl Strategy<Value = String> {
    (prop::collection::vec(0..POSITIONS.len(), 3..5), 0..INNERMOST.len())
        .prop_map(|(path, text)| nested_template(&path, text))
}

#[test]
fn text_after_a_directive_over_templates_is_no_code() {
    let attack = r#""%{ for x in ["a ${var.b}"] }${x}%{ endfor }\"\n}\nresource \"terraform_data\" \"x\" {\n  provisioner \"local-exec\" {\n    command = \"true\"\n  }\n}\n""#;
    let harmless = "<<EOT\n%{ for x in [\"a ${var.b}\"] }${x}%{ endfor } says \"hello\"\nEOT\n";
    // That only the values differ is checked there.
    let written = written(&[attack.to_owned(), harmless.to_owned()]);
    assert!(written[0].contains(r#"\"\n}\nresource"#), "{}", written[0]);
    assert!(written[1].contains(r#" says \"hello\"\n"#), "{}", written[1]);
}

#[test]
fn what_deceives_a_reader_is_refused_in_the_body_of_a_directive_too() {
    for (escape, word) in [("\\u202e", "writing direction"), ("\\u001b", "control"), ("\\U000E0041", "invisible")] {
        for body in
            ["%{ if var.yes }@%{ endif }", "%{ if var.yes }%{ else }@%{ endif }", "%{ for x in var.l }@%{ endfor }"]
        {
            let value = format!("\"{}\"", body.replace('@', escape));
            let source = cloudspells::diagnostic::Source::file("test.hcl", spec(&[value]));
            let Err(refused) = cloudspells::generate(&source, cloudspells::Layout::Root) else { panic!("{body}") };
            let report = refused.render(&source, false);
            assert!(report.contains(word) && report.contains("test.hcl:"), "{report}");
        }
    }
}

/// Numbers that a float can't hold, or writes in another way.
const NUMBERS: [&str; 9] = [
    "123456789012345678901",
    "0.1234567890123456789",
    "-0",
    "- 5",
    "1e2",
    "1E-7",
    "18446744073709551616",
    "-9007199254740993",
    "1.50",
];

#[test]
fn a_number_stays_what_was_written() {
    let values: Vec<_> = NUMBERS.iter().map(|number| format!("tostring({number})")).collect();
    let expected: Vec<_> = values.iter().map(|value| format!("[{}][0]", value.replace("- ", "-"))).collect();
    assert_eq!(written(&values), expected);
}

#[test]
fn a_nested_template_stays_a_value_in_every_position() {
    let values = systematic();
    say(&format!("nested templates: {} positions, {} values", POSITIONS.len(), values.len()));
    written(&values);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn deeply_nested_templates_stay_values(values in prop::collection::vec(deep(), 50)) {
        written(&values);
    }
}

#[test]
fn opentofu_gives_every_template_the_value_that_it_had_in_the_spec() {
    let mut values = systematic();
    values.extend(sample(deep(), 1000));
    values.extend(NUMBERS.iter().map(|number| format!("tostring({number})")));
    let mut module =
        "variable \"b\" {\n  default = \"B \\\"\"\n}\nvariable \"yes\" {\n  default = true\n}\n".to_owned();
    let written = written(&values);
    for (name, values) in [("spec", &values), ("file", &written)] {
        let _ = writeln!(module, "output \"{name}\" {{\n  value = [{}]\n}}", values.join(", "));
    }
    for tool in tools("evaluation of templates") {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(directory.path().join("main.tf"), &module).expect("written");
        tool.succeeds(directory.path(), &["init", "-no-color"]);
        tool.succeeds(directory.path(), &["apply", "-auto-approve", "-no-color"]);
        let outputs = tool.succeeds(directory.path(), &["output", "-json"]);
        let outputs: serde_json::Value = serde_json::from_str(&outputs).expect("JSON");
        for (number, (value, written)) in values.iter().zip(&written).enumerate() {
            let of = |kind: &str| &outputs[kind]["value"][number];
            assert!(of("spec").is_string(), "{value}");
            assert_eq!(of("spec"), of("file"), "{}: {value}\nwas written {written}", tool.name);
        }
    }
}
