//! What machines boot from: an image that is given, or the newest of those that
//! fit, which a plan looks for by their names.

use crate::diagnostic::{Diagnostic, Diagnostics, listed, nearest, quoted};
use crate::facts::images::{AS_OF, MAJORS, OPERATING_SYSTEM};
use crate::graph::{Address, Body, Selection, Step, Value};
use crate::spec::object::members;
use crate::spec::value::{Objection, passthrough, string};
use crate::spec::{Field, Passthrough, VariableUse};
use hcl_edit::expr::Expression;

const EXAMPLE: &str = "{ os_version = \"8\" }";

pub enum Image {
    /// The newest, perhaps of one version of Oracle Linux only.
    Newest(Option<String>),
    Given(Passthrough),
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
}

/// Whose images are looked at, as messages speak of them.
pub struct Offer {
    /// What it is where nothing is said: `OKE's newest image`.
    pub newest: &'static str,
    /// Why there is no other operating system.
    pub only: &'static str,
    /// What a plan will say.
    pub has_it: &'static str,
    /// What is wrong with an OCID that is written out.
    pub check: fn(&str) -> Objection,
}

fn newest(field: &Field<'_>, offer: &Offer, diagnostics: &mut Diagnostics) -> Option<Image> {
    let members = members(field, &["os", "os_version"], EXAMPLE, diagnostics)?;
    if members.is_empty() {
        let message = format!("{} of {} says nothing", field.subject, field.owner);
        diagnostics.push(
            Diagnostic::error(field.span.clone(), message)
                .label("no key")
                .help(format!("leave it out for {}, or write for example {EXAMPLE}", offer.newest)),
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
                None => offer.only.to_owned(),
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
            .help(format!("leave it if it is new: {}", offer.has_it)),
    );
}

/// The operating system in a regular expression for names of images; the major
/// version is a group.
pub fn system(version: Option<&str>) -> String {
    match version {
        Some(version) => match version.split_once('.') {
            Some((major, minor)) => format!("({major})[.]{minor}"),
            None => format!("({version})[.][0-9]+"),
        },
        None => "([0-9]+)[.][0-9]+".to_owned(),
    }
}

/// Images as a data source lists them.
pub struct Listed {
    /// The list.
    pub images: Value,
    /// What one of them is called in the expression.
    pub one: &'static str,
    /// The attributes with its name and its OCID.
    pub name: &'static str,
    pub id: &'static str,
    /// A regular expression for the names that fit, with two groups: the major
    /// version of the operating system, and the rest from the date on.
    pub pattern: String,
}

impl Listed {
    /// The images that fit, by a key that puts the newest last.
    pub fn newest_last(self) -> Value {
        let Self { images, one, name, id, pattern } = self;
        let name = || Value::Within(one, vec![Step::Attribute(name)]);
        let id = || Value::Within(one, vec![Step::Attribute(id)]);
        // By the major version of the operating system, padded, since keys are
        // sorted as text and 10 comes after 9; then by date. The OCID makes a key
        // unique, whatever the names.
        let group = |group: &str| {
            let text = Value::String(format!("/{pattern}/"));
            Value::Call("replace", vec![name(), text, group.into()])
        };
        let key = vec!["%03d %s %s".into(), group("$1"), group("$2"), id()];
        let matches = Value::Call("regex", vec![Value::String(pattern.clone()), name()]);
        Value::Map(Box::new(Selection {
            name: one,
            values: images,
            key: Value::Call("format", key),
            value: id(),
            condition: Value::Call("can", vec![matches]),
        }))
    }
}

/// The OCID of the newest of such images.
pub fn newest_of(images: Address) -> Value {
    let images = Value::Call("values", vec![Value::Reference(images, Vec::new())]);
    Value::Call("element", vec![Value::Call("reverse", vec![images]), Value::Number(0)])
}

/// The precondition that there is one.
pub fn there_is_one(images: Address, otherwise: String) -> Body {
    let images = Value::Call("values", vec![Value::Reference(images, Vec::new())]);
    let first = Value::Call("element", vec![images, Value::Number(0)]);
    Body::default()
        .attribute("condition", Value::Call("can", vec![first]))
        .attribute("error_message", Value::String(otherwise))
}
