//! Spec text to typed spells with spans. Knows how HCL is read; is told which
//! kinds of blocks there are. Must never know a resource.

mod bounds;
pub mod cidr;
mod expression;
pub mod labels;
pub mod list;
pub mod object;
mod overlay;
mod reader;
mod syntax;
mod tags;
pub mod value;
pub mod version;
pub mod word;

pub use bounds::{LARGEST, VARIABLES as MOST_VARIABLES};
pub use expression::{Passthrough, VariableType, VariableUse};
pub use reader::{BlockReader, Field};
pub use tags::{TagKind, Tags, is_defined_tag_key, literal_keys, tags};

use crate::diagnostic::{At, Diagnostic, Diagnostics, Source, Span, listed, nearest as nearest_name, quoted};
use crate::name::Name;
use crate::symbols::Symbols;
use hcl_edit::Span as _;
use hcl_edit::structure::{Block, Structure};
use std::collections::BTreeMap;

/// A type of block, and how to read one as an `S`.
pub struct Kind<S> {
    pub block_type: &'static str,
    /// Whether its label is read as words: a space in it counts as a hyphen.
    pub has_prose_label: bool,
    /// Whether its blocks have VNICs, so that relations may name them.
    pub has_vnics: bool,
    pub read: fn(&mut BlockReader<'_>) -> Option<S>,
}

/// A type of block that a spec has once, and without a name.
pub struct Setting<T> {
    pub block_type: &'static str,
    pub read: fn(&mut BlockReader<'_>) -> Option<T>,
}

/// A stack: its spells in the order in which they are built, whatever the
/// order in the text.
pub struct Spec<S, T> {
    pub spells: Vec<S>,
    /// The block that has no name, with where it begins.
    pub setting: Option<At<T>>,
    /// Their names: what references lead to.
    pub symbols: Symbols,
    /// The text of each top-level block, sorted: what identifies the spec.
    pub canonical: String,
}

impl<S, T> Spec<S, T> {
    /// Reads a spec made of blocks of some kinds, and of a setting. Problems go
    /// to `diagnostics`; without a spec there is at least one error among them.
    pub fn parse(
        source: &Source,
        kinds: &[Kind<S>],
        setting: &Setting<T>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let body = syntax::parse(source, diagnostics)?;
        // What is wrong inside has been said: its name is known all the same.
        let mut spells: Vec<(usize, At<Name>, Option<S>)> = Vec::new();
        let mut found: Option<At<Option<T>>> = None;
        let mut blocks = Vec::new();
        for structure in &body {
            match structure {
                Structure::Attribute(attribute) => {
                    let span = attribute.key.span().unwrap_or_default();
                    diagnostics.push(
                        Diagnostic::error(span, format!("`{}` stands outside of every block", attribute.key.as_str()))
                            .label("attributes stand in a block")
                            .help(format!("a spec is made of blocks: {}", block_types(kinds))),
                    );
                }
                Structure::Block(block) => {
                    blocks.push(canonical(block, &source.text));
                    if block.ident.as_str() == setting.block_type {
                        read_setting(block, setting, &mut found, diagnostics);
                        continue;
                    }
                    spells.extend(read_spell(block, kinds, diagnostics));
                }
            }
        }
        if body.blocks().all(|block| block.ident.as_str() == setting.block_type) && body.attributes().next().is_none() {
            diagnostics.push(
                Diagnostic::error(0..0, "the spec is empty: it names no spell")
                    .help("write at least `vcn \"lab\" {}`, or let `cloudspells init` write a spec to start from"),
            );
        }
        spells.sort_by(|(a, x, _), (b, y, _)| (a, &x.value).cmp(&(b, &y.value)));
        blocks.sort_unstable();
        for position in 0..kinds.len() {
            let of_kind = spells.iter().filter(|(at, _, _)| *at == position).map(|(_, name, _)| name);
            let Some(kind) = kinds.get(position) else { continue };
            check_names(of_kind.collect(), kind.block_type, diagnostics);
        }
        let mut symbols = Symbols::default();
        kinds.iter().for_each(|kind| symbols.know(kind.block_type, kind.has_vnics));
        for (kind, name, _) in spells.iter().filter_map(|(at, name, spell)| Some((kinds.get(*at)?, name, spell))) {
            symbols.add(kind.block_type, name.value.clone());
        }
        let spells = spells.into_iter().filter_map(|(_, _, spell)| spell).collect();
        let setting = found.and_then(|found| found.value.map(|value| At::new(value, found.span)));
        Some(Self { spells, setting, symbols, canonical: blocks.join("\n") })
    }
}

/// Reads the block that has no name; a second one is an error.
fn read_setting<T>(
    block: &Block,
    setting: &Setting<T>,
    found: &mut Option<At<Option<T>>>,
    diagnostics: &mut Diagnostics,
) {
    let span = block.ident.span().unwrap_or_default();
    if let Some(first) = found {
        diagnostics.push(
            Diagnostic::error(span, format!("there are two `{}` blocks", setting.block_type))
                .label("the second")
                .related(first.span.clone(), "the first")
                .help("make one of them"),
        );
        return;
    }
    let value = BlockReader::unnamed(block, diagnostics).and_then(|mut reader| {
        let value = (setting.read)(&mut reader);
        reader.finish();
        value
    });
    *found = Some(At::new(value, span));
}

/// Reads one top-level block with the spell that its type names.
fn read_spell<S>(
    block: &Block,
    kinds: &[Kind<S>],
    diagnostics: &mut Diagnostics,
) -> Option<(usize, At<Name>, Option<S>)> {
    let block_type = block.ident.as_str();
    let Some((position, kind)) = kinds.iter().enumerate().find(|(_, kind)| kind.block_type == block_type) else {
        let span = block.ident.span().unwrap_or_default();
        let diagnostic = Diagnostic::error(span, format!("there is no spell `{block_type}`"));
        let types = || kinds.iter().map(|kind| kind.block_type);
        let nearest = types().find(|name| name.split('_').any(|word| word == block_type));
        let nearest = nearest.or_else(|| nearest_name(block_type, types()));
        let diagnostic = match nearest {
            Some(name) => diagnostic.label(format!("did you mean `{name}`?")),
            None => diagnostic.label("unknown block type"),
        };
        diagnostics.push(match block_type {
            "variable" => {
                diagnostic.help("no need to declare it: each var.NAME in the spec becomes a variable of the module")
            }
            "locals" | "output" | "resource" | "data" | "module" | "terraform" => {
                diagnostic.help("put it into a .tf file of your own beside the generated ones")
            }
            _ => diagnostic.help(format!("the spells are {}", block_types(kinds))),
        });
        return None;
    };
    let mut reader = BlockReader::new(block, kind.has_prose_label, diagnostics)?;
    let (name, spell) = (reader.name(), (kind.read)(&mut reader));
    reader.finish();
    Some((position, name, spell))
}

/// Names are unique among blocks of a type, also once they are identifiers:
/// `a-b` and `a_b` would share every address. Blocks of two types share none,
/// and may have one name.
fn check_names(mut names: Vec<&At<Name>>, block_type: &str, diagnostics: &mut Diagnostics) {
    names.sort_by_key(|name| name.span.start);
    report_collisions(
        names.into_iter().map(|name| (name.value.as_str(), name.value.identifier(), name.span.clone())),
        &format!("`{block_type}` blocks"),
        diagnostics,
    );
}

/// Reports names that are equal, or become equal as identifiers.
pub fn report_collisions<'a>(
    names: impl IntoIterator<Item = (&'a str, String, Span)>,
    what: &str,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: BTreeMap<String, (&str, Span)> = BTreeMap::new();
    for (name, identifier, span) in names {
        if let Some((first, first_span)) = seen.get(&identifier) {
            let message = if *first == name {
                format!("two {what} are named {}", quoted(name))
            } else {
                format!("{} and {} become the same identifier, `{identifier}`", quoted(first), quoted(name))
            };
            diagnostics.push(
                Diagnostic::error(span, message)
                    .label("this name is taken")
                    .related(first_span.clone(), "first used here")
                    .help("give one of them another name: addresses, variables and outputs are made from it"),
            );
        } else {
            seen.insert(identifier, (name, span));
        }
    }
}

fn block_types<S>(kinds: &[Kind<S>]) -> String {
    listed(kinds.iter().map(|kind| kind.block_type))
}

/// A block's text with its items sorted, since order has no meaning in a spec.
fn canonical(block: &Block, text: &str) -> String {
    let slice = |span: Option<Span>| text.get(span.unwrap_or_default()).unwrap_or_default().trim().to_owned();
    let mut inner: Vec<String> = block
        .body
        .iter()
        .map(|structure| match structure {
            Structure::Attribute(attribute) => slice(attribute.span()),
            Structure::Block(block) => canonical(block, text),
        })
        .collect();
    inner.sort_unstable();
    let labels: Vec<_> = block.labels.iter().map(|label| format!("{:?}", label.as_str())).collect();
    format!("{} {} {{\n{}\n}}", block.ident.as_str(), labels.join(" "), inner.join("\n"))
}
