//! What is said about bad specs. `tests/rejected/NAME.hcl` is refused with
//! exactly the report in `NAME.txt`; `tests/warned/NAME.hcl` is accepted with
//! exactly the warnings in `NAME.txt`. Specs that an editor or git would
//! change, or that are too long to read, are made here instead of kept as
//! files; their reports are beside the others. `NAME.overlay.hcl` is laid over
//! `NAME.hcl`.

use crate::common;
use cloudspells::Layout;
use cloudspells::diagnostic::{Diagnostics, Origin, Source};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

const UPDATE: &str = "UPDATE_EXPECT=1 cargo test --test it rejected";

/// Reports for which there is nothing to advise.
const WITHOUT_HELP: &[&str] = &[];

/// A spec and the file with its expected report.
struct Case {
    name: String,
    source: Source,
    expected: PathBuf,
}

impl Case {
    fn new(directory: &str, name: &str, text: String) -> Self {
        Self {
            name: name.to_owned(),
            source: Source::file(format!("{name}.hcl"), text),
            expected: directory_of(directory).join(format!("{name}.txt")),
        }
    }
}

fn directory_of(directory: &str) -> PathBuf {
    common::root().join("tests").join(directory)
}

/// The specs that are kept as files, by name.
fn cases_in(directory: &str) -> Vec<Case> {
    let mut cases: Vec<_> = fs::read_dir(directory_of(directory))
        .expect("the directory can be read")
        .map(|entry| entry.expect("the directory can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "hcl"))
        .filter(|path| !path.to_string_lossy().ends_with(".overlay.hcl"))
        .map(|path| {
            let name = path.file_stem().expect("has a name").to_string_lossy().into_owned();
            let mut case = Case::new(directory, &name, fs::read_to_string(&path).expect("a spec is text"));
            if let Ok(text) = fs::read_to_string(path.with_extension("overlay.hcl")) {
                case.source = case.source.overlaid(Origin::File(format!("{name}.overlay.hcl")), &text);
            }
            case
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn cluster(name: &str, attributes: &str) -> String {
    format!("oke_cluster \"{name}\" {{\n  kubernetes_version = \"v1.35.2\"\n{attributes}}}\n")
}

/// `count` different CIDRs that begin with `first`, as a list.
fn client_list(first: u8, count: usize) -> String {
    let cidrs: Vec<_> = (0..count).map(|third| format!("\"{first}.0.{third}.0/24\"")).collect();
    format!("  api_allowed_cidrs  = [{}]\n", cidrs.join(", "))
}

/// The specs that are made here.
fn made() -> Vec<Case> {
    let vcn = "vcn \"lab\" {}\n\n";
    let with_clusters = |clusters: &[(&str, u8, usize)]| {
        let clusters = clusters.iter().map(|(name, first, count)| cluster(name, &client_list(*first, *count)));
        vcn.to_owned() + &clusters.collect::<String>()
    };
    let name_with = |c: char| format!("{vcn}oke_cluster \"k8s\" {{\n  display_name = \"lab{c}k8s\"\n}}\n");
    [
        (
            "made_crlf",
            "vcn \"lab\" {\r\n  cidr_block = \"10.0.0.1/18\"\r\n  dns_label  = \"my-lab\"\r\n}\r\n".to_owned(),
        ),
        ("made_crlf_in_bad_hcl", "vcn \"lab\" {\r\n  cidr_block \"10.0.0.0/18\"\r\n}\r\n".to_owned()),
        ("made_cr_alone", "vcn \"lab\" {\r  cidr_block = \"10.0.0.1/18\"\r}\r".to_owned()),
        ("made_tabs", "vcn \"lab\" {\n\tcidr_block\t= \"10.0.0.1/18\"\n\tdns_label\t= \"my-lab\"\n}\n".to_owned()),
        ("made_byte_order_mark", "\u{FEFF}vcn \"lab\" {\n  cidr_block = \"10.0.0.1/18\"\n}\n".to_owned()),
        ("made_no_break_space", "vcn\u{A0}\"lab\" {\n  cidr_block = \"10.0.0.1/18\"\n}\n".to_owned()),
        ("made_curly_quotes", "vcn “lab” {\n  cidr_block = “10.0.0.0/18”\n}\n".to_owned()),
        ("made_no_final_newline", "vcn \"lab\" {\n  cidr_block = \"10.0.0.1/18\"\n}".to_owned()),
        ("made_nul", "vcn \"lab\" {\n  dns_label = \"a\0b\"\n}\n".to_owned()),
        ("made_escape_sequence", name_with('\u{1B}')),
        ("made_c1_control_in_excerpt", "vcn \"lab\" {\n  dns_label = \"a\u{9B}31mb\"\n}\n".to_owned()),
        ("made_line_separator_in_excerpt", "vcn \"lab\" { /* a\u{2028}b */ dns_label = \"a-b\" }\n".to_owned()),
        ("made_bidi_override", name_with('\u{202E}')),
        ("made_tab_in_display_name", name_with('\t')),
        ("made_bidi_in_passthrough", "vcn \"lab\" {\n  freeform_tags = { team = \"a\u{202E}b\" }\n}\n".to_owned()),
        ("made_bidi_in_comment", "# safe \u{202E} text\nvcn \"lab\" {\n  ipv6 = true\n}\n".to_owned()),
        ("made_bidi_in_tag_key", "vcn \"lab\" {\n  freeform_tags = { \"a\u{202E}b\" = \"c\" }\n}\n".to_owned()),
        ("made_wide_characters", "vcn \"lab\" { /* 東京 🏯 */ dns_label = \"my-lab\" }\n".to_owned()),
        ("made_long_line", format!("vcn \"lab\" {{ dns_label = \"{}\" }}\n", "a".repeat(100_000))),
        (
            "made_long_line_around",
            format!("vcn \"lab\" {{ /* {} */ dns_label = \"a-b\" /* {} */ }}\n", "x".repeat(5000), "y".repeat(5000)),
        ),
        ("made_long_name", format!("vcn \"{}\" {{}}\n", "a".repeat(100_000))),
        ("made_long_attribute", format!("vcn \"lab\" {{\n  {} = 1\n}}\n", "a".repeat(10_000))),
        ("made_nested_lists", nested("[", "]")),
        ("made_nested_objects", nested("{a=", "}")),
        ("made_nested_parentheses", nested("(", ")")),
        ("made_nested_calls", nested("f(", ")")),
        ("made_nested_negations", nested("!", "")),
        ("made_nested_templates", nested("\"${", "}\"")),
        ("made_nested_conditionals", nested("true ? 1 : ", "")),
        ("made_nested_blocks", "a {\n".repeat(10_000) + &"}\n".repeat(10_000)),
        ("made_unclosed_lists", format!("vcn \"lab\" {{\n  freeform_tags = {}", "[".repeat(10_000))),
        ("made_too_large", format!("vcn \"lab\" {{}}\n{}", "# padding\n".repeat(500_000))),
        ("made_many_problems", (0..120).fold(String::new(), |text, n| text + &format!("spell \"s{n}\" {{}}\n"))),
        ("made_too_many_api_clients", with_clusters(&[("k8s", 20, 114)])),
        ("made_too_many_security_list_rules", with_clusters(&[("one", 20, 113), ("two", 21, 113)])),
        ("made_too_many_blocks", many(50_000, |n| format!("vcn \"n{n}\" {{}}\n"))),
        (
            "made_too_many_nested_blocks",
            vcn.to_owned() + &cluster("k8s", &many(5_000, |n| format!("  node_pool \"p{n}\" {{}}\n"))),
        ),
        ("made_too_many_attributes", format!("vcn \"lab\" {{\n{}}}\n", many(50_000, |n| format!("  a{n} = {n}\n")))),
        (
            "made_too_many_labels",
            in_pool(&format!("initial_node_labels = {{ {} }}", many(50_000, |n| format!("l{n} = {n}, ")))),
        ),
        (
            "made_too_many_tags",
            in_pool(&format!("ssh_public_key = merge({{ {} }})", many(50_000, |n| format!("\"t{n}\": {n}, ")))),
        ),
        (
            "made_too_many_parts",
            in_pool(&format!("ssh_public_key = join(\"\", [{}])", many(50_000, |n| format!("var.a{n}, ")))),
        ),
        ("made_too_many_variables", vcn.to_owned() + &cluster("k8s", &many(510, |n| keyed(n, "var.a")))),
        ("made_too_many_paths", vcn.to_owned() + &cluster("k8s", &many(510, |n| keyed(n, "var.a.b")))),
        ("made_too_many_clusters_in_a_vcn", vcn.to_owned() + &many(1_000, |n| cluster(&format!("k{n}"), ""))),
        ("made_many_places", vcn.to_owned() + &cluster("k8s", &many(1_001, |n| pool(&format!("p{n}"), "")))),
    ]
    .map(|(name, text)| Case::new("rejected", name, text))
    .into()
}

/// A pool whose key is made of ten variables, or of ten parts of one.
fn keyed(number: usize, value: &str) -> String {
    let values = many(10, |n| format!("{value}{number}_{n}, "));
    let pool = pool(&format!("p{number}"), &format!("ssh_public_key = join(\"\", [{values}])"));
    pool.replace("node_count = 1", "node_count = 0")
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

fn pool(name: &str, attribute: &str) -> String {
    format!(
        "  node_pool \"{name}\" {{\n    shape = \"VM.Standard2.1\"\n    image = var.i\n    node_count = 1\n    {attribute}\n  }}\n"
    )
}

/// A spec with a node pool that has an attribute.
fn in_pool(attribute: &str) -> String {
    format!("vcn \"lab\" {{}}\n\n{}", cluster("k8s", &pool("default", attribute)))
}

/// A spec whose tags are 10,000 deep.
fn nested(open: &str, close: &str) -> String {
    format!("vcn \"lab\" {{\n  freeform_tags = {}1{}\n}}\n", open.repeat(10_000), close.repeat(10_000))
}

/// Compares a report with its file, or rewrites the file.
fn compare(case: &Case, diagnostics: &Diagnostics, problems: &mut String) {
    let report = diagnostics.render(&case.source, false);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&case.expected, &report).expect("a report can be written");
    }
    let expected = fs::read_to_string(&case.expected).unwrap_or_default();
    if report != expected {
        let _ = writeln!(problems, "{}: expected\n{expected}\nbut got\n{report}", case.source.origin.shown());
    }
    let places: Vec<_> = case.source.origins().map(|origin| format!("--> {}:", origin.shown())).collect();
    for diagnostic in diagnostics.iter() {
        let mut alone = Diagnostics::default();
        alone.push(diagnostic.clone());
        let shown = alone.render(&case.source, false);
        let numbers = shown
            .lines()
            .find_map(|line| places.iter().find_map(|place| line.trim_start().strip_prefix(place.as_str())));
        let placed = numbers.and_then(|numbers| numbers.split_once(':')).is_some_and(|(line, column)| {
            [line, column].iter().all(|number| number.parse::<usize>().is_ok_and(|number| number > 0))
        });
        if !placed {
            let _ = writeln!(problems, "{}: names no line and column:\n{shown}", case.source.origin.shown());
        }
        if diagnostic.help.is_none() && !WITHOUT_HELP.contains(&case.name.as_str()) {
            let _ = writeln!(problems, "{}: does not say what to write instead:\n{shown}", case.source.origin.shown());
        }
        if let Some(c) = shown.chars().find(|c| *c != '\n' && cloudspells::quote::is_deceptive(*c)) {
            let _ = writeln!(problems, "{}: U+{:04X} reaches the terminal", case.source.origin.shown(), u32::from(c));
        }
    }
}

fn fail_if_any(problems: &str) {
    assert!(problems.is_empty(), "{problems}\nIf the new reports are meant, update them with\n  {UPDATE}\n");
}

#[test]
fn every_rejected_spec_is_refused_with_its_report() {
    let files = cases_in("rejected");
    assert!(files.len() >= 40, "tests/rejected/ holds only {} specs", files.len());
    let mut problems = String::new();
    for case in files.into_iter().chain(made()) {
        match cloudspells::generate(&case.source, Layout::Root) {
            Ok(_) => {
                let _ = writeln!(problems, "{}: was accepted", case.source.origin.shown());
            }
            Err(diagnostics) => {
                if !diagnostics.has_errors() {
                    let _ = writeln!(problems, "{}: was refused without an error", case.source.origin.shown());
                }
                compare(&case, &diagnostics, &mut problems);
            }
        }
    }
    fail_if_any(&problems);
}

#[test]
fn every_warned_spec_is_accepted_with_its_warnings() {
    let mut problems = String::new();
    for case in cases_in("warned") {
        match cloudspells::generate(&case.source, Layout::Root) {
            Ok(generated) if generated.warnings.iter().next().is_none() => {
                let _ = writeln!(problems, "{}: was not warned of", case.source.origin.shown());
            }
            Ok(generated) => compare(&case, &generated.warnings, &mut problems),
            Err(diagnostics) => {
                let report = diagnostics.render(&case.source, false);
                let _ = writeln!(problems, "{}: was refused\n{report}", case.source.origin.shown());
            }
        }
    }
    fail_if_any(&problems);
}

#[test]
fn every_report_has_its_spec() {
    for (directory, made) in [("rejected", made()), ("warned", Vec::new())] {
        let cases = cases_in(directory);
        let known: BTreeSet<_> = cases.iter().chain(&made).map(|case| case.expected.clone()).collect();
        for entry in fs::read_dir(directory_of(directory)).expect("the directory can be read") {
            let path = entry.expect("the directory can be read").path();
            let report = path.extension().is_some_and(|extension| extension == "txt");
            assert!(!report || known.contains(&path), "{} belongs to no spec", path.display());
        }
    }
}
