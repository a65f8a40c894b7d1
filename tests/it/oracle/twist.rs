//! Networks that differ from a network in one respect. Where the oracle's
//! answer differs too, that respect decided: so a test can count how often
//! each part of the semantics mattered, whatever an engine makes of it.

use cloudspells::prove::network::{Destination, Network, Peer, Ports, SecurityRule, Services, Target, Traffic};
use ipnet::Ipv4Net;
use std::collections::BTreeSet;

pub type Twist = fn(&mut Network);

pub const TWISTS: [(&str, Twist); 34] = [
    ("stateless", |network| each_rule(network, |rule| rule.stateless = false)),
    ("stateful", |network| each_rule(network, |rule| rule.stateless = true)),
    ("a second list", |network| each_subnet_lists(network, |lists| lists.truncate(1))),
    ("the lists", |network| each_subnet_lists(network, Vec::clear)),
    ("a second NSG", |network| network.groups.iter_mut().for_each(|group| group.nsgs.truncate(1))),
    ("the NSGs' rules", |network| network.nsgs.values_mut().for_each(Vec::clear)),
    ("a second rule of a list or NSG", |network| {
        network.security_lists.values_mut().chain(network.nsgs.values_mut()).for_each(|rules| rules.truncate(1));
    }),
    ("NSG peers", |network| retain(network, |rule| !matches!(rule.peer, Peer::Nsg(_)))),
    ("services peers", |network| retain(network, |rule| !matches!(rule.peer, Peer::Services(_)))),
    ("peers of object storage only", |network| {
        each_rule(network, |rule| {
            if rule.peer == Peer::Services(Services::ObjectStorage) {
                rule.peer = Peer::Services(Services::All);
            }
        });
    }),
    ("everywhere is the services too", |network| {
        // Two halves cover every address, and no service.
        let halves = ["0.0.0.0/1", "128.0.0.0/1"].map(super::world::net);
        for rules in network.security_lists.values_mut().chain(network.nsgs.values_mut()) {
            let split = |rule: &SecurityRule| match rule.peer {
                Peer::Cidr(cidr) if cidr.prefix_len() == 0 => {
                    halves.map(|half| SecurityRule { peer: Peer::Cidr(half), ..rule.clone() }).to_vec()
                }
                _ => vec![rule.clone()],
            };
            *rules = rules.iter().flat_map(split).collect();
        }
    }),
    ("narrow CIDR peers", |network| {
        each_rule(network, |rule| {
            if let Peer::Cidr(cidr) = &mut rule.peer {
                *cidr = Ipv4Net::default();
            }
        });
    }),
    ("source ports", |network| each_ports(network, |source, _| *source = Ports { min: 0, max: 65535 })),
    ("destination ports", |network| each_ports(network, |_, destination| *destination = Ports { min: 0, max: 65535 })),
    ("the lower edge of ports", |network| each_ports(network, |_, ports| ports.min = ports.min.saturating_sub(1))),
    ("the upper edge of ports", |network| each_ports(network, |_, ports| ports.max = ports.max.saturating_add(1))),
    ("ICMP types", |network| {
        each_rule(network, |rule| {
            if let Traffic::Icmp { kind, .. } = &mut rule.traffic {
                *kind = None;
            }
        });
    }),
    ("ICMP codes", |network| {
        each_rule(network, |rule| {
            if let Traffic::Icmp { code, .. } = &mut rule.traffic {
                *code = None;
            }
        });
    }),
    ("rules by protocol number", |network| retain(network, |rule| !matches!(rule.traffic, Traffic::Protocol(_)))),
    ("VNICs without public address", |network| network.groups.iter_mut().for_each(|group| group.public_ip = true)),
    ("subnets without public addresses", |network| {
        network.subnets.values_mut().for_each(|subnet| subnet.public_ips = true);
    }),
    ("what load balancers forward with its clients' addresses", |network| {
        network.groups.iter_mut().for_each(|group| group.fronts.clear());
    }),
    ("that they forward no more than that", |network| {
        network.groups.iter_mut().flat_map(|group| &mut group.fronts).for_each(|front| front.traffic = Traffic::All);
    }),
    ("NAT is not for coming in", |network| {
        each_target(network, |target| {
            if *target == Target::NatGateway {
                *target = Target::InternetGateway;
            }
        });
    }),
    ("the longest prefix", |network| {
        // Where there is a default route too, it decides instead.
        for subnet in network.subnets.values_mut() {
            let everywhere = Destination::Cidr(Ipv4Net::default());
            if subnet.routes.iter().any(|route| route.destination == everywhere) {
                subnet.routes.retain(|route| {
                    route.destination == everywhere || matches!(route.destination, Destination::Services(_))
                });
            }
        }
    }),
    ("the first of equal routes", |network| network.subnets.values_mut().for_each(|subnet| subnet.routes.reverse())),
    ("routes by a services label", |network| {
        for subnet in network.subnets.values_mut() {
            subnet.routes.retain(|route| matches!(route.destination, Destination::Cidr(_)));
        }
    }),
    ("a label of object storage goes first", |network| {
        for subnet in network.subnets.values_mut() {
            let all = Destination::Services(Services::All);
            if subnet.routes.iter().any(|route| route.destination == all) {
                subnet.routes.retain(|route| route.destination != Destination::Services(Services::ObjectStorage));
            }
        }
    }),
    ("service gateways for object storage only", |network| {
        each_target(network, |target| {
            if matches!(target, Target::ServiceGateway(_)) {
                *target = Target::ServiceGateway(Services::All);
            }
        });
    }),
    ("routes to another VCN", |network| {
        each_target(network, |target| {
            if matches!(target, Target::Peering(_) | Target::Drg(_)) {
                *target = Target::Other;
            }
        });
    }),
    ("who is attached to a DRG", |network| network.drgs.values_mut().for_each(BTreeSet::clear)),
    ("another VCN", |network| network.subnets.values_mut().for_each(|subnet| subnet.vcn = "vcn0".to_owned())),
    ("addresses of a part of the subnet", |network| {
        for group in &mut network.groups {
            if !group.addresses.contains(&network.subnets[&group.subnet].cidr) {
                group.addresses = vec![Ipv4Net::default()];
            }
        }
    }),
    ("public addresses that a VCN has", |network| {
        let private = super::world::net("10.0.0.0/8");
        network.vcns.values_mut().for_each(|vcn| vcn.cidrs.retain(|cidr| super::is_in(cidr.addr().into(), private)));
    }),
];

fn each_rule(network: &mut Network, change: impl Fn(&mut SecurityRule)) {
    network.security_lists.values_mut().chain(network.nsgs.values_mut()).flatten().for_each(change);
}

fn each_ports(network: &mut Network, change: impl Fn(&mut Ports, &mut Ports)) {
    each_rule(network, |rule| {
        if let Traffic::Tcp { source, destination } | Traffic::Udp { source, destination } = &mut rule.traffic {
            change(source, destination);
        }
    });
}

fn retain(network: &mut Network, keep: impl Fn(&SecurityRule) -> bool) {
    network.security_lists.values_mut().chain(network.nsgs.values_mut()).for_each(|rules| rules.retain(&keep));
}

fn each_subnet_lists(network: &mut Network, change: impl Fn(&mut Vec<String>)) {
    network.subnets.values_mut().for_each(|subnet| change(&mut subnet.security_lists));
}

fn each_target(network: &mut Network, change: impl Fn(&mut Target)) {
    network.subnets.values_mut().flat_map(|subnet| &mut subnet.routes).for_each(|route| change(&mut route.target));
}
