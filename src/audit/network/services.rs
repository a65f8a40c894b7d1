//! Which OCI services a label, an id or a data source stands for.

use crate::audit::document::block::{Block, Source};
use crate::audit::document::configuration::references;
use crate::audit::references::resolve::Resolver;
use crate::prove::network::Services;
use serde_json::Value;

/// `all-fra-services-in-oracle-services-network`, `oci-fra-objectstorage`.
pub fn by_label(label: &str) -> Option<Services> {
    let label = label.to_ascii_lowercase();
    if label.starts_with("all-") && label.ends_with("-services-in-oracle-services-network") {
        return Some(Services::All);
    }
    (label.starts_with("oci-") && label.ends_with("-objectstorage")).then_some(Services::ObjectStorage)
}

/// `All FRA Services In Oracle Services Network`, `OCI FRA Object Storage`; a
/// pattern for one of them too.
pub fn by_name(name: &str) -> Option<Services> {
    let name = name.trim_start_matches('^').to_ascii_lowercase();
    if name.starts_with("all ") && name.contains("services in oracle services network") {
        return Some(Services::All);
    }
    (name.starts_with("oci ") && name.contains("object storage")).then_some(Services::ObjectStorage)
}

impl Resolver<'_> {
    /// The services with an id, if a data source of the stack has read it.
    pub fn services_by_id(&self, id: &str) -> Option<Services> {
        let read = self.inventory.instances.iter().filter(|instance| instance.kind == "oci_core_services");
        let mut services =
            read.filter_map(|instance| instance.values.get("services").and_then(Value::as_array)).flatten();
        let service = services.find(|service| service.get("id").and_then(Value::as_str) == Some(id))?;
        let text = |name: &str| service.get(name).and_then(Value::as_str);
        text("cidr_block").and_then(by_label).or_else(|| text("name").and_then(by_name))
    }

    /// The services of an attribute that is not known yet because its data
    /// source is still to be read: the filter says what it will find.
    pub fn services_by_filter(&self, block: &Block<'_, '_>, name: &str) -> Option<Services> {
        let Source::Expressions(all) = &block.source else { return None };
        let mut found = None;
        for reference in all.iter().filter_map(|expressions| expressions.get(name)).flat_map(references) {
            if !reference.starts_with("data.oci_core_services.") {
                return None;
            }
            let source = reference.split(['.', '[']).take(3).collect::<Vec<_>>().join(".");
            let keys = self.inventory.at_place(&block.owner.module, &source)?;
            for at in keys.values() {
                let services = filtered(self.inventory.instance(*at)?.values)?;
                if found.is_some_and(|found| found != services) {
                    return None;
                }
                found = Some(services);
            }
        }
        found
    }
}

/// The services that a data source's filter selects, if they are of one kind.
fn filtered(values: &Value) -> Option<Services> {
    let filters = values.get("filter")?.as_array()?;
    let by_names = filters.iter().find(|filter| filter.get("name").and_then(Value::as_str) == Some("name"))?;
    let mut names = by_names.get("values")?.as_array()?.iter().map(|name| name.as_str().and_then(by_name));
    let first = names.next()??;
    names.all(|name| name == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_two_labels() {
        assert_eq!(by_label("all-fra-services-in-oracle-services-network"), Some(Services::All));
        assert_eq!(by_label("oci-iad-objectstorage"), Some(Services::ObjectStorage));
        assert_eq!(by_label("0.0.0.0/0"), None);
        assert_eq!(by_name("All .* Services In Oracle Services Network"), Some(Services::All));
        assert_eq!(by_name("OCI FRA Object Storage"), Some(Services::ObjectStorage));
        assert_eq!(by_name(".*"), None);
    }
}
