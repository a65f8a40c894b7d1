//! The names of a spec's blocks, and what a reference to one leads to. Knows
//! no kind of block.

use crate::diagnostic::{At, Diagnostic, listed, nearest};
use crate::name::Name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

/// A handle to a block of one kind: what its reference becomes.
pub trait Referent: Sized {
    /// The type of the block, and of the attribute that refers to it.
    const KIND: &'static str;
    /// The block in a sentence; with an `s`, several.
    const WORD: &'static str;
    /// A name that one might have.
    const EXAMPLE: &'static str;

    fn named(name: Name) -> Self;
}

/// `KIND.NAME` in a spec, before anyone knows whether it exists.
#[derive(Debug, Clone)]
pub struct Reference<T> {
    pub name: Name,
    kind: PhantomData<fn() -> T>,
}

impl<T: Referent> Reference<T> {
    pub const fn new(name: Name) -> Self {
        Self { name, kind: PhantomData }
    }
}

/// `KIND.NAME` or `KIND.NAME.PART`, of whatever kind, before anyone knows whether
/// there is such a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub kind: String,
    pub name: Name,
    pub part: Option<String>,
}

impl fmt::Display for Mention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind, self.name)?;
        self.part.iter().try_for_each(|part| write!(f, ".{part}"))
    }
}

/// Every name of a spec, by kind. It is whole before the first reference is
/// resolved, so that no order of blocks or kinds matters.
#[derive(Debug, Default)]
pub struct Symbols {
    names: BTreeMap<&'static str, BTreeSet<Name>>,
    /// The kinds whose blocks have VNICs.
    with_vnics: BTreeSet<&'static str>,
}

impl Symbols {
    /// Makes a kind known, also where the spec has no block of it.
    pub fn know(&mut self, kind: &'static str, has_vnics: bool) {
        self.names.entry(kind).or_default();
        if has_vnics {
            self.with_vnics.insert(kind);
        }
    }

    pub fn add(&mut self, kind: &'static str, name: Name) {
        self.names.entry(kind).or_default().insert(name);
    }

    pub fn is_kind(&self, word: &str) -> bool {
        self.names.contains_key(word)
    }

    /// The kind of a block that is mentioned, which must be there and have
    /// VNICs.
    pub fn with_vnics(&self, mention: &At<Mention>) -> Result<&'static str, Diagnostic> {
        let At { value: Mention { kind, name, .. }, span } = mention;
        let error = |message| Diagnostic::error(span.clone(), message);
        let Some((kind, names)) = self.names.get_key_value(kind.as_str()) else {
            let diagnostic = error(format!("there is no spell `{kind}`"));
            return Err(self.unknown_kind(&mention.value, diagnostic));
        };
        if !self.with_vnics.contains(kind) {
            return Err(error(format!("`{kind}.{name}` has no VNICs of its own"))
                .label("nobody connects to it, or from it")
                .help(format!(
                    "name a spell that has some ({}); for a whole tier write an `allow` block",
                    listed(self.with_vnics.iter().copied())
                )));
        }
        if names.contains(name) {
            return Ok(kind);
        }
        let words = || names.iter().map(Name::as_str);
        let help = if names.is_empty() {
            format!("add `{kind} \"{name}\" {{ ... }}` to the spec, or name what is there")
        } else {
            format!("blocks of `{kind}`: {}", listed(words()))
        };
        Err(stranger(kind, name, error(absence(kind, name)), words()).help(help))
    }

    /// The first word of a mention is no kind: a slip, or a name whose kind was
    /// left out.
    fn unknown_kind(&self, mention: &Mention, diagnostic: Diagnostic) -> Diagnostic {
        let Mention { kind, name, part } = mention;
        let kinds = || self.with_vnics.iter().copied();
        let owner = kinds()
            .find(|owner| self.names.get(owner).is_some_and(|names| names.iter().any(|known| known.as_str() == kind)));
        if let Some(owner) = owner {
            return diagnostic.label("this is a name").help(format!("write `{owner}.{kind}.{name}`"));
        }
        let diagnostic = match nearest(kind, kinds()) {
            Some(near) => {
                let meant = Mention { kind: near.to_owned(), name: name.clone(), part: part.clone() };
                diagnostic.label(format!("did you mean `{meant}`?"))
            }
            None => diagnostic.label("unknown"),
        };
        diagnostic.help(format!("write KIND.NAME or KIND.NAME.ROLE; spells with VNICs are {}", listed(kinds())))
    }

    /// What a block is in: what its reference names, or without one the only
    /// block of the kind. `what` is the block that asks, as its users call
    /// it: a `cluster`.
    pub fn home<T: Referent>(
        &self,
        reference: Option<&At<Reference<T>>>,
        what: &str,
        of: &At<Name>,
    ) -> Result<T, Diagnostic> {
        let Some(reference) = reference else {
            return self.only::<T>().map(|name| T::named(name.clone())).ok_or_else(|| self.unsaid::<T>(what, of));
        };
        let name = &reference.value.name;
        if self.known::<T>().any(|known| known == name) {
            return Ok(T::named(name.clone()));
        }
        let diagnostic = Diagnostic::error(reference.span.clone(), absence(T::KIND, name));
        Err(stranger(T::KIND, name, diagnostic, self.words::<T>()).help(self.what_to_write::<T>()))
    }

    /// There is no reference, and not one block that it could only mean.
    fn unsaid<T: Referent>(&self, what: &str, of: &At<Name>) -> Diagnostic {
        let (name, word) = (&of.value, T::WORD);
        let diagnostic = if self.known::<T>().len() == 0 {
            Diagnostic::error(of.span.clone(), format!("{what} \"{name}\" has no {word} to be in"))
                .label(format!("a {what} needs a {word}"))
        } else {
            Diagnostic::error(of.span.clone(), format!("{what} \"{name}\" does not say which {word} it is in"))
                .label("there are several")
        };
        diagnostic.help(self.what_to_write::<T>())
    }

    fn what_to_write<T: Referent>(&self) -> String {
        let (kind, word) = (T::KIND, T::WORD);
        match self.only::<T>() {
            Some(only) => format!("write `{kind} = {kind}.{only}`, the only {word}"),
            None if self.known::<T>().len() == 0 => format!("add `{kind} \"{}\" {{}}` to the spec", T::EXAMPLE),
            None => format!("add `{kind} = {kind}.NAME`; the {word}s are {}", listed(self.words::<T>())),
        }
    }

    fn only<T: Referent>(&self) -> Option<&Name> {
        let mut known = self.known::<T>();
        if known.len() == 1 { known.next() } else { None }
    }

    fn known<T: Referent>(&self) -> std::collections::btree_set::Iter<'_, Name> {
        static NONE: BTreeSet<Name> = BTreeSet::new();
        self.names.get(T::KIND).unwrap_or(&NONE).iter()
    }

    fn words<T: Referent>(&self) -> impl ExactSizeIterator<Item = &str> {
        self.known::<T>().map(Name::as_str)
    }
}

fn absence(kind: &str, name: &Name) -> String {
    format!("there is no {kind} \"{name}\" in this spec")
}

/// Labels a name that no block of its kind has.
fn stranger<'a>(
    kind: &str,
    name: &Name,
    diagnostic: Diagnostic,
    known: impl ExactSizeIterator<Item = &'a str>,
) -> Diagnostic {
    match nearest(name.as_str(), known) {
        Some(near) => diagnostic.label(format!("did you mean `{kind}.{near}`?")),
        None => diagnostic.label("not in this spec"),
    }
}
