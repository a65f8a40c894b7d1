//! The `provider` block of a spec, and the root module's that is made of it.

use crate::diagnostic::{At, Diagnostic, Diagnostics, nearest, quoted};
use crate::graph::{Address, Body, Value};
use crate::layout::Layout;
use crate::quote::Markdown;
use crate::spec::value::{Objection, integer, passthrough, string, wrong_type};
use crate::spec::{BlockReader, Field, Passthrough, Setting, VariableUse, is_defined_tag_key};
use crate::spells::Spell;
use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::template::Element;
use std::collections::BTreeMap;

pub const SETTING: Setting<Provider> = Setting { block_type: "provider", read };

/// Tags that a tenancy's defaults put on every resource. From those with defined
/// tags of the stack's own the provider would take them away at each apply, if
/// it did not ignore them.
const DEFAULT_TAGS: [&str; 2] = ["Oracle-Tags.CreatedBy", "Oracle-Tags.CreatedOn"];

/// What the provider's documentation lists.
const AUTH: [&str; 7] = [
    "ApiKey",
    "InstancePrincipal",
    "InstancePrincipalWithCerts",
    "OKEWorkloadIdentity",
    "ResourcePrincipal",
    "SecurityToken",
    "WorkloadIdentityFederation",
];

/// The longest that the provider may be told to try again, in seconds.
const LONGEST_RETRY: u64 = 24 * 60 * 60;

/// Arguments that are texts, and what each is, as a variable's description says.
const TEXTS: [(&str, &str); 6] = [
    ("config_file_profile", "Profile of ~/.oci/config that the provider uses"),
    ("region", "Region that the stack is created in"),
    ("tenancy_ocid", "OCID of the tenancy that the provider signs for"),
    ("user_ocid", "OCID of the user that the provider signs as"),
    ("fingerprint", "Fingerprint of the key that the provider signs with"),
    ("private_key_path", "Path of the private key that the provider signs with"),
];

/// Arguments that are not taken, and what to do instead.
const REFUSED: [(&str, &str, &str); 3] = [
    (
        "alias",
        "the generated resources use the provider that has none",
        "generate with `--module`, and give the module your provider: `providers = { oci = oci.NAME }`",
    ),
    ("private_key", "a key belongs in no file of a repository", "write `private_key_path` or `config_file_profile`"),
    ("private_key_password", "a password belongs in no file of a repository", "set OCI_PRIVATE_KEY_PASSWORD instead"),
];

/// How the root module's provider is configured.
#[derive(Default)]
pub struct Provider {
    auth: Option<Passthrough>,
    texts: BTreeMap<&'static str, Passthrough>,
    retry_duration_seconds: Option<u64>,
    disable_auto_retries: Option<bool>,
    /// Beside those that always are.
    ignore_defined_tags: Vec<At<String>>,
}

fn read(reader: &mut BlockReader<'_>) -> Option<Provider> {
    for (name, reason, help) in REFUSED {
        if let Some(span) = reader.refuse(name) {
            let message = format!("`{name}` of {} can't be set", reader.title());
            reader.diagnostics.push(Diagnostic::error(span, message).label(reason).help(help));
        }
    }
    let auth = reader.optional("auth", auth);
    let mut texts = BTreeMap::new();
    for (name, purpose) in TEXTS {
        let read = |field: &Field<'_>, diagnostics: &mut Diagnostics| text(name, purpose, field, diagnostics);
        if let Some(text) = reader.optional(name, read) {
            texts.insert(name, text.value);
        }
    }
    let retry = reader.optional("retry_duration_seconds", integer(0..=LONGEST_RETRY, " seconds"));
    let disable = reader.optional("disable_auto_retries", boolean);
    let ignored = reader.optional("ignore_defined_tags", tag_keys);
    Some(Provider {
        auth: auth.map(|at| at.value),
        texts,
        retry_duration_seconds: retry.map(|at| at.value),
        disable_auto_retries: disable.map(|at| at.value),
        ignore_defined_tags: ignored.map(|at| at.value).unwrap_or_default(),
    })
}

/// One of the texts that the provider signs with, or its region.
fn text(name: &'static str, purpose: &str, field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Passthrough> {
    if name == "private_key_path" && reads_a_file(field.expression) {
        diagnostics.push(
            Diagnostic::error(field.span.clone(), "`private_key_path` is the path of a key, not its content")
                .label("this is the content of a file, which is the provider's `private_key`")
                .help("write the path itself, such as \"~/.oci/key.pem\""),
        );
        return None;
    }
    let check: fn(&str) -> Objection = match name {
        "private_key_path" => |text| objection("private_key_path", text),
        "region" => |text| objection("region", text),
        "fingerprint" => |text| objection("fingerprint", text),
        "tenancy_ocid" => |text| objection("tenancy_ocid", text),
        "user_ocid" => |text| objection("user_ocid", text),
        _ => |_| None,
    };
    passthrough(purpose.to_owned(), None, check)(field, diagnostics)
}

/// What is wrong with a text that is written out.
fn objection(name: &str, text: &str) -> Objection {
    let is_fingerprint = || {
        let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
        text.split(':').count() == 16 && text.split(':').all(is_pair)
    };
    let help = match name {
        "tenancy_ocid" => "it is ocid1.tenancy.REALM..UNIQUE: copy all of it",
        _ => "it is ocid1.user.REALM..UNIQUE: copy all of it",
    };
    match name {
        "private_key_path" if text.contains("-----BEGIN") => Some((
            "this is a key, not the path of one",
            "write the path of its file; and replace the key that stood here",
        )),
        "region" if is_region(&text.to_ascii_lowercase()) && !is_region(text) => {
            Some(("the identifier of a region has lower case letters only", "for example \"eu-frankfurt-1\""))
        }
        "region" if !is_region(text) => Some(("not the identifier of a region", "for example \"eu-frankfurt-1\"")),
        "fingerprint" if !is_fingerprint() => {
            Some(("not a fingerprint", "sixteen pairs of hexadecimal digits with colons between them"))
        }
        // Tenancies of the first years have OCIDs of another form.
        "tenancy_ocid" if !is_ocid(text, "tenancy") && !text.starts_with("ocidv1:tenancy:") => {
            Some(("not the OCID of a tenancy", help))
        }
        "user_ocid" if !is_ocid(text, "user") => Some(("not the OCID of a user", help)),
        _ => None,
    }
}

/// Such as `eu-frankfurt-1` or `us-gov-ashburn-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let [area, names @ .., number] = parts.as_slice() else { return false };
    area.len() == 2
        && is_word(area)
        && !names.is_empty()
        && names.iter().all(is_word)
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// `ocid1.TYPE.REALM.[REGION].UNIQUE`, where more may come between the last two:
/// Oracle, "Resource Identifiers".
fn is_ocid(text: &str, kind: &str) -> bool {
    let parts: Vec<_> = text.split('.').collect();
    let is_word = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    matches!(parts.as_slice(), ["ocid1", of, realm, _, .., unique]
        if *of == kind && !realm.is_empty() && !unique.is_empty())
        && parts.iter().all(|part| is_word(part))
}

/// Whether the value is what is in a file, by whatever functions it goes.
fn reads_a_file(expression: &Expression) -> bool {
    match expression {
        Expression::Parenthesis(inner) => reads_a_file(inner.inner()),
        Expression::FuncCall(call) => {
            matches!(call.name.name.as_str(), "file" | "filebase64" | "templatefile")
                || call.args.iter().any(reads_a_file)
        }
        Expression::Conditional(node) => reads_a_file(&node.true_expr) || reads_a_file(&node.false_expr),
        Expression::StringTemplate(template) => {
            template.iter().filter_map(Element::as_interpolation).any(|node| reads_a_file(&node.expr))
        }
        _ => false,
    }
}

fn boolean(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<bool> {
    let value = field.expression.as_bool();
    if value.is_none() {
        diagnostics.push(wrong_type(field, "true or false", "true"));
    }
    value
}

/// How the provider signs: one of its words, or an expression.
fn auth(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Passthrough> {
    if let Expression::String(text) = field.expression
        && !AUTH.contains(&text.as_str())
    {
        let label =
            nearest(text, AUTH).map_or_else(|| "unknown".to_owned(), |near| format!("did you mean \"{near}\"?"));
        diagnostics.push(
            Diagnostic::error(field.span.clone(), format!("the provider knows no `auth` {}", quoted(text)))
                .label(label)
                .help(format!("write one of {}", AUTH.map(|word| format!("\"{word}\"")).join(", "))),
        );
        return None;
    }
    passthrough("How the provider signs its calls, such as ApiKey".to_owned(), None, |_| None)(field, diagnostics)
}

/// A list of keys of defined tags, each `Namespace.Key`.
fn tag_keys(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<At<String>>> {
    const EXAMPLE: &str = "\"Operations.CostCenter\"";
    let Some(items) = field.expression.as_array() else {
        diagnostics.push(wrong_type(field, "a list of keys of defined tags", &format!("[{EXAMPLE}]")));
        return None;
    };
    let mut keys: Vec<At<String>> = Vec::new();
    let mut complete = true;
    for item in items {
        let span = item.span().unwrap_or_else(|| field.span.clone());
        let subject = format!("an item of {}", field.subject);
        let item = Field { expression: item, span: span.clone(), subject, ..field.clone() };
        match string(EXAMPLE)(&item, diagnostics) {
            Some(key) if is_defined_tag_key(&key) => {
                let first = keys.iter().find(|other| is_same_tag(&other.value, &key));
                if let Some(first) = first {
                    diagnostics.push(
                        Diagnostic::error(span.clone(), format!("{} is ignored twice", quoted(&key)))
                            .label("again: OCI looks at no case in these keys")
                            .related(first.span.clone(), "first here")
                            .help("keep one of them"),
                    );
                    complete = false;
                } else if DEFAULT_TAGS.iter().any(|always| is_same_tag(always, &key)) {
                    diagnostics.push(
                        Diagnostic::warning(span.clone(), format!("{} is ignored without being listed", quoted(&key)))
                            .label("always ignored")
                            .help("take it out of the list"),
                    );
                }
                keys.push(At::new(key, span));
            }
            Some(key) => {
                diagnostics.push(
                    Diagnostic::error(span, format!("{} is not the key of a defined tag", quoted(&key)))
                        .label("its namespace, a dot and its name")
                        .help(format!("for example {EXAMPLE}; free-form tags can't be ignored")),
                );
                complete = false;
            }
            None => complete = false,
        }
    }
    complete.then_some(keys)
}

/// OCI takes keys of tags for equal that differ in case only.
const fn is_same_tag(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

impl Provider {
    pub fn variables(&self) -> impl Iterator<Item = &VariableUse> {
        self.auth.iter().chain(self.texts.values()).flat_map(|text| &text.uses)
    }

    /// Whether the stack needs `var.region` for it.
    pub fn needs_region(&self) -> bool {
        self.texts.get("region").is_none_or(|region| region.uses.iter().any(|used| used.name == "region"))
    }

    pub fn body(&self) -> Body {
        let user = |text: &Passthrough| Value::Expression(std::sync::Arc::clone(&text.expression));
        let mut body = Body::default().optional("auth", self.auth.as_ref().map(user));
        for (name, _) in TEXTS {
            let region = || Value::Reference(Address::Variable("region".to_owned()), Vec::new());
            let given = self.texts.get(name).map(user);
            body = body.optional(name, given.or_else(|| (name == "region").then(region)));
        }
        let body = body
            .optional("retry_duration_seconds", self.retry_duration_seconds.map(Value::Number))
            .optional("disable_auto_retries", self.disable_auto_retries.map(Value::Bool))
            .comment("Set by the tenancy's tag defaults: without this, a plan would take them away from what has defined tags of its own.");
        self.ignoring(body)
    }

    /// The body with the tags that the stack needs ignored, whoever writes it.
    pub fn ignoring(&self, body: Body) -> Body {
        let more = self.ignore_defined_tags.iter().map(|key| key.value.as_str());
        let more = more.filter(|key| !DEFAULT_TAGS.iter().any(|always| is_same_tag(always, key)));
        let ignored = DEFAULT_TAGS.into_iter().chain(more).map(Value::from);
        body.attribute("ignore_defined_tags", Value::Lines(ignored.collect()))
    }

    /// The region, where it is written out.
    pub fn region(&self) -> Option<&str> {
        self.texts.get("region")?.expression.as_str()
    }

    /// What `oci` needs to sign as the provider does, after a space.
    pub fn cli_options(&self) -> Markdown {
        let profile = match self.texts.get("config_file_profile").map(|profile| profile.expression.as_str()) {
            None => Markdown::ours(""),
            Some(None) => Markdown::ours(" --profile <profile>"),
            Some(Some(name)) => Markdown::fill(" --profile {}", [Markdown::word(name)]),
        };
        let signs_by_token = self.auth.as_ref().is_some_and(|auth| auth.expression.as_str() == Some("SecurityToken"));
        Markdown::fill("{}{}", [profile, Markdown::ours(if signs_by_token { " --auth security_token" } else { "" })])
    }
}

/// What does not go together with the rest.
pub fn review(
    provider: Option<&At<Provider>>,
    spells: &[Box<dyn Spell>],
    layout: Layout,
    diagnostics: &mut Diagnostics,
) {
    review_tags(provider.map(|at| &at.value), spells, diagnostics);
    let Some(At { span, .. }) = provider else { return };
    if layout != Layout::Root {
        diagnostics.push(
            Diagnostic::warning(
                span.clone(),
                format!("`provider` is left out: `{}` writes none", layout.flags().trim_end()),
            )
            .label("not used")
            .help("write it into your root module"),
        );
    }
}

/// Tags that the spec sets and the provider ignores.
fn review_tags(provider: Option<&Provider>, spells: &[Box<dyn Spell>], diagnostics: &mut Diagnostics) {
    for identity in spells.iter().filter_map(|spell| spell.identity()) {
        for key in &identity.defined_tag_keys {
            if DEFAULT_TAGS.iter().any(|always| is_same_tag(always, &key.value)) {
                let message = format!(
                    "{} is set by \"{}\", and the provider ignores it",
                    quoted(&key.value),
                    identity.name.value
                );
                diagnostics.push(
                    Diagnostic::warning(key.span.clone(), message)
                        .label("a tenancy's tag defaults set it")
                        .help("take it out: the provider never sends a tag that it is told to ignore"),
                );
            }
            let mut ignored = provider.into_iter().flat_map(|provider| &provider.ignore_defined_tags);
            if let Some(ignored) = ignored.find(|ignored| is_same_tag(&ignored.value, &key.value)) {
                let message = format!(
                    "{} is set by \"{}\" and ignored by the provider, which would never set it",
                    quoted(&ignored.value),
                    identity.name.value
                );
                diagnostics.push(
                    Diagnostic::error(ignored.span.clone(), message)
                        .label("ignored")
                        .related(key.span.clone(), "set here")
                        .help("take it out of one of them"),
                );
            }
        }
    }
}
