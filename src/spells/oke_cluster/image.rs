//! What the nodes of a pool boot from.

use super::OkeCluster;
use super::node_pool::NodePool;
use super::preflight::POOL_OPTION;
use crate::facts::images::{Build, OPERATING_SYSTEM};
use crate::graph::{Address, Body, Graph, Value};
use crate::spec::value::Objection;
use crate::spec::version::Version;
use crate::spells::identity::user;
use crate::spells::instances::image::{Image, Listed, Offer, newest_of, system, there_is_one};
use hcl_edit::expr::{Expression, TraversalOperator};

pub static OFFER: Offer = Offer {
    newest: "OKE's newest image",
    only: "OKE has images of Oracle Linux only",
    has_it: "the plan says whether OKE has such an image",
    check,
};

fn check(text: &str) -> Objection {
    (!text.starts_with("ocid1.image.")).then_some((
        "not the OCID of an image",
        "leave it out for OKE's newest, or write \"ocid1.image....\" or var.node_image_id; `oci ce node-pool-options get --node-pool-option-id all` lists OKE's images",
    ))
}

/// Whether a plan can tell which image it is, and a test with example values
/// too: an OCID, or what stands in a variable.
fn is_plain(image: &Image) -> bool {
    let Image::Given(given) = image else { return true };
    match given.expression.as_ref() {
        Expression::String(_) => true,
        Expression::Traversal(traversal) => traversal.operators.iter().all(|operator| match operator.value() {
            TraversalOperator::GetAttr(_) => true,
            TraversalOperator::Index(index) => index.as_str().is_some(),
            _ => false,
        }),
        _ => false,
    }
}

/// Images that fit, for mocks: where the newest is looked for, an older one,
/// too, that stands after it.
pub fn examples(image: &Image, build: Build, version: Version) -> Vec<[(&'static str, String); 3]> {
    let os = match image {
        Image::Newest(Some(os)) if os.contains('.') => os,
        Image::Newest(Some(os)) => &format!("{os}.10"),
        _ => "8.10",
    };
    let example = |ocid: String, date: &str| {
        let name = format!("Oracle-Linux-{os}-{}{date}-0-OKE-{}-1330", build.example, version.number());
        [("image_id", ocid), ("source_name", name), ("source_type", "IMAGE".to_owned())]
    };
    match image {
        Image::Newest(_) => {
            let ocid = |age: &str| format!("ocid1.image.oc1..mock.{age}.{}{}", build.example, version.number());
            vec![example(ocid("newest"), "2026.08.31"), example(ocid("older"), "2026.07.31")]
        }
        Image::Given(given) => {
            vec![example(given.expression.as_str().unwrap_or("ocid1.image.oc1..example").to_owned(), "2026.08.31")]
        }
    }
}

/// A regular expression for the names of images that fit: major version of the
/// operating system, and the rest from the date on, are groups.
fn pattern(pool: &NodePool) -> String {
    let os = match &pool.image {
        Image::Newest(version) => system(version.as_deref()),
        Image::Given(_) => system(None),
    };
    let version = pool.version.number().replace('.', "[.]");
    format!("^Oracle-Linux-{os}-{}([0-9]{{4}}[.].*-OKE-{version}-[0-9]+)$", pool.shape.build().pattern)
}

impl OkeCluster {
    /// What OKE offers for a pool, of its version and for its processor.
    pub fn pool_option(&self, pool: &NodePool) -> Address {
        Address::Data(POOL_OPTION, self.pool_identifier(pool))
    }

    /// The images that fit a pool, by a key that puts the newest last.
    fn images(&self, pool: &NodePool) -> Address {
        Address::Local(format!("{}_images", self.pool_identifier(pool)))
    }

    /// Whether the stack looks an image up, or up an image.
    pub fn looks_at_images(&self, pool: &NodePool) -> bool {
        match pool.image {
            Image::Newest(_) => true,
            Image::Given(_) => pool.preflight_checks && is_plain(&pool.image),
        }
    }

    /// The OCID of a pool's image.
    pub fn image_id(&self, pool: &NodePool) -> Value {
        match &pool.image {
            Image::Given(given) => user(&given.expression),
            Image::Newest(_) => newest_of(self.images(pool)),
        }
    }

    /// Asks OKE for a pool's options, and picks the images that fit.
    pub fn add_options(&self, pool: &NodePool, graph: &mut Graph) {
        let origin = &pool.name.span;
        let looks_at_images = self.looks_at_images(pool);
        if !looks_at_images && !pool.preflight_checks {
            return;
        }
        let options = Body::default()
            .attribute("node_pool_option_id", "all")
            .attribute("compartment_id", self.identity.compartment())
            .attribute("node_pool_k8s_version", Value::String(pool.version.to_string()))
            .attribute("node_pool_os_arch", pool.shape.build().architecture)
            .attribute("should_list_all_patch_versions", Value::Bool(true));
        graph.add("node_pools.tf", self.pool_option(pool), origin, options);
        if !looks_at_images {
            return;
        }
        let listed = Listed {
            images: self.pool_option(pool).attribute("sources"),
            one: "source",
            name: "source_name",
            id: "image_id",
            pattern: pattern(pool),
        };
        let Address::Local(local) = self.images(pool) else { return };
        let comment =
            format!("OKE's images for Kubernetes {} on {}, the newest last.", pool.version, pool.shape.build().what);
        graph.add(
            "node_pools.tf",
            self.images(pool),
            origin,
            Body::default().comment(comment).attribute(local, listed.newest_last()),
        );
    }

    /// The precondition on a pool's image: there is one, or it is one of OKE's
    /// that fit.
    pub fn image_check(&self, pool: &NodePool) -> Option<Body> {
        if !self.looks_at_images(pool) {
            return None;
        }
        let images = || Value::Call("values", vec![Value::Reference(self.images(pool), Vec::new())]);
        let what = format!("Kubernetes {} on {}", pool.version, pool.shape.build().what);
        let title = format!("node_pool {}", pool.name.value);
        let body = Body::default();
        Some(match &pool.image {
            Image::Newest(os) => {
                let (of, or) = match os {
                    Some(os) => (format!(" of {OPERATING_SYSTEM} {os}"), "another os_version, "),
                    None => (String::new(), ""),
                };
                let message = format!(
                    "OKE has no image{of} for {what} here. Write {or}another kubernetes_version in {title}, or the OCID of an image of yours as its image."
                );
                there_is_one(self.images(pool), message)
            }
            Image::Given(given) => {
                let message = format!(
                    "The image of {title} is none of OKE's for {what}. Leave image out for the newest of those, or write preflight_checks = false in {title} if it is one of your own."
                );
                body.attribute("condition", Value::Call("contains", vec![images(), user(&given.expression)]))
                    .attribute("error_message", Value::String(message))
            }
        })
    }
}
