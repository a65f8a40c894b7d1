//! The kinds of module. Knows neither what is in one nor where it is written.

/// What kind of module is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Applies as it is: with a provider block and example values.
    Root,
    /// A root module whose provider block is the user's own.
    WithoutProvider,
    /// Is called by another module, which brings the provider.
    Module,
}

impl Layout {
    pub const EVERY: [Self; 3] = [Self::Root, Self::WithoutProvider, Self::Module];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::WithoutProvider => "root-without-provider",
            Self::Module => "module",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|layout| layout.word() == word)
    }

    /// The flags of `gen` that make it, as they stand before others.
    pub const fn flags(self) -> &'static str {
        match self {
            Self::Root => "",
            Self::WithoutProvider => "--no-provider ",
            Self::Module => "--module ",
        }
    }

    /// Whether it is applied as it is.
    pub const fn is_root(self) -> bool {
        !matches!(self, Self::Module)
    }
}
