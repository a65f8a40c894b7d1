//! Breaks lines and aligns `=` signs by the rules of `tofu fmt`: consecutive
//! attributes on one line each align; a comment, a blank line, a block or a
//! value of several lines ends the run.

use super::meaning::{self, Meaning};
use super::{Piece, block, pieces};
use crate::graph::Body;
use crate::quote::terminal::printable;
use crate::syntax;
use hcl_edit::Decorate as _;
use hcl_edit::expr::{Array, ForExpr, Object, ObjectValueTerminator};
use hcl_edit::structure::{Attribute, Block, Body as HclBody, Structure};
use std::fmt::Write as _;

const STEP: usize = 2;

/// A `.tf` file: a header, then blocks or attributes. Each part becomes text
/// as it comes, so that a large stack never stands in memory as a tree.
pub struct Document {
    text: String,
}

/// What was written does not mean what it should. Always a mistake of ours.
#[derive(Debug)]
pub struct Unfaithful;

impl Document {
    /// `header` is one line, without `#`.
    pub fn new(header: &str) -> Self {
        Self { text: format!("# {}\n", printable(header)) }
    }

    /// Adds what a body holds to the top level.
    ///
    /// # Errors
    ///
    /// Where the text would say something else; it is not added then.
    pub fn extend(&mut self, body: &Body) -> Result<(), Unfaithful> {
        self.add(pieces(body, 0), body, || meaning::of_graph(body))
    }

    /// Adds a block to the top level.
    ///
    /// # Errors
    ///
    /// As [`Self::extend`].
    pub fn block(&mut self, keyword: &str, labels: &[&str], body: &Body) -> Result<(), Unfaithful> {
        let pieces = vec![Piece::Block(block(keyword, labels), pieces(body, STEP))];
        self.add(pieces, body, || vec![meaning::block(keyword, labels.iter().copied(), meaning::of_graph(body))])
    }

    fn add(&mut self, pieces: Vec<Piece>, body: &Body, meant: impl FnOnce() -> Vec<Meaning>) -> Result<(), Unfaithful> {
        let before = self.text.len();
        self.text.push('\n');
        // A string takes whatever is written to it.
        let _ = write!(self.text, "{}", laid_out(pieces, 0));
        // Reading costs more than writing, so a release build skips blocks in
        // which nothing could be misread. Tests skip nothing.
        if !cfg!(debug_assertions) && meaning::is_plain(body) {
            return Ok(());
        }
        let added = self.text.get(before..).unwrap_or_default();
        let says = syntax::parse(added).map(|body| meaning::of_body(&body));
        if says.is_ok_and(|says| says == meant()) {
            return Ok(());
        }
        self.text.truncate(before);
        Err(Unfaithful)
    }

    pub fn render(self) -> String {
        self.text
    }
}

/// Puts each piece on its line and aligns the runs.
fn laid_out(pieces: Vec<Piece>, indent: usize) -> HclBody {
    let mut body = HclBody::new();
    let mut run: Vec<Attribute> = Vec::new();
    // What stands above the next piece: a blank line, comments.
    let mut above = String::new();
    let mut after_block = false;
    for piece in pieces {
        match piece {
            Piece::Comment(text) => {
                flush(&mut run, &mut body);
                if !body.is_empty() {
                    above.push('\n');
                }
                above.push_str(&format!("{}# {}\n", " ".repeat(indent), printable(&text)));
                after_block = false;
            }
            Piece::Attribute(mut attribute, several_lines) => {
                if after_block {
                    above.push('\n');
                }
                if !above.is_empty() || several_lines {
                    flush(&mut run, &mut body);
                }
                let prefix = format!("{}{}", std::mem::take(&mut above), " ".repeat(indent));
                attribute.decor_mut().set_prefix(prefix);
                run.push(attribute);
                if several_lines {
                    flush(&mut run, &mut body);
                }
                after_block = false;
            }
            Piece::Block(mut block, inner) => {
                flush(&mut run, &mut body);
                if !body.is_empty() && above.is_empty() {
                    above.push('\n');
                }
                let prefix = format!("{}{}", std::mem::take(&mut above), " ".repeat(indent));
                block.decor_mut().set_prefix(prefix);
                fill(&mut block, inner, indent);
                body.push(block);
                after_block = true;
            }
        }
    }
    flush(&mut run, &mut body);
    body
}

fn fill(block: &mut Block, inner: Vec<Piece>, indent: usize) {
    if inner.is_empty() {
        block.body.set_prefer_oneline(true);
        return;
    }
    block.body = laid_out(inner, indent + STEP);
    block.body.decor_mut().set_suffix(" ".repeat(indent));
}

/// Ends a run of attributes: the widest name decides where `=` stands.
fn flush(run: &mut Vec<Attribute>, body: &mut HclBody) {
    let widest = run.iter().map(|attribute| attribute.key.as_str().len()).max().unwrap_or(0);
    for mut attribute in run.drain(..) {
        let padding = widest - attribute.key.as_str().len() + 1;
        attribute.key.decor_mut().set_suffix(" ".repeat(padding));
        body.push(Structure::Attribute(attribute));
    }
}

/// One item of an object a line, `=` aligned in runs.
pub(super) fn object_lines(object: &mut Object, indent: usize) {
    if object.is_empty() {
        return;
    }
    // The width of the run that each item belongs to. An item of several
    // lines stands alone.
    let items: Vec<(usize, bool)> =
        object.iter().map(|(key, value)| (key_width(key), value.expr().to_string().contains('\n'))).collect();
    let mut widths = Vec::with_capacity(items.len());
    for run in items.chunk_by(|(_, a), (_, b)| !a && !b) {
        let widest = run.iter().map(|(width, _)| *width).max().unwrap_or(0);
        widths.extend(run.iter().map(|(width, _)| widest - width + 1));
    }
    let line = " ".repeat(indent + STEP);
    for (index, ((mut key, value), padding)) in object.iter_mut().zip(widths).enumerate() {
        let prefix = if index == 0 { format!("\n{line}") } else { line.clone() };
        key.decorate((prefix, " ".repeat(padding)));
        value.set_terminator(ObjectValueTerminator::Newline);
    }
    object.set_trailing(" ".repeat(indent));
}

fn key_width(key: &hcl_edit::expr::ObjectKey) -> usize {
    match key {
        hcl_edit::expr::ObjectKey::Ident(name) => name.as_str().chars().count(),
        hcl_edit::expr::ObjectKey::Expression(expression) => expression.to_string().trim().chars().count(),
    }
}

/// What a map is made from, what of it, and which items: a line each.
pub(super) fn selection_lines(map: &mut ForExpr, indent: usize) {
    let line = format!("\n{}", " ".repeat(indent + STEP));
    map.intro.decor_mut().set_prefix(line.clone());
    map.intro.value_var.decorate((" ", " "));
    map.intro.collection_expr.decorate((" ", " "));
    if let Some(key) = &mut map.key_expr {
        key.decor_mut().set_prefix(line.clone());
        key.decor_mut().set_suffix(" ");
    }
    map.value_expr.decor_mut().set_prefix(" ");
    if let Some(condition) = &mut map.cond {
        condition.decor_mut().set_prefix(line);
        condition.expr.decor_mut().set_prefix(" ");
        condition.expr.decor_mut().set_suffix(format!("\n{}", " ".repeat(indent)));
    }
}

/// One item of a list a line.
pub(super) fn array_lines(array: &mut Array, indent: usize) {
    let line = format!("\n{}", " ".repeat(indent + STEP));
    for item in array.iter_mut() {
        item.decor_mut().set_prefix(line.clone());
    }
    array.set_trailing_comma(true);
    array.set_trailing(format!("\n{}", " ".repeat(indent)));
}
