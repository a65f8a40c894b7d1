//! Reads one block: its label, its attributes one by one, its nested blocks.
//! Whatever has not been read is unknown, so the code that reads attributes is
//! the list of known ones.

use crate::diagnostic::{At, Diagnostic, Diagnostics, Span, listed, nearest, quoted};
use crate::name::Name;
use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Structure};

/// An attribute that is being read, or an item of it.
#[derive(Clone)]
pub struct Field<'a> {
    /// What it is in a sentence: "`vcn`", "an item of `api_allowed_cidrs`".
    pub subject: String,
    /// The block it stands in, for messages: `oke_cluster "k8s"`.
    pub owner: &'a str,
    pub expression: &'a Expression,
    pub span: Span,
}

pub struct BlockReader<'a> {
    block: &'a Block,
    /// The block for messages: `oke_cluster "k8s"`.
    title: String,
    name: At<Name>,
    attributes: Vec<&'static str>,
    /// Attributes that are known, and refused with a reason of their own.
    refused: Vec<&'static str>,
    blocks: Vec<&'static str>,
    /// Those of them that have no name.
    bare: Vec<&'static str>,
    pub diagnostics: &'a mut Diagnostics,
}

impl<'a> BlockReader<'a> {
    /// Begins to read a block, which must have one well-formed name.
    pub fn new(block: &'a Block, has_prose_label: bool, diagnostics: &'a mut Diagnostics) -> Option<Self> {
        Self::labelled(block, "", has_prose_label, diagnostics)
    }

    /// Begins to read a block that has no name, and goes by its type.
    pub fn unnamed(block: &'a Block, diagnostics: &'a mut Diagnostics) -> Option<Self> {
        let block_type = block.ident.as_str();
        if let Some(label) = block.labels.first() {
            diagnostics.push(
                Diagnostic::error(label.span().unwrap_or_default(), format!("`{block_type}` takes no name"))
                    .label("there is one such block in a spec")
                    .help(format!("write `{block_type} {{ ... }}`")),
            );
            return None;
        }
        Self::bare(block, format!("`{block_type}`"), diagnostics)
    }

    /// Begins to read a block that goes by its type.
    fn bare(block: &'a Block, title: String, diagnostics: &'a mut Diagnostics) -> Option<Self> {
        let name = At::new(Name::parse(block.ident.as_str()).ok()?, block.ident.span().unwrap_or_default());
        Some(Self {
            block,
            title,
            name,
            attributes: Vec::new(),
            refused: Vec::new(),
            blocks: Vec::new(),
            bare: Vec::new(),
            diagnostics,
        })
    }

    /// The same for a block inside another, which `parent` names.
    fn nested(block: &'a Block, parent: &str, diagnostics: &'a mut Diagnostics) -> Option<Self> {
        Self::labelled(block, parent, false, diagnostics)
    }

    fn labelled(
        block: &'a Block,
        parent: &str,
        has_prose_label: bool,
        diagnostics: &'a mut Diagnostics,
    ) -> Option<Self> {
        let block_type = block.ident.as_str();
        let [label] = block.labels.as_slice() else {
            let span =
                block.labels.get(1).and_then(hcl_edit::Span::span).or_else(|| block.ident.span()).unwrap_or_default();
            diagnostics.push(
                Diagnostic::error(
                    span,
                    match block.labels.len() {
                        0 => format!("this `{block_type}` has no name"),
                        count => format!("this `{block_type}` has {count} names"),
                    },
                )
                .label("a block has exactly one name")
                .help(format!("write `{block_type} \"NAME\" {{ ... }}`")),
            );
            return None;
        };
        let span = label.span().unwrap_or_default();
        let words = if has_prose_label { label.as_str().replace(' ', "-") } else { label.as_str().to_owned() };
        match Name::parse(&words) {
            Ok(name) => Some(Self {
                block,
                title: if parent.is_empty() {
                    format!("{block_type} \"{name}\"")
                } else {
                    format!("{block_type} \"{name}\" of {parent}")
                },
                name: At::new(name, span),
                attributes: Vec::new(),
                refused: Vec::new(),
                blocks: Vec::new(),
                bare: Vec::new(),
                diagnostics,
            }),
            Err(reason) => {
                diagnostics.push(
                    Diagnostic::error(
                        span,
                        format!("{} can't name {} {block_type}", quoted(label.as_str()), article(block_type)),
                    )
                    .label(reason)
                    .help("for example \"lab\" or \"prod-eu_1\""),
                );
                None
            }
        }
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn name(&self) -> At<Name> {
        self.name.clone()
    }

    /// Reads an attribute that may be left out; `null` is as good, as in Terraform.
    /// So an overlay takes one back.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<At<T>> {
        self.ask_for(name);
        if self.has(name) { self.explicit(name, read) } else { None }
    }

    /// Reads an attribute that may be left out, but where that says much: `null`
    /// is not as good.
    pub fn explicit<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<At<T>> {
        self.ask_for(name);
        let attribute = self.attribute(name)?;
        let span = attribute.value.span().unwrap_or_default();
        let subject = format!("`{name}`");
        let field = Field { subject, owner: &self.title, expression: &attribute.value, span: span.clone() };
        read(&field, self.diagnostics).map(|value| At::new(value, span))
    }

    /// Reads an attribute that has a default. `None` if the written value is
    /// wrong, so that nothing is derived from the default.
    pub fn defaulted<T>(
        &mut self,
        name: &'static str,
        default: T,
        read: impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<At<T>> {
        let given = self.has(name);
        let read = self.optional(name, read);
        if given { read } else { Some(At::new(default, self.name.span.clone())) }
    }

    /// Reads an attribute that must be there; `example` shows how to write it.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        example: &str,
        read: impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<At<T>> {
        if self.attribute(name).is_none() {
            self.ask_for(name);
            let span = self.block.ident.span().unwrap_or_default().start..self.name.span.end;
            self.diagnostics.push(
                Diagnostic::error(span, format!("{} lacks `{name}`", self.title))
                    .label("this block")
                    .help(format!("add `{name} = {example}`")),
            );
            return None;
        }
        self.explicit(name, read)
    }

    /// Refuses an attribute that others have; gives where it stands.
    pub fn refuse(&mut self, name: &'static str) -> Option<Span> {
        self.refused.push(name);
        self.attribute(name).and_then(|attribute| attribute.key.span())
    }

    /// Makes an attribute known without reading it.
    pub fn ask_for(&mut self, name: &'static str) {
        if !self.attributes.contains(&name) {
            self.attributes.push(name);
        }
    }

    /// Whether the block sets the attribute, without reading it.
    pub fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|attribute| !attribute.value.is_null())
    }

    /// Reads every nested block of a type.
    pub fn blocks<T>(
        &mut self,
        block_type: &'static str,
        mut read: impl FnMut(&mut BlockReader<'_>) -> Option<T>,
    ) -> Vec<T> {
        self.blocks.push(block_type);
        let mut found = Vec::new();
        for block in self.block.body.get_blocks(block_type) {
            if let Some(mut reader) = BlockReader::nested(block, &self.title, self.diagnostics) {
                found.extend(read(&mut reader));
                reader.finish();
            }
        }
        found
    }

    /// Whether there is a nested block of a type, without reading it.
    pub fn has_block(&self, block_type: &str) -> bool {
        self.block.body.get_blocks(block_type).next().is_some()
    }

    /// Reads a nested block of which there is one at most, and which has no name.
    pub fn block<T>(
        &mut self,
        block_type: &'static str,
        read: impl FnOnce(&mut BlockReader<'_>) -> Option<T>,
    ) -> Option<T> {
        self.blocks.push(block_type);
        self.bare.push(block_type);
        let mut blocks = self.block.body.get_blocks(block_type);
        let block = blocks.next()?;
        if let Some(second) = blocks.next() {
            self.diagnostics.push(
                Diagnostic::error(
                    second.ident.span().unwrap_or_default(),
                    format!("{} has two `{block_type}` blocks", self.title),
                )
                .label("the second")
                .related(block.ident.span().unwrap_or_default(), "the first")
                .help("make one of them"),
            );
        }
        if let Some(label) = block.labels.first() {
            let message = format!("`{block_type}` of {} takes no name", self.title);
            self.diagnostics.push(
                Diagnostic::error(label.span().unwrap_or_default(), message)
                    .label("there is one at most")
                    .help(format!("write `{block_type} {{ ... }}`")),
            );
        }
        let title = format!("{block_type} of {}", self.title);
        let mut reader = BlockReader::bare(block, title, self.diagnostics)?;
        let value = read(&mut reader);
        reader.finish();
        value
    }

    /// Reports whatever has not been read.
    pub fn finish(self) {
        for structure in &self.block.body {
            let known = match structure {
                Structure::Attribute(attribute) => {
                    let name = attribute.key.as_str();
                    self.attributes.contains(&name) || self.refused.contains(&name)
                }
                Structure::Block(block) => self.blocks.contains(&block.ident.as_str()),
            };
            if !known {
                let unknown = self.unknown(structure);
                self.diagnostics.push(unknown);
            }
        }
    }

    fn unknown(&self, structure: &Structure) -> Diagnostic {
        let (ident, what, same, other) = match structure {
            Structure::Attribute(attribute) => (&attribute.key, "attribute", &self.attributes, &self.blocks),
            Structure::Block(block) => (&block.ident, "block", &self.blocks, &self.attributes),
        };
        let name: String = ident.as_str().chars().take(40).collect();
        let diagnostic =
            Diagnostic::error(ident.span().unwrap_or_default(), format!("{} has no {what} `{name}`", self.title));
        if other.contains(&ident.as_str()) {
            return if what == "attribute" {
                let label = if self.bare.contains(&ident.as_str()) { "" } else { "\"NAME\" " };
                diagnostic.label("this is a block").help(format!("write `{name} {label}{{ ... }}`"))
            } else {
                diagnostic.label("this is an attribute").help(format!("write `{name} = ...`"))
            };
        }
        let diagnostic = match nearest(ident.as_str(), same.iter().copied()) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
            None => diagnostic.label(format!("unknown {what}")),
        };
        match same.as_slice() {
            [] => diagnostic.help(format!("it has no {what}s")),
            [only] => diagnostic.help(format!("its only {what} is `{only}`")),
            names => diagnostic.help(format!("its {what}s are {}", listed(names.iter().copied()))),
        }
    }

    fn attribute(&self, name: &str) -> Option<&'a Attribute> {
        self.block.body.get_attribute(name)
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
