//! What machines boot from: an image that the spec names, or the newest of
//! Oracle Linux for their processor.

use crate::diagnostic::{Diagnostic, Diagnostics, Span, listed, nearest, quoted};
use crate::facts::images::{AS_OF, MAJORS, OPERATING_SYSTEM};
use crate::graph::{Address, Body, Graph, Selection, Step, Value};
use crate::spec::object::members;
use crate::spec::value::{Objection, passthrough, string};
use crate::spec::{Field, Passthrough, VariableUse};
use crate::spells::{Mock, MockItem};
use crate::topology::Shape;
use hcl_edit::expr::{Expression, TraversalOperator};

const EXAMPLE: &str = "{ os_version = \"8\" }";

pub enum Image {
    /// The newest, perhaps of one version of Oracle Linux only.
    Newest(Option<String>),
    Given(Passthrough),
}

/// Whose images the newest is one of, as messages speak of them.
pub struct Offer {
    pub owner: &'static str,
    /// What is said of an operating system that is not Oracle Linux.
    pub others: &'static str,
    /// What is wrong with an image that is written out.
    pub check: fn(&str) -> Objection,
}

/// OKE's, for nodes.
pub const OKE: Offer = Offer {
    owner: "OKE",
    others: "OKE has images of Oracle Linux only",
    check: |text| {
        (!is_image(text)).then_some((
            "not the OCID of an image",
            "leave it out for OKE's newest, or write \"ocid1.image....\" or var.node_image_id; `oci ce node-pool-options get --node-pool-option-id all` lists OKE's images",
        ))
    },
};

/// OCI's own, for instances.
pub const PLATFORM: Offer = Offer {
    owner: "OCI",
    others: "only Oracle Linux is looked up",
    check: |text| {
        (!is_image(text)).then_some((
            "not the OCID of an image",
            "leave it out for the newest Oracle Linux, or write \"ocid1.image....\" or var.image_id; `oci compute image list` lists images",
        ))
    },
};

fn is_image(text: &str) -> bool {
    text.starts_with("ocid1.image.")
}

impl Image {
    pub fn read(purpose: String, offer: &'static Offer) -> impl FnOnce(&Field<'_>, &mut Diagnostics) -> Option<Self> {
        move |field, diagnostics| match field.expression {
            Expression::Object(_) => newest(field, offer, diagnostics),
            _ => passthrough(purpose, Some("image"), offer.check)(field, diagnostics).map(Self::Given),
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
    pub fn is_plain(&self) -> bool {
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
}

fn newest(field: &Field<'_>, offer: &Offer, diagnostics: &mut Diagnostics) -> Option<Image> {
    let members = members(field, &["os", "os_version"], EXAMPLE, diagnostics)?;
    if members.is_empty() {
        let message = format!("{} of {} says nothing", field.subject, field.owner);
        diagnostics.push(
            Diagnostic::error(field.span.clone(), message)
                .label("no key")
                .help(format!("leave it out for {}'s newest image, or write for example {EXAMPLE}", offer.owner)),
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
                warn_unknown(&text, field, offer, diagnostics);
                version = Some(text);
                continue;
            }
            ("expected a version such as 8 or 8.10".to_owned(), "for example os_version = \"8\"")
        } else if text == OPERATING_SYSTEM {
            continue;
        } else {
            let label = match nearest(&text, [OPERATING_SYSTEM]) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => offer.others.to_owned(),
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
fn warn_unknown(version: &str, field: &Field<'_>, offer: &Offer, diagnostics: &mut Diagnostics) {
    let major = version.split('.').next().unwrap_or_default();
    if MAJORS.contains(&major) {
        return;
    }
    let message = format!("there was no {OPERATING_SYSTEM} {} in {AS_OF}", quoted(version));
    diagnostics.push(
        Diagnostic::warning(field.span.clone(), message)
            .label(format!("there were {}", listed(MAJORS)))
            .help(format!("leave it if it is new: the plan says whether {} has such an image", offer.owner)),
    );
}

/// What the names of images begin with, as a regular expression, up to the date:
/// the major version of the operating system is a group.
pub fn prefix(os: Option<&str>, shape: &Shape) -> String {
    let os = match os {
        Some(os) => match os.split_once('.') {
            Some((major, minor)) => format!("({major})[.]{minor}"),
            None => format!("({os})[.][0-9]+"),
        },
        None => "([0-9]+)[.][0-9]+".to_owned(),
    };
    format!("^Oracle-Linux-{os}-{}", shape.build().pattern)
}

/// A key that puts the newest last, of a name whose major version of the
/// operating system, and rest from the date on, are groups of the pattern: by
/// that version, padded, since keys are sorted as text and 10 comes after 9; then
/// by date. The OCID makes a key unique, whatever the names.
pub fn key(pattern: &str, name: impl Fn() -> Value, id: Value) -> Value {
    let group = |group: &str| {
        let text = Value::String(format!("/{pattern}/"));
        Value::Call("replace", vec![name(), text, group.into()])
    };
    Value::Call("format", vec!["%03d %s %s".into(), group("$1"), group("$2"), id])
}

/// The value of a map's last key.
pub fn last(map: Address) -> Value {
    let values = Value::Call("values", vec![Value::Reference(map, Vec::new())]);
    Value::Call("element", vec![Value::Call("reverse", vec![values]), Value::Number(0)])
}

/// The data source that has OCI's images.
const IMAGES: &str = "oci_core_images";

/// The search for the newest of OCI's own images that fits a shape.
pub struct Newest<'a> {
    /// What the data source and the local value are named after.
    pub identifier: String,
    pub compartment: Value,
    pub shape: &'a Shape,
    pub os: Option<&'a str>,
    /// The block in a message.
    pub title: String,
}

impl Newest<'_> {
    fn data(&self) -> Address {
        Address::Data(IMAGES, self.identifier.clone())
    }

    fn images(&self) -> Address {
        Address::Local(format!("{}_images", self.identifier))
    }

    /// A regular expression for the names of images that fit. It leaves out those
    /// that are made for something else, such as OKE's nodes.
    fn pattern(&self) -> String {
        format!("{}([0-9]{{4}}[.][0-9]{{2}}[.][0-9]{{2}}-[0-9]+)$", prefix(self.os, self.shape))
    }

    /// Adds the data source and the local value of the images that fit.
    pub fn add(&self, file: &'static str, origin: &Span, graph: &mut Graph) {
        let data = Body::default()
            .attribute("compartment_id", self.compartment.clone())
            .attribute("operating_system", OPERATING_SYSTEM)
            .attribute("shape", self.shape.0.as_str())
            .attribute("state", "AVAILABLE");
        graph.add(file, self.data(), origin, data);
        let name = || Value::Within("image", vec![Step::Attribute("display_name")]);
        let id = || Value::Within("image", vec![Step::Attribute("id")]);
        let images = Value::Map(Box::new(Selection {
            name: "image",
            values: self.data().attribute("images"),
            key: key(&self.pattern(), name, id()),
            value: id(),
            condition: Value::Call("can", vec![Value::Call("regex", vec![Value::String(self.pattern()), name()])]),
        }));
        let Address::Local(local) = self.images() else { return };
        let comment = format!("OCI's images of {} on {}, the newest last.", self.what(), self.shape.build().what);
        graph.add(file, self.images(), origin, Body::default().comment(comment).attribute(local, images));
    }

    fn what(&self) -> String {
        match self.os {
            Some(os) => format!("{OPERATING_SYSTEM} {os}"),
            None => OPERATING_SYSTEM.to_owned(),
        }
    }

    /// The OCID of the newest.
    pub fn id(&self) -> Value {
        last(self.images())
    }

    /// The precondition that there is one.
    pub fn check(&self) -> Body {
        let values = Value::Call("values", vec![Value::Reference(self.images(), Vec::new())]);
        let first = Value::Call("element", vec![values, Value::Number(0)]);
        let or = if self.os.is_some() { "another os_version, or " } else { "" };
        let message = format!(
            "OCI has no image of {} for {} here. Write {or}the OCID of an image of yours as image of {}.",
            self.what(),
            self.shape.0,
            self.title
        );
        Body::default()
            .attribute("condition", Value::Call("can", vec![first]))
            .attribute("error_message", Value::String(message))
    }

    /// Images that fit: the newest, and an older one that stands after it.
    pub fn mocks(&self) -> [Mock; 2] {
        let build = self.shape.build();
        let os = match self.os {
            Some(os) if os.contains('.') => os.to_owned(),
            Some(os) => format!("{os}.6"),
            None => "9.6".to_owned(),
        };
        let major = os.split('.').next().unwrap_or_default().to_owned();
        [("newest", "2026.08.31"), ("older", "2026.07.31")].map(|(age, date)| {
            let text = |text: String| MockItem::Text(text);
            let fields = vec![
                ("id", text(format!("ocid1.image.oc1..mock.{age}.{}{os}", build.example))),
                ("display_name", text(format!("Oracle-Linux-{os}-{}{date}-0", build.example))),
                ("operating_system", text(OPERATING_SYSTEM.to_owned())),
                ("operating_system_version", text(major.clone())),
                ("state", text("AVAILABLE".to_owned())),
                ("agent_features", MockItem::Nothing),
                ("base_image_id", text(String::new())),
                ("billable_size_in_gbs", text("0".to_owned())),
                ("compartment_id", text(String::new())),
                ("create_image_allowed", text("true".to_owned())),
                ("defined_tags", MockItem::Object(Vec::new())),
                ("freeform_tags", MockItem::Object(Vec::new())),
                ("image_source_details", MockItem::Nothing),
                ("instance_id", text(String::new())),
                ("launch_mode", text("NATIVE".to_owned())),
                ("launch_options", MockItem::Nothing),
                ("listing_type", text(String::new())),
                ("size_in_mbs", text("0".to_owned())),
                ("time_created", text(String::new())),
            ];
            Mock { kind: IMAGES, attribute: "images", item: MockItem::Object(fields) }
        })
    }
}
