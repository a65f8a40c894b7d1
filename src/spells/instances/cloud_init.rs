//! What the user has cloud-init run, and the files beside the module's that it
//! reads.

use crate::diagnostic::{Diagnostic, Diagnostics, Span, quoted};
use crate::spec::value::{Objection, passthrough};
use crate::spec::{Field, Passthrough};
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, FuncCall, TraversalOperator};
use hcl_edit::template::StringTemplate;
use hcl_edit::visit::{self, Visit};
use std::collections::BTreeSet;

/// The script of a cluster's nodes, beside the module's other files. Pools with
/// taints have some of their own, whose names begin as this does.
pub const SCRIPT: &str = "node-init.sh";

/// What is wrong with user data that is written out.
fn check(text: &str) -> Objection {
    let known = ["#!", "#cloud-config", "#cloud-boothook", "#include", "Content-Type:", "MIME-Version:"];
    (!known.iter().any(|start| text.starts_with(start))).then_some((
        "cloud-init knows it by its first line: `#!/bin/bash` or `#cloud-config`",
        "for a file beside the generated ones write file(\"${path.module}/cloud-init.yaml\")",
    ))
}

/// Reads `cloud_init`: user data, and the files that it names beside the
/// module's.
pub fn read(purpose: String) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<(Passthrough, BTreeSet<String>)> {
    move |field, diagnostics| {
        let mut named = Named::default();
        named.visit_expr(field.expression);
        let mut complete = true;
        for (span, file) in named.relative {
            let message =
                format!("{} of {} reads {} from where OpenTofu runs", field.subject, field.owner, quoted(&file));
            diagnostics.push(
                Diagnostic::warning(span, message)
                    .label("this is no path of the module's")
                    .help(format!("for a file beside the generated ones write {}", quoted_path(&file))),
            );
        }
        for (span, file) in &named.beside {
            if is_ours(file) {
                let message =
                    format!("{} of {} reads {}, which is generated", field.subject, field.owner, quoted(file));
                diagnostics.push(
                    Diagnostic::error(span.clone(), message)
                        .label("the nodes run it already")
                        .help("give your file another name"),
                );
                complete = false;
            }
        }
        let read = passthrough(purpose, None, check)(field, diagnostics).filter(|_| complete)?;
        Some((read, named.beside.into_iter().map(|(_, file)| file).collect()))
    }
}

/// Whether a file has a name of our scripts.
fn is_ours(file: &str) -> bool {
    file == SCRIPT || file.strip_prefix("node-init-").is_some_and(|rest| rest.ends_with(".sh"))
}

/// The files that an expression names.
#[derive(Default)]
struct Named {
    /// By a path in the module's directory.
    beside: Vec<(Span, String)>,
    /// By a path that begins nowhere.
    relative: Vec<(Span, String)>,
}

impl Visit for Named {
    fn visit_func_call(&mut self, call: &FuncCall) {
        if matches!(call.name.name.as_str(), "file" | "filebase64" | "templatefile")
            && let Some(argument) = call.args.iter().next()
        {
            let span = argument.span().unwrap_or_default();
            match argument {
                Expression::String(path) if !path.starts_with(['/', '~']) => {
                    let file = path.trim_start_matches("./").to_owned();
                    // Where the module is applied it may be the same file.
                    let list = if is_ours(&file) { &mut self.beside } else { &mut self.relative };
                    list.push((span, file));
                }
                Expression::StringTemplate(template) => {
                    self.beside.extend(in_module(template).map(|file| (span, file)));
                }
                _ => {}
            }
        }
        visit::visit_func_call(self, call);
    }
}

/// The rest of a path that begins with `${path.module}/`, where all of it is
/// written out.
fn in_module(template: &StringTemplate) -> Option<String> {
    let mut elements = template.iter();
    let (first, rest) = (elements.next()?.as_interpolation()?, elements.next()?.as_literal()?);
    let traversal = first.expr.as_traversal()?;
    let is_module = traversal.expr.as_variable().is_some_and(|root| root.as_str() == "path")
        && matches!(traversal.operators.as_slice(), [only]
            if matches!(only.value(), TraversalOperator::GetAttr(name) if name.as_str() == "module"));
    let file = rest.strip_prefix('/')?.trim_start_matches("./");
    (is_module && elements.next().is_none() && !file.is_empty()).then(|| file.to_owned())
}

fn quoted_path(file: &str) -> String {
    quoted(&["${path.module}/", file].concat())
}
