//! Reachability: who can reach whom, with what, and by which rules. Exact and
//! symbolic. Knows networks, rules and routes; no spec, no plan, no HCL.
//!
//! # The idea
//!
//! A rule matches a *box*: one range of the other end's addresses, one range of
//! traffic (protocol and port on one line of integers, see `sets`), one range
//! of source ports. OCI's rules only ever allow, so what one end admits is the
//! sum of its boxes, what passes is the intersection of what both ends admit,
//! and what is exposed is what passes minus what is documented. All three are
//! operations on sets of ranges: no address, port or packet is enumerated, and
//! nothing is sampled.
//!
//! Boxes overlap in part, so they are not added up as boxes. The addresses of
//! the other end are first cut wherever a rule begins or ends. Each rule then
//! matches a piece as a whole or not at all, and pieces with the same rules are
//! one *class* (`policy`): for a class, a policy is just a set of traffic.
//!
//! # An example
//!
//! Group `app` has the addresses 10.0.0.0/24, group `db` 10.0.1.0/24, in one
//! VCN. Four rules guard them:
//!
//! ```text
//! at app   1  egress   TCP 1024-65535  to    10.0.1.0/24
//! at db    2  ingress  TCP 5432        from  10.0.0.0/24
//!          3  ingress  TCP 5000-5999   from  10.0.0.128/25
//!          4  ingress  TCP 22          from  0.0.0.0/0
//! ```
//!
//! What can `app` open on `db`?
//!
//! 1. **Cut.** Rules 2 and 4 match all of `app`. Rule 3 begins at 10.0.0.128, so
//!    `app` falls into two classes:
//!
//!    ```text
//!    10.0.0.0/25    rules 2, 4
//!    10.0.0.128/25  rules 2, 3, 4
//!    ```
//! 2. **Add up**, for each class. Rule 2 lies within rule 3 and adds nothing to
//!    the second:
//!
//!    ```text
//!    10.0.0.0/25    TCP 22, 5432
//!    10.0.0.128/25  TCP 22, 5000-5999
//!    ```
//! 3. **Intersect** with what the other end admits, here rule 1, and with the
//!    addresses that the routes connect, here all of them (`engine`,
//!    `route`). The result is a [`Reach`] of two [`Region`]s:
//!
//!    ```text
//!    10.0.0.0/25    TCP 5432
//!    10.0.0.128/25  TCP 5000-5999
//!    ```
//! 4. **Judge.** TCP 5432 is *certain*: it passes between every two addresses.
//!    TCP 5000-5999 is *possible*: it passes between some. A flow is proven if
//!    its traffic is certain (`verdict`).
//! 5. **Subtract** what is documented. If that is TCP 5432 from `app` to `db`,
//!    one exposure is left (`exposure`), which rules 1 and 3 explain
//!    (`explain`):
//!
//!    ```text
//!    app at 10.0.0.128/25 → db  TCP 5000-5431, 5433-5999
//!    ```
//!
//! Source ports are cut in the same way, which matters to stateless rules: the
//! reply to a request goes to its source port, and needs a rule of its own.
//!
//! # What it costs
//!
//! Between two groups with *r* rules that concern each other there are at most
//! 2*r* cuts, so at most 2*r* + 1 classes, and each adds up at most *r* ranges:
//! *r*² at worst, times the classes of source ports, of which there is one unless
//! a rule names source ports or is stateless. How many addresses or ports a rule
//! matches plays no part.
//!
//! For exposures, groups that no rule tells apart are asked about once
//! (`equivalence`), and within a VCN only the pairs that an ingress rule of the
//! receiver makes possible (`candidates`), so that networks that do not touch
//! each other cost nothing together. What is left is quadratic in the classes of one VCN
//! that do reach each other. `cargo bench --bench prove` holds the growth.

mod answer;
mod candidates;
mod display;
mod engine;
mod equivalence;
mod explain;
mod exposure;
mod forward;
mod gravity;
mod idle;
mod judgement;
mod model;
pub mod network;
mod path;
mod policy;
mod question;
mod reach;
mod replies;
mod report;
mod route;
#[rustfmt::skip]
mod sensitive_ports;
mod sets;
mod twins;
mod verdict;

pub use answer::{Answer, AnswerPath, AnswerResult, answer};
pub use engine::Engine;
pub use exposure::{Certainty, Exposure, Severity, exposures};
pub use judgement::{FlowResult, Judgement, judge};
pub use model::{Concerns, Flow, Level, May, Model, Source, Unknown};
pub use path::{Forwarded, Hop, Obstacle, Path, Question, Way};
pub use question::{Asked, Misunderstood, ask};
pub use reach::{Address, Packet, Reach, Region};
pub use report::{ExposureLine, FORMAT_VERSION, FlowLine, Report, RuleLine, obstacle_text};
pub use sets::elsewhere;
pub use verdict::{Verdict, verdict, verdicts};

/// The example at the top of this module, step by step.
#[cfg(test)]
mod tests {
    use super::network::{Direction, Endpoint, Group, GroupKind, Layer, Network, Peer, SecurityRule, Subnet, Vcn};
    use super::network::{Ports, Traffic};
    use super::{Engine, Flow, Level, Model, Question, Source, Way, display, exposures, verdicts};
    use ipnet::Ipv4Net;
    use std::net::Ipv4Addr;

    const APP: Endpoint = Endpoint::Group(0);
    const DB: Endpoint = Endpoint::Group(1);

    const fn net(third: u8, fourth: u8, length: u8) -> Ipv4Net {
        Ipv4Net::new_assert(Ipv4Addr::new(10, 0, third, fourth), length)
    }

    const fn tcp(min: u16, max: u16) -> Traffic {
        Traffic::Tcp { source: Ports { min: 0, max: u16::MAX }, destination: Ports { min, max } }
    }

    fn rule(number: u8, direction: Direction, traffic: Traffic, peer: Ipv4Net) -> SecurityRule {
        SecurityRule {
            address: number.to_string(),
            direction,
            peer: Peer::Cidr(peer),
            traffic,
            stateless: false,
            description: String::new(),
            layer: Layer::SecurityList,
        }
    }

    fn model() -> Model {
        let subnet = |list: &str, cidr| Subnet {
            vcn: "vcn".to_owned(),
            cidr,
            security_lists: vec![list.to_owned()],
            public_ips: false,
            route_table: "table".to_owned(),
            routes: Vec::new(),
        };
        let group = |name: &str, cidr| Group {
            name: name.to_owned(),
            kind: GroupKind::Other,
            subnet: name.to_owned(),
            addresses: vec![cidr],
            nsgs: Vec::new(),
            public_ip: false,
            fronts: Vec::new(),
            candidate_of: None,
        };
        let (app, db) = (net(0, 0, 24), net(1, 0, 24));
        let at_app = vec![rule(1, Direction::Egress, tcp(1024, 65535), db)];
        let at_db = vec![
            rule(2, Direction::Ingress, tcp(5432, 5432), app),
            rule(3, Direction::Ingress, tcp(5000, 5999), net(0, 128, 25)),
            rule(4, Direction::Ingress, tcp(22, 22), Ipv4Net::default()),
        ];
        let network = Network {
            vcns: [("vcn".to_owned(), Vcn { cidrs: vec![net(0, 0, 16)] })].into(),
            subnets: [("app".to_owned(), subnet("app", app)), ("db".to_owned(), subnet("db", db))].into(),
            security_lists: [("app".to_owned(), at_app), ("db".to_owned(), at_db)].into(),
            groups: vec![group("app", app), group("db", db)],
            ..Network::default()
        };
        let flow = Flow {
            from: APP,
            to: DB,
            clients: None,
            traffic: tcp(5432, 5432),
            source: Source::Reference,
            level: Level::Required,
            purpose: "applications reach the database".into(),
        };
        Model { network, flows: vec![flow], ..Model::default() }
    }

    #[test]
    fn the_example_of_the_documentation() {
        let model = model();
        let engine = Engine::new(&model.network);
        let (app, db) = (engine.addresses(APP), engine.addresses(DB));

        // Cut and add up: the ingress policy of db towards app.
        let gate = engine.policy(DB).map(|policy| {
            let other = super::policy::OtherEnd { addresses: &app, nsgs: &[] };
            engine.gate(&policy.gate(Direction::Ingress, &other), &other, &super::sets::ALL_PORTS)
        });
        let mut classes: Vec<_> = gate
            .flatten()
            .into_iter()
            .flatten()
            .map(|(addresses, admitted)| {
                let admitted = admitted.iter().map(|(_, traffic)| display::traffic(traffic)).collect::<Vec<_>>();
                (display::addresses(&addresses).join(", "), admitted.join(", "))
            })
            .collect();
        classes.sort();
        let text = |addresses: &str, traffic: &str| (addresses.to_owned(), traffic.to_owned());
        assert_eq!(classes, [text("10.0.0.0/25", "TCP 22, 5432"), text("10.0.0.128/25", "TCP 22, 5000-5999")]);

        // Intersect: two regions.
        let reach = engine.reach(APP, DB);
        let mut regions: Vec<_> = reach
            .regions
            .iter()
            .map(|region| (display::addresses(&region.from).join(", "), display::traffic(&region.traffic)))
            .collect();
        regions.sort();
        assert_eq!(regions, [text("10.0.0.0/25", "TCP 5432"), text("10.0.0.128/25", "TCP 5000-5999")]);

        // Judge: what is certain, and what is possible.
        assert_eq!(display::traffic(&reach.certain(&app, &db)), "TCP 5432");
        assert_eq!(display::traffic(&reach.possible()), "TCP 5000-5999");
        let verdicts = verdicts(&engine, &model);
        assert!(verdicts.iter().all(super::Verdict::is_proven) && verdicts.len() == 1);

        // Subtract: the exposure, and the rules that explain it.
        let exposures = exposures(&engine, None, &model, &verdicts).lines;
        let found: Vec<_> = exposures
            .iter()
            .map(|exposure| {
                let senders = exposure.senders.iter().flat_map(display::addresses).collect::<Vec<_>>();
                let rules = exposure.egress.iter().chain(&exposure.ingress).map(|rule| rule.address.as_str());
                let ends = (exposure.from.as_slice(), exposure.to.as_slice());
                (ends, senders.join(", "), display::exposed(&exposure.traffic), rules.collect::<Vec<_>>())
            })
            .collect();
        let (senders, traffic) = text("10.0.0.128/25", "TCP 5000-5431, 5433-5999");
        assert_eq!(found, [((&[APP][..], &[DB][..]), senders, traffic, vec!["1", "3"])]);

        // And hop by hop, for one connection of the first class.
        let path = engine.path(&Question {
            from: APP,
            senders: [u64::from(u32::from(Ipv4Addr::new(10, 0, 0, 5)))].into_iter().collect(),
            to: DB,
            receivers: db,
            traffic: model.flows.iter().map(Flow::wanted).fold(super::sets::TrafficSet::new(), |sum, set| sum | set),
            is_answer: false,
        });
        assert!(matches!(path.way, Way::Local("vcn")) && !path.certain.is_empty());
    }
}
