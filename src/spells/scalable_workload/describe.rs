//! What the README and the tests of a generated stack say about a workload.

use super::autoscaling::{Autoscaling, Policy};
use super::balancer::{Balancer, Type};
use super::certificate::Certificate;
use super::{Count, ScalableWorkload, tables};
use crate::graph::{Step, Value};
use crate::quote::{Markdown, Mermaid};
use crate::role::Role;
use crate::spells::describe::{all_are, length};
use crate::spells::instances::image::Image;
use crate::spells::network::{nsg, subnet};
use crate::spells::{Check, Section};
use crate::topology::{Home, Name};

const NEXT_STEPS: &str = include_str!("../../../templates/scalable_workload.md.j2");

/// The path of an attribute in nested blocks that stand once.
fn inside(blocks: &[&'static str], attribute: &'static str) -> Vec<Step> {
    let blocks = blocks.iter().flat_map(|block| [Step::Attribute(block), Step::Index(0)]);
    blocks.chain([Step::Attribute(attribute)]).collect()
}

pub fn checks(workload: &ScalableWorkload, vcn: &Name) -> Vec<Check> {
    let name = workload.name();
    let needs = workload.needs();
    let (lb, instance) = tables::roles(&needs);
    let placements = Step::Attribute("placement_configurations");
    let chosen = u64::try_from(workload.availability_domains.len()).unwrap_or_default();
    let subnets = vec![placements, Step::Splat, Step::Attribute("primary_subnet_id")];
    let vnic = |attribute| {
        let blocks = ["instance_details", "launch_details", "create_vnic_details"];
        workload.configuration().path(inside(&blocks, attribute))
    };
    let own = nsg(&workload.nsg(instance));
    let is_in = if workload.nsg_ids.is_empty() {
        all_are(vnic("nsg_ids"), own)
    } else {
        Value::Call("contains", vec![vnic("nsg_ids"), own.attribute("id")])
    };
    let mut checks = vec![
        Check {
            condition: length(workload.pool().path([placements])).equals(if chosen == 0 { 3 } else { chosen }),
            message: format!("The instances of {name} are not spread over their availability domains."),
        },
        Check {
            condition: all_are(workload.pool().path(subnets), subnet(vcn, workload.tier)),
            message: format!("{name} has an instance outside of the {} subnet.", workload.tier.word()),
        },
        Check { condition: is_in, message: format!("The instances of {name} are not in their NSG.") },
        Check {
            condition: vnic("assign_public_ip").equals(Value::Bool(false)),
            message: format!("The instances of {name} have public addresses."),
        },
    ];
    if let (Some(balancer), Some(address), Some(role)) = (&workload.balancer, workload.balancer_address(), lb) {
        let subnet = subnet(vcn, role.tier);
        let is_there = match balancer.kind {
            Type::Application => all_are(address.clone().attribute("subnet_ids"), subnet),
            Type::Network => address.clone().attribute("subnet_id").equals(subnet.attribute("id")),
        };
        checks.push(Check {
            condition: is_there,
            message: format!("The load balancer of {name} is not in the {} subnet.", role.tier.word()),
        });
        checks.push(Check {
            condition: address.clone().attribute("is_private").equals(Value::Bool(balancer.is_internal)),
            message: format!("The load balancer of {name} is not {}.", access(balancer)),
        });
        checks.push(Check {
            condition: all_are(address.attribute("network_security_group_ids"), nsg(&workload.nsg(role))),
            message: format!("The load balancer of {name} is not in its NSG alone."),
        });
    }
    checks
}

fn access(balancer: &Balancer) -> &'static str {
    if balancer.is_internal { "internal" } else { "public" }
}

pub fn section(workload: &ScalableWorkload, home: Home<'_>) -> Section {
    let name = workload.name();
    let total: usize = home.nsgs.iter().map(|nsg| nsg.rules().count()).sum();
    let size = workload.machine_size.map_or_else(
        || Markdown::ours(""),
        |(ocpus, gb)| Markdown::fill(", {} OCPU and {} GB each", [ocpus.into(), gb.into()]),
    );
    let pool = Markdown::fill(
        "instance pool {}: {} × {}{}, in the {} tier{}{}",
        [
            Markdown::code(&format!("{name}-pool")),
            count(workload),
            Markdown::text(&workload.shape.0),
            size,
            Markdown::ours(workload.tier.word()),
            image(workload),
            particulars(workload),
        ],
    );
    let mut facts = vec![pool];
    facts.extend(scaling(workload));
    facts.extend(workload.balancer.iter().map(|balancer| balancer_fact(workload, balancer)));
    facts.push(Markdown::fill(
        if total == 1 { "{} with {} rule" } else { "{} with {} rules" },
        [
            Markdown::ours(if home.nsgs.len() == 1 { "an NSG (instance)" } else { "two NSGs (lb, instance)" }),
            total.into(),
        ],
    ));
    Section {
        title: Markdown::fill("Workload {}", [Markdown::text(name.as_str())]),
        id: Markdown::identifier(name),
        facts,
        tables: Vec::new(),
        diagram: diagram(workload, home.vcn.name()),
        next_steps: Some(NEXT_STEPS),
        features: features(workload),
        runbook: None,
    }
}

fn diagram(workload: &ScalableWorkload, vcn: &Name) -> Vec<Mermaid> {
    let name = workload.name();
    let (lb, instance) = tables::roles(&workload.needs());
    let node = |role: &'static Role| Mermaid::node(name, role.word);
    let place = |role: &'static Role| {
        let label = Mermaid::label(&format!("{name} {}", role.vnics));
        Mermaid::fill("{} --- {}[[{}]]", [Mermaid::node(vcn, role.tier.word()), node(role), label])
    };
    let mut lines: Vec<_> = lb.into_iter().chain([instance]).map(place).collect();
    if let (Some(lb), Some(balancer)) = (lb, &workload.balancer) {
        let port = Mermaid::label(&balancer.backend_port.to_string());
        lines.push(Mermaid::fill("{} -->|{}| {}", [node(lb), port, node(instance)]));
    }
    lines
}

fn features(workload: &ScalableWorkload) -> Vec<&'static str> {
    let pem = workload.balancer.as_ref().is_some_and(|one| matches!(one.certificate, Some(Certificate::Pem(_))));
    let chosen = [
        (workload.balancer.is_some(), "balancer"),
        (pem, "pem"),
        (matches!(workload.count, Count::Scaled(_)), "scaled"),
        (workload.is_scaled_by_metric(), "metric"),
        (workload.balancer.as_ref().is_some_and(|one| one.keeps_addresses), "kept"),
    ];
    chosen.into_iter().filter(|(is_so, _)| *is_so).map(|(_, feature)| feature).collect()
}

impl ScalableWorkload {
    const fn is_scaled_by_metric(&self) -> bool {
        matches!(&self.count, Count::Scaled(Autoscaling { kind: Policy::Metric(_), .. }))
    }
}

fn count(workload: &ScalableWorkload) -> Markdown {
    match &workload.count {
        Count::Fixed(size) => size.value.into(),
        Count::Scaled(scaling) => match &scaling.kind {
            Policy::Metric(metric) => Markdown::fill("{} to {}", [metric.least.into(), metric.most.into()]),
            Policy::Schedules(_) => Markdown::fill("up to {}", [scaling.most().into()]),
        },
    }
}

fn scaling(workload: &ScalableWorkload) -> Option<Markdown> {
    let Count::Scaled(scaling) = &workload.count else { return None };
    Some(match &scaling.kind {
        Policy::Metric(metric) => Markdown::fill(
            "autoscaling {}, at most every {} seconds; {} at first",
            [Markdown::text(&metric.words()), metric.cooldown.into(), scaling.initial.into()],
        ),
        Policy::Schedules(schedules) => {
            let one = |size: u64, cron: &str| Markdown::fill("{} at {}", [size.into(), Markdown::code(cron)]);
            let times = schedules.iter().map(|schedule| one(schedule.size, &schedule.cron));
            let times = Markdown::join(times, ", ");
            Markdown::fill("autoscaling by schedule, in UTC: {}; {} at first", [times, scaling.initial.into()])
        }
    })
}

fn balancer_fact(workload: &ScalableWorkload, balancer: &Balancer) -> Markdown {
    let display_name = Markdown::code(&format!("{}-lb", workload.name()));
    let port = |port: u16| Markdown::from(u64::from(port));
    let bandwidth = match balancer.kind {
        Type::Application => {
            let (least, most) = balancer.bandwidth;
            Markdown::fill(", {} to {} Mbps", [least.into(), most.into()])
        }
        Type::Network => Markdown::ours(""),
    };
    let kind = Markdown::ours(match balancer.kind {
        Type::Application => "load balancer",
        Type::Network => "network load balancer",
    });
    let certificate = Markdown::ours(match &balancer.certificate {
        Some(Certificate::Managed(_)) => " with a certificate of the Certificates service",
        Some(Certificate::Pem(_)) => " with an uploaded certificate, whose private key is in the state",
        None => "",
    });
    let redirect = balancer
        .needs()
        .redirect
        .map_or_else(|| Markdown::ours(""), |from| Markdown::fill(", HTTP on {} is sent on to it", [port(from)]));
    let kept = Markdown::ours(if balancer.keeps_addresses { ", clients keep their addresses" } else { "" });
    Markdown::fill(
        "{} {} {}{}: {} on {}{}{}, to port {} of the instances; health by {}{}",
        [
            Markdown::ours(access(balancer)),
            kind,
            display_name,
            bandwidth,
            Markdown::ours(balancer.protocol.word()),
            port(balancer.port),
            certificate,
            redirect,
            port(balancer.backend_port),
            Markdown::text(&balancer.health.words(balancer.backend_port)),
            kept,
        ],
    )
}

fn image(workload: &ScalableWorkload) -> Markdown {
    let image = match &workload.image {
        Image::Newest(None) => Markdown::ours(", the newest Oracle Linux"),
        Image::Newest(Some(os)) => Markdown::fill(", the newest Oracle Linux {}", [Markdown::text(os)]),
        Image::Given(_) => Markdown::ours(""),
    };
    let pinned = Markdown::ours(if workload.pin_image { ", image kept as it was first" } else { "" });
    Markdown::fill("{}{}", [image, pinned])
}

fn particulars(workload: &ScalableWorkload) -> Markdown {
    let domains: Vec<_> = workload.availability_domains.iter().map(|number| (*number).into()).collect();
    let theirs = workload.nsg_ids.len();
    let parts = [
        (!domains.is_empty()).then(|| Markdown::fill(", in AD {}", [Markdown::join(domains, ", ")])),
        workload.boot_volume.kms_key_id.is_some().then(|| Markdown::ours(", boot volumes under a key of yours")),
        (!workload.in_transit_encryption).then(|| Markdown::ours(", without encryption in transit to the boot volume")),
        (theirs > 0)
            .then(|| Markdown::fill(", also in NSGs of yours ({}), whose rules no table here has", [theirs.into()])),
    ];
    Markdown::join(parts.into_iter().flatten(), "")
}
