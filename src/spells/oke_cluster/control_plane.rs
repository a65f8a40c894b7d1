//! What a cluster's control plane may have beyond its version: a key for its
//! secrets, signed images, other identity providers, tags on what Services and
//! claims make. Handed on unread, but for their form.

use super::cluster_type::ClusterType;
use crate::diagnostic::{At, Diagnostic, Diagnostics, Span};
use crate::graph::{Body, Value};
use crate::spec::value::{Objection, boolean, literal_key, passthrough, wrong_type};
use crate::spec::{BlockReader, Field, Passthrough, TagKind, Tags, VariableUse, object, tags};
use crate::spells::identity::{tag_map, user};
use crate::topology::limits;
use hcl_edit::Span as _;

/// What is said of an identity provider, as the provider's arguments name it.
const OIDC_KEYS: [&str; 10] = [
    "issuer_url",
    "client_id",
    "username_claim",
    "username_prefix",
    "groups_claim",
    "groups_prefix",
    "required_claims",
    "signing_algorithms",
    "ca_certificate",
    "configuration_file",
];

const OIDC_EXAMPLE: &str = "{ issuer_url = \"https://id.example.com\", client_id = \"kubernetes\" }";

#[derive(Default)]
pub struct ControlPlane {
    kms_key_id: Option<Passthrough>,
    /// The keys that images must be signed with; none turns it off.
    image_policy: Option<Vec<Passthrough>>,
    /// None of its values turns it off.
    oidc: Option<Oidc>,
    oidc_discovery: Option<bool>,
    persistent_volume_tags: Option<Tags>,
    load_balancer_tags: Option<Tags>,
    pub uses: Vec<VariableUse>,
}

#[derive(Default)]
struct Oidc {
    texts: Vec<(&'static str, Passthrough)>,
    claims: Vec<(String, Passthrough)>,
    algorithms: Vec<Passthrough>,
}

impl ControlPlane {
    pub fn read(reader: &mut BlockReader<'_>, kind: Option<&At<ClusterType>>) -> Self {
        refuse_ipv6(reader);
        let title = reader.title().replace('"', "");
        let mut uses = Vec::new();
        let purpose = format!("OCID of the key that encrypts the secrets of {title}");
        let kms_key = reader.optional("kms_key_id", passthrough(purpose, Some("key"), ocid));
        let image_policy = reader.optional("image_policy", |field, diagnostics| signers(field, &title, diagnostics));
        let oidc = reader.optional("oidc", |field, diagnostics| Oidc::read(field, &title, diagnostics));
        let discovery = reader.optional("oidc_discovery", boolean);
        let needs = [
            ("oidc", oidc.as_ref().map(|at| &at.span)),
            ("oidc_discovery", discovery.as_ref().filter(|at| at.value).map(|at| &at.span)),
        ];
        for (attribute, span) in needs {
            if let Some(span) = span {
                check_enhanced(attribute, span, kind, reader);
            }
        }
        let kind = TagKind::Freeform;
        let volumes = tags(format!("volumes of {title}"), kind, limits::FREEFORM_TAGS);
        let volumes = reader.optional("persistent_volume_tags", volumes);
        let balancers = tags(format!("load balancers of {title}"), kind, limits::FREEFORM_TAGS);
        let balancers = reader.optional("load_balancer_tags", balancers);
        let mut keep = |read: Option<At<(Tags, Vec<VariableUse>)>>| {
            let (tags, of_tags) = read?.value;
            uses.extend(of_tags);
            Some(tags)
        };
        let (persistent_volume_tags, load_balancer_tags) = (keep(volumes), keep(balancers));
        let mut plane = Self {
            kms_key_id: kms_key.map(|at| at.value),
            image_policy: image_policy.map(|at| at.value),
            oidc: oidc.map(|at| at.value),
            oidc_discovery: discovery.map(|at| at.value),
            persistent_volume_tags,
            load_balancer_tags,
            uses,
        };
        let given = plane.kms_key_id.iter().chain(plane.image_policy.iter().flatten());
        let given = given.chain(plane.oidc.iter().flat_map(Oidc::values)).flat_map(|value| value.uses.clone());
        let given: Vec<_> = given.collect();
        plane.uses.extend(given);
        plane
    }

    /// The cluster's attribute.
    pub fn kms_key_id(&self) -> Option<Value> {
        self.kms_key_id.as_ref().map(|key| user(&key.expression))
    }

    pub fn image_policy_config(&self) -> Option<Body> {
        let keys = self.image_policy.as_ref()?;
        let body = Body::default().attribute("is_policy_enabled", Value::Bool(!keys.is_empty()));
        Some(keys.iter().fold(body, |body, key| {
            body.block("key_details", Body::default().attribute("kms_key_id", user(&key.expression)))
        }))
    }

    /// Adds the cluster's options, and `service_lb_config` with what it has.
    pub fn options(&self, options: Body, balancers: Option<Body>) -> Body {
        let discovery = self
            .oidc_discovery
            .map(|is_on| Body::default().attribute("is_open_id_connect_discovery_enabled", Value::Bool(is_on)));
        let volumes = self.persistent_volume_tags.as_ref();
        let volumes = volumes.map(|tags| Body::default().attribute("freeform_tags", tag_map(tags)));
        let balancers = match &self.load_balancer_tags {
            Some(tags) => Some(balancers.unwrap_or_default().attribute("freeform_tags", tag_map(tags))),
            None => balancers,
        };
        options
            .optional_block("open_id_connect_discovery", discovery)
            .optional_block("open_id_connect_token_authentication_config", self.oidc.as_ref().map(Oidc::body))
            .optional_block("persistent_volume_config", volumes)
            .optional_block("service_lb_config", balancers)
    }

    /// What the README says of it.
    pub fn words(&self) -> Vec<&'static str> {
        let signed = self.image_policy.as_ref().is_some_and(|keys| !keys.is_empty());
        let chosen = [
            (self.kms_key_id.is_some(), "secrets encrypted with a key of yours"),
            (signed, "only images that are signed with a key of yours"),
            (
                self.oidc.as_ref().is_some_and(|oidc| !oidc.is_off()),
                "users of another identity provider (OpenID Connect)",
            ),
            (self.oidc_discovery == Some(true), "OpenID Connect discovery, so that others know its service accounts"),
        ];
        chosen.into_iter().filter(|(is_so, _)| *is_so).map(|(_, word)| word).collect()
    }
}

impl Oidc {
    fn read(field: &Field<'_>, title: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut oidc = Self::default();
        for (key, value) in object::members(field, &OIDC_KEYS, OIDC_EXAMPLE, diagnostics)? {
            let purpose = format!("{key} of the identity provider of {title}");
            match key {
                "required_claims" => oidc.claims = claims(&value, &purpose, diagnostics)?,
                "signing_algorithms" => oidc.algorithms = items(&value, &purpose, None, diagnostics)?,
                _ => oidc.texts.push((key, passthrough(purpose, None, |_| None)(&value, diagnostics)?)),
            }
        }
        let has = |key| oidc.texts.iter().any(|(other, _)| *other == key);
        if oidc.is_off() || has("configuration_file") || has("issuer_url") && has("client_id") {
            return Some(oidc);
        }
        diagnostics.push(
            Diagnostic::error(field.span.clone(), format!("{} of {} names no provider", field.subject, field.owner))
                .label("it needs `issuer_url` and `client_id`, or `configuration_file`")
                .help(format!("write {OIDC_EXAMPLE}; `{{}}` turns it off")),
        );
        None
    }

    fn is_off(&self) -> bool {
        self.texts.is_empty() && self.claims.is_empty() && self.algorithms.is_empty()
    }

    fn values(&self) -> impl Iterator<Item = &Passthrough> {
        let texts = self.texts.iter().map(|(_, value)| value);
        texts.chain(self.claims.iter().map(|(_, value)| value)).chain(&self.algorithms)
    }

    fn body(&self) -> Body {
        let mut body = Body::default().attribute("is_open_id_connect_auth_enabled", Value::Bool(!self.is_off()));
        for key in OIDC_KEYS {
            let value = self.texts.iter().find(|(other, _)| *other == key);
            body = body.optional(key, value.map(|(_, value)| user(&value.expression)));
        }
        if !self.algorithms.is_empty() {
            let algorithms = self.algorithms.iter().map(|value| user(&value.expression)).collect();
            body = body.attribute("signing_algorithms", Value::List(algorithms));
        }
        self.claims.iter().fold(body, |body, (key, value)| {
            let claim = Body::default().attribute("key", key.as_str()).attribute("value", user(&value.expression));
            body.block("required_claims", claim)
        })
    }
}

fn ocid(text: &str) -> Objection {
    (!text.starts_with("ocid1.key.")).then_some(("not the OCID of a key", "it begins with ocid1.key."))
}

fn signers(field: &Field<'_>, title: &str, diagnostics: &mut Diagnostics) -> Option<Vec<Passthrough>> {
    let purpose = format!("OCID of a key that the images of {title} are signed with");
    items(field, &purpose, Some("key"), diagnostics)
}

/// A list of expressions.
fn items(
    field: &Field<'_>,
    purpose: &str,
    kind: Option<&'static str>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Passthrough>> {
    let Some(items) = field.expression.as_array() else {
        let example = if kind.is_some() { "[var.signing_key_id]" } else { "[\"RS256\"]" };
        diagnostics.push(wrong_type(field, "a list", example));
        return None;
    };
    let mut read = Vec::new();
    for item in items {
        let span = item.span().unwrap_or_else(|| field.span.clone());
        let subject = format!("an item of {}", field.subject);
        let item = Field { expression: item, span, subject, ..field.clone() };
        let check: fn(&str) -> Objection = if kind.is_some() { ocid } else { |_| None };
        read.push(passthrough(purpose.to_owned(), kind, check)(&item, diagnostics)?);
    }
    Some(read)
}

fn claims(field: &Field<'_>, purpose: &str, diagnostics: &mut Diagnostics) -> Option<Vec<(String, Passthrough)>> {
    const EXAMPLE: &str = "{ hd = \"example.com\" }";
    let Some(object) = field.expression.as_object() else {
        diagnostics.push(wrong_type(field, "an object", EXAMPLE));
        return None;
    };
    let mut claims = Vec::new();
    for (key, value) in object {
        let span = value.expr().span().unwrap_or_else(|| field.span.clone());
        let Some(name) = literal_key(key) else {
            diagnostics.push(
                Diagnostic::error(span, format!("a key of {} is not written out", field.subject))
                    .label("the claim of this value")
                    .help(format!("for example {EXAMPLE}")),
            );
            return None;
        };
        let subject = format!("`{name}` in {}", field.subject);
        let item = Field { expression: value.expr(), span, subject, ..field.clone() };
        claims.push((name, passthrough(purpose.to_owned(), None, |_| None)(&item, diagnostics)?));
    }
    claims.sort_by(|(a, _), (b, _)| a.cmp(b));
    Some(claims)
}

fn check_enhanced(attribute: &str, span: &Span, kind: Option<&At<ClusterType>>, reader: &mut BlockReader<'_>) {
    let (place, words) = match kind {
        Some(kind) if kind.value == ClusterType::Enhanced => return,
        Some(kind) => (kind.span.clone(), "it is basic"),
        None => (reader.name().span, "it is basic, as nothing else is written"),
    };
    reader.diagnostics.push(
        Diagnostic::error(span.clone(), format!("`{attribute}` needs an enhanced cluster"))
            .label("a basic cluster does not have it")
            .related(place, words)
            .help("write `type = \"enhanced\"` in the cluster: a change in place, which OCI does not take back"),
    );
}

fn refuse_ipv6(reader: &mut BlockReader<'_>) {
    if let Some(span) = reader.refuse("ip_families") {
        let message = format!("`ip_families` of {} can't be chosen", reader.title());
        reader.diagnostics.push(
            Diagnostic::error(span, message)
                .label("the network and its proof are IPv4's")
                .help("leave it out: until IPv6 is modelled, a cluster has IPv4 alone"),
        );
    }
}
