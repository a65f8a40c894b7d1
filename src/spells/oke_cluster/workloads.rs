//! Common workloads that need more than a cluster does: each is a word in the
//! spec, and brings exactly its rules and flows.

use super::balancers::{Keeper, Placement};
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
    /// Oracle and others call it client IP preservation.
    ClientIps,
}

/// Each with what the README says of it.
const KNOWN: [(&str, Workload, &str); 5] = [
    ("file_storage", Workload::FileStorage, "File Storage: workers reach mount targets in the secure subnet"),
    ("native_ingress", Workload::NativeIngress, "Oracle's native ingress controller: load balancers reach pods"),
    ("webhooks", Workload::Webhooks, "webhooks on the network of their nodes: the API server reaches workers on TCP"),
    ("dns01", Workload::Dns01, "DNS-01 challenges: pods ask name servers on the internet (TCP and UDP 53)"),
    (
        "client_ip_preservation",
        Workload::ClientIps,
        "network load balancers that keep client addresses (`externalTrafficPolicy: Local`): the internet reaches NodePorts of workers",
    ),
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
/// option. What a pod in an overlay sends is its worker's, and clients on the
/// internet come through public load balancers, where there are some.
pub fn requirements(
    has: &[Workload],
    has_overlay: bool,
    has_public_balancers: bool,
) -> impl Iterator<Item = Requirement> + '_ {
    let is_here = move |workload| has_public_balancers || workload != Workload::ClientIps;
    FLOWS.iter().filter(move |(workload, _)| is_here(*workload)).map(move |(workload, flow)| {
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

/// What a workload needs that a cluster may not have.
pub fn check(
    workloads: Option<&At<Vec<Workload>>>,
    keeper: Option<&At<Keeper>>,
    placement: Option<&At<Placement>>,
    cni: Option<&At<Cni>>,
    diagnostics: &mut Diagnostics,
) {
    check_native_ingress(workloads, keeper, cni, diagnostics);
    check_client_ips(workloads, keeper, placement, diagnostics);
}

/// Clients on the internet need public load balancers. OCI's cloud controller
/// admits them where it keeps the rules.
fn check_client_ips(
    workloads: Option<&At<Vec<Workload>>>,
    keeper: Option<&At<Keeper>>,
    placement: Option<&At<Placement>>,
    diagnostics: &mut Diagnostics,
) {
    let Some(workloads) = workloads.filter(|at| at.value.contains(&Workload::ClientIps)) else { return };
    if let Some(keeper) = keeper.filter(|keeper| keeper.value == Keeper::Controller) {
        diagnostics.push(
            Diagnostic::error(
                workloads.span.clone(),
                "workload \"client_ip_preservation\" has no use: the controller keeps the rules",
            )
            .label("it would admit the internet to every NodePort")
            .related(keeper.span.clone(), "the controller admits the clients of each Service")
            .help("take out one of the two"),
        );
    } else if let Some(placement) = placement.filter(|placement| placement.value == Placement::Internal) {
        diagnostics.push(
            Diagnostic::error(
                workloads.span.clone(),
                "workload \"client_ip_preservation\" needs public load balancers",
            )
            .label("it admits clients from the internet")
            .related(placement.span.clone(), "so no client from there gets here")
            .help("write an `allow` block from the clients' addresses to the workers, `tcp = [\"30000-32767\"]`"),
        );
    }
}

/// The native ingress controller needs an NSG of the load balancers and one of
/// the pods.
fn check_native_ingress(
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
