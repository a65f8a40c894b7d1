//! Several files that make up one spec, and one spec for several environments:
//! what is merged, where diagnostics point, what a directory remembers.

use crate::common::home::{Home, ran};
use cloudspells::diagnostic::{Origin, Source};
use cloudspells::{Generated, Layout};
use std::fs;

const BASE: &str = r#"vcn "lab" {
  cidr_block = "10.0.0.0/18"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  freeform_tags      = { team = "web", stage = "test" }

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }
}
"#;

const PROD: &str = r#"vcn "lab" {
  cidr_block = "10.40.0.0/16"
}

oke_cluster "k8s" {
  display_name  = "prod"
  freeform_tags = { stage = "prod" }

  node_pool "default" {
    node_count = 6
  }

  node_pool "big" {
    shape         = "VM.Standard.E5.Flex"
    image         = var.node_image_id
    node_count    = 2
    ocpus         = 8
    memory_in_gbs = 64
  }
}
"#;

/// What BASE with PROD over it says, in one file.
const WHOLE: &str = r#"vcn "lab" {
  cidr_block = "10.40.0.0/16"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  display_name       = "prod"
  freeform_tags      = { stage = "prod" }

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 6
    ocpus         = 2
    memory_in_gbs = 12
  }

  node_pool "big" {
    shape         = "VM.Standard.E5.Flex"
    image         = var.node_image_id
    node_count    = 2
    ocpus         = 8
    memory_in_gbs = 64
  }
}
"#;

fn generated(base: &str, overlays: &[&str]) -> Result<Generated, String> {
    let source = overlays.iter().enumerate().fold(Source::file("base.hcl", base), |below, (number, text)| {
        below.overlaid(Origin::File(format!("over{number}.hcl")), text)
    });
    match cloudspells::generate(&source, Layout::Root) {
        Ok(accepted) => Ok(accepted.value),
        Err(diagnostics) => Err(diagnostics.render(&source, false)),
    }
}

/// The `.tf` files without their headers, which name the spec.
fn blocks(generated: &Generated) -> Vec<(String, String)> {
    let files = generated.files.iter().filter(|(path, _)| path.ends_with(".tf"));
    let body = |text: &str| text.split_once('\n').expect("a header").1.to_owned();
    files.map(|(path, text)| (path.to_owned(), body(&text))).collect()
}

#[test]
fn an_overlay_says_attribute_by_attribute_what_is_other() {
    let merged = generated(BASE, &[PROD]).expect("is valid");
    assert_eq!(blocks(&merged), blocks(&generated(WHOLE, &[]).expect("is valid")));
    // A later overlay is laid over an earlier one.
    let last = "vcn \"lab\" {\n  cidr_block = \"10.44.0.0/16\"\n}\n";
    let merged = generated(BASE, &[PROD, last]).expect("is valid");
    assert_eq!(blocks(&merged), blocks(&generated(WHOLE, &[last]).expect("is valid")));
    assert!(blocks(&merged).iter().any(|(_, text)| text.contains("\"10.44.0.0/16\"")));
}

#[test]
fn an_overlay_that_says_nothing_changes_nothing() {
    let base = generated(BASE, &[]).expect("is valid");
    for nothing in ["", "# Nothing yet.\n", "\n\n"] {
        assert_eq!(blocks(&generated(BASE, &[nothing]).expect("is valid")), blocks(&base));
    }
}

#[test]
fn a_mistake_is_shown_in_the_file_that_made_it() {
    for (overlay, place) in [
        ("vcn \"lab\" {\n  cidr_block = \"10.0.0.1/18\"\n}\n", "--> over0.hcl:2:16"),
        ("\n\nvcn \"lab\" {\n  cdr_block = 1\n}\n", "--> over0.hcl:4:3"),
        ("vcn \"lab\" {", "--> over0.hcl:1:"),
        ("vcn \"lab\" {\n  dns_label = \"a\n}\n", "--> over0.hcl:2:15"),
        ("node_pool \"default\" {}\n", "--> over0.hcl:1:1"),
        ("oke_cluster \"k8s\" {\n  services_cidr = \"10.0.0.0/20\"\n}\n", "--> over0.hcl:2:19"),
        // The overlay's value, and the base's that it does not go with.
        ("vcn \"lab\" {\n  cidr_block = \"10.2.0.0/16\"\n}\n", "--> base.hcl:5:13"),
    ] {
        let report = generated(BASE, &[overlay]).err().unwrap_or_else(|| panic!("{overlay} was accepted"));
        assert!(report.contains(place), "{overlay}:\n{report}");
    }
    // Two files have a part in it: both are shown.
    let report = generated(BASE, &["oke_cluster \"k8s\" {\n  services_cidr = \"10.0.0.0/20\"\n}\n"]).err();
    let report = report.expect("overlaps");
    assert!(report.contains("::: base.hcl:1:5"), "{report}");
    // Of three files, the second.
    let report = generated(BASE, &["vcn \"lab\" {\n  dns_label = 1\n}\n", PROD]).err().expect("is refused");
    assert!(report.contains("--> over0.hcl:2:15"), "{report}");
    let report = generated("vcn \"lab\" {", &[PROD]).err().expect("is refused");
    assert!(report.contains("--> base.hcl:1:"), "{report}");
}

#[test]
fn what_an_overlay_adds_must_be_complete_and_stand_once() {
    let pool = "oke_cluster \"k8s\" {\n  node_pool \"defualt\" {\n    node_count = 6\n  }\n}\n";
    let report = generated(BASE, &[pool]).err().expect("is refused");
    assert!(report.contains("node_pool \"defualt\" of oke_cluster \"k8s\" lacks `shape`"), "{report}");
    assert!(report.contains("--> over0.hcl:2:3"), "{report}");
    let twice = "vcn \"lab\" {\n  dns_label = \"a\"\n}\nvcn \"lab\" {\n  dns_label = \"b\"\n}\n";
    let report = generated(BASE, &[twice]).err().expect("is refused");
    assert!(
        report.contains("two `vcn` blocks of this overlay are named \"lab\"") && report.contains("over0.hcl:4:5"),
        "{report}"
    );
    let many = vec!["# nothing\n"; 16];
    assert!(generated(BASE, &many).err().expect("is refused").contains("17 files make up this spec; at most 16 can"));
}

/// A directory with a base and the file of an environment.
fn home() -> Home {
    let home = Home::with(BASE);
    home.write("cloudspells.prod.hcl", PROD);
    home.write("cloudspells.stage.hcl", "");
    home
}

#[test]
fn every_command_that_reads_a_spec_takes_overlays() {
    let home = home();
    let files = "-s cloudspells.hcl -s cloudspells.prod.hcl";
    for command in ["check", "check --format json", "rules", "why k8s.pod internet:443"] {
        let (plain, overlaid) = (home.run(command), home.run(&format!("{command} {files}")));
        assert_eq!((plain.code, overlaid.code), (Some(0), Some(0)), "{command}: {overlaid:?}");
        assert_eq!(home.run(&format!("{command} --environment prod")).stdout, overlaid.stdout, "{command}");
    }
    assert!(home.fine(&format!("rules {files}")).contains("10.40.0.0/17"));
    assert!(!home.fine("rules").contains("10.40.0.0/17"));
}

#[test]
fn one_spec_makes_a_directory_for_each_environment() {
    let home = home();
    for name in ["stage", "prod"] {
        home.fine(&format!("gen -e {name} --out infra/{{environment}}"));
        assert_eq!(home.run(&format!("gen -e {name} --out infra/{{environment}} --check")).code, Some(0));
    }
    assert!(home.read("infra/prod/network.tf").contains("cidr_blocks    = [\"10.40.0.0/16\"]"));
    assert!(home.read("infra/stage/network.tf").contains("cidr_blocks    = [\"10.0.0.0/18\"]"));
    let header = home.read("infra/prod/network.tf");
    assert!(
        header.starts_with("# Generated by cloudspells from cloudspells.hcl and cloudspells.prod.hcl. "),
        "{header}"
    );
    let manifest = home.read("infra/prod/.cloudspells.json");
    assert!(
        manifest.contains("\"spec\": [\n    \"cloudspells.hcl\",\n    \"cloudspells.prod.hcl\"\n  ],"),
        "{manifest}"
    );
    let readme = home.read("infra/prod/README.md");
    assert!(readme.contains("`cloudspells gen -s cloudspells.hcl -s cloudspells.prod.hcl --out DIR`"), "{readme}");
    // The long form says the same.
    home.fine("gen -s cloudspells.hcl -s cloudspells.prod.hcl --out infra/prod --check");

    // What an overlay says is part of what is compared.
    home.write("cloudspells.prod.hcl", PROD.replace("node_count = 6", "node_count = 7"));
    let check = home.run("gen -e prod --out infra/prod --check");
    assert_eq!(check.code, Some(2));
    assert!(check.stdout.contains("update infra/prod/node_pools.tf\n"), "{check:?}");
    assert_eq!(home.run("gen -e stage --out infra/stage --check").code, Some(0));
}

#[test]
fn a_forgotten_overlay_makes_no_other_stack_of_a_directory() {
    let home = home();
    home.fine("gen -e prod --out infra/prod");
    let before = home.files("infra");
    for line in ["gen --out infra/prod", "gen -e stage --out infra/prod", "gen -s cloudspells.hcl --out infra/prod"] {
        let error = home.wrong(line);
        assert!(error.contains("infra/prod was generated from cloudspells.hcl and cloudspells.prod.hcl"), "{error}");
        assert!(error.contains("name all of them (`-s cloudspells.hcl -s cloudspells.prod.hcl`)"), "{error}");
        assert_eq!(home.run(&format!("{line} --check")).code, Some(2), "{line}");
    }
    assert_eq!(home.files("infra"), before);
    // One more is no mistake.
    home.write("more.hcl", "vcn \"lab\" { dns_label = \"more\" }\n");
    home.fine("gen -s cloudspells.hcl -s cloudspells.prod.hcl -s more.hcl --out infra/prod");
}

#[test]
fn a_directory_of_another_spec_is_written_with_a_note() {
    let home = home();
    let note = |line: &str| home.run(line).stderr;
    home.fine("gen --out infra");
    assert_eq!(note("gen --out infra"), "");
    assert_eq!(
        note("gen -e prod --out infra"),
        "note: infra was generated from cloudspells.hcl, and now is from cloudspells.hcl and cloudspells.prod.hcl\n"
    );
    assert_eq!(note("gen -e prod --out infra"), "");
    home.write("other.hcl", BASE);
    home.fine("gen --out one");
    assert_eq!(
        note("gen -s other.hcl --out one"),
        "note: one was generated from cloudspells.hcl, and now is from other.hcl\n"
    );
    let none = Home::empty();
    none.fine("gen --out infra");
    none.write("cloudspells.hcl", BASE);
    assert_eq!(
        none.run("gen --out infra").stderr,
        "note: infra was generated from the built-in default stack, and now is from cloudspells.hcl\n"
    );
}

#[test]
fn an_overlay_may_count_on() {
    let pool = |name: &str| {
        format!(
            "oke_cluster \"k8s\" {{\n  node_pool \"{name}\" {{\n    shape = \"VM.Standard2.4\"\n    node_count = 1\n  }}\n}}\n"
        )
    };
    let base = BASE.replace("\"default\"", "\"pool1\"");
    for (name, is_slip) in [("pool2", false), ("pool10", false), ("pool", false), ("gpu", false), ("poool1", true)] {
        let source = Source::file("base.hcl", base.as_str()).overlaid(Origin::File("over.hcl".to_owned()), &pool(name));
        let accepted = cloudspells::generate(&source, Layout::Root).unwrap_or_else(|_| panic!("{name} is complete"));
        let report = accepted.warnings.render(&source, false);
        assert_eq!(report.contains(&format!("this overlay adds node_pool \"{name}\"")), is_slip, "{report}");
    }
}

/// Of each block some attributes, each on a line.
fn spec_with(vcn: &str, cluster: &str, pool: &str) -> String {
    let base = BASE.replace("    image         = var.node_image_id\n", pool);
    let base = base.replace("  freeform_tags      = { team = \"web\", stage = \"test\" }\n", cluster);
    base.replace("  cidr_block = \"10.0.0.0/18\"\n", vcn)
}

#[test]
fn what_is_null_is_left_out() {
    let written = [
        "  cidr_block = \"10.9.0.0/18\"\n  dns_label = \"nine\"\n  compartment_id = var.network_compartment_ocid\n",
        "  create_kubeconfig = \"~/.kube/lab\"\n  services_cidr = \"10.96.0.0/16\"\n  security_profile = \"strict\"\n  \
         freeform_tags = var.tags\n  preflight_checks = false\n",
        "    image = var.image\n    cloud_init = \"#cloud-config\\n\"\n    boot_volume_size_in_gbs = 100\n    max_pods_per_node = \
         20\n    ssh_public_key = var.key\n    initial_node_labels = { a = \"b\" }\n    pin_image = true\n",
    ];
    let null = |lines: &str| -> String {
        let names = lines.lines().map(|line| line.split(" = ").next().expect("a name"));
        names.map(|name| format!("{name} = null\n")).collect()
    };
    let [vcn, cluster, pool] = written;
    let base = format!("provider {{\n  auth = \"InstancePrincipal\"\n}}\n{}", spec_with(vcn, cluster, pool));
    let overlay = format!(
        "provider {{\n  auth = null\n}}\nvcn \"lab\" {{\n{}}}\noke_cluster \"k8s\" {{\n{}  node_pool \"default\" {{\n{}  }}\n}}\n",
        null(vcn),
        null(cluster),
        null(pool)
    );
    let bare = blocks(&generated(&spec_with("", "", ""), &[]).expect("is valid"));
    assert_ne!(blocks(&generated(&base, &[]).expect("is valid")), bare);
    assert_eq!(blocks(&generated(&base, &[&overlay]).expect("is valid")), bare);
    // What must be there, and what would admit everybody, is refused.
    for (overlay, says) in [
        (
            "oke_cluster \"k8s\" {\n  kubernetes_version = null\n}\n",
            "`kubernetes_version` of oke_cluster \"k8s\" is null",
        ),
        (
            "oke_cluster \"k8s\" {\n  api_allowed_cidrs = null\n}\n",
            "`api_allowed_cidrs` of oke_cluster \"k8s\" is null",
        ),
    ] {
        let report = generated(BASE, &[overlay]).err().expect("is refused");
        assert!(report.contains(says), "{report}");
    }
}

#[test]
fn an_environment_that_is_none_is_an_error_with_a_remedy() {
    let home = home();
    for (line, says) in [
        ("gen -e nowhere --out infra", "cannot read cloudspells.nowhere.hcl: "),
        ("gen -e ../prod --out infra", "\"../prod\" can't name an environment"),
        ("gen -e=-x --out infra", "\"-x\" can't name an environment"),
        ("gen -e= --out infra", "\"\" can't name an environment"),
        (
            "gen --out o/{Environment}",
            "`--out` has no placeholder \"{Environment}\"\n  help: `{environment}` is the only",
        ),
        ("gen -e prod --out {environment}/{cluster}/x", "`--out` has no placeholder \"{cluster}\""),
        ("gen -e prod --out o/${environment}", "`--out` has no placeholder \"${environment}\""),
        ("gen -e prod --out o/{environment", "`--out` has no placeholder \"{environment\""),
        ("gen -e prod --out o/environment}", "`--out` has no placeholder \"}\""),
        ("gen --out infra/{environment}", "needs an environment\n  help: add `--environment NAME`"),
        ("gen -s - -e prod --out infra", "standard input has no file of an environment"),
        ("gen -s - -s - --out infra", "standard input is named twice"),
        ("gen -s cloudspells.hcl -s ./cloudspells.hcl --out infra", "./cloudspells.hcl is named twice"),
        ("gen -e prod -s missing.hcl --out infra", "cannot read missing.hcl"),
    ] {
        let error = home.wrong(line);
        assert!(error.contains(says) && error.contains("help: ") | error.contains("missing.hcl"), "{line}: {error}");
    }
    let none = Home::empty();
    assert!(none.wrong("gen -e prod --out infra").contains("no cloudspells.hcl here that environment \"prod\""));
}

#[test]
fn overlays_are_named_as_seen_from_the_folder_of_the_spec() {
    let home = Home::empty();
    for folder in ["specs", "specs/prod", "other"] {
        fs::create_dir_all(home.path(folder)).expect("can be made");
    }
    home.write("specs/base.hcl", BASE);
    for (file, shown) in [
        ("specs/prod/over.hcl", "prod/over.hcl"),
        ("specs/over.hcl", "over.hcl"),
        ("other/base.hcl", "../other/base.hcl"),
    ] {
        home.write(file, PROD);
        home.fine(&format!("gen -s specs/base.hcl -s {file} --out {file}.out"));
        let manifest = home.read(&format!("{file}.out/.cloudspells.json"));
        assert!(manifest.contains(&format!("\"base.hcl\",\n    \"{shown}\"\n")), "{manifest}");
        // Neither the caller's folder nor an absolute path changes a byte.
        let absolute = home.path(file).to_string_lossy().into_owned();
        let base = home.path("specs/base.hcl").to_string_lossy().into_owned();
        let out = format!("{file}.out");
        let arguments = ["gen", "-s", &base, "-s", &absolute, "--out", &out, "--check"];
        let check = ran(&mut home.command(&arguments));
        assert_eq!(check.code, Some(0), "{check:?}");
    }
}
