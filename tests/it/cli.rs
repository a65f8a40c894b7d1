//! The contract of the command line: what each call prints, where, and the
//! exit code it ends with. Every test runs the program in a directory of its own.

use crate::common;
use crate::common::home::{Home, ran};
use cloudspells::facts::kubernetes;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

const VCN: &str = "vcn \"lab\" {}\n";
const OTHER: &str = "vcn \"lab\" { dns_label = \"other\" }\n";

#[test]
fn usage_errors_exit_with_1_because_2_means_different() {
    let home = Home::with(VCN);
    let lines = ["", "frobnicate", "gen", "gen --out", "gen --out=", "gen --out infra --frobnicate", "init one two"];
    for line in lines.iter().chain(&["gen --out infra --out other", "gen --out infra stray"]) {
        let ran = home.run(line);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{line}: {ran:?}");
    }
    assert_eq!(home.files("").len(), 1);
}

#[test]
fn help_and_version_are_results() {
    let home = Home::empty();
    assert_eq!(home.fine("--version"), format!("cloudspells {}\n", env!("CARGO_PKG_VERSION")));
    for line in ["--help", "-h", "help", "gen --help", "init -h"] {
        assert!(home.fine(line).contains("Usage: cloudspells"), "{line}");
    }
}

#[test]
fn without_a_spec_the_default_stack_is_generated_and_stderr_says_so() {
    let ran = Home::empty().run("gen --out infra");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stderr.starts_with("No cloudspells.hcl here: using the built-in default stack."), "{ran:?}");
    assert!(ran.stdout.starts_with("infra: wrote 15 files, 0 unchanged\n"), "{ran:?}");
}

#[test]
fn the_spec_of_the_current_directory_is_taken_without_a_word() {
    let home = Home::with("vcn \"mine\" {}\n");
    let ran = home.run("gen --out infra");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(home.read("infra/network.tf").contains("resource \"oci_core_vcn\" \"mine\""));
}

#[test]
fn a_dash_reads_standard_input_even_where_there_is_a_spec() {
    let home = Home::with("vcn \"file\" {}\n");
    home.write("piped.hcl", "vcn \"piped\" {}\n");
    let piped = fs::File::open(home.path("piped.hcl")).expect("is there");
    let ran = ran(home.command(&["gen", "-s", "-", "--out", "infra"]).stdin(piped));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(home.read("infra/network.tf").contains("resource \"oci_core_vcn\" \"piped\""));
}

#[test]
fn a_spec_that_is_none_is_named_and_nothing_is_written() {
    let home = Home::with(VCN);
    home.fine("gen --out infra");
    home.write("empty.hcl", "");
    home.write("spaces.hcl", " \n\t\n# nothing\n");
    home.write("latin1.hcl", b"# \xc3\xa9\nvcn \"caf\xe9\" {}\n");
    home.write("nul.hcl", "vcn \"lab\" {}\0\n");
    home.write("nested.hcl", format!("vcn \"lab\" {{ x = {}{} }}", "[".repeat(10_000), "]".repeat(10_000)));
    home.write("blocks.hcl", "a \"b\" {\n".repeat(10_000) + &"}\n".repeat(10_000));
    home.write("two.hcl", "vcn \"lab\" {}\nvnc \"other\" {}\n");
    fs::File::create(home.path("sparse.hcl")).expect("can be made").set_len(100 << 20).expect("can be sparse");
    let state = || (fs::read_dir(home.path("")).expect("is there").count(), home.files("infra"));
    let (before, begun) = (state(), std::time::Instant::now());
    for (spec, says) in [
        ("missing.hcl", "cannot read missing.hcl: "),
        (".", "cannot read .: it is a directory"),
        ("empty.hcl", "the spec is empty"),
        ("spaces.hcl", "the spec is empty"),
        #[cfg(unix)]
        ("/dev/null", "the spec is empty"),
        // The line, and the column in characters.
        ("latin1.hcl", "latin1.hcl:2:9: this byte is not UTF-8"),
        ("nul.hcl", "nul.hcl:1:13"),
        ("sparse.hcl", "sparse.hcl has more than 1 MiB"),
        ("nested.hcl", "nested.hcl:1:"),
        ("blocks.hcl", "blocks.hcl:65:"),
        ("two.hcl", "two.hcl:2:1"),
    ] {
        for more in ["infra", "new", "infra --check", "new --diff", "new --dry-run", "new --module"] {
            let error = home.wrong(&format!("gen -s {spec} --out {more}"));
            assert!(error.contains(says), "{spec}: {error}");
            assert!(error.len() < 2000, "{spec}: an error is to be read");
        }
    }
    assert!(begun.elapsed().as_secs() < 60, "each is refused at once");
    assert_eq!(state(), before, "nothing was written");
}

#[cfg(unix)]
#[test]
fn a_spec_that_may_not_be_read_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::with(VCN);
    let spec = home.path("cloudspells.hcl");
    fs::set_permissions(&spec, fs::Permissions::from_mode(0o000)).expect("is ours");
    if fs::read(&spec).is_ok() {
        eprintln!("skipped: permissions do not bind this user (root?)");
        return;
    }
    assert!(home.wrong("gen --out infra").contains("cannot read cloudspells.hcl: Permission denied"));
}

#[test]
fn check_exits_with_2_only_for_differences() {
    let home = Home::with(VCN);
    let check = |code: i32, stdout: &str, stderr: &str| {
        let before = home.files("");
        let ran = home.run("gen --out infra --check");
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert!(ran.stdout.contains(stdout) && ran.stdout.is_empty() == stdout.is_empty(), "{ran:?}");
        assert!(ran.stderr.contains(stderr), "{ran:?}");
        assert_eq!(home.files(""), before, "--check writes nothing");
    };
    check(2, "create infra/network.tf\n", "");

    home.fine("gen --out infra");
    check(0, "", "infra is what the spec says.");

    home.write("infra/outputs.tf", "# edited\n");
    check(2, "update infra/outputs.tf\n", "infra/outputs.tf was edited since cloudspells wrote it");

    fs::remove_file(home.path("infra/outputs.tf")).expect("is there");
    check(2, "create infra/outputs.tf\n", "");

    home.fine("gen --out infra");
    home.write("cloudspells.hcl", format!("# A comment says nothing.\n{VCN}"));
    check(0, "", "infra is what the spec says.");

    home.write("cloudspells.hcl", OTHER);
    check(2, "update infra/network.tf\n", "");
}

#[test]
fn diff_prints_a_patch_that_does_what_gen_does_and_writes_nothing() {
    let home = Home::with(VCN);
    home.fine("gen --out infra");
    let before = home.files("infra");
    home.write("cloudspells.hcl", OTHER);

    let patch = home.fine("gen --out infra --module --diff");
    assert_eq!(home.files("infra"), before);
    assert!(patch.contains("--- a/network.tf\n+++ b/network.tf\n@@ "), "{patch}");
    assert!(patch.contains("\n-  dns_label      = \"lab\"\n+  dns_label      = \"other\"\n"), "{patch}");
    assert!(patch.contains("--- a/providers.tf\n+++ /dev/null\n@@ "), "{patch}");
    assert!(!patch.contains("/versions.tf\n"), "an unchanged file is not in it");

    let mut git = Command::new("git");
    git.args(["apply", "-"]).current_dir(home.path("infra")).env("GIT_CEILING_DIRECTORIES", home.path(""));
    let Ok(mut git) = git.stdin(Stdio::piped()).spawn() else {
        eprintln!("skipped: there is no git to apply the patch");
        return;
    };
    git.stdin.take().expect("is piped").write_all(patch.as_bytes()).expect("git reads");
    assert!(git.wait().expect("git ends").success());
    home.fine("gen --out infra --module --check");
}

#[test]
fn dry_run_says_what_would_be_done_and_does_not() {
    let home = Home::with(VCN);
    let text = home.fine("gen --out infra --dry-run");
    assert!(text.contains("create infra/versions.tf\n") && text.contains("infra: would write 11 files, "), "{text}");
    assert_eq!(home.files("").len(), 1);

    home.fine("gen --out infra");
    let before = home.files("");
    let text = home.fine("gen --out infra --module --dry-run");
    assert!(text.contains("\ndelete infra/providers.tf\n"), "{text}");
    assert!(text.contains("\ninfra: would write 4 files, would delete 2 files, 5 unchanged\n"), "{text}");
    assert_eq!(home.files(""), before);

    home.write("infra/outputs.tf", "# edited\n");
    assert!(home.wrong("gen --out infra --dry-run").contains("infra/outputs.tf was edited"));
}

#[test]
fn check_diff_and_dry_run_can_be_combined() {
    let home = Home::with(VCN);
    home.fine("gen --out fresh");
    for flags in ["--check --diff", "--check --dry-run", "--diff --dry-run", "--check --diff --dry-run"] {
        assert_eq!(home.fine(&format!("gen --out fresh {flags}")), "");
        let ran = home.run(&format!("gen --out missing {flags}"));
        assert_eq!(ran.code, Some(if flags.contains("--check") { 2 } else { 0 }), "{flags}");
        assert_eq!(ran.stdout.contains("\n+++ b/network.tf\n"), flags.contains("--diff"), "{flags}");
        assert!(!home.path("missing").exists(), "{flags}");
    }
}

#[test]
fn a_module_for_others_has_no_provider_and_no_example_values() {
    let home = Home::empty();
    let root = home.fine("gen --out root");
    let module = home.fine("gen --module --out module");
    let shared: Vec<_> = home.files("module").into_keys().collect();
    let contract = ".cloudspells.json README.md cluster.tf network.tf node_pools.tf nsg_rules.tf nsgs.tf outputs.tf \
                    security_lists.tf tags.tf tests/stack.tftest.hcl variables.tf versions.tf";
    assert_eq!(shared.join(" "), contract);
    let extra: Vec<_> = home.files("root").into_keys().filter(|name| !shared.contains(name)).collect();
    assert_eq!(extra, ["providers.tf", "terraform.tfvars.example"]);
    assert!(root.ends_with("\n  tofu init && tofu plan\n"), "{root}");
    assert!(module.ends_with("\nNext: call it from your root module; module/README.md shows how\n"), "{module}");
}

#[test]
fn the_summary_counts_files_and_resources_and_names_the_next_command() {
    let home = Home::empty();
    let first = home.fine("gen --out infra");
    assert!(first.contains("\n57 resources:\n     1 oci_containerengine_cluster\n"), "{first}");
    assert!(first.contains("\n    34 oci_core_network_security_group_security_rule\n"), "{first}");
    let proof = "Proof: all 32 required flows are proven; exposures: 3 high, 9 medium, 6 low; \
                 `security_profile = \"strict\"` would close 18. `cloudspells check` has the details.";
    assert!(first.contains(&format!("\n{proof}\n\nNext:\n")), "{first}");
    home.write("strict.hcl", cloudspells::STARTER_SPEC);
    let strict = home.fine("gen --out strict -s strict.hcl");
    assert!(strict.contains("\nProof: all 29 required flows are proven; no exposures. "), "{strict}");
    assert!(first.contains("\nNext:\n  cd infra\n  cp -n terraform.tfvars.example terraform.tfvars "), "{first}");
    assert!(home.fine("gen --out infra").starts_with("infra: wrote 0 files, 15 unchanged\n"));
    fs::remove_file(home.path("infra/outputs.tf")).expect("is there");
    assert!(home.fine("gen --out infra").starts_with("infra: wrote 1 file, 14 unchanged\n"));
}

#[test]
fn init_writes_a_short_spec_of_the_default_stack_in_the_strict_profile() {
    let home = Home::empty();
    let version = format!("kubernetes_version = \"{}\"\n", kubernetes::SENSIBLE);
    let strict = cloudspells::DEFAULT_SPEC.replace(&version, &format!("{version}  security_profile = \"strict\"\n"));
    assert!(strict.contains("strict"), "{strict}");
    home.write("strict.hcl", strict);
    home.fine("gen -s strict.hcl --out default");
    assert!(cloudspells::STARTER_SPEC.lines().count() <= 25, "a spec to begin with is short");
    assert!(cloudspells::STARTER_SPEC.contains("docs/spec.md"));
    let text = home.fine("init");
    assert_eq!(text, "Wrote cloudspells.hcl.\n\nNext: edit it, then\n  cloudspells gen --out ./infra\n");
    home.fine("gen --out infra");
    for (path, text) in home.files("default").into_iter().filter(|(path, _)| path.ends_with(".tf")) {
        let body = |text: String| text.split_once('\n').map(|(_header, body)| body.to_owned());
        assert_eq!(body(home.read(&format!("infra/{path}"))), body(text), "{path}");
    }

    assert_eq!(home.fine("init -"), home.read("cloudspells.hcl"));
    fs::create_dir(home.path("team")).expect("can be made");
    assert!(home.fine("init team").contains("gen --spec team/cloudspells.hcl --out"));
    assert!(home.fine("init mine.hcl").contains("gen --spec mine.hcl --out"));
    assert_eq!(home.read("team/cloudspells.hcl") + &home.read("mine.hcl"), home.read("cloudspells.hcl").repeat(2));
}

#[test]
fn init_overwrites_nothing() {
    let home = Home::with("# mine\n");
    for line in ["init", "init .", "init cloudspells.hcl"] {
        assert!(home.wrong(line).contains("cloudspells.hcl") && home.wrong(line).contains("exists"), "{line}");
    }
    // It names the file that was asked for, and not the temporary one beside it.
    let error = home.wrong("init missing/spec.hcl");
    assert!(error.contains("cannot write missing/spec.hcl: ") && !error.contains(".tmp"), "{error}");
    assert_eq!(home.files("").into_values().collect::<Vec<_>>(), ["# mine\n"]);
}

#[test]
fn a_pipe_gets_no_escape_codes_whatever_the_files_are_called() {
    let home = Home::with("vcn \"lab\" { cidr = 1 }\n");
    home.write("raw.hcl", b"# \x1b[2J \xff\n");
    home.write("vcn.hcl", VCN);
    let lines = ["--help", "gen", "gen --out infra", "gen --out infra -s raw.hcl", "gen --out \u{1b}[2J -s vcn.hcl"];
    for line in lines.iter().chain(&["gen --out infra -s \u{1b}[2J.hcl", "init \u{1b}[2Jgone/spec.hcl"]) {
        let ran = ran(home.command(&line.split(' ').collect::<Vec<_>>()).env("NO_COLOR", "1"));
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "{line:?}: {ran:?}");
        assert!(!(home.run(line).stderr).contains('\u{1b}'), "{line:?} without NO_COLOR");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error_but_a_lost_result_is() {
    let home = Home::empty();
    for line in ["gen --out infra --diff", "init -", "--help", "gen --out infra"] {
        let mut command = home.command(&line.split(' ').collect::<Vec<_>>());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !stderr.contains("panicked"), "{line}: {stderr}");
    }
    // A full disk: `init - > spec.hcl` must not leave half a spec in silence.
    if let Ok(full) = fs::File::options().write(true).open("/dev/full") {
        let status = home.command(&["init", "-"]).stdout(full).status().expect("the program runs");
        assert_eq!(status.code(), Some(1));
    }
}

#[cfg(unix)]
#[test]
fn any_file_name_of_a_spec_stays_inside_its_comment() {
    let home = Home::empty();
    for name in ["my spec.hcl", "größe-日本.hcl", "a\nb = 1\r.hcl", "${x} *) # `.hcl", "a --> b.hcl"] {
        home.write(name, VCN);
        let out = format!("{name} out");
        assert_eq!(ran(&mut home.command(&["gen", "-s", name, "--out", &out])).code, Some(0), "{name:?}");
        for (path, text) in home.files(&out) {
            let header = text.split('\n').next().expect("has a line");
            if path.ends_with(".tf") || path.ends_with(".hcl") {
                assert!(header.starts_with("# Generated by cloudspells from "), "{path}: {header:?}");
                assert!(
                    header.ends_with(" README.md has the command.") && !header.contains('\r'),
                    "{path}: {header:?}"
                );
                hcl::parse(&text).unwrap_or_else(|error| panic!("{path} of {name:?}: {error}"));
            } else if path == "README.md" {
                assert_eq!(header.find("-->"), Some(header.len() - 3), "{path}: {header:?}");
            }
        }
    }
}

#[test]
fn the_output_depends_on_the_name_of_the_spec_but_not_on_its_folder() {
    let home = Home::with(VCN);
    fs::create_dir_all(home.path("deep/er")).expect("can be made");
    let absolute = home.path("cloudspells.hcl").to_string_lossy().into_owned();
    home.fine("gen --out infra");
    for (from, spec) in [("deep", "../cloudspells.hcl"), ("deep/er", "./../../cloudspells.hcl"), ("deep", &absolute)] {
        let arguments = ["gen", "-s", spec, "--out", "../here/../out"];
        assert_eq!(ran(home.command(&arguments).current_dir(home.path(from))).code, Some(0), "{spec}");
        let out = home.path(from).parent().expect("has a parent").join("out");
        assert_eq!(common::files_under(&out), home.files("infra"), "{spec}");
        fs::remove_dir_all(out).expect("is there");
    }
}

#[test]
fn the_built_in_default_replaces_no_module_of_a_spec() {
    let home = Home::with(VCN);
    home.fine("gen --out infra");
    let before = home.files("infra");
    fs::remove_file(home.path("cloudspells.hcl")).expect("is there");

    let complaint = home.wrong("gen --out infra");
    assert!(complaint.contains("infra was generated from cloudspells.hcl, and no spec is named"), "{complaint}");
    assert!(complaint.contains("help: name the spec with `-s cloudspells.hcl`"), "{complaint}");
    assert_eq!(home.files("infra"), before);
}

#[test]
fn a_forgotten_flag_turns_no_module_into_a_root_module() {
    let home = Home::with(VCN);
    for flag in ["--module", "--no-provider"] {
        let out = format!("out{flag}");
        home.fine(&format!("gen {flag} --out {out}"));
        let before = home.files(&out);
        let error = home.wrong(&format!("gen --out {out}"));
        assert!(error.contains(&format!("{out} was generated with `{flag}`")), "{error}");
        assert!(error.contains(&format!("help: add `{flag}`")), "{error}");
        assert_eq!(home.files(&out), before, "nothing was written");
        assert_eq!(home.run(&format!("gen --out {out} --check")).code, Some(2));
    }
}

#[test]
fn a_module_says_what_two_calls_of_it_would_share() {
    let cluster =
        "oke_cluster \"k8s\" {\n  kubernetes_version = \"v1.35.2\"\n  create_kubeconfig = \"~/.kube/lab\"\n}\n";
    let home = Home::with(&format!("{VCN}{cluster}"));
    let ran = home.run("gen --module --out infra");
    let note = "note: each call of this module makes the same names and addresses; two calls would share the file of a \
                kubeconfig, \"~/.kube/lab\": infra/README.md lists them\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), note));
    let readme = home.read("infra/README.md");
    for line in [
        "- the file of a kubeconfig, `~/.kube/lab`: each call writes it over the other's",
        "- the name of a cluster, `k8s`: ",
        "- the address space and the names of a VCN, `lab-vcn, 10.0.0.0/18`: ",
    ] {
        assert!(readme.contains(line), "{line}: {readme}");
    }
    let root = home.run("gen --out root");
    assert_eq!((root.code, root.stderr.as_str()), (Some(0), ""));
    assert!(!home.read("root/README.md").contains("A second call"));
}

#[test]
fn a_provider_block_that_is_not_written_is_warned_of() {
    let home = Home::with("provider {\n  auth = \"InstancePrincipal\"\n}\nvcn \"lab\" {}\n");
    for flag in ["--module", "--no-provider"] {
        let ran = home.run(&format!("gen {flag} --out out{flag}"));
        assert_eq!(ran.code, Some(0));
        assert!(ran.stderr.contains(&format!("warning: `provider` is left out: `{flag}` writes none")), "{ran:?}");
        let files = home.files(&format!("out{flag}"));
        assert!(files.values().all(|text| !text.contains("\nprovider \"oci\"")), "{files:?}");
        assert!(files["README.md"].contains("`ignore_defined_tags = [\"Oracle-Tags.CreatedBy\""), "{files:?}");
    }
    let ran = home.run("gen --out infra");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(home.read("infra/providers.tf").contains("auth   = \"InstancePrincipal\""));
    for command in ["check", "rules"] {
        assert_eq!(home.run(command).stderr, "", "{command}");
    }
}

#[test]
fn a_change_of_layout_that_is_asked_for_is_said_aloud() {
    let home = Home::with(VCN);
    home.fine("gen --out infra");
    let ran = home.run("gen --module --out infra");
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.contains("note: infra was a root module; with `--module`, it becomes a module"), "{ran:?}");
}

#[test]
fn the_exit_code_of_a_proof_says_whether_it_holds() {
    let home = Home::with(VCN);
    assert_eq!(home.run("check").code, Some(0));
    assert_eq!(home.run("why lab.private internet:443").code, Some(0));
    assert_eq!(home.run("why lab.secure internet:443").code, Some(2));
    assert_eq!(home.run("why lab.nowhere internet:443").code, Some(1));
    home.write("broken.hcl", "vcn \"lab\" {");
    for command in ["check", "why a b", "rules"] {
        let error = home.wrong(&format!("{command} -s broken.hcl"));
        assert!(error.contains("broken.hcl:1"), "{command}: {error}");
    }
}

#[test]
fn an_audit_reads_a_file_or_standard_input_and_names_it() {
    let home = Home::empty();
    let state = fs::read_to_string(common::root().join("tests/audit/state.json")).expect("a fixture can be read");
    home.write("state.json", &state);
    let of_file = home.fine("audit state.json");
    let mut child = home.command(&["audit", "-"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(state.as_bytes()).expect("can be written");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), of_file);
    // What `>` writes in Windows PowerShell.
    home.write("utf16.json", [0xff, 0xfe, b'{', 0]);
    assert!(home.wrong("audit utf16.json").contains("UTF-16"));
    home.write("long.json", [&[b'x'; 5000][..], &[0xff]].concat());
    let error = home.wrong("audit long.json");
    assert!(error.contains("long.json:1:5001: this byte is not UTF-8") && error.len() < 200, "{error}");
}

#[test]
fn an_audit_reads_the_directory_that_it_is_told() {
    let home = Home::empty();
    let fixture = common::root().join("tests/audit/foreign.json");
    home.write("plan.json", fs::read(fixture).expect("a fixture can be read"));
    assert!(home.wrong("audit --dir missing plan.json").contains("cannot read missing"));
    fs::create_dir(home.path("stack")).expect("a directory can be made");
    assert!(home.wrong("audit --dir stack plan.json").contains("stack has no .tf file\n  help: name the directory"));
    let main = common::root().join("tests/audit/stacks/foreign/main.tf");
    home.write("stack/main.tf", fs::read(main).expect("a stack can be read"));
    home.write("stack/mine.tf", "resource {");
    let (blind, seen) = (home.run("audit plan.json"), home.run("audit plan.json --dir stack"));
    assert!(!blind.stdout.contains("\n\nNo exposures.") && !seen.stdout.contains("\n\nNo exposures."), "{seen:?}");
    assert_eq!((blind.code, blind.stderr.as_str()), (seen.code, ""));
    assert!(seen.stderr.starts_with("warning: stack/mine.tf: this is not valid HCL at line 1, "), "{seen:?}");
    fs::create_dir(home.path("other")).expect("a directory can be made");
    home.write("other/main.tf", "resource \"oci_core_vcn\" \"other\" {}\n");
    let other = home.run("audit plan.json --dir other");
    let but_the_advice = |text: &str| text.rsplit_once("\n\n").map(|(report, _)| report.to_owned());
    assert_eq!(but_the_advice(&other.stdout), but_the_advice(&blind.stdout));
    let said = "warning: no resource of plan.json is declared in the `.tf` files of other: they were not used\n";
    assert!(other.stderr.starts_with(said), "{other:?}");
}

#[test]
fn the_default_names_a_version_that_is_offered() {
    assert!(kubernetes::OFFERED.contains(&kubernetes::SENSIBLE));
    for spec in [cloudspells::DEFAULT_SPEC, cloudspells::STARTER_SPEC] {
        assert!(spec.contains(&format!("kubernetes_version = \"{}\"", kubernetes::SENSIBLE)), "{spec}");
    }
}

#[test]
fn what_a_user_types_does_not_reach_the_terminal_as_a_command() {
    let home = Home::with(VCN);
    let escape = "\u{1b}]0;title\u{7}";
    for arguments in [["check", "--format", escape], ["why", escape, "internet"], ["audit", escape, "--format=json"]] {
        let said = ran(&mut home.command(&arguments));
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(!said.stderr.contains('\u{1b}') && !said.stderr.contains('\u{7}'), "{said:?}");
    }
}
