//! The images of OCI's own that instances boot from.

use super::image::{Image, Listed, Offer, newest_of, system, there_is_one};
use crate::facts::images::OPERATING_SYSTEM;
use crate::graph::{Address, Body, Graph, Value};
use crate::spec::value::Objection;
use crate::spells::identity::{Identity, user};
use crate::spells::{Mock, MockField, MockItem};
use crate::topology::Shape;

pub static OFFER: Offer = Offer {
    newest: "the newest image of Oracle Linux",
    only: "only images of Oracle Linux are looked for",
    has_it: "the plan says whether there is such an image",
    check,
};

const IMAGES: &str = "oci_core_images";

fn check(text: &str) -> Objection {
    (!text.starts_with("ocid1.image.")).then_some((
        "not the OCID of an image",
        "leave it out for the newest Oracle Linux, or write \"ocid1.image....\" or var.image_id; `oci compute image list` has them",
    ))
}

/// The image of a spell's instances, or the search for it.
pub struct PlatformImage<'a> {
    pub identity: &'a Identity,
    pub image: &'a Image,
    pub shape: &'a Shape,
    /// The spell in messages: `compute_instance db`.
    pub title: String,
}

impl PlatformImage<'_> {
    /// The images that fit, by a key that puts the newest last; none where one is
    /// given.
    fn images(&self) -> Option<(Address, Option<&str>)> {
        let Image::Newest(version) = self.image else { return None };
        Some((Address::Local(self.identity.identifier("images")), version.as_deref()))
    }

    pub fn id(&self) -> Value {
        match self.image {
            Image::Given(given) => user(&given.expression),
            Image::Newest(_) => newest_of(Address::Local(self.identity.identifier("images"))),
        }
    }

    /// Asks which images there are, and picks those that fit.
    pub fn add(&self, file: &'static str, graph: &mut Graph) {
        let Some((local, version)) = self.images() else { return };
        let origin = &self.identity.name.span;
        let data = Address::Data(IMAGES, self.identity.name.value.identifier());
        let body = Body::default()
            .attribute("compartment_id", self.identity.compartment())
            .attribute("operating_system", OPERATING_SYSTEM)
            .attribute("shape", self.shape.0.as_str())
            .attribute("state", "AVAILABLE");
        graph.add(file, data.clone(), origin, body);
        let listed = Listed {
            images: data.attribute("images"),
            one: "image",
            name: "display_name",
            id: "id",
            pattern: self.pattern(version),
        };
        let Address::Local(name) = local.clone() else { return };
        let what = format!("Images of {OPERATING_SYSTEM} for {}, the newest last.", self.shape.build().what);
        graph.add(file, local, origin, Body::default().comment(what).attribute(name, listed.newest_last()));
    }

    /// Platform images are called `Oracle-Linux-9.6-aarch64-2026.08.31-0`.
    fn pattern(&self, version: Option<&str>) -> String {
        let (os, build) = (system(version), self.shape.build().pattern);
        format!("^Oracle-Linux-{os}-{build}([0-9]{{4}}[.][0-9]{{2}}[.][0-9]{{2}}-[0-9]+)$")
    }

    /// The precondition that there is an image.
    pub fn check(&self) -> Option<Body> {
        let (local, version) = self.images()?;
        let of = version.map(|version| format!(" {version}")).unwrap_or_default();
        let or = if version.is_some() { "another os_version or " } else { "" };
        let message = format!(
            "There is no image of {OPERATING_SYSTEM}{of} for {} here. Write {or}the OCID of an image as the image of {}.",
            self.shape.0, self.title
        );
        Some(there_is_one(local, message))
    }

    /// An image that fits, and an older one, that stands after it.
    pub fn mocks(&self) -> Vec<Mock> {
        let Some((_, version)) = self.images() else { return Vec::new() };
        let os = match version {
            Some(version) if version.contains('.') => version.to_owned(),
            Some(version) => format!("{version}.6"),
            None => "9.6".to_owned(),
        };
        let build = self.shape.build();
        let mock = |age: &str, date: &str| {
            let name = format!("Oracle-Linux-{os}-{}{date}-0", build.example);
            Mock { kind: IMAGES, attribute: "images", item: MockItem::Object(fields(&os, age, name)) }
        };
        vec![mock("newest", "2026.08.31"), mock("older", "2026.07.31")]
    }
}

/// Every field of an image in the provider's list.
fn fields(os: &str, age: &str, name: String) -> Vec<(&'static str, MockField)> {
    let text = |text: &str| MockField::Text(text.to_owned());
    vec![
        ("agent_features", MockField::List),
        ("base_image_id", text("")),
        ("billable_size_in_gbs", text("4")),
        ("compartment_id", text("")),
        ("create_image_allowed", MockField::Bool(true)),
        ("defined_tags", MockField::Map),
        ("display_name", MockField::Text(name.clone())),
        ("freeform_tags", MockField::Map),
        ("id", MockField::Text(format!("ocid1.image.oc1..mock.{age}.{name}"))),
        ("image_source_details", MockField::List),
        ("instance_id", text("")),
        ("launch_mode", text("NATIVE")),
        ("launch_options", MockField::List),
        ("listing_type", text("NONE")),
        ("operating_system", text(OPERATING_SYSTEM)),
        ("operating_system_version", text(os)),
        ("size_in_mbs", text("47694")),
        ("state", text("AVAILABLE")),
        ("time_created", text("2026-08-31 00:00:00 +0000 UTC")),
    ]
}
