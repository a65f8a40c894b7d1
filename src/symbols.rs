//! The names of a spec's blocks, and what a reference to one leads to. Knows
//! no kind of block.

use crate::diagnostic::{At, Diagnostic, listed, nearest};
use crate::name::Name;
use std::collections::{BTreeMap, BTreeSet};
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

/// Every name of a spec, by kind. It is whole before the first reference is
/// resolved, so that no order of blocks or kinds matters.
#[derive(Debug, Default)]
pub struct Symbols {
    names: BTreeMap<&'static str, BTreeSet<Name>>,
}

impl Symbols {
    pub fn add(&mut self, kind: &'static str, name: Name) {
        self.names.entry(kind).or_default().insert(name);
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
        let message = format!("there is no {} \"{name}\" in this spec", T::KIND);
        let diagnostic = Diagnostic::error(reference.span.clone(), message);
        let diagnostic = match nearest(name.as_str(), self.words::<T>()) {
            Some(name) => diagnostic.label(format!("did you mean `{}.{name}`?", T::KIND)),
            None => diagnostic.label("not in this spec"),
        };
        Err(diagnostic.help(self.what_to_write::<T>()))
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
