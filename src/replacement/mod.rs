//! Which resources a change of a module's text replaces, or which lose their
//! nodes, as far as the text says it: a value behind a variable is not seen.

mod losses;

pub use losses::{Loss, Why, losses};

use crate::facts::replacing::{ARGUMENTS, NODES};
use hcl_edit::structure::{Block, Body};
use std::collections::BTreeMap;

/// A resource that the change destroys and makes again, or its nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    pub address: String,
    /// Whether the resource stays, and only its nodes go.
    pub nodes_only: bool,
    /// The argument whose change does it.
    pub argument: String,
    /// What it is and what it becomes; none where it is left out.
    pub from: Option<String>,
    pub to: Option<String>,
    /// The addresses of what goes with it, sorted.
    pub with: Vec<String>,
}

/// By address: each argument that replaces, as it is written.
type Resources = BTreeMap<String, Vec<(&'static str, Option<String>)>>;

/// What is replaced between two texts of a module's resources. Of a text that is
/// no HCL nothing is known.
pub fn replacements<'a>(
    old: impl IntoIterator<Item = &'a str>,
    new: impl IntoIterator<Item = &'a str>,
) -> Vec<Replacement> {
    let (old, new) = (resources(old), resources(new));
    let mut found: Vec<Replacement> = Vec::new();
    for (address, arguments) in &old {
        let Some(now) = new.get(address) else { continue };
        let changed = arguments.iter().zip(now).find(|((_, before), (_, after))| before != after);
        if let Some(((argument, from), (_, to))) = changed {
            let with = dependents(address, &old, &new);
            let nodes_only = *argument == NODES.1;
            let with = if nodes_only { Vec::new() } else { with };
            let (address, argument) = (address.clone(), (*argument).to_owned());
            found.push(Replacement { address, nodes_only, argument, from: from.clone(), to: to.clone(), with });
        }
    }
    let goes_along: Vec<String> = found.iter().flat_map(|one| one.with.clone()).collect();
    found.retain(|one| !goes_along.contains(&one.address));
    found
}

/// What an argument of a resource is in a text of a module's resources, where it
/// is written out.
pub fn written<'a>(texts: impl IntoIterator<Item = &'a str>, address: &str, argument: &str) -> Option<String> {
    let bodies = texts.into_iter().filter_map(|text| hcl_edit::parser::parse_body(text).ok());
    let mut found = bodies.flat_map(|body| {
        let blocks = body.into_blocks().filter(|block| block.ident.as_str() == "resource");
        let named = |block: &Block| matches!(block.labels.as_slice(), [kind, name] if address == format!("{}.{}", kind.as_str(), name.as_str()));
        blocks.filter(named).filter_map(|block| value(&block.body, argument)).collect::<Vec<_>>()
    });
    found.next().map(|text| text.trim_matches('"').to_owned())
}

/// What refers to a resource in such an argument, and what refers to that.
fn dependents(address: &str, old: &Resources, new: &Resources) -> Vec<String> {
    let mut reached = vec![address.to_owned()];
    let mut at = 0;
    while let Some(ids) =
        reached.get(at).map(|address| ["", "[count.index]"].map(|which| format!("{address}{which}.id")))
    {
        let refers = |arguments: &[(&str, Option<String>)]| {
            let mut replacing = arguments.iter().filter(|(argument, _)| *argument != NODES.1);
            replacing.any(|(_, value)| value.as_ref().is_some_and(|value| ids.contains(value)))
        };
        for (other, arguments) in old {
            if refers(arguments) && new.contains_key(other) && !reached.contains(other) {
                reached.push(other.clone());
            }
        }
        at += 1;
    }
    reached.remove(0);
    reached.sort();
    reached
}

fn resources<'a>(texts: impl IntoIterator<Item = &'a str>) -> Resources {
    let bodies = texts.into_iter().filter_map(|text| hcl_edit::parser::parse_body(text).ok());
    let mut found = Resources::new();
    for body in bodies {
        for block in body.get_blocks("resource") {
            let Some((address, arguments)) = known(block) else { continue };
            let of_nodes = address.strip_prefix(NODES.0).filter(|rest| rest.starts_with('.')).map(|_| &NODES.1);
            let arguments = arguments.iter().chain(of_nodes);
            let values = arguments.map(|argument| (*argument, value(&block.body, argument)));
            found.insert(address, values.collect());
        }
    }
    found
}

fn known(block: &Block) -> Option<(String, &'static [&'static str])> {
    let [kind, name] = block.labels.as_slice() else { return None };
    let (_, arguments) = ARGUMENTS.iter().find(|(known, _)| *known == kind.as_str())?;
    Some((format!("{}.{}", kind.as_str(), name.as_str()), arguments))
}

/// An argument, or all blocks of a name, as they are written.
fn value(body: &Body, path: &str) -> Option<String> {
    if let Some((block, rest)) = path.split_once('.') {
        return value(&body.get_blocks(block).next()?.body, rest);
    }
    if let Some(attribute) = body.get_attribute(path) {
        return Some(attribute.value.to_string().trim().to_owned());
    }
    let blocks: Vec<_> = body.get_blocks(path).map(|block| block.body.to_string()).collect();
    (!blocks.is_empty()).then(|| blocks.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POOL: &str = r#"
resource "oci_containerengine_node_pool" "k8s_a" {
  compartment_id = var.c
  cluster_id     = oci_containerengine_cluster.k8s.id
}
"#;

    fn cluster(more: &str) -> String {
        const CLUSTER: &str = r#"
resource "oci_containerengine_cluster" "k8s" {
  name = "a"
MORE}
"#;
        CLUSTER.replace("MORE", more)
    }

    #[test]
    fn a_changed_argument_replaces_what_depends_on_it_too() {
        let found = replacements([cluster("").as_str(), POOL], [cluster("  kms_key_id = var.key\n").as_str(), POOL]);
        assert_eq!(
            found,
            [Replacement {
                address: "oci_containerengine_cluster.k8s".to_owned(),
                nodes_only: false,
                argument: "kms_key_id".to_owned(),
                from: None,
                to: Some("var.key".to_owned()),
                with: vec!["oci_containerengine_node_pool.k8s_a".to_owned()],
            }]
        );
    }

    #[test]
    fn a_pool_that_moves_stays_and_loses_its_nodes() {
        const PLACED: &str = r#"
resource "oci_containerengine_node_pool" "k8s_a" {
  cluster_id = oci_containerengine_cluster.k8s.id
  node_config_details {
    dynamic "placement_configs" {
      for_each = local.domains
      content {
        subnet_id = oci_core_subnet.lab_private.id
      }
    }
  }
}
"#;
        let moved = PLACED.replace("lab_private", "lab_secure");
        let found = replacements([PLACED], [moved.as_str()]);
        assert!(matches!(found.as_slice(), [Replacement { nodes_only: true, .. }]), "{found:?}");
        // A pool that goes with its cluster is not said to move as well.
        let (before, after) = (cluster(""), cluster("  kms_key_id = var.key\n"));
        let found = replacements([before.as_str(), PLACED], [after.as_str(), moved.as_str()]);
        assert!(matches!(found.as_slice(), [Replacement { nodes_only: false, .. }]), "{found:?}");
        // A subnet that is replaced takes no pool with it.
        const SUBNET: &str = r#"
resource "oci_core_subnet" "lab_private" {
  dns_label = "a"
}
"#;
        let renamed = SUBNET.replace("\"a\"", "\"b\"");
        let found = replacements([SUBNET, PLACED], [renamed.as_str(), PLACED]);
        assert!(matches!(found.as_slice(), [Replacement { with, .. }] if with.is_empty()), "{found:?}");
    }

    #[test]
    fn what_is_new_or_gone_or_changes_in_place_is_not_replaced() {
        let renamed = cluster("").replace("\"a\"", "\"b\"");
        assert_eq!(replacements([cluster("").as_str()], [renamed.as_str(), POOL]), []);
        assert_eq!(replacements([cluster("").as_str(), POOL], [""]), []);
        assert_eq!(replacements(["no {{ HCL"], [cluster("").as_str()]), []);
    }
}
