//! Folds addresses that differ in one index only: `s[0..7]`, `s["a","b"]`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A piece of an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Text(String),
    Indices(BTreeSet<Index>),
}

/// An index of `count`, or a key of `for_each` in its quotes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Index {
    Number(u64),
    Key(String),
}

/// The names, folded, in the order in which they first appear.
pub fn names(names: &[String]) -> Vec<String> {
    let mut all: Vec<Vec<Piece>> = names.iter().map(|name| pieces(name)).collect();
    let most = all.iter().map(|pieces| indices(pieces).count()).max().unwrap_or(0);
    // The last index is the resource's own. Once at least: equal names are one.
    for from_the_end in 0..most.max(1) {
        all = at(all, from_the_end);
    }
    all.iter().map(|pieces| shown(pieces)).collect()
}

/// The text with every index left out: alike texts have the same pattern.
pub fn pattern(text: &str) -> String {
    let kept = pieces(text).into_iter().map(|piece| match piece {
        Piece::Text(text) => text,
        Piece::Indices(_) => "[]".to_owned(),
    });
    kept.collect()
}

fn indices(pieces: &[Piece]) -> impl Iterator<Item = usize> {
    pieces.iter().enumerate().filter(|(_, piece)| matches!(piece, Piece::Indices(_))).map(|(at, _)| at)
}

/// Folds names that differ in one of their indices only.
fn at(names: Vec<Vec<Piece>>, from_the_end: usize) -> Vec<Vec<Piece>> {
    let mut folded: Vec<Vec<Piece>> = Vec::new();
    let mut places = BTreeMap::<Vec<Piece>, usize>::new();
    for mut name in names {
        let place = indices(&name).collect::<Vec<_>>().into_iter().rev().nth(from_the_end);
        let own = place
            .and_then(|place| name.get_mut(place))
            .map(|piece| std::mem::replace(piece, Piece::Indices(BTreeSet::new())));
        let at = *places.entry(name.clone()).or_insert(folded.len());
        if at == folded.len() {
            folded.push(name);
        }
        let (Some(place), Some(Piece::Indices(own))) = (place, own) else { continue };
        if let Some(Piece::Indices(all)) = folded.get_mut(at).and_then(|name| name.get_mut(place)) {
            all.extend(own);
        }
    }
    folded
}

fn pieces(name: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut text = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        match index(after) {
            Some((index, left)) => {
                found.push(Piece::Text(std::mem::take(&mut text)));
                found.push(Piece::Indices([index].into()));
                rest = left;
            }
            None => {
                text.push('[');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    found.push(Piece::Text(text));
    found
}

/// An index and what follows its bracket.
fn index(text: &str) -> Option<(Index, &str)> {
    if let Some(key) = text.strip_prefix('"') {
        let mut escaped = false;
        let end = key.char_indices().find(|(_, c)| {
            let ends = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            ends
        });
        let (key, rest) = key.split_at_checked(end?.0)?;
        return Some((Index::Key(format!("\"{key}\"")), rest.strip_prefix("\"]")?));
    }
    let (number, rest) = text.split_once(']')?;
    Some((Index::Number(number.parse().ok()?), rest))
}

/// Keys that are listed between the brackets.
const MOST_KEYS: usize = 6;

fn shown(name: &[Piece]) -> String {
    let mut text = String::new();
    for piece in name {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Indices(all) => {
                let words = words(all);
                let more = words.len().saturating_sub(MOST_KEYS);
                let words: Vec<_> = words.into_iter().take(MOST_KEYS).collect();
                let more = if more > 0 { format!(",+{more}") } else { String::new() };
                let _ = write!(text, "[{}{more}]", words.join(","));
            }
        }
    }
    text
}

/// Runs of numbers as one word, then the keys.
fn words(all: &BTreeSet<Index>) -> Vec<String> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    let mut keys = Vec::new();
    for index in all {
        match (index, runs.last_mut()) {
            (Index::Number(number), Some((_, last))) if last.checked_add(1) == Some(*number) => *last = *number,
            (Index::Number(number), _) => runs.push((*number, *number)),
            (Index::Key(key), _) => keys.push(key.clone()),
        }
    }
    let run = |(first, last): (u64, u64)| if first == last { first.to_string() } else { format!("{first}..{last}") };
    runs.into_iter().map(run).chain(keys).collect()
}

#[cfg(test)]
mod tests {
    fn folded(names: &[&str]) -> Vec<String> {
        super::names(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn folds_what_differs_in_one_index() {
        assert_eq!(folded(&["s[0]", "s[1]", "s[2]", "t", "s[4]"]), ["s[0..2,4]", "t"]);
        assert_eq!(folded(&["m.s[\"a\"]", "m.s[\"b]\\\"\"]"]), ["m.s[\"a\",\"b]\\\"\"]"]);
        assert_eq!(folded(&["module.m[\"a\"].s[0]", "module.m[\"b\"].s[0]"]), ["module.m[\"a\",\"b\"].s[0]"]);
        assert_eq!(folded(&["a[0].s[0]", "a[1].s[1]"]), ["a[0].s[0]", "a[1].s[1]"], "not every one of each");
        assert_eq!(folded(&["a[0].s[0]", "a[0].s[1]", "a[1].s[0]", "a[1].s[1]"]), ["a[0..1].s[0..1]"]);
        assert_eq!(folded(&["a[x]", "a[", "a[\"x", "a]"]), ["a[x]", "a[", "a[\"x", "a]"]);
        assert_eq!(folded(&["internet", "internet"]), ["internet"]);
    }
}
