//! What the README and the tests of a generated stack say about instances.

use super::ComputeInstance;
use super::volumes::{Attachment, Volume};
use crate::graph::{Step, Value};
use crate::quote::{Markdown, Mermaid};
use crate::spells::describe::{all_are, length};
use crate::spells::instances::image::Image;
use crate::spells::network::{nsg, subnet};
use crate::spells::{Check, Section};
use crate::topology::{Home, Name};

const NEXT_STEPS: &str = include_str!("../../../templates/compute_instance.md.j2");

pub fn checks(instances: &ComputeInstance, vcn: &Name) -> Vec<Check> {
    let (name, role) = (instances.name(), instances.role);
    let count = instances.instance_count.value;
    let check = |condition: Value, message: String| Check { condition, message };
    let all = length(Value::Reference(instances.address(), Vec::new()));
    let mut checks = vec![check(all.equals(count), format!("{name} has not as many instances as it should."))];
    if count == 0 {
        return checks;
    }
    let of_each = |block: &'static str, attribute: &'static str| {
        let path = [Step::Splat, Step::Attribute(block), Step::Index(0), Step::Attribute(attribute)];
        instances.address().path(path)
    };
    let vnic = |attribute| of_each("create_vnic_details", attribute);
    checks.push(check(
        all_are(vnic("subnet_id"), subnet(vcn, role.tier)),
        format!("An instance of {name} is outside of the {} subnet.", role.tier.word()),
    ));
    let nsgs = Value::Call("flatten", vec![vnic("nsg_ids")]);
    checks.push(if instances.nsg_ids.is_empty() {
        check(
            all_are(nsgs, nsg(&instances.nsg())),
            format!("The instances of {name} are not in the NSG of their role alone."),
        )
    } else {
        let own = nsg(&instances.nsg()).attribute("id");
        check(Value::Call("contains", vec![nsgs, own]), format!("The instances of {name} lack the NSG of their role."))
    });
    if !role.public_ip {
        let addresses = Value::Call("contains", vec![vnic("assign_public_ip"), "true".into()]);
        checks
            .push(check(addresses.equals(Value::Bool(false)), format!("An instance of {name} has a public address.")));
    }
    let closed = of_each("instance_options", "are_legacy_imds_endpoints_disabled");
    checks.push(check(
        Value::Call("alltrue", vec![closed]),
        format!("An instance of {name} answers version 1 of the instance metadata service."),
    ));
    let chosen = u64::try_from(instances.domains.len()).unwrap_or_default();
    let most = if chosen == 0 { 3 } else { chosen };
    let domains = instances.address().path([Step::Splat, Step::Attribute("availability_domain")]);
    checks.push(check(
        length(Value::Call("toset", vec![domains])).equals(count.min(most)),
        format!("The instances of {name} are not spread over their availability domains."),
    ));
    checks
}

pub fn section(instances: &ComputeInstance, home: Home<'_>) -> Section {
    let (name, role) = (instances.name(), instances.role);
    let shape = Markdown::text(&instances.shape.0);
    let size = instances.size.map_or_else(
        || Markdown::ours(""),
        |(ocpus, gb)| Markdown::fill(", {} OCPU and {} GB each", [ocpus.into(), gb.into()]),
    );
    let image = match &instances.image {
        Image::Newest(None) => Markdown::ours(", from the newest image of Oracle Linux at their first apply"),
        Image::Newest(Some(os)) => {
            Markdown::fill(", from the newest image of Oracle Linux {} at their first apply", [Markdown::text(os)])
        }
        Image::Given(_) => Markdown::ours(""),
    };
    let mut facts = vec![Markdown::fill(
        "{} × {}{}{}, called {} and so on",
        [instances.instance_count.value.into(), shape, size, image, Markdown::code(&format!("{name}-0"))],
    )];
    let address = if role.public_ip { "with public addresses" } else { "without public addresses" };
    facts.push(Markdown::fill(
        "role `{}`, in the {} subnet, {}; its NSG has rules: {}",
        [
            Markdown::ours(role.word),
            Markdown::ours(role.tier.word()),
            Markdown::ours(address),
            home.nsgs.iter().map(|nsg| nsg.rules().count()).sum::<usize>().into(),
        ],
    ));
    facts.push(Markdown::ours(match instances.in_transit_encryption {
        Some(true) => "version 1 of the instance metadata service is off; what passes to boot volumes is encrypted",
        Some(false) => {
            "version 1 of the instance metadata service is off; what passes to boot volumes is not encrypted"
        }
        None => "version 1 of the instance metadata service is off",
    }));
    if let Some(gb) = &instances.boot_volume.size_in_gbs {
        facts.push(Markdown::fill("boot volumes of {} GB", [gb.value.into()]));
    }
    facts.extend(instances.volumes.iter().map(volume));
    if !instances.agent_plugins.is_empty() {
        let plugins = instances.agent_plugins.join(", ");
        facts.push(Markdown::fill("plugins of Oracle Cloud Agent: {}", [Markdown::text(&plugins)]));
    }
    let theirs = instances.nsg_ids.len();
    if theirs > 0 {
        facts.push(Markdown::fill("also in NSGs of yours ({}), whose rules no table here has", [theirs.into()]));
    }
    let label = Mermaid::label(&format!("{name} {}", role.vnics));
    let node = Mermaid::node(name, role.word);
    let diagram =
        vec![Mermaid::fill("{} --- {}[[{}]]", [Mermaid::node(home.vcn.name(), role.tier.word()), node, label])];
    Section {
        title: Markdown::fill("Instances {}", [Markdown::text(name.as_str())]),
        id: Markdown::identifier(name),
        facts,
        tables: Vec::new(),
        diagram,
        next_steps: Some(NEXT_STEPS),
        features: features(instances),
        runbook: None,
    }
}

fn volume(volume: &Volume) -> Markdown {
    let vpus =
        volume.vpus_per_gb.map_or_else(|| Markdown::ours(""), |vpus| Markdown::fill(", {} VPUs/GB", [vpus.into()]));
    let attachment = Markdown::ours(volume.attachment.api_name());
    let device =
        volume.device().map_or_else(|| Markdown::ours(""), |device| Markdown::fill(" as {}", [Markdown::code(device)]));
    let name = Markdown::code(volume.name.value.as_str());
    Markdown::fill(
        "volume {} of {} GB for each{}, {}{}",
        [name, volume.size_in_gbs.value.into(), vpus, attachment, device],
    )
}

fn features(instances: &ComputeInstance) -> Vec<&'static str> {
    let chosen = [
        (instances.role.public_ip, "public_ip"),
        (!instances.volumes.is_empty(), "volumes"),
        (instances.volumes.iter().any(|volume| volume.attachment == Attachment::Iscsi), "iscsi"),
    ];
    chosen.into_iter().filter(|(is_so, _)| *is_so).map(|(_, feature)| feature).collect()
}
