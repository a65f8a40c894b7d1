//! A VCN as the prover sees it.

use super::Vcn;
use crate::prove::network::{Destination, Direction, Group, GroupKind, Route, Services, Subnet, Target};
use crate::prove::{Flow, Level, Model, Source, network as proven};
use crate::rule::Rule;
use crate::spells::network::{gateway, of_tier, subnet, vcn as vcn_address};
use crate::spells::security_rule::security_rule;
use crate::topology::{self, DefaultRoute, Tier};
use ipnet::Ipv4Net;

pub fn add(vcn: &Vcn, finished: &topology::Vcn, model: &mut Model) {
    let name = &vcn.name.value;
    let key = vcn_address(name).to_string();
    model.network.vcns.insert(key.clone(), proven::Vcn { cidrs: vec![finished.cidr] });
    for part in &finished.subnets {
        let tier = part.tier;
        let list = of_tier("oci_core_security_list", name, tier).to_string();
        let rules = |direction, rules: &[Rule]| {
            let rule = |rule| security_rule(list.clone(), direction, rule, finished.cidr, |_| None);
            rules.iter().filter_map(rule).collect::<Vec<_>>()
        };
        let all = [rules(Direction::Ingress, &part.ingress), rules(Direction::Egress, &part.egress)].concat();
        model.network.security_lists.insert(list.clone(), all);
        let proven = Subnet {
            vcn: key.clone(),
            cidr: part.cidr,
            security_lists: vec![list],
            public_ips: tier.allows_public_ip(),
            route_table: of_tier("oci_core_route_table", name, tier).to_string(),
            routes: routes(vcn, tier),
        };
        let key = subnet(name, tier).to_string();
        model.network.subnets.insert(key.clone(), proven);
        model.network.groups.push(Group {
            name: group_name(vcn, tier),
            kind: GroupKind::Other,
            subnet: key,
            addresses: vec![part.cidr],
            nsgs: Vec::new(),
            public_ip: tier.allows_public_ip(),
        });
    }
    flows(vcn, finished, model);
}

/// All other VNICs of a tier's subnet.
fn group_name(vcn: &Vcn, tier: Tier) -> String {
    format!("{}.{}", vcn.name.value, tier.word())
}

fn routes(vcn: &Vcn, tier: Tier) -> Vec<Route> {
    let gateway = |kind| gateway(kind, &vcn.name.value).to_string();
    let mut routes = Vec::new();
    let default = match tier.default_route() {
        DefaultRoute::InternetGateway => Some((Target::InternetGateway, "oci_core_internet_gateway")),
        DefaultRoute::NatGateway => Some((Target::NatGateway, "oci_core_nat_gateway")),
        DefaultRoute::None => None,
    };
    if let Some((target, kind)) = default {
        routes.push(Route { destination: Destination::Cidr(Ipv4Net::default()), target, gateway: gateway(kind) });
    }
    if tier.routes_to_services() {
        routes.push(Route {
            destination: Destination::Services(Services::All),
            target: Target::ServiceGateway(Services::All),
            gateway: gateway("oci_core_service_gateway"),
        });
    }
    routes
}

/// What the tiers are for, as far as the finished rules still say so.
fn flows(vcn: &Vcn, finished: &topology::Vcn, model: &mut Model) {
    use crate::rule::table::{ALL, Anywhere, Services, TCP};
    let wide = |rules: &[Rule], peer| rules.iter().any(|rule| rule.traffic == ALL && rule.peer == peer);
    for part in &finished.subnets {
        let own = group_name(vcn, part.tier);
        let mut rows = Vec::new();
        if wide(&part.egress, Anywhere) && part.tier.default_route() == DefaultRoute::NatGateway {
            rows.push((
                own.clone(),
                "internet".to_owned(),
                ALL,
                "the tier reaches the internet through the NAT Gateway",
            ));
        }
        if wide(&part.egress, Services) {
            rows.push((
                own.clone(),
                "services".to_owned(),
                ALL,
                "the tier reaches OCI services through the Service Gateway",
            ));
            if part.tier == Tier::Private {
                rows.push((own, group_name(vcn, Tier::Secure), TCP, "applications in the private subnet reach data"));
            }
        }
        for (from, to, traffic, purpose) in rows {
            let (Some(from), Some(to)) = (model.endpoint(&from), model.endpoint(&to)) else { continue };
            model.flows.push(Flow {
                from,
                to,
                clients: None,
                traffic: traffic.into(),
                source: Source::Reference,
                level: Level::Required,
                purpose,
            });
        }
    }
}
