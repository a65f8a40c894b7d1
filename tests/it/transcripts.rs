//! What the commands say. Every `console` block of the pages below is run as
//! it stands, in `golden/`, and must print exactly what the page shows: what
//! the documentation says is what the tool does.

use crate::common;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const UPDATE: &str = "UPDATE_EXPECT=1 cargo test --test it transcripts";

/// The pages: the documentation, and those that only tests read.
fn pages() -> Vec<PathBuf> {
    let folder = common::root().join("tests/transcripts");
    let mut pages: Vec<_> = fs::read_dir(folder)
        .expect("the directory can be read")
        .map(|entry| entry.expect("the directory can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.extend(["README.md", "docs/security-model.md"].map(|page| common::root().join(page)));
    pages.sort();
    pages
}

#[test]
fn every_transcript_is_what_the_command_says() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut differences = String::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
        let actual = run(&text);
        if update {
            fs::write(&page, &actual).expect("a page can be written");
        } else if actual != text {
            let name = page.file_name().expect("has a name").to_string_lossy().into_owned();
            let diff = similar::TextDiff::from_lines(text.as_str(), actual.as_str());
            differences.push_str(&diff.unified_diff().header(&name, "what it says").to_string());
        }
    }
    assert!(differences.is_empty(), "if that is meant, update the pages with\n  {UPDATE}\n\n{differences}");
}

/// A page with each command's output as it is now.
fn run(page: &str) -> String {
    let mut text = String::new();
    let mut in_console = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_console = line == "```console";
        } else if in_console {
            // Old output goes; new output stands under each command.
            if let Some(command) = line.strip_prefix("$ cloudspells ") {
                let _ = writeln!(text, "{line}\n{}", output(command).trim_end());
            }
            continue;
        }
        let _ = writeln!(text, "{line}");
    }
    text
}

/// What a command prints: its result, or what is wrong; and its exit code
/// where that is not 0. Warnings and notes are left out.
fn output(command: &str) -> String {
    // Enough of a shell: words, and a filter on the first characters of lines.
    let (command, filter) = match command.split_once(" | grep -E '^") {
        Some((command, filter)) => (command, Some(filter.trim_end_matches('\''))),
        None => (command, None),
    };
    let output = Command::new(env!("CARGO_BIN_EXE_cloudspells"))
        .args(command.split_whitespace())
        .current_dir(common::root().join("golden"))
        .env_remove("NO_COLOR")
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    let mut shown: String = text(output.stdout);
    if let Some(filter) = filter {
        let words: Vec<_> = filter.trim_matches(['(', ')']).split('|').collect();
        let begins = |line: &str, word: &str| match word {
            "[0-9]" => line.starts_with(|c: char| c.is_ascii_digit()),
            word => line.starts_with(word),
        };
        let kept = shown.lines().filter(|line| words.iter().any(|word| begins(line, word)));
        shown = kept.map(|line| format!("{line}\n")).collect();
    }
    match output.status.code() {
        Some(0) => shown,
        Some(1) => format!("{shown}{}(exit code 1)", text(output.stderr)),
        code => format!("{shown}(exit code {})", code.expect("the program ends by itself")),
    }
}
