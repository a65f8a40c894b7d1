//! What the audit makes of networks that the oracle knows, written in many of
//! the ways that Terraform users write them: of a state exactly what the oracle
//! says, of a plan never less than that as possible, and never more as certain.
//! `AUDIT_CASES=100000 cargo test --test it audit_property` looks longer.

use crate::oracle::probe::Probe;
use crate::oracle::run::runner;
use crate::oracle::world::networks;
use crate::oracle::{Address, decide, describe, reduce};
use crate::written::dice::Dice;
use crate::written::json;
use crate::written::stack::Stack;
use crate::written::world::{self, Fact, Things};
use crate::written::writer;
use cloudspells::audit::{Subject, read};
use cloudspells::prove::network::{Endpoint, Group, GroupKind, Network, Peer, SecurityRule, Subnet, Target};
use cloudspells::prove::{self, Concerns, Engine, May, Reach, Unknown};
use proptest::strategy::{Strategy as _, ValueTree as _};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// How many networks, unless `AUDIT_CASES` says.
fn cases(default: usize) -> usize {
    std::env::var("AUDIT_CASES").map_or(default, |text| text.parse().expect("AUDIT_CASES is a number"))
}

/// Packets that are asked about, in each network.
const PACKETS: usize = 120;

/// The packets of a network; always the same.
fn probes(network: &Network, dice: Dice) -> Vec<Probe> {
    let gene = |what: String| u8::try_from(dice.of(&what, 256)).expect("a byte");
    let probe = |at: usize| {
        let ends = [0, 1, 2].map(|index| gene(format!("end {} {index}", at / 12)));
        Probe::new(network, ends, [0, 1, 2, 3, 4, 5, 6, 7].map(|index| gene(format!("packet {at} {index}"))))
    };
    (0..PACKETS).map(probe).collect()
}

fn as_the_engine_has_it(probe: &Probe) -> prove::Packet {
    let address = |address| match address {
        Address::V4(address) => prove::Address::V4(address.into()),
        Address::ObjectStorage => prove::Address::ObjectStorage,
        Address::OtherService => prove::Address::OtherService,
    };
    let crate::oracle::Packet { from, to, protocol, source_port, port } = probe.packet;
    prove::Packet { from: address(from), to: address(to), source_port, protocol, port }
}

/// Who reaches whom in a network of the audit's.
struct Reached<'n> {
    engine: Engine<'n>,
    found: RefCell<BTreeMap<(Endpoint, Endpoint), Reach>>,
}

impl<'n> Reached<'n> {
    fn new(network: &'n Network) -> Self {
        Self { engine: Engine::new(network), found: RefCell::default() }
    }

    fn passes(&self, from: Endpoint, to: Endpoint, packet: &prove::Packet) -> bool {
        let mut found = self.found.borrow_mut();
        found.entry((from, to)).or_insert_with(|| self.engine.reach(from, to)).contains(packet)
    }
}

/// The audit's groups that may be one of the oracle's.
fn counterparts(truth: &Network, addresses: &BTreeMap<String, String>, subject: &Subject) -> Vec<Vec<usize>> {
    let of = |group: &Group| {
        let thing = if group.kind == GroupKind::Other { &group.subnet } else { &group.name };
        let name = &addresses[thing];
        let is_it = |other: &Group| {
            other.kind == group.kind
                && (other.name == *name
                    || other.candidate_of.as_ref() == Some(name)
                    || other.name.starts_with(&format!("{name} in "))
                    || other.name.starts_with(&format!("{name} with ")))
        };
        let groups = subject.network.groups.iter().enumerate();
        groups.filter(|(_, other)| is_it(other)).map(|(at, _)| at).collect()
    };
    truth.groups.iter().map(of).collect()
}

struct Audited<'a> {
    truth: &'a Network,
    subject: &'a Subject,
    /// The VCN of each resource that is of one, by its address.
    vcns: BTreeMap<String, String>,
    /// Whether nothing of it exists before the apply.
    is_new: bool,
    ends: Vec<Vec<usize>>,
    network: Reached<'a>,
    widest: Option<Reached<'a>>,
}

impl<'a> Audited<'a> {
    fn new(subject: &'a Subject, case: &'a Case) -> Self {
        let addresses = json::addresses(&case.stack);
        let vcns =
            addresses.iter().filter_map(|(thing, address)| Some((address.clone(), home(thing, &case.stack.things)?)));
        Self {
            truth: &case.truth,
            subject,
            vcns: vcns.collect(),
            is_new: case.stack.exists.is_empty(),
            ends: counterparts(&case.truth, &addresses, subject),
            network: Reached::new(&subject.network),
            widest: subject.widest.as_ref().map(Reached::new),
        }
    }

    fn of(&self, end: Endpoint) -> Vec<Endpoint> {
        match end {
            Endpoint::Group(at) => self.ends[at].iter().copied().map(Endpoint::Group).collect(),
            other => vec![other],
        }
    }

    fn is_candidate(&self, end: Endpoint) -> bool {
        matches!(end, Endpoint::Group(at) if self.subject.network.groups[at].candidate_of.is_some())
    }

    /// The candidates of both ends, in pairs.
    fn pairs(&self, probe: &Probe) -> Vec<(Endpoint, Endpoint)> {
        let to = self.of(probe.to);
        self.of(probe.from).into_iter().flat_map(|from| to.iter().map(move |to| (from, *to))).collect()
    }

    /// Whether it says that a packet passes, whatever is not known: between
    /// ends that are certain, or between all that they may be.
    fn is_certain(&self, probe: &Probe) -> bool {
        let (packet, pairs) = (as_the_engine_has_it(probe), self.pairs(probe));
        let passes = |(from, to): &(Endpoint, Endpoint)| self.network.passes(*from, *to, &packet);
        let in_widest = |(from, to): &(Endpoint, Endpoint)| {
            self.widest.as_ref().is_none_or(|widest| widest.passes(*from, *to, &packet))
        };
        let is_certain = |(from, to): &(Endpoint, Endpoint)| !self.is_candidate(*from) && !self.is_candidate(*to);
        (pairs.iter().any(|pair| is_certain(pair) && passes(pair))
            || !pairs.is_empty() && pairs.iter().all(|pair| passes(pair) && in_widest(pair)))
            && self.may(probe, May::Close).is_empty()
    }

    /// Whether it says that a packet passes, or may pass.
    fn is_possible(&self, probe: &Probe) -> bool {
        let (packet, pairs) = (as_the_engine_has_it(probe), self.pairs(probe));
        let passes = |one: &Reached<'_>| pairs.iter().any(|(from, to)| one.passes(*from, *to, &packet));
        passes(&self.network) || self.widest.as_ref().is_some_and(passes)
    }

    /// What is not known and may open, or close, a way for a packet.
    fn may(&self, probe: &Probe, what: May) -> BTreeSet<&Unknown> {
        let ends = [probe.from, probe.to].into_iter().flat_map(|end| self.of(end));
        // Of an end that was not found only what concerns everything is said.
        let about = ends.map(Some).chain([None]).flat_map(|end| self.concerned(end));
        about.filter(|one| (one.may == what || one.may == May::Either) && self.is_near(one, probe, what)).collect()
    }

    /// Whether something that is not known is about a VCN of one of the ends: in
    /// truth, whatever it says that it concerns.
    fn is_near(&self, unknown: &Unknown, probe: &Probe, what: May) -> bool {
        // Where nothing exists yet, no list has an id that is written out, and
        // whatever an attribute names is among what is here.
        let is_of_ids = unknown.attribute.ends_with("_ids") && !unknown.why.starts_with("if it ");
        if self.is_new && is_of_ids && what == May::Open {
            return false;
        }
        let Some(vcn) = self.vcns.get(&unknown.address) else { return true };
        let of = |end| match end {
            Endpoint::Group(at) => Some(&self.truth.subnets[&self.truth.groups[at].subnet].vcn),
            Endpoint::Internet | Endpoint::Services => None,
        };
        [probe.from, probe.to].into_iter().filter_map(of).any(|home| home == vcn)
    }

    /// What is not known about an end. Nothing but VCNs is attached to a DRG
    /// here, so that this is no excuse.
    fn concerned(&self, end: Option<Endpoint>) -> Vec<&Unknown> {
        let network = &self.subject.network;
        let is_about = |unknown: &&Unknown| match (&unknown.concerns, end) {
            (Concerns::Everything, _) => !(unknown.attribute == "id" && unknown.address.contains("oci_core_drg.")),
            (_, None | Some(Endpoint::Internet | Endpoint::Services)) => false,
            (Concerns::Group(name), Some(Endpoint::Group(at))) => {
                let group = &network.groups[at];
                group.name == *name || group.candidate_of.as_ref() == Some(name)
            }
            (Concerns::Subnet(key), Some(Endpoint::Group(at))) => {
                let subnet = &network.groups[at].subnet;
                subnet == key || subnet.split_once(" with ").is_some_and(|(subnet, _)| subnet == key)
            }
            (Concerns::Vcn(key), Some(Endpoint::Group(at))) => network.subnets[&network.groups[at].subnet].vcn == *key,
        };
        self.subject.unknowns.iter().filter(is_about).collect()
    }
}

/// The VCN that a thing is a part of.
fn home(thing: &str, things: &Things) -> Option<String> {
    let mut all: Vec<_> = things[thing].facts.iter().collect();
    if things[thing].kind.starts_with("oci_core_drg") {
        return None;
    }
    while let Some((_, fact)) = all.pop() {
        match fact {
            Fact::Id((other, _)) if things[other].kind == "oci_core_vcn" => return Some(other.clone()),
            Fact::Id((other, _))
                if things[thing].kind.ends_with("_rule") || things[thing].kind.ends_with("_instance") =>
            {
                return home(other, things);
            }
            Fact::Blocks(blocks) => all.extend(blocks.iter().flatten()),
            _ => {}
        }
    }
    None
}

/// A network, and one way to write it.
struct Case {
    truth: Network,
    stack: Stack,
    dice: Dice,
}

impl Case {
    fn new(truth: &Network, dice: Dice) -> Self {
        let stack = writer::write(world::things(truth, dice), dice);
        Self { truth: truth.clone(), stack, dice }
    }

    fn plan(&self) -> serde_json::Value {
        json::plan(&self.stack, self.dice)
    }

    fn state(&self) -> serde_json::Value {
        json::state(&self.stack)
    }
}

fn subject(json: &serde_json::Value) -> Subject {
    read(&json.to_string()).unwrap_or_else(|problem| panic!("{problem}"))
}

/// What the audit of a state says that the oracle does not.
fn wrong_of_state(case: &Case, probes: &[Probe]) -> Option<(Probe, String)> {
    let subject = subject(&case.state());
    let audited = Audited::new(&subject, case);
    let is_wrong = |probe: &&Probe| {
        let passes = decide(&case.truth, probe.from, probe.to, &probe.packet).is_ok();
        audited.is_certain(probe) != passes
            || audited.is_possible(probe) != passes
            || !audited.may(probe, May::Open).is_empty()
    };
    let wrong = probes.iter().find(is_wrong)?;
    Some((*wrong, format!("{:#?}", audited.may(wrong, May::Open))))
}

/// How often the audit was sure of what.
#[derive(Debug, Default)]
struct Tally {
    /// Packets that pass: how many of them are certain, how many possible, and
    /// how many neither, but something that is not known may let them.
    certain: usize,
    possible: usize,
    excused: usize,
    /// Packets that don't, as far as it was asked: how many certainly don't.
    stopped: usize,
    closed: usize,
    reasons: BTreeMap<String, usize>,
}

/// What the audit of a plan says that is not so.
fn wrong_of_plan(case: &Case, probes: &[Probe], tally: &mut Tally) -> Option<(Probe, String)> {
    let subject = subject(&case.plan());
    let audited = Audited::new(&subject, case);
    for (at, probe) in probes.iter().enumerate() {
        let passes = decide(&case.truth, probe.from, probe.to, &probe.packet).is_ok();
        let is_certain = audited.is_certain(probe);
        if is_certain && !passes {
            return Some((*probe, format!("the audit is certain that it passes; {:#?}", subject.unknowns)));
        }
        if !passes {
            // What it says of the others takes longer.
            if at % 16 == 0 {
                tally.stopped += 1;
                let is_closed = audited.may(probe, May::Open).is_empty() && !audited.is_possible(probe);
                tally.closed += usize::from(is_closed);
            }
        } else if is_certain {
            tally.certain += 1;
        } else if audited.is_possible(probe) {
            tally.possible += 1;
        } else {
            let excuses = audited.may(probe, May::Open);
            if excuses.is_empty() {
                return Some((*probe, format!("the audit says no word of it; {:#?}", subject.unknowns)));
            }
            tally.excused += 1;
            for one in excuses {
                let kind = one.address.split('.').find(|part| part.starts_with("oci_")).unwrap_or_default();
                let attribute: String = one.attribute.chars().filter(|c| !c.is_ascii_digit()).collect();
                *tally.reasons.entry(format!("{kind} {attribute}")).or_default() += 1;
            }
        }
    }
    None
}

type Wrong = fn(&Case, &[Probe]) -> Option<(Probe, String)>;

/// Whether everything that is named is there.
fn is_whole(network: &Network) -> bool {
    let targets = |subnet: &Subnet| {
        subnet.routes.iter().all(|route| match &route.target {
            Target::Peering(vcn) => network.vcns.contains_key(vcn),
            Target::Drg(drg) => network.drgs[drg].iter().all(|vcn| network.vcns.contains_key(vcn)),
            _ => true,
        })
    };
    let peer = |rule: &SecurityRule| match &rule.peer {
        Peer::Nsg(nsg) => network.nsgs.contains_key(nsg),
        _ => true,
    };
    network.subnets.values().all(|subnet| !subnet.security_lists.is_empty() && targets(subnet))
        && network.nsgs.values().flatten().all(peer)
        && network.groups.iter().all(|group| !group.addresses.is_empty())
        && network.drgs.values().flatten().all(|vcn| network.vcns.contains_key(vcn))
}

/// Takes away what a finding does not need, and says what is left.
fn report(truth: &Network, seed: u64, probe: Probe, wrong: Wrong, json: fn(&Case) -> serde_json::Value) -> ! {
    let ends = [probe.from, probe.to];
    let still = |network: &Network| is_whole(network) && wrong(&Case::new(network, Dice(seed)), &[probe]).is_some();
    let smallest = reduce::smallest(truth, ends, still);
    let case = Case::new(&smallest, Dice(seed));
    let (_, why) = wrong(&case, &[probe]).expect("still wrong");
    let text = serde_json::to_string_pretty(&json(&case)).expect("JSON");
    if let Ok(path) = std::env::var("AUDIT_FINDING") {
        std::fs::write(path, &text).expect("can be written");
    }
    panic!(
        "seed {seed}\n{}\n{}\n{why}\n(AUDIT_FINDING=FILE writes the JSON of {} bytes)",
        describe::network(&smallest),
        describe::probe(&probe),
        text.len()
    );
}

/// Networks with their seeds; always the same.
fn sample(count: usize, mut each: impl FnMut(&Network, Dice)) {
    let mut runner = runner(0);
    let strategy = networks();
    for seed in 0..count {
        let raw = strategy.new_tree(&mut runner).expect("a network").current();
        let dice = Dice(u64::try_from(seed).expect("fits"));
        each(&world::normal(&raw, dice), dice);
    }
}

#[test]
fn of_a_state_the_audit_says_what_the_oracle_does() {
    sample(cases(300), |truth, dice| {
        let case = Case::new(truth, dice);
        if let Some((probe, _)) = wrong_of_state(&case, &probes(truth, dice)) {
            report(truth, dice.0, probe, wrong_of_state, Case::state);
        }
    });
}

#[test]
fn of_a_plan_the_audit_never_says_less_than_possible_nor_more_than_certain() {
    let mut tally = Tally::default();
    sample(cases(600), |truth, dice| {
        let case = Case::new(truth, dice);
        if let Some((probe, _)) = wrong_of_plan(&case, &probes(truth, dice), &mut tally) {
            let alone: Wrong = |case, probes| wrong_of_plan(case, probes, &mut Tally::default());
            report(truth, dice.0, probe, alone, Case::plan);
        }
    });
    // Shown with `--nocapture`.
    println!("{tally:#?}");
    let passed = tally.certain + tally.possible + tally.excused;
    // Else an audit that is never sure would pass, and one that always excuses
    // itself.
    assert!(tally.excused * 8 < passed, "{tally:#?}");
    assert!(tally.certain * 6 > passed, "{tally:#?}");
    assert!(tally.closed * 6 > tally.stopped, "{tally:#?}");
}

/// Without this the plans could all be written in one way.
#[test]
fn the_plans_are_written_in_many_ways() {
    const PLANS: usize = 100;
    const FORMS: [&str; 16] = [
        "\"address\":\"module.net\"",
        "\"address\":\"module.guard[0]\"",
        "\"module.hosts.",
        "\"each.key\"",
        "\"each.value.route_table_id\"",
        "\"count.index\"",
        "\"local.",
        "\"var.no\",\"",
        "\"data.oci_core_services.all.services[",
        "\"terraform_data.later.output\"",
        "\"route_rules\":true",
        "\"ingress_security_rules\":true",
        "oci_core_default_security_list.",
        "oci_core_default_route_table.",
        "default_security_list_id\"]",
        "\"actions\":[\"no-op\"]",
    ];
    let mut counts = [0; FORMS.len()];
    sample(PLANS, |truth, dice| {
        let text = Case::new(truth, dice).plan().to_string();
        for (form, count) in FORMS.iter().zip(&mut counts) {
            *count += usize::from(text.contains(form));
        }
    });
    let counts: Vec<_> = FORMS.iter().zip(counts).collect();
    println!("{counts:#?}");
    assert!(counts.iter().all(|(_, count)| *count * 50 >= PLANS), "{counts:#?}");
}
