//! Which volumes and instances a change of a module's text takes away, with what
//! is on them, although nothing is replaced: as far as the text says it.

use super::value;
use hcl_edit::structure::{Body, Structure};
use std::collections::BTreeMap;

/// What has data of the user's on it.
const KINDS: [&str; 2] = ["oci_core_instance", "oci_core_volume"];
const INSTANCE: &str = "oci_core_instance.";
/// Ends the name of the local value that has an instance's availability domains.
const DOMAINS: &str = "_availability_domains";

/// A resource that loses what is on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    pub address: String,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is not there any more.
    Gone,
    /// There are fewer of it: from how many to how many.
    Fewer(u64, u64),
    /// Its boot volume is another image's: from which to which.
    Image(String, String),
    /// It may be in another availability domain.
    Moved,
}

/// One side of the change.
#[derive(Default)]
struct Side {
    resources: BTreeMap<String, Found>,
    /// Local values, by their names.
    domains: BTreeMap<String, String>,
}

struct Found {
    count: Option<u64>,
    image: Option<String>,
    /// Whether the provider is told to leave another image alone.
    ignores_image: bool,
}

/// What is lost between two texts of a module's resources. Of a text that is no
/// HCL nothing is known.
pub fn losses<'a>(old: impl IntoIterator<Item = &'a str>, new: impl IntoIterator<Item = &'a str>) -> Vec<Loss> {
    let (old, new) = (read(old), read(new));
    let mut losses = Vec::new();
    for (address, before) in &old.resources {
        let mut lost = |why| losses.push(Loss { address: address.clone(), why });
        let Some(after) = new.resources.get(address) else {
            lost(Why::Gone);
            continue;
        };
        if let (Some(from), Some(to)) = (before.count, after.count)
            && to < from
        {
            lost(Why::Fewer(from, to));
        }
        if let (Some(from), Some(to)) = (&before.image, &after.image)
            && from != to
            && !after.ignores_image
        {
            lost(Why::Image(from.clone(), to.clone()));
        }
        if let Some(name) = address.strip_prefix(INSTANCE) {
            let local = format!("{name}{DOMAINS}");
            if old.domains.get(&local) != new.domains.get(&local) {
                lost(Why::Moved);
            }
        }
    }
    losses
}

fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Side {
    let mut side = Side::default();
    for body in texts.into_iter().filter_map(|text| hcl_edit::parser::parse_body(text).ok()) {
        for block in body.get_blocks("locals") {
            side.domains.extend(domains(&block.body));
        }
        for block in body.get_blocks("resource") {
            let [kind, name] = block.labels.as_slice() else { continue };
            if !KINDS.contains(&kind.as_str()) {
                continue;
            }
            let text = |path| value(&block.body, path);
            let ignored = text("lifecycle.ignore_changes").unwrap_or_default();
            let found = Found {
                count: text("count").and_then(|text| text.parse().ok()),
                image: text("source_details.source_id"),
                ignores_image: ignored.contains("source_id"),
            };
            side.resources.insert(format!("{}.{}", kind.as_str(), name.as_str()), found);
        }
    }
    side
}

fn domains(body: &Body) -> impl Iterator<Item = (String, String)> {
    body.iter().filter_map(|structure| match structure {
        Structure::Attribute(one) if one.key.as_str().ends_with(DOMAINS) => {
            Some((one.key.as_str().to_owned(), one.value.to_string()))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = r#"
locals {
  a_availability_domains = [1]
}
resource "oci_core_instance" "a" {
  count = 3
  source_details {
    source_id = var.image
  }
}
resource "oci_core_volume" "a_d" {
  count = 3
}
"#;

    #[test]
    fn what_goes_shrinks_or_boots_from_another_image_is_lost() {
        let lost = |after: &str| losses([BEFORE], [after]).into_iter().map(|one| one.why).collect::<Vec<_>>();
        assert_eq!(lost(BEFORE), []);
        assert_eq!(lost(&BEFORE.replace("a_d\"", "a_e\"")), [Why::Gone]);
        assert_eq!(lost(&BEFORE.replace("count = 3", "count = 4")), []);
        assert_eq!(lost(&BEFORE.replace("count = 3", "count = 1")), [Why::Fewer(3, 1), Why::Fewer(3, 1)]);
        assert_eq!(lost(&BEFORE.replace("[1]", "[2]")), [Why::Moved]);
        let other = BEFORE.replace("var.image", "var.other");
        assert_eq!(lost(&other), [Why::Image("var.image".to_owned(), "var.other".to_owned())]);
        let ignoring =
            "count = 3\n  lifecycle {\n    ignore_changes = [source_details[0].source_id]\n  }\n  source_details";
        assert_eq!(lost(&other.replace("count = 3\n  source_details", ignoring)), []);
    }
}
