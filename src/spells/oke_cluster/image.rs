//! What the nodes of a pool boot from.

use super::OkeCluster;
use super::node_pool::NodePool;
use super::preflight::POOL_OPTION;
use crate::diagnostic::{Diagnostic, Diagnostics, listed, nearest, quoted};
use crate::facts::images::{AS_OF, Build, MAJORS, OPERATING_SYSTEM};
use crate::graph::{Address, Body, Graph, Selection, Step, Value};
use crate::spec::object::members;
use crate::spec::value::{Objection, passthrough, string};
use crate::spec::version::Version;
use crate::spec::{Field, Passthrough, VariableUse};
use crate::spells::identity::user;
use hcl_edit::expr::{Expression, TraversalOperator};

const EXAMPLE: &str = "{ os_version = \"8\" }";

pub enum Image {
    /// The newest of OKE's, perhaps of one version of Oracle Linux only.
    Newest(Option<String>),
    Given(Passthrough),
}

impl Image {
    pub fn read(purpose: String) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<Self> {
        move |field, diagnostics| match field.expression {
            Expression::Object(_) => newest(field, diagnostics),
            _ => passthrough(purpose, Some("image"), check)(field, diagnostics).map(Self::Given),
        }
    }

    pub fn variables(&self) -> &[VariableUse] {
        match self {
            Self::Newest(_) => &[],
            Self::Given(given) => &given.uses,
        }
    }

    /// Whether a plan can tell which image it is, and a test with example values
    /// too: an OCID, or what stands in a variable.
    fn is_plain(&self) -> bool {
        let Self::Given(given) = self else { return true };
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
    pub fn examples(&self, build: Build, version: Version) -> Vec<[(&'static str, String); 3]> {
        let os = match self {
            Self::Newest(Some(os)) if os.contains('.') => os,
            Self::Newest(Some(os)) => &format!("{os}.10"),
            _ => "8.10",
        };
        let image = |ocid: String, date: &str| {
            let name = format!("Oracle-Linux-{os}-{}{date}-0-OKE-{}-1330", build.example, version.number());
            [("image_id", ocid), ("source_name", name), ("source_type", "IMAGE".to_owned())]
        };
        match self {
            Self::Newest(_) => {
                let ocid = |age: &str| format!("ocid1.image.oc1..mock.{age}.{}{}", build.example, version.number());
                vec![image(ocid("newest"), "2026.08.31"), image(ocid("older"), "2026.07.31")]
            }
            Self::Given(given) => {
                vec![image(given.expression.as_str().unwrap_or("ocid1.image.oc1..example").to_owned(), "2026.08.31")]
            }
        }
    }
}

fn check(text: &str) -> Objection {
    (!text.starts_with("ocid1.image.")).then_some((
        "not the OCID of an image",
        "leave it out for OKE's newest, or write \"ocid1.image....\" or var.node_image_id; `oci ce node-pool-options get --node-pool-option-id all` lists OKE's images",
    ))
}

fn newest(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Image> {
    let members = members(field, &["os", "os_version"], EXAMPLE, diagnostics)?;
    if members.is_empty() {
        let message = format!("{} of {} says nothing", field.subject, field.owner);
        diagnostics.push(
            Diagnostic::error(field.span.clone(), message)
                .label("no key")
                .help(format!("leave it out for OKE's newest image, or write for example {EXAMPLE}")),
        );
        return None;
    }
    let mut version = None;
    for (name, field) in &members {
        let text = string(if *name == "os" { "\"Oracle Linux\"" } else { "\"8\"" })(field, diagnostics)?;
        let (label, help) = if *name == "os_version" {
            let number = |part: &str| {
                let leads = part.len() > 1 && part.starts_with('0');
                (1..=2).contains(&part.len()) && !leads && part.bytes().all(|b| b.is_ascii_digit())
            };
            if text.split('.').count() <= 2 && text.split('.').all(number) {
                warn_unknown(&text, field, diagnostics);
                version = Some(text);
                continue;
            }
            ("expected a version such as 8 or 8.10".to_owned(), "for example os_version = \"8\"")
        } else if text == OPERATING_SYSTEM {
            continue;
        } else {
            let label = match nearest(&text, [OPERATING_SYSTEM]) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => "OKE has images of Oracle Linux only".to_owned(),
            };
            (label, "write os = \"Oracle Linux\"; for an image of your own write its OCID")
        };
        let message = format!("{} of {} can't be {}", field.subject, field.owner, quoted(&text));
        diagnostics.push(Diagnostic::error(field.span.clone(), message).label(label).help(help));
        return None;
    }
    Some(Image::Newest(version))
}

/// A version that nobody knew may be misspelt, or new.
fn warn_unknown(version: &str, field: &Field<'_>, diagnostics: &mut Diagnostics) {
    let major = version.split('.').next().unwrap_or_default();
    if MAJORS.contains(&major) {
        return;
    }
    let message = format!("there was no {OPERATING_SYSTEM} {} in {AS_OF}", quoted(version));
    diagnostics.push(
        Diagnostic::warning(field.span.clone(), message)
            .label(format!("there were {}", listed(MAJORS)))
            .help("leave it if it is new: the plan says whether OKE has such an image"),
    );
}

/// A regular expression for the names of images that fit: major version of the
/// operating system, and the rest from the date on, are groups.
fn pattern(pool: &NodePool) -> String {
    let os = match &pool.image {
        Image::Newest(Some(os)) => match os.split_once('.') {
            Some((major, minor)) => format!("({major})[.]{minor}"),
            None => format!("({os})[.][0-9]+"),
        },
        _ => "([0-9]+)[.][0-9]+".to_owned(),
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
            Image::Given(_) => pool.preflight_checks && pool.image.is_plain(),
        }
    }

    /// The OCID of a pool's image.
    pub fn image_id(&self, pool: &NodePool) -> Value {
        match &pool.image {
            Image::Given(given) => user(&given.expression),
            Image::Newest(_) => {
                let images = Value::Call("values", vec![Value::Reference(self.images(pool), Vec::new())]);
                Value::Call("element", vec![Value::Call("reverse", vec![images]), Value::Number(0)])
            }
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
        let pattern = || Value::String(pattern(pool));
        let name = || Value::Within("source", vec![Step::Attribute("source_name")]);
        let id = || Value::Within("source", vec![Step::Attribute("image_id")]);
        // By the major version of the operating system, padded, since keys are
        // sorted as text and 10 comes after 9; then by date. The OCID makes a key
        // unique, whatever the names.
        let group = |group: &str| {
            let text = Value::String(format!("/{}/", self::pattern(pool)));
            Value::Call("replace", vec![name(), text, group.into()])
        };
        let key = vec!["%03d %s %s".into(), group("$1"), group("$2"), id()];
        let images = Value::Map(Box::new(Selection {
            name: "source",
            values: self.pool_option(pool).attribute("sources"),
            key: Value::Call("format", key),
            value: id(),
            condition: Value::Call("can", vec![Value::Call("regex", vec![pattern(), name()])]),
        }));
        let Address::Local(local) = self.images(pool) else { return };
        let comment =
            format!("OKE's images for Kubernetes {} on {}, the newest last.", pool.version, pool.shape.build().what);
        graph.add(
            "node_pools.tf",
            self.images(pool),
            origin,
            Body::default().comment(comment).attribute(local, images),
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
                let first = Value::Call("element", vec![images(), Value::Number(0)]);
                body.attribute("condition", Value::Call("can", vec![first]))
                    .attribute("error_message", Value::String(message))
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
