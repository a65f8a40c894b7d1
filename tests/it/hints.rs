//! Every command line of ours that is printed or written does what it says, as
//! it stands.

#![cfg(unix)]

use crate::common::home::{Home, Ran, ran};
use std::path::Path;
use std::process::Command;

const BASE: &str = "vcn \"lab\" {}\noke_cluster \"k8s\" {\n  kubernetes_version = \"v1.35.2\"\n}\n";
const PROD: &str = "vcn \"lab\" {\n  cidr_block = \"10.40.0.0/16\"\n}\n";

/// The command lines in a text: each ends with its line, or where the code does.
fn commands(text: &str) -> Vec<String> {
    let begins = |line: &str| line.split("cloudspells ").skip(1).map(str::to_owned).collect::<Vec<_>>();
    let is_command =
        |rest: &String| ["gen ", "check", "init", "why ", "rules"].iter().any(|name| rest.starts_with(name));
    let whole = |rest: String| format!("cloudspells {}", rest.split('`').next().expect("a piece").trim_end());
    text.lines().flat_map(begins).filter(is_command).map(whole).collect()
}

/// Types a line into a shell.
fn typed(home: &Home, line: &str) -> Ran {
    let program = Path::new(env!("CARGO_BIN_EXE_cloudspells"));
    let folder = program.parent().expect("it is in a folder");
    ran(Command::new("/bin/sh").args(["-c", line]).current_dir(home.path("")).env("PATH", folder))
}

fn home() -> Home {
    let home = Home::with(BASE);
    std::fs::create_dir(home.path("specs")).expect("can be made");
    for (name, text) in [
        ("cloudspells.prod.hcl", PROD),
        ("my base.hcl", BASE),
        ("my prod.hcl", PROD),
        ("-x.hcl", BASE),
        ("specs/base.hcl", BASE),
        ("specs/base.prod.hcl", PROD),
        ("specs/over.hcl", PROD),
    ] {
        home.write(name, text);
    }
    home
}

const SPECS: [&str; 7] = [
    "",
    " -e prod",
    " -s 'my base.hcl'",
    " -s 'my base.hcl' -s 'my prod.hcl'",
    " -s ./-x.hcl",
    " --spec=specs/base.hcl --environment prod",
    " -s specs/base.hcl -s specs/over.hcl",
];

#[test]
fn the_proof_of_gen_names_the_check_of_that_stack() {
    let home = home();
    for (number, spec) in SPECS.iter().enumerate() {
        let made = typed(&home, &format!("cloudspells gen{spec} --out infra{number}"));
        assert_eq!(made.code, Some(0), "{spec}: {made:?}");
        let lines = commands(&made.stdout);
        assert_eq!(lines.len(), 1, "{made:?}");
        let (said, meant) = (typed(&home, &lines[0]), typed(&home, &format!("cloudspells check{spec}")));
        assert_eq!(said.code, Some(0), "{}: {said:?}", lines[0]);
        assert_eq!(said.stdout, meant.stdout, "{}", lines[0]);
    }
    assert!(typed(&home, "cloudspells check -e prod").stdout != typed(&home, "cloudspells check").stdout);
}

#[test]
fn a_readme_has_the_command_that_made_it() {
    let home = home();
    for (number, spec) in SPECS.iter().enumerate() {
        for flag in ["", " --module", " --no-provider"] {
            let out = format!("out{number}{}", flag.trim());
            let made = typed(&home, &format!("cloudspells gen{spec}{flag} --out {out}"));
            assert_eq!(made.code, Some(0), "{spec}: {made:?}");
            let lines = commands(&home.read(&format!("{out}/README.md")));
            assert_eq!(lines.len(), if flag == " --module" { 2 } else { 1 }, "{lines:?}");
            // It runs where the spec is.
            let (folder, up) = if spec.contains("specs/") { ("cd specs && ", "../") } else { ("", "") };
            for line in lines {
                let one_environment = line.contains("NAME");
                let line = line.replace("DIR", &format!("{up}{out}")).replace("NAME", "prod");
                let again = typed(&home, &format!("{folder}{line} --check"));
                let has_environment = !spec.contains("my ") && !spec.contains("-x") && !spec.contains("over");
                if !one_environment {
                    assert_eq!(again.code, Some(0), "{line}: {again:?}");
                } else if has_environment {
                    assert_ne!(again.code, Some(1), "{line}: {again:?}");
                }
            }
        }
    }
}

#[test]
fn a_refusal_names_the_files_as_they_are_named_here() {
    let home = home();
    for (made, forgot) in [
        (" -s specs/base.hcl -s specs/over.hcl", " -s specs/base.hcl"),
        (" -s 'my base.hcl' -s 'my prod.hcl'", " -s 'my base.hcl'"),
        (" -e prod", ""),
    ] {
        assert_eq!(typed(&home, &format!("cloudspells gen{made} --out infra")).code, Some(0), "{made}");
        let refused = typed(&home, &format!("cloudspells gen{forgot} --out infra"));
        assert_eq!(refused.code, Some(1), "{refused:?}");
        let options = refused.stderr.split("name all of them (`").nth(1).expect("it says how").split('`').next();
        let line = format!("cloudspells gen {} --out infra --check", options.expect("a command"));
        let again = typed(&home, &line);
        assert_eq!(again.code, Some(0), "{line}: {again:?}");
        std::fs::remove_dir_all(home.path("infra")).expect("is there");
    }
}

#[test]
fn init_names_the_command_for_the_file_that_it_wrote() {
    let home = home();
    for path in ["mine.hcl", "'a b.hcl'", "./-mine.hcl", "specs"] {
        let wrote = typed(&home, &format!("cloudspells init {path}"));
        assert_eq!(wrote.code, Some(0), "{wrote:?}");
        let line = commands(&wrote.stdout).pop().expect("a command");
        let made = typed(&home, &line);
        assert_eq!(made.code, Some(0), "{line}: {made:?}");
        assert!(home.read("infra/cluster.tf").contains("lab-k8s"), "{line}");
        std::fs::remove_dir_all(home.path("infra")).expect("is there");
    }
    assert_eq!(commands(cloudspells::STARTER_SPEC), Vec::<String>::new(), "the file may have any name");
}
