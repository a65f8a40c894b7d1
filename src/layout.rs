//! The two kinds of module. Knows neither what is in one nor where it is written.

/// What kind of module is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Applies as it is: with a provider block and example values.
    Root,
    /// Is called by another module, which brings the provider.
    Module,
}

impl Layout {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Module => "module",
        }
    }
}
