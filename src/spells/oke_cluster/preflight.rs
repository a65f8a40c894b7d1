//! What a plan asks OKE before anything is made: whether it offers the versions,
//! the shapes and the images. Preconditions, so that nothing can drift.

use super::OkeCluster;
use super::image;
use super::node_pool::NodePool;
use crate::graph::{Address, Body, Step, Value};
use crate::spec::version::Version;
use crate::spells::{Mock, MockField, MockItem};

const CLUSTER_OPTION: &str = "oci_containerengine_cluster_option";
pub const POOL_OPTION: &str = "oci_containerengine_node_pool_option";

impl OkeCluster {
    /// What OKE offers for clusters.
    pub fn option(&self) -> Address {
        Address::Data(CLUSTER_OPTION, self.name().identifier())
    }

    pub fn option_body(&self) -> Body {
        Body::default()
            .attribute("cluster_option_id", "all")
            .attribute("compartment_id", self.identity.compartment())
            .attribute("should_list_all_patch_versions", Value::Bool(true))
    }

    /// The cluster's `lifecycle`.
    pub fn guard(&self) -> Option<Body> {
        let title = format!("oke_cluster {}", self.name());
        self.preflight_checks.then(|| {
            Body::default().block("precondition", version_check(self.kubernetes_version, self.option(), &title))
        })
    }

    /// A pool's `lifecycle`: what must hold of it, and what is not the stack's to
    /// set once the pool is there.
    pub fn pool_guard(&self, pool: &NodePool) -> Option<Body> {
        let mut body = Body::default();
        let mut ignored = Vec::new();
        if pool.node_count.range.is_some() {
            ignored.push(within("node_config_details", "size"));
        }
        if pool.pin_image {
            ignored.push(within("node_source_details", "image_id"));
        }
        if !ignored.is_empty() {
            body = body.attribute("ignore_changes", Value::List(ignored));
        }
        let title = format!("node_pool {}", pool.name.value);
        if pool.preflight_checks {
            // The cluster's version is checked there.
            let check = pool.has_version.then(|| version_check(pool.version, self.pool_option(pool), &title));
            body = body.optional_block("precondition", check).block("precondition", self.shape_check(pool, &title));
        }
        for check in
            [self.image_check(pool), self.domains(&self.pool_identifier(pool), &pool.placement.domains).check(&title)]
                .into_iter()
                .flatten()
        {
            body = body.block("precondition", check);
        }
        (!body.0.is_empty()).then_some(body)
    }

    /// An OKE that offers what the stack asks for.
    pub fn preflight_mocks(&self) -> Vec<Mock> {
        let text = |kind, attribute, text: String| Mock { kind, attribute, item: MockItem::Text(text) };
        let mut mocks = Vec::new();
        if self.preflight_checks {
            mocks.push(text(CLUSTER_OPTION, "kubernetes_versions", self.kubernetes_version.to_string()));
        }
        for pool in &self.node_pools {
            if pool.preflight_checks {
                if pool.has_version {
                    mocks.push(text(POOL_OPTION, "kubernetes_versions", pool.version.to_string()));
                }
                mocks.push(text(POOL_OPTION, "shapes", pool.shape.0.clone()));
            }
            if self.looks_at_images(pool) {
                let images = image::examples(&pool.image, pool.shape.build(), pool.version);
                mocks.extend(images.into_iter().map(|image| Mock {
                    kind: POOL_OPTION,
                    attribute: "sources",
                    item: MockItem::Object(image.map(|(name, text)| (name, MockField::Text(text))).into()),
                }));
            }
        }
        mocks
    }

    fn shape_check(&self, pool: &NodePool, title: &str) -> Body {
        let shapes = self.pool_option(pool).attribute("shapes");
        let shape = pool.shape.0.as_str();
        let message = format!(
            "OKE has no shape {shape} here. Write another shape in {title}: `oci ce node-pool-options get --node-pool-option-id all` lists them."
        );
        Body::default()
            .attribute("condition", Value::Call("contains", vec![shapes, shape.into()]))
            .attribute("error_message", Value::String(message))
    }
}

fn version_check(version: Version, options: Address, title: &str) -> Body {
    let offered = || options.clone().attribute("kubernetes_versions");
    let version = version.to_string();
    let message = format!(
        "OKE does not offer Kubernetes {version} here, but %s. Write one of these as kubernetes_version in {title}; or preflight_checks = false, where it is there already and must stay as it is."
    );
    let list = Value::Call("join", vec![", ".into(), offered()]);
    Body::default()
        .attribute("condition", Value::Call("contains", vec![offered(), Value::String(version)]))
        .attribute("error_message", Value::Call("format", vec![Value::String(message), list]))
}

/// An attribute of the only block of its kind.
fn within(block: &'static str, attribute: &'static str) -> Value {
    Value::Within(block, vec![Step::Index(0), Step::Attribute(attribute)])
}
