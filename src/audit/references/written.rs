//! The text of an attribute's expression, where the modules' directories are at
//! hand. Knows no resource.

use super::resolve::Resolver;
use super::traced::Scope;
use crate::audit::document::address::{Key, ModulePath, Step, whole_references};
use crate::audit::document::block::{Block, Source};
use crate::audit::document::configuration::{Repeated, references};
use crate::audit::document::text;
use hcl_edit::expr::Expression;
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

/// The text of an expression, what it means where it stands, and the references
/// that the plan has for it: the text may have changed since the plan was made.
pub struct Written<'a> {
    pub expression: &'a Expression,
    module: ModulePath,
    key: Option<Key>,
    instances: usize,
    block: Option<Repeated<'a>>,
    pub planned: Vec<Vec<Step>>,
}

impl<'a> Written<'a> {
    pub fn scope(&self) -> Scope<'_, 'a> {
        Scope { module: &self.module, key: self.key.as_ref(), instances: self.instances, block: self.block }
    }
}

/// The references of an expression in the plan; none where it was written as
/// JSON, whose text is not read.
fn planned(expression: &Value) -> Option<Vec<Vec<Step>>> {
    let is_json = expression.get("constant_value").is_some() && expression.get("references").is_some();
    let all = whole_references(references(expression)).into_iter().map(|(_, steps)| steps);
    (!is_json).then(|| all.collect())
}

impl<'a> Resolver<'a> {
    /// Whether the text says that an attribute is set, however a condition goes.
    pub fn is_never_null(&self, block: &Block<'_, 'a>, name: &str) -> bool {
        let Some(written) = self.written(block, name) else { return false };
        let references: HashSet<_> = text::references(written.expression).into_iter().collect();
        text::is_never_null(written.expression) && written.planned.into_iter().collect::<HashSet<_>>() == references
    }

    /// The text of an attribute's expression; where that is a variable and
    /// nothing else, that of the argument.
    pub fn written(&self, block: &Block<'_, 'a>, name: &str) -> Option<Written<'a>> {
        let Source::Expressions(expressions) = &block.source else { return None };
        let [expressions] = expressions.as_slice() else { return None };
        let owner = block.owner;
        let directory = self.configuration.directory(&owner.module_names())?;
        let scope = self.scope(owner);
        let mut written = Written {
            expression: self.texts.expression(&directory, &owner.block, &block.path, name)?,
            module: owner.module.clone(),
            key: owner.key.clone(),
            instances: scope.instances,
            block: scope.block,
            planned: planned(expressions.get(name)?)?,
        };
        // Each step leaves a module, so this ends.
        while let Some(variable) = text::variable(written.expression) {
            let mut outer = written.module;
            let (call, key) = outer.pop()?;
            let names: Vec<_> = outer.iter().map(|(name, _)| name.as_str()).collect();
            let block = self.configuration.call(&names, &call)?;
            written = Written {
                expression: self.texts.argument(&self.configuration.directory(&names)?, &call, variable)?,
                planned: planned(block.expressions.get(variable)?)?,
                instances: self.inventory.children(&outer, &call).map_or(1, BTreeSet::len),
                block: Some(block),
                module: outer,
                key,
            };
        }
        Some(written)
    }
}
