//! `gen` warns of what a change of the spec replaces: of all that OpenTofu plans
//! to replace, and of nothing else.

use crate::common::home::Home;
use crate::common::root;
use std::collections::BTreeSet;
use std::fs;

/// What is made anew before the old one goes, and has nothing on it.
const HARMLESS: [&str; 2] = ["oci_core_instance_configuration.", "oci_load_balancer_certificate."];

/// The addresses that a plan of `tests/changes` replaces, and which matters.
fn planned(plan: &str) -> BTreeSet<String> {
    let words = plan.lines().filter_map(|line| line.strip_prefix("REPLACE "));
    let words = words.filter(|line| !HARMLESS.iter().any(|kind| line.starts_with(kind)));
    // Of a block with a `count` it is the block that is replaced.
    words.map(|rest| rest.split([' ', '[']).next().expect("an address").to_owned()).collect()
}

#[test]
fn a_diff_warns_of_what_a_plan_replaces_and_of_nothing_else() {
    let mut replacing = 0;
    for pair in fs::read_dir(root().join("tests/changes")).expect("tests/changes") {
        let pair = pair.expect("a folder").path();
        let name = pair.file_name().expect("a name").to_string_lossy().into_owned();
        let read = |file: &str| fs::read_to_string(pair.join(file)).unwrap_or_default();
        if !read("before.overlay.hcl").is_empty() {
            continue;
        }
        let home = Home::with(&read("before.hcl"));
        home.fine("gen --out infra");
        home.write("cloudspells.hcl", read("after.hcl"));
        for mode in ["--diff", "--dry-run", ""] {
            let said = home.run(&format!("gen --out infra {mode}")).stderr;
            let lines: Vec<_> = said.lines().skip_while(|line| !line.starts_with("warning: this replaces ")).collect();
            let mut warned = BTreeSet::new();
            for line in lines {
                if let Some(rest) = line.strip_prefix("warning: this replaces ") {
                    warned.insert(rest.split(':').next().expect("an address").to_owned());
                } else if let Some(rest) = line.trim().strip_prefix("destroyed and made again with it: ") {
                    warned.extend(rest.split(", ").map(str::to_owned));
                }
            }
            assert_eq!(warned, planned(&read("plan.txt")), "{name} {mode}: {said}");
            replacing += usize::from(!warned.is_empty());
        }
    }
    assert!(replacing >= 9, "some changes replace something");
}

#[test]
fn a_diff_warns_of_nodes_that_a_pool_loses_in_place() {
    let pair = |file: &str| fs::read_to_string(root().join("tests/changes/move_nodes").join(file)).expect("a spec");
    let home = Home::with(&pair("before.hcl"));
    home.fine("gen --out infra");
    home.write("cloudspells.hcl", pair("after.hcl"));
    let said = home.run("gen --out infra --diff").stderr;
    let warning = "warning: this destroys all nodes of oci_containerengine_node_pool.k8s_default and makes others: OKE moves no node to another subnet\n  from oci_core_subnet.lab_private.id to oci_core_subnet.lab_secure.id\n";
    assert!(said.contains(warning), "{said}");
}

#[test]
fn a_diff_warns_of_volumes_and_instances_that_go_with_what_is_on_them() {
    let spec = |name: &str, count: u8, image: &str, domain: u8, volume: &str| {
        format!(
            "vcn \"lab\" {{}}\ncompute_instance \"{name}\" {{\nrole = \"cache\"\nshape = \"VM.Standard.E5.Flex\"\nocpus = 1\nmemory_in_gbs = 8\ninstance_count = {count}\nimage = var.{image}\navailability_domains = [{domain}]\nvolume \"{volume}\" {{ size_in_gbs = 100 }}\n}}\n"
        )
    };
    let home = Home::with(&spec("a", 3, "one_id", 1, "d"));
    home.fine("gen --out infra");
    let cases = [
        (spec("a", 4, "one_id", 1, "d"), vec![]),
        (spec("a", 3, "one_id", 1, "e"), vec!["this destroys oci_core_volume.a_d, with what is on it"]),
        (
            spec("b", 3, "one_id", 1, "d"),
            vec!["this destroys oci_core_instance.a, with what is on it", "this destroys oci_core_volume.a_d, "],
        ),
        (
            spec("a", 1, "one_id", 1, "d"),
            vec!["this destroys 2 of the 3 of oci_core_instance.a, the last ones", "of oci_core_volume.a_d"],
        ),
        (
            spec("a", 3, "two_id", 1, "d"),
            vec![
                "this destroys the boot volume of oci_core_instance.a, with what is on it, and makes another\n  from image var.one_id to var.two_id",
            ],
        ),
        (spec("a", 3, "one_id", 2, "d"), vec!["this may replace oci_core_instance.a and its volumes"]),
        (
            "vcn \"lab\" {}\n".to_owned(),
            vec!["this destroys oci_core_instance.a, ", "this destroys oci_core_volume.a_d, "],
        ),
    ];
    for (spec, warnings) in cases {
        home.write("cloudspells.hcl", &spec);
        let said = home.run("gen --out infra --diff").stderr;
        assert_eq!(said.matches("warning: this ").count(), warnings.len(), "{spec}{said}");
        for warning in warnings {
            assert!(said.contains(warning), "{spec}{said}");
        }
    }
}
