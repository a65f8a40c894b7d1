//! What a cluster says about its VCN and about others in it, once all are
//! known.

use super::profile::STRICT;
use super::{KIND, OkeCluster, free_range, overlap};
use crate::contract::oke::API;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::topology::{Draft, Tenant, Tier, VcnId};
use std::collections::BTreeSet;

/// Clusters that may share a VCN. Each may reach each other, so that what there
/// is to prove grows with the square of their number.
const CLUSTERS_PER_VCN: usize = 16;

pub fn review(cluster: &OkeCluster, vcn: &VcnId, draft: &Draft<'_>, diagnostics: &mut Diagnostics) {
    check_cidrs(cluster, vcn, draft, diagnostics);
    let is_this = |tenant: &Tenant| tenant.name.value == *cluster.name();
    // What is said of several is said once, by the first of them.
    let mut clusters = draft.tenants(vcn).iter().filter(|tenant| tenant.kind == KIND.block_type);
    if clusters.clone().next().is_some_and(is_this) {
        check_sharing(vcn, &clusters.clone().collect::<Vec<_>>(), draft, diagnostics);
        check_clients(vcn, &clusters.clone().collect::<Vec<_>>(), diagnostics);
    }
    check_profile_of_vcn(cluster, vcn, draft, diagnostics);
    if let Some(strict) = clusters.find(|tenant| is_strict(tenant)).filter(|tenant| is_this(tenant)) {
        check_profiles(vcn, strict, draft.tenants(vcn), diagnostics);
    }
}

fn is_strict(tenant: &Tenant) -> bool {
    tenant.baseline.is_some_and(|baseline| baseline.word == STRICT.baseline.word)
}

fn check_cidrs(cluster: &OkeCluster, vcn: &VcnId, draft: &Draft<'_>, diagnostics: &mut Diagnostics) {
    let Some((vcn_name, Some(cidr))) = draft.vcn(vcn) else { return };
    let name = &cluster.identity.name;
    let networks = [("services_cidr", &cluster.services_cidr), ("pods_cidr", &cluster.pods_cidr)];
    let used: Vec<_> = networks.iter().filter_map(|(_, net)| net.as_ref()).map(|net| net.value).chain([cidr]).collect();
    for (attribute, net) in networks {
        let Some(net) = net.as_ref().filter(|net| overlap(net.value, cidr)) else { continue };
        let origin = if net.span == name.span { " by default" } else { "" };
        let message =
            format!("`{attribute}` of cluster \"{}\" is {}{origin}, which overlaps its VCN", name.value, net.value);
        diagnostics.push(
            Diagnostic::error(net.span.clone(), message)
                .label("must be outside of the VCN")
                .related(vcn_name.span.clone(), format!("the VCN is {cidr}"))
                .help(match free_range(&used) {
                    Some(free) => format!("for example `{attribute} = \"{free}\"`"),
                    None => "make one of the cluster's ranges smaller: together they leave no private one".to_owned(),
                }),
        );
    }
}

fn check_sharing(vcn: &VcnId, clusters: &[&Tenant], draft: &Draft<'_>, diagnostics: &mut Diagnostics) {
    let mut spans: Vec<_> = clusters.iter().map(|tenant| &tenant.name.span).collect();
    spans.sort_by_key(|span| span.start);
    let (Some(first_of_rest), Some((vcn, _))) = (spans.get(CLUSTERS_PER_VCN), draft.vcn(vcn)) else { return };
    let (name, count) = (&vcn.value, clusters.len());
    diagnostics.push(
        Diagnostic::error(
            (*first_of_rest).clone(),
            format!("{count} clusters share vcn \"{name}\"; at most {CLUSTERS_PER_VCN} can"),
        )
        .label("the first over the limit")
        .related(vcn.span.clone(), "the VCN")
        .help("give them more VCNs"),
    );
}

/// Security lists are the subnet's, and layers add up: what one cluster admits
/// reaches the endpoint of its neighbour, too.
fn check_clients(vcn: &VcnId, clusters: &[&Tenant], diagnostics: &mut Diagnostics) {
    let Some((first, others)) = clusters.split_first() else { return };
    let clients = |tenant: &Tenant| tenant.clients.iter().copied().collect::<BTreeSet<_>>();
    let firsts = clients(first);
    // Endpoints in two tiers share no list.
    let tier = |tenant: &Tenant| tenant.nsgs.iter().find(|nsg| nsg.role.word == API.word).map(|nsg| nsg.role.tier);
    let differs = |other: &&&Tenant| tier(other) == tier(first) && clients(other) != firsts;
    let Some(other) = others.iter().find(differs) else { return };
    diagnostics.push(
        Diagnostic::warning(
            other.name.span.clone(),
            format!(
                "{} and {} share the {} security list of vcn \"{}\", but not `api_allowed_cidrs`",
                first.title,
                other.title,
                tier(first).map_or("", Tier::word),
                vcn.name()
            ),
        )
        .label("each API endpoint is reached by the clients of both")
        .related(first.name.span.clone(), "this one lists others")
        .help("give a cluster that must stay closed a VCN of its own"),
    );
}

/// A VCN that is to be strict is none with a cluster that is not; and the lists
/// of one that is to be as the reference has it open a strict cluster.
fn check_profile_of_vcn(cluster: &OkeCluster, vcn: &VcnId, draft: &Draft<'_>, diagnostics: &mut Diagnostics) {
    let Some((own, said)) = draft.own_baseline(vcn).and_then(|own| Some((own.baseline, own.said.clone()?))) else {
        return;
    };
    let Some(mine) = cluster.security_profile.as_ref().filter(|mine| mine.value.baseline.word != own.word) else {
        return;
    };
    let (name, vcn) = (cluster.name(), vcn.name());
    diagnostics.push(if own.word == STRICT.baseline.word {
        Diagnostic::error(mine.span.clone(), format!("cluster \"{name}\" would open vcn \"{vcn}\", which is strict"))
            .label("brings the wide rules of the reference")
            .related(said, "the VCN is to have none of them")
            .help("leave `security_profile` out of the cluster, which then is strict, too; or give it a VCN of its own")
    } else {
        let message = format!("cluster \"{name}\" is strict, but vcn \"{vcn}\" is not");
        Diagnostic::warning(mine.span.clone(), message)
            .label("the VCN's security lists open it all the same")
            .related(said, "brings the wide rules")
            .help("write it in the VCN, where the cluster takes it from; or leave it out there")
    });
}

/// Rules add up: the wider lists of one spell guard the strict one's VNICs,
/// too.
fn check_profiles(vcn: &VcnId, strict: &Tenant, tenants: &[Tenant], diagnostics: &mut Diagnostics) {
    let is_wider = |tenant: &&Tenant| tenant.baseline.is_some() && !is_strict(tenant);
    let Some(other) = tenants.iter().find(is_wider) else { return };
    diagnostics.push(
        Diagnostic::warning(
            strict.name.span.clone(),
            format!(
                "{} is strict, but shares the security lists of vcn \"{}\" with {}, which is not",
                strict.title,
                vcn.name(),
                other.title
            ),
        )
        .label("these lists open it all the same")
        .related(other.name.span.clone(), "brings the wide rules")
        .help("write `security_profile = \"strict\"` in both, or give each a VCN of its own"),
    );
}
