//! `docs/spec.md` against the code: no attribute is missing, none is too many, and
//! every example is accepted.

use crate::common;
use cloudspells::Layout;
use cloudspells::diagnostic::Source;
use std::collections::BTreeSet;

/// A row of a table: the attribute, its example.
struct Row {
    attribute: String,
    cells: Vec<String>,
}

/// The rows of a section's table.
fn rows(section: &str) -> Vec<Row> {
    let page = std::fs::read_to_string(common::root().join("docs/spec.md")).expect("docs/spec.md");
    let heading = format!("\n## {section}\n");
    let text = page.split_once(&heading).unwrap_or_else(|| panic!("docs/spec.md has no {section}")).1;
    let text = text.split("\n## ").next().expect("a section");
    let lines = text.lines().filter(|line| line.starts_with("| `"));
    let cells = lines.map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect());
    let rows: Vec<Row> =
        cells.map(|cells: Vec<String>| Row { attribute: cells[0].trim_matches('`').to_owned(), cells }).collect();
    assert!(rows.len() > 1, "{section} has a table");
    rows
}

/// The attributes that the code asks for, by its text: a reader's calls.
fn asked_for(files: &[&str]) -> BTreeSet<String> {
    let read = |file: &&str| std::fs::read_to_string(common::root().join("src").join(file)).expect("a source file");
    let code = |text: String| asked_for_in(text.split("#[cfg(test)]").next().expect("code"));
    files.iter().map(read).flat_map(code).collect()
}

fn asked_for_in(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for call in ["optional", "explicit", "required", "defaulted", "ask_for", "read_tags"] {
        for part in code.split(&format!("{call}(")).skip(1) {
            let name = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            found.extend(name.map(str::to_owned));
        }
    }
    found
}

const IDENTITY: &str = "spells/identity.rs";

const ALLOW: &str = "Rules of your own: `allow`";

const RELATIONS: &str = "Relations: `serves` and `served_by`";

/// Whom an example of a relation may name.
const OTHERS: &str = r#"
compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}

compute_instance "jump" {
  role          = "management"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}
"#;

/// The keys of an entry, by the text of the code.
fn keys_of_relations() -> BTreeSet<String> {
    let code = std::fs::read_to_string(common::root().join("src/spells/relations.rs")).expect("a source file");
    let keys = code.split_once("const KEYS").expect("a list").1.split(';').nth(1).expect("its items");
    keys.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The arguments of the provider: those that are read, and those of its table.
fn of_the_provider() -> BTreeSet<String> {
    let file = "module/provider.rs";
    let code = std::fs::read_to_string(common::root().join("src").join(file)).expect("a source file");
    let table = code.split_once("const TEXTS").expect("a table").1.split("];").next().expect("it ends");
    let names = table.split("(\"").skip(1).filter_map(|row| row.split('"').next());
    asked_for(&[file]).into_iter().chain(names.map(str::to_owned)).collect()
}

const VIRTUAL_POOL: [&str; 3] =
    ["spells/oke_cluster/virtual_pool.rs", "spells/instances/own_nsgs.rs", "spells/oke_cluster/taints.rs"];

const POOL: [&str; 9] = [
    "spells/instances/shape.rs",
    "spells/oke_cluster/node_pool.rs",
    "spells/oke_cluster/placement.rs",
    "spells/oke_cluster/subnets.rs",
    "spells/oke_cluster/eviction.rs",
    "spells/oke_cluster/metadata.rs",
    "spells/instances/own_nsgs.rs",
    "spells/oke_cluster/taints.rs",
    "spells/oke_cluster/cycling.rs",
];

const INSTANCE: [&str; 5] = [
    "spells/compute_instance/read.rs",
    "spells/instances/shape.rs",
    "spells/instances/own_nsgs.rs",
    "spells/relations.rs",
    IDENTITY,
];

/// What a kind of volumes asks for: by itself, and as all of them do.
fn of_volumes(kind: &str, file: &str) -> BTreeSet<String> {
    let read =
        |file: &str| std::fs::read_to_string(common::root().join("src/spells").join(file)).expect("a source file");
    let (code, shared) = (read(file), read(BOOT_VOLUME));
    let own = code.split_once(&format!("\nimpl {kind} {{")).expect("it is read").1.split("\n}\n").next();
    let common = shared.split_once("\npub fn kms_key(").expect("they have keys").1;
    asked_for_in(&[own.expect("it ends"), common].concat())
}

const BOOT_VOLUME: &str = "instances/boot_volume.rs";

/// The attributes of a workload itself.
fn of_workload(display_name: &BTreeSet<String>) -> BTreeSet<String> {
    let files = [
        "spells/scalable_workload/read.rs",
        "spells/instances/own_nsgs.rs",
        "spells/instances/shape.rs",
        "spells/relations.rs",
        IDENTITY,
    ];
    asked_for(&files).difference(display_name).cloned().collect()
}

/// The blocks of a workload, which take each other's place in an example.
fn workload(section: &str, row: &Row, example: &str, beside: &str) -> String {
    let attribute = row.attribute.as_str();
    let lines = |kind: &str, defaults: &[(&str, &str)]| -> String {
        let others = defaults.iter().filter(|(name, _)| section != kind || *name != attribute);
        let mut lines: Vec<String> = others.map(|(name, value)| format!("{name} = {value}")).collect();
        lines.extend((section == kind).then(|| format!("{example}\n{beside}")));
        lines.join("\n")
    };
    let metric: &[_] = match (section, attribute) {
        ("schedule", _) => &[("initial", "2")],
        ("autoscaling", "memory") => &[("min", "2"), ("max", "6")],
        _ => &[("min", "2"), ("max", "6"), ("cpu", "{ above = 70, below = 30 }")],
    };
    let scaling = lines("autoscaling", metric);
    let schedule = lines("schedule", &[("cron", "\"0 0 7 ? * MON-FRI *\""), ("size", "4")]);
    let schedule = if section == "schedule" { format!("schedule \"day\" {{\n{schedule}\n}}") } else { String::new() };
    let front: &[_] = match (section, attribute) {
        ("load_balancer", "certificate_pem") => &[("backend_port", "8080")],
        ("load_balancer", "keep_client_addresses") => {
            &[("type", "\"network\""), ("port", "5432"), ("backend_port", "5432")]
        }
        _ => &[("backend_port", "8080"), ("certificate_id", "var.certificate_id")],
    };
    let front = lines("load_balancer", front);
    let shape = [("shape", "\"VM.Standard.E5.Flex\""), ("ocpus", "1"), ("memory_in_gbs", "8")];
    let own = lines("scalable_workload", &shape);
    let is_fixed = section == "scalable_workload" && attribute == "size";
    let scaling = if is_fixed { String::new() } else { format!("autoscaling {{\n{scaling}\n{schedule}\n}}") };
    format!("scalable_workload \"web\" {{\n{own}\n{scaling}\nload_balancer {{\n{front}\n}}\n}}\n")
}

const WORKLOAD: [&str; 4] = ["scalable_workload", "autoscaling", "schedule", "load_balancer"];

#[test]
fn every_attribute_of_the_code_is_documented_and_no_other() {
    // What comes with `display_name_or_name` is in the same file, and no VCN's.
    let display_name = BTreeSet::from(["display_name".to_owned()]);
    let vcn: BTreeSet<_> = asked_for(&["spells/vcn/mod.rs", IDENTITY]).difference(&display_name).cloned().collect();
    let cases = [
        ("vcn", vcn),
        (
            "oke_cluster",
            asked_for(&[
                "spells/oke_cluster/read.rs",
                "spells/oke_cluster/control_plane.rs",
                "spells/relations.rs",
                IDENTITY,
            ]),
        ),
        ("addon", asked_for(&["spells/oke_cluster/addon.rs"])),
        ("node_pool", asked_for(&POOL)),
        ("virtual_node_pool", asked_for(&VIRTUAL_POOL)),
        ("compute_instance", asked_for(&INSTANCE).difference(&display_name).cloned().collect()),
        ("boot_volume", of_volumes("BootVolume", BOOT_VOLUME)),
        ("volume", of_volumes("Volume", "compute_instance/volumes.rs")),
        ("scalable_workload", of_workload(&display_name)),
        ("autoscaling", asked_for(&["spells/scalable_workload/autoscaling.rs"])),
        ("schedule", asked_for(&["spells/scalable_workload/schedule.rs"])),
        (
            "load_balancer",
            asked_for(&["spells/scalable_workload/balancer.rs", "spells/scalable_workload/certificate.rs"]),
        ),
        ("provider", of_the_provider()),
        (ALLOW, asked_for(&["spells/allow.rs"])),
        (RELATIONS, keys_of_relations()),
    ];
    for (section, code) in cases {
        let documented: Vec<String> = rows(section).into_iter().map(|row| row.attribute).collect();
        let set: BTreeSet<String> = documented.iter().cloned().collect();
        assert_eq!(set.len(), documented.len(), "{section}: a row stands twice");
        assert_eq!(set, code, "{section}");
    }
}

/// A spec with an example in its place.
fn spec(section: &str, row: &Row) -> String {
    // What goes with another says so.
    let (example, beside) = row.cells[3].split_once("` with `").unwrap_or((&row.cells[3], ""));
    let [example, beside] = [example, beside].map(|text| text.trim_matches('`'));
    let (attribute, _) = example.split_once(" = ").unwrap_or_else(|| panic!("no example: {example}"));
    assert_eq!(attribute, row.attribute, "{section}: the example of another attribute");
    if WORKLOAD.contains(&section) {
        let k8s = cluster_beside(example);
        return format!("vcn \"lab\" {{}}\n\n{k8s}{}", workload(section, row, example, beside));
    }
    let block = |kind: &str, defaults: &[(&str, &str)]| -> String {
        let others = defaults.iter().filter(|(name, _)| section != kind || *name != attribute);
        let mut lines: Vec<String> = others.map(|(name, value)| format!("{name} = {value}")).collect();
        lines.extend((section == kind).then(|| format!("{example}\n{beside}")));
        lines.join("\n")
    };
    let pool = block(
        "node_pool",
        &[("shape", "\"VM.Standard.A1.Flex\""), ("node_count", "1"), ("ocpus", "2"), ("memory_in_gbs", "12")],
    );
    let mut cluster = block("oke_cluster", &[("kubernetes_version", "\"v1.35.2\"")]);
    if attribute.starts_with("oidc") {
        cluster = format!("{cluster}\ntype = \"enhanced\"\n");
    }
    if section == RELATIONS {
        let rest = [("to", "compute_instance.db"), ("tcp", "[1521]")];
        let rest =
            rest.iter().filter(|(name, _)| *name != attribute).map(|(name, value)| format!(", {name} = {value}"));
        cluster = format!("{cluster}\nserves = [{{ {example}{} }}]\n", rest.collect::<String>());
    }
    let others = if example.contains("compute_instance.") || section == RELATIONS { OTHERS } else { "" };
    if section == "addon" {
        let addon = block("addon", &[]);
        cluster = format!("{cluster}\ntype = \"enhanced\"\naddon \"CertManager\" {{\n{addon}\n}}\n");
    }
    if section.ends_with("node_pool") {
        // Some of what a pool can have, no basic cluster has.
        cluster.push_str("\ntype = \"enhanced\"");
    }
    let pools = if section == "virtual_node_pool" {
        let pool = block(section, &[("shape", "\"Pod.Standard.E4.Flex\""), ("node_count", "1")]);
        format!("virtual_node_pool \"default\" {{\n{pool}\n}}")
    } else {
        format!("node_pool \"default\" {{\n{pool}\n}}")
    };
    let vcn = block("vcn", &[]);
    let provider = block("provider", &[]);
    if ["compute_instance", "boot_volume", "volume"].contains(&section) {
        return instances(section, attribute, &block);
    }
    let allow = block(ALLOW, &[("from", "k8s.worker"), ("to", "\"10.9.0.0/24\""), ("tcp", "[1521]")]);
    format!(
        "provider {{\n{provider}\n}}\n\nvcn \"lab\" {{\n{vcn}\n}}\n\noke_cluster \"k8s\" {{\n{cluster}\n\n{pools}\n}}\n\nallow \"DB\" {{\n{allow}\n}}\n{others}"
    )
}

/// The cluster that an example names.
fn cluster_beside(example: &str) -> &'static str {
    if example.contains("oke_cluster.") { "oke_cluster \"k8s\" {\nkubernetes_version = \"v1.35.2\"\n}\n" } else { "" }
}

/// Writes what stands in a kind of block, with an example in its place.
type Lines<'a> = &'a dyn Fn(&str, &[(&str, &str)]) -> String;

/// A spec of instances with an example in its place.
fn instances(section: &str, attribute: &str, block: Lines<'_>) -> String {
    // What the role's own tier is not.
    let role = if attribute == "tier" { "\"cache\"" } else { "\"application\"" };
    let of_instance = [("role", role), ("shape", "\"VM.Standard.A1.Flex\""), ("ocpus", "2"), ("memory_in_gbs", "12")];
    let instance = block("compute_instance", &of_instance);
    let boot_volume = block("boot_volume", &[]);
    let volume = block("volume", &[("size_in_gbs", "100")]);
    let volumes = if section == "compute_instance" {
        String::new()
    } else {
        format!("boot_volume {{\n{boot_volume}\n}}\nvolume \"data\" {{\n{volume}\n}}")
    };
    let k8s = cluster_beside(&instance);
    format!("vcn \"lab\" {{}}\n\n{k8s}compute_instance \"db\" {{\n{instance}\n{volumes}\n}}\n")
}

#[test]
fn every_example_is_accepted_without_a_warning() {
    let sections = [
        "vcn",
        "oke_cluster",
        "addon",
        "node_pool",
        "virtual_node_pool",
        "compute_instance",
        "boot_volume",
        "volume",
        "provider",
        ALLOW,
        RELATIONS,
    ];
    for section in sections.into_iter().chain(WORKLOAD) {
        for row in rows(section) {
            assert_eq!(row.cells.len(), 5, "{section}: {}", row.attribute);
            assert!(row.cells[1..4].iter().all(|cell| !cell.is_empty()), "{section}: {}", row.attribute);
            let source = Source::file("example.hcl", spec(section, &row));
            let accepted = cloudspells::generate(&source, Layout::Root)
                .unwrap_or_else(|problems| panic!("{}", problems.render(&source, false)));
            assert!(!accepted.warnings.iter().any(|_| true), "{}", accepted.warnings.render(&source, false));
        }
    }
}
