//! Which module may import which is a table in `docs/architecture.md`. This
//! reads the table, and every path that begins with `crate` or `super` in the
//! library: the table says no more and no less than the code does.

use crate::common;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A path of modules, and maybe an item at its end.
type ModulePath = Vec<String>;

/// A row of the table: a module, and what it may import.
struct Row {
    module: String,
    imports: BTreeSet<String>,
}

fn read(path: &str) -> String {
    fs::read_to_string(common::root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn table() -> Vec<Row> {
    let text = read("docs/architecture.md");
    let section = text.split("\n## Layers\n").nth(1).expect("there is a section on layers");
    let lines = section.lines().skip_while(|line| !line.starts_with("| ---")).skip(1);
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let row = |line: &str| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").collect();
        let [module, imports] = cells.as_slice() else { panic!("two cells in {line}") };
        let [module] = names(module).try_into().unwrap_or_else(|_| panic!("one module in {line}"));
        Row { module, imports: names(imports).into_iter().collect() }
    };
    lines.take_while(|line| line.starts_with('|')).map(row).collect()
}

/// Every import of the library from one row of the table to another, with the
/// files that have it.
fn imports(rows: &[Row]) -> BTreeMap<(String, String), BTreeSet<String>> {
    let modules = library_modules();
    let mut found = BTreeMap::<_, BTreeSet<_>>::new();
    for (file, module) in files(&common::root().join("src"), &mut Vec::new()) {
        // The library's root composes everything; the binary sees what is `pub`.
        if !module.first().is_some_and(|first| modules.contains(first)) {
            continue;
        }
        let from = row_of(rows, &module).unwrap_or_else(|| panic!("{file} is in no row of the table"));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        for path in paths(&text, &module) {
            let to = row_of(rows, &path).unwrap_or_else(|| panic!("{file}: {} is in no row", path.join("::")));
            if from != to {
                found.entry((from.clone(), to)).or_default().insert(file.clone());
            }
        }
    }
    found
}

/// The row that a path belongs to: the most specific one.
fn row_of(rows: &[Row], path: &[String]) -> Option<String> {
    let is_in = |row: &&Row| {
        let segments: Vec<_> = row.module.split("::").collect();
        segments.len() <= path.len() && segments.iter().zip(path).all(|(a, b)| a == b)
    };
    rows.iter().filter(is_in).max_by_key(|row| row.module.len()).map(|row| row.module.clone())
}

/// The modules that `src/lib.rs` declares.
fn library_modules() -> BTreeSet<String> {
    let root: TokenStream = read("src/lib.rs").parse().expect("src/lib.rs is Rust");
    let tokens: Vec<_> = root.into_iter().map(|token| token.to_string()).collect();
    let declared = tokens.windows(3).filter(|window| window[0] == "mod" && window[2] == ";");
    declared.map(|window| window[1].clone()).collect()
}

/// The source files of a directory, with their modules.
fn files(directory: &Path, module: &mut ModulePath) -> Vec<(String, ModulePath)> {
    let mut found = Vec::new();
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    for path in entries.map(|entry| entry.expect("a directory can be read").path()) {
        let name = path.file_stem().expect("has a name").to_string_lossy().into_owned();
        if path.is_dir() {
            module.push(name);
            found.extend(files(&path, module));
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let own = (!["mod", "lib", "main"].contains(&name.as_str())).then_some(name);
            found.push((path.to_string_lossy().into_owned(), module.iter().cloned().chain(own).collect()));
        }
    }
    found.sort();
    found
}

/// The paths in a file that begin with `crate` or `super`, from the crate's
/// root. Comments and unit tests do not count.
fn paths(text: &str, module: &[String]) -> BTreeSet<ModulePath> {
    let mut found = BTreeSet::new();
    scan(text.parse().unwrap_or_else(|error| panic!("{}: {error}", module.join("::"))), module, &mut found);
    found.retain(|path| !path.is_empty());
    found
}

fn scan(tokens: TokenStream, module: &[String], found: &mut BTreeSet<ModulePath>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let word = |at: usize| tokens.get(at).map(ToString::to_string).unwrap_or_default();
    let mut is_test = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && word(at.wrapping_sub(1)) == "#" => {
                is_test |= group.stream().to_string().replace(' ', "") == "cfg(test)";
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let mut inner = module.to_vec();
                if at > 1 && word(at - 2) == "mod" {
                    inner.push(word(at - 1));
                }
                if !std::mem::take(&mut is_test) {
                    scan(group.stream(), &inner, found);
                }
            }
            TokenTree::Group(group) => scan(group.stream(), module, found),
            TokenTree::Ident(ident) if (ident == "crate" || ident == "super") && !(at > 0 && word(at - 1) == ":") => {
                at = tree(&tokens, at, module, found);
                continue;
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => is_test = false,
            _ => {}
        }
        at += 1;
    }
}

/// Reads the path, or the tree of a `use`, that begins at a token, and gives
/// where it ends.
fn tree(tokens: &[TokenTree], mut at: usize, base: &[String], found: &mut BTreeSet<ModulePath>) -> usize {
    let mut path = base.to_vec();
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(ident)) => match ident.to_string().as_str() {
                "crate" => path.clear(),
                "super" => drop(path.pop()),
                "self" => {}
                name => path.push(name.to_owned()),
            },
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inner: Vec<_> = group.stream().into_iter().collect();
                for branch in inner.split(|token| token.to_string() == ",").filter(|branch| !branch.is_empty()) {
                    tree(branch, 0, &path, found);
                }
                return at + 1;
            }
            _ => break,
        }
        at += 1;
        let is_separator = |at: usize| tokens.get(at).is_some_and(|token| token.to_string() == ":");
        if !(is_separator(at) && is_separator(at + 1)) {
            break;
        }
        at += 2;
    }
    found.insert(path);
    at
}

#[test]
fn the_table_says_which_module_imports_which() {
    let rows = table();
    let found = imports(&rows);
    let mut wrong = Vec::new();
    for ((from, to), files) in &found {
        if !rows.iter().any(|row| row.module == *from && row.imports.contains(to)) {
            wrong.push(format!("`{from}` imports `{to}`, which the table does not allow: {files:?}"));
        }
    }
    for row in &rows {
        for to in row.imports.iter().filter(|to| !found.contains_key(&(row.module.clone(), (*to).clone()))) {
            wrong.push(format!("`{}` may import `{to}`, but does not: take it out of the table", row.module));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_layer_imports_only_layers_above_it_in_the_table() {
    let mut above = BTreeSet::new();
    for row in table() {
        let missing: Vec<_> = row.imports.difference(&above).collect();
        assert!(missing.is_empty(), "`{}` imports {missing:?}, which do not stand above it", row.module);
        above.insert(row.module);
    }
}

#[test]
fn every_module_of_the_library_has_a_row() {
    let rows: BTreeSet<_> =
        table().iter().map(|row| row.module.split("::").next().unwrap_or_default().to_owned()).collect();
    assert_eq!(rows, library_modules());
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let text = r#"
        use crate::a::{self, b::{C, d}, e::*};
        use super::f::G;
        pub(crate) mod inner {
            use super::super::h;
            pub(super) fn i() -> crate::j::K { format!("{}", crate::l::m()); std::cmp::max(1, 2) }
        }
        /// As `crate::comment`.
        #[cfg(test)]
        mod tests {
            use crate::test;
        }
        #[cfg(test)]
        use std::x;
        fn n(o: &super::p::Q) {}
    "#;
    let module = ["z", "y"].map(str::to_owned);
    let found: Vec<_> = paths(text, &module).iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["a", "a::b::C", "a::b::d", "a::e", "j::K", "l::m", "z::f::G", "z::h", "z::p::Q", "z::y"]);
}
