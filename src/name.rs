//! Names of blocks: which are valid, and what is derived from them. Knows no
//! spec.

use crate::facts::limits::DNS_LABEL_LENGTH;
use std::fmt;

/// The name of a spell or node pool: a letter, then letters, digits, `-` and
/// `_`, at most 63 characters, all ASCII.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    pub const LONGEST: usize = 63;

    /// The name, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let well_formed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if text.is_empty() {
            Err("a name can't be empty")
        } else if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            Err("a name starts with a letter (a to z, A to Z)")
        } else if !text.chars().all(well_formed) {
            Err("a name has only letters, digits, `-` and `_`")
        } else if text.len() > Self::LONGEST {
            Err("a name has at most 63 characters")
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it stands in addresses, variables and outputs: a hyphen becomes an
    /// underscore.
    pub fn identifier(&self) -> String {
        self.0.replace('-', "_")
    }

    /// A `dns_label`: the name's letters and digits, in lower case, cut to
    /// 15 characters.
    pub fn dns_label(&self) -> String {
        self.0
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(DNS_LABEL_LENGTH)
            .collect::<String>()
            .to_ascii_lowercase()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
