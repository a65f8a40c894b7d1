//! Common workloads that need more than a cluster does: each is a word in the
//! spec, and brings exactly its rules and flows.

use super::balancers::Keeper;
use super::cni::Cni;
use super::roles::{POD, WORKER};
use super::workload_rules::FLOWS;
use crate::diagnostic::{At, Diagnostic, Diagnostics, nearest, quoted};
use crate::prove::Level;
use crate::requirement::Requirement;
use crate::spec::Field;
use crate::spec::value::{string, wrong_type};
use hcl_edit::Span as _;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Workload {
    FileStorage,
    NativeIngress,
    Webhooks,
    Dns01,
}

/// Each with what the README says of it.
const KNOWN: [(&str, Workload, &str); 4] = [
    ("file_storage", Workload::FileStorage, "File Storage: workers reach mount targets in the secure subnet"),
    ("native_ingress", Workload::NativeIngress, "Oracle's native ingress controller: load balancers reach pods"),
    ("webhooks", Workload::Webhooks, "webhooks on the network of their nodes: the API server reaches workers on TCP"),
    ("dns01", Workload::Dns01, "DNS-01 challenges: pods ask name servers on the internet (TCP and UDP 53)"),
];

impl Workload {
    pub fn word(self) -> &'static str {
        KNOWN.iter().find(|(_, workload, _)| *workload == self).map_or("", |(word, ..)| *word)
    }

    pub fn sentence(self) -> &'static str {
        KNOWN.iter().find(|(_, workload, _)| *workload == self).map_or("", |(.., sentence)| *sentence)
    }

    pub fn named(word: &str) -> Option<Self> {
        KNOWN.iter().find(|(known, ..)| *known == word).map(|(_, workload, _)| *workload)
    }
}

/// The flows of all workloads: required of those that a cluster has, else an
/// option. What a pod in an overlay sends is its worker's.
pub fn requirements(has: &[Workload], has_overlay: bool) -> impl Iterator<Item = Requirement> + '_ {
    FLOWS.iter().map(move |(workload, flow)| {
        let level = if has.contains(workload) { Level::Required } else { Level::Optional };
        let is_hidden = has_overlay && *workload == Workload::Dns01 && flow.from == POD;
        Requirement { level, from: if is_hidden { WORKER } else { flow.from }, ..*flow }
    })
}

/// A list of their words.
pub fn words(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<Workload>> {
    const EXAMPLE: &str = "[\"file_storage\", \"webhooks\"]";
    let Some(items) = field.expression.as_array() else {
        diagnostics.push(wrong_type(field, "a list of words", EXAMPLE));
        return None;
    };
    let mut all: Vec<Workload> = Vec::new();
    for item in items {
        let span = item.span().unwrap_or_else(|| field.span.clone());
        let subject = format!("an item of {}", field.subject);
        let item = Field { expression: item, span: span.clone(), subject, ..field.clone() };
        let text = string("\"file_storage\"")(&item, diagnostics)?;
        let Some(workload) = Workload::named(&text) else {
            let known = KNOWN.iter().map(|(word, ..)| *word);
            let label = match nearest(&text, known.clone()) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => "unknown word".to_owned(),
            };
            let known: Vec<_> = known.map(quoted).collect();
            diagnostics.push(
                Diagnostic::error(span, format!("there is no workload {}", quoted(&text)))
                    .label(label)
                    .help(format!("write some of {}; for others an `allow` block", known.join(", "))),
            );
            return None;
        };
        if all.contains(&workload) {
            diagnostics.push(
                Diagnostic::error(span, format!("{} appears twice in {}", quoted(&text), field.subject))
                    .label("again")
                    .help("list it once"),
            );
            return None;
        }
        all.push(workload);
    }
    all.sort_unstable();
    Some(all)
}

/// The native ingress controller needs an NSG of the load balancers and one of
/// the pods.
pub fn check(
    workloads: Option<&At<Vec<Workload>>>,
    keeper: Option<&At<Keeper>>,
    cni: Option<&At<Cni>>,
    diagnostics: &mut Diagnostics,
) {
    let Some(workloads) = workloads.filter(|at| at.value.contains(&Workload::NativeIngress)) else { return };
    if let Some(keeper) = keeper.filter(|keeper| keeper.value == Keeper::Controller) {
        diagnostics.push(
            Diagnostic::error(
                workloads.span.clone(),
                "workload \"native_ingress\" needs the NSG of the load balancers",
            )
            .label("its rules are between that and the pods")
            .related(keeper.span.clone(), "so there is none here")
            .help("leave out `load_balancer_rules`: the native ingress controller takes the NSG by annotation"),
        );
    }
    if let Some(cni) = cni.filter(|cni| cni.value == Cni::Flannel) {
        diagnostics.push(
            Diagnostic::error(workloads.span.clone(), "workload \"native_ingress\" needs pods with VNICs")
                .label("its load balancers forward to pods")
                .related(cni.span.clone(), "so pods have none here")
                .help("leave out `cni`, or use another ingress controller"),
        );
    }
}
