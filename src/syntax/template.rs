//! Gives every piece of text in a template the value that OpenTofu gives it.
//!
//! hcl-edit reads a template's structure, and most of its text. Three things
//! it leaves as they were written, or decides in another way than OpenTofu:
//!
//! - Text in the body of a directive in a *quoted* template keeps its escapes:
//!   in `"%{ if var.x }a\n%{ endif }"` there is a backslash and an `n`.
//! - A strip marker (`~`) takes the white space of the text beside it away. In
//!   a heredoc that is only the rest of the line, because there OpenTofu reads
//!   text line by line.
//! - Lines of a `<<-` heredoc lose the indentation that all have in common,
//!   counted after the strip markers did their work; a blank line does not
//!   count, a line that begins with `${` or `%{` has none.
//!
//! Two things hcl-edit reads that OpenTofu does not, or not so, and they are
//! refused here: a heredoc whose closing name is not alone on its line, or
//! stands directly under the opening one; and a quoted string over several
//! lines. Where such a text ends is a matter of opinion, and what follows it
//! would be code for one reader and text for the other.
//!
//! After this, text is its value: no later stage knows of escapes, strip
//! markers or indentation.

use crate::diagnostic::{Diagnostic, Span};
use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::structure::Body;
use hcl_edit::template::{Directive, Element, ForTemplateExpr, HeredocTemplate, StringTemplate, Strip};
use hcl_edit::visit_mut::{self, VisitMut};
use hcl_edit::{Span as _, Spanned};

/// Normalises all templates of a body that was parsed from `source`; returns
/// what is wrong with them.
pub fn settle(body: &mut Body, source: &str) -> Vec<Diagnostic> {
    let mut settler = Settler { source, problems: Vec::new() };
    settler.visit_body_mut(body);
    settler.problems
}

/// How the text of a template was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Quoted,
    Heredoc,
    /// `<<-`
    FlushHeredoc,
}

struct Settler<'a> {
    source: &'a str,
    problems: Vec<Diagnostic>,
}

impl VisitMut for Settler<'_> {
    fn visit_expr_mut(&mut self, node: &mut Expression) {
        if let Expression::String(text) = node {
            self.check_line(text.span());
        }
        visit_mut::visit_expr_mut(self, node);
    }

    fn visit_string_template_mut(&mut self, node: &mut StringTemplate) {
        self.settle(node.iter_mut(), Kind::Quoted);
        visit_mut::visit_string_template_mut(self, node);
    }

    fn visit_heredoc_template_mut(&mut self, node: &mut HeredocTemplate) {
        let span = node.span().unwrap_or_default();
        self.check_heredoc(&span, node.delimiter.as_str());
        let written = self.source.get(span).unwrap_or_default();
        let kind = if written.starts_with("<<-") { Kind::FlushHeredoc } else { Kind::Heredoc };
        self.settle(node.template.iter_mut(), kind);
        visit_mut::visit_heredoc_template_mut(self, node);
    }

    /// hcl-edit's visitor leaves the collection out.
    fn visit_for_template_expr_mut(&mut self, node: &mut ForTemplateExpr) {
        self.visit_expr_mut(&mut node.collection_expr);
        visit_mut::visit_for_template_expr_mut(self, node);
    }

    /// hcl-edit's visitor leaves the keys out, and gives no way to change one
    /// in its place.
    fn visit_object_mut(&mut self, node: &mut Object) {
        let literal = |key: &ObjectKey| match key {
            ObjectKey::Ident(_) => true,
            ObjectKey::Expression(expression) => expression.is_str(),
        };
        if !node.iter().all(|(key, _)| literal(key)) {
            let items: Vec<_> = node.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            for (key, _) in items.iter().rev() {
                node.remove(key);
            }
            for (mut key, value) in items {
                if let ObjectKey::Expression(expression) = &mut key {
                    self.visit_expr_mut(expression);
                }
                node.insert(key, value);
            }
        }
        visit_mut::visit_object_mut(self, node);
    }
}

/// What a template is made of, in the order in which it is written.
enum Part<'a> {
    /// Whether it stands in the body of a directive.
    Text(&'a mut Spanned<String>, bool),
    /// The end of an interpolation or of one word of a directive.
    Mark(&'a mut Strip),
}

fn flatten<'a>(elements: impl Iterator<Item = &'a mut Element>, in_directive: bool, parts: &mut Vec<Part<'a>>) {
    for element in elements {
        match element {
            Element::Literal(text) => parts.push(Part::Text(text, in_directive)),
            Element::Interpolation(node) => parts.push(Part::Mark(&mut node.strip)),
            Element::Directive(directive) => match directive.as_mut() {
                Directive::If(node) => {
                    parts.push(Part::Mark(&mut node.if_expr.strip));
                    flatten(node.if_expr.template.iter_mut(), true, parts);
                    if let Some(otherwise) = &mut node.else_expr {
                        parts.push(Part::Mark(&mut otherwise.strip));
                        flatten(otherwise.template.iter_mut(), true, parts);
                    }
                    parts.push(Part::Mark(&mut node.endif_expr.strip));
                }
                Directive::For(node) => {
                    parts.push(Part::Mark(&mut node.for_expr.strip));
                    flatten(node.for_expr.template.iter_mut(), true, parts);
                    parts.push(Part::Mark(&mut node.endfor_expr.strip));
                }
            },
        }
    }
}

/// What OpenTofu's parser of templates works on.
enum Token {
    /// With the part that it belongs to.
    Text(usize, String),
    Mark(Strip),
}

impl Settler<'_> {
    fn settle<'a>(&mut self, elements: impl Iterator<Item = &'a mut Element>, kind: Kind) {
        let mut parts = Vec::new();
        flatten(elements, false, &mut parts);
        let mut tokens = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            match part {
                Part::Mark(strip) => tokens.push(Token::Mark(**strip)),
                Part::Text(text, in_directive) => {
                    let text = self.text(text, kind, *in_directive);
                    if kind == Kind::Quoted {
                        tokens.push(Token::Text(index, text));
                    } else {
                        let lines = text.split_inclusive('\n');
                        tokens.extend(lines.map(|line| Token::Text(index, line.to_owned())));
                    }
                }
            }
        }
        strip(&mut tokens);
        if kind == Kind::FlushHeredoc {
            flush(&mut tokens);
        }
        let mut tokens = tokens.into_iter().peekable();
        for (index, part) in parts.into_iter().enumerate() {
            match part {
                Part::Mark(strip) => {
                    *strip = Strip::None;
                    tokens.next_if(|token| matches!(token, Token::Mark(_)));
                }
                Part::Text(text, _) => {
                    text.as_mut().clear();
                    let mine = |token: &Token| matches!(token, Token::Text(part, _) if *part == index);
                    while let Some(Token::Text(_, line)) = tokens.next_if(mine) {
                        text.as_mut().push_str(&line);
                    }
                }
            }
        }
    }

    /// A quoted text stands on one line.
    fn check_line(&mut self, span: Option<Span>) {
        let span = span.unwrap_or_default();
        if self.source.get(span.clone()).is_some_and(|written| written.contains('\n')) {
            self.problems.push(
                Diagnostic::error(span, "this string is not closed on its line")
                    .label("a line breaks in it")
                    .help("end it with `\"`; a line break in a string is written `\\n`"),
            );
        }
    }

    /// A heredoc ends at the first line that has nothing but its name, for
    /// every reader.
    fn check_heredoc(&mut self, span: &Span, name: &str) {
        let written = self.source.get(span.clone()).unwrap_or_default();
        let after = self.source.get(span.end..).unwrap_or_default();
        let is_alone = after.lines().next().unwrap_or_default().trim().is_empty();
        let mut lines = written.lines();
        let last = lines.next_back().map(str::trim);
        let is_first = !lines.skip(1).any(|line| line.trim() == name);
        if is_alone && is_first && last == Some(name) {
            return;
        }
        self.problems.push(
            Diagnostic::error(span.start..span.start + 2, "it is not clear where this heredoc ends")
                .label(format!("a line with only `{name}` ends it"))
                .help(format!(
                    "let `{name}` stand once, alone on the line after the text; an empty text is written \"\""
                )),
        );
    }

    /// A text before markers and indentation change it.
    fn text(&mut self, text: &Spanned<String>, kind: Kind, in_directive: bool) -> String {
        let span = text.span().unwrap_or_default();
        if kind == Kind::Quoted {
            self.check_line(Some(span.clone()));
        }
        match kind {
            Kind::Quoted if in_directive => match unescaped(text, span) {
                Ok(text) => text,
                Err(problem) => {
                    self.problems.push(problem);
                    String::new()
                }
            },
            // hcl-edit took indentation away already, by its own count.
            Kind::FlushHeredoc => {
                let written = self.source.get(span).unwrap_or_default();
                written.replace("$${", "${").replace("%%{", "%{")
            }
            Kind::Quoted | Kind::Heredoc => text.to_string(),
        }
    }
}

/// The text with its escapes resolved.
fn unescaped(text: &str, span: Span) -> Result<String, Diagnostic> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                let escape = rest.next();
                let plain = match escape {
                    Some('n') => Some('\n'),
                    Some('r') => Some('\r'),
                    Some('t') => Some('\t'),
                    Some('"') => Some('"'),
                    Some('\\') => Some('\\'),
                    Some('u') => code_point(&mut rest, 4),
                    Some('U') => code_point(&mut rest, 8),
                    _ => None,
                };
                let Some(plain) = plain else {
                    return Err(Diagnostic::error(span, "this text has an escape that HCL does not know")
                        .label("in this text")
                        .help("write \\n, \\r, \\t, \\\", \\\\, \\uNNNN or \\UNNNNNNNN; a backslash itself is \\\\"));
                };
                result.push(plain);
            }
            '"' => {
                return Err(Diagnostic::error(span, "this string ends before its directive does")
                    .label("a `\"` in this text ends the string")
                    .help(
                        "write \\\" for a quotation mark, or close the directive with `%{ endif }` or `%{ endfor }`",
                    ));
            }
            plain => result.push(plain),
        }
    }
    Ok(result)
}

fn code_point(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let hex: String = rest.by_ref().take(digits).collect();
    let complete = hex.len() == digits && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(&hex, 16).ok().filter(|_| complete).and_then(char::from_u32)
}

/// Takes away the white space beside each strip marker.
fn strip(tokens: &mut [Token]) {
    let mut strips_next = false;
    for index in 0..tokens.len() {
        let stripped_by_next = matches!(tokens.get(index + 1), Some(Token::Mark(strip)) if strip.strip_start());
        match tokens.get_mut(index) {
            Some(Token::Mark(strip)) => strips_next = strip.strip_end(),
            Some(Token::Text(_, text)) => {
                if std::mem::take(&mut strips_next) {
                    *text = text.trim_start().to_owned();
                }
                if stripped_by_next {
                    text.truncate(text.trim_end().len());
                }
            }
            None => {}
        }
    }
}

/// Takes away the indentation that the lines have in common.
fn flush(tokens: &mut [Token]) {
    let mut common = usize::MAX;
    let mut first_of_lines = Vec::new();
    let mut at_line_start = true;
    for (index, token) in tokens.iter().enumerate() {
        if std::mem::take(&mut at_line_start) {
            match token {
                Token::Mark(_) => common = 0,
                Token::Text(_, line) if line.trim().is_empty() && line.ends_with('\n') => {}
                Token::Text(_, line) => {
                    common = common.min(line.chars().take_while(|c| c.is_whitespace()).count());
                    first_of_lines.push(index);
                }
            }
        }
        at_line_start = matches!(token, Token::Text(_, line) if line.ends_with('\n'));
    }
    for index in first_of_lines {
        if let Some(Token::Text(_, line)) = tokens.get_mut(index) {
            *line = line.chars().skip(common).collect();
        }
    }
}
