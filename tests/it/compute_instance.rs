//! `compute_instance` beside others, and what `gen` says of a module that is there.

use crate::common::home::Home;
use cloudspells::diagnostic::Source;
use cloudspells::{Layout, generate};

const VCN: &str = "vcn \"lab\" {\n  security_profile = \"strict\"\n}\n";
const CLUSTER: &str = "oke_cluster \"k8s\" {\n  kubernetes_version = \"v1.35.2\"\n}\n";
const DB: &str = "compute_instance \"db\" {\n  role = \"database\"\n  shape = \"VM.Standard2.4\"\n\n  boot_volume {\n    \
                  size_in_gbs = 100\n  }\n\n  volume \"data\" {\n    size_in_gbs = 200\n  }\n}\n";
const APP: &str = "compute_instance \"app\" {\n  role = \"application\"\n  shape = \"VM.Standard2.1\"\n  \
                   instance_count = 3\n}\n";
const ALLOW: &str = "allow \"SQL\" {\n  from = k8s.pod\n  to = db.database\n  tcp = [1521]\n}\n";

fn files(blocks: &[&str]) -> Vec<(String, String)> {
    let source = Source::file("cloudspells.hcl", blocks.join("\n"));
    let generated = generate(&source, Layout::Root).unwrap_or_else(|all| panic!("{}", all.render(&source, false)));
    generated.value.files.iter().map(|(path, text)| (path.to_owned(), text.to_string())).collect()
}

#[test]
fn the_order_of_blocks_changes_no_byte() {
    let first = files(&[VCN, CLUSTER, DB, APP, ALLOW]);
    for order in [[ALLOW, APP, DB, CLUSTER, VCN], [DB, VCN, ALLOW, CLUSTER, APP], [APP, CLUSTER, VCN, ALLOW, DB]] {
        assert_eq!(files(&order), first);
    }
}

#[test]
fn a_database_is_reached_by_what_the_spec_says_and_by_nothing_else() {
    let check = |blocks: &[&str]| {
        let home = Home::with(&blocks.join("\n"));
        home.fine("check")
    };
    let said = check(&[VCN, CLUSTER, DB, APP]);
    let reaches = |said: &str| said.lines().filter(|line| line.contains("→") && line.contains("db.database  ")).count();
    let after = |said: &str| said.split("→ ").skip(1).filter(|rest| rest.starts_with("db.database")).count();
    assert_eq!(after(&said), 0, "nothing reaches it: {said}");
    let is_serious = |line: &str| line.starts_with("HIGH  ") || line.starts_with("MEDIUM  ");
    assert!(!said.lines().any(is_serious), "{said}");
    let said = check(&[VCN, CLUSTER, DB, APP, ALLOW]);
    assert!(said.contains("PROVEN  k8s.pod → db.database  TCP 1521: allow \"SQL\""), "{said}");
    assert_eq!(reaches(&said), 1, "{said}");
    // The reference's lists open the secure tier to the private one, and `check` says so.
    let said = check(&["vcn \"lab\" {}\n", CLUSTER, DB, APP]);
    assert!(said.lines().any(|line| line.starts_with("MEDIUM") && line.contains("db.database")), "{said}");
}

#[test]
fn a_volume_that_would_shrink_is_refused_and_nothing_is_written() {
    let home = Home::with(&[VCN, DB].concat());
    home.fine("gen --out infra");
    let before = std::fs::read_to_string(home.path("infra/compute_instances.tf")).expect("read");
    for (old, new, what) in [
        (
            "size_in_gbs = 200",
            "size_in_gbs = 150",
            "volume \"data\" of compute_instance \"db\" can't shrink from 200 to 150 GB",
        ),
        (
            "size_in_gbs = 100",
            "size_in_gbs = 50",
            "the boot volume of compute_instance \"db\" can't shrink from 100 to 50 GB",
        ),
    ] {
        home.write("cloudspells.hcl", [VCN, &DB.replace(old, new)].concat());
        for mode in ["", " --dry-run", " --diff", " --check"] {
            let ran = home.run(&format!("gen --out infra{mode}"));
            assert_eq!(ran.code, Some(1), "{mode}: {}", ran.stderr);
            assert!(ran.stderr.contains(&format!("error: {what}")), "{mode}: {}", ran.stderr);
            assert!(ran.stderr.contains("cloudspells.hcl:"), "its place: {}", ran.stderr);
        }
        assert_eq!(std::fs::read_to_string(home.path("infra/compute_instances.tf")).expect("read"), before);
    }
    home.write("cloudspells.hcl", [VCN, &DB.replace("size_in_gbs = 200", "size_in_gbs = 400")].concat());
    home.fine("gen --out infra");
}
