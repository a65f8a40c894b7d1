//! Phase one: every spell adds what it brings, and nobody sees a rule.

use super::allowance::{self, Allowance};
use super::capacity::{self, Demand};
use super::relation::Relation;
use super::rule::{Peer, Rule, Setting};
use super::{Absent, Nsg, NsgId, Site, Subnet, Tenancy, Topology, Vcn, VcnId};
use crate::diagnostic::{At, Diagnostic, Diagnostics, Span};
use crate::facts::limits;
use crate::name::Name;
use crate::role::Role;
use crate::rule::{Baseline, Direction, List, NsgTables, Traffic};
use crate::symbols::{Reference, Symbols};
use crate::tier::Tier;
use ipnet::Ipv4Net;
use std::collections::{BTreeMap, BTreeSet};

/// What spells have added so far. None of it needs another spell to have been
/// there before: what they refer to is found by its name.
#[derive(Debug)]
pub struct Draft<'a> {
    symbols: &'a Symbols,
    assumed_profile: Option<&'static str>,
    vcns: BTreeMap<VcnId, VcnDraft>,
    tenants: BTreeMap<VcnId, Vec<Tenant>>,
    claims: BTreeMap<String, Span>,
    allowances: Vec<Allowance>,
}

#[derive(Debug)]
struct VcnDraft {
    name: At<Name>,
    compartment: String,
    cidr: Option<Ipv4Net>,
    own: OwnBaseline,
}

/// The rules that a VCN has of its own.
#[derive(Debug)]
pub struct OwnBaseline {
    pub baseline: &'static Baseline,
    /// Where the spec asks for them; what nobody asked for gives way to what is
    /// in the VCN.
    pub said: Option<Span>,
}

/// A spell whose VNICs are in a VCN, and what it brings there.
#[derive(Debug)]
pub struct Tenant {
    pub name: At<Name>,
    /// The type of its block: spells judge those of their own.
    pub kind: &'static str,
    /// The spell in a message: `cluster "k8s"`.
    pub title: String,
    /// The clients that its tables speak of.
    pub clients: Vec<Ipv4Net>,
    /// The rules of the VCN that it relies on. None if on no more than another
    /// spell does.
    pub baseline: Option<&'static Baseline>,
    /// What it adds to the VCN's security lists.
    pub lists: Vec<List>,
    pub nsgs: Vec<NsgTables>,
    /// What public network load balancers may forward to a role, with the
    /// addresses of their clients.
    pub forwarded: Option<(&'static Role, Vec<Traffic>)>,
    /// A role that spells of its kind have and it has not.
    pub absent: Option<Absent>,
    /// The role that opens the connections of a `serves` which names none, and
    /// the one that takes those of a `served_by`: of a spell with several.
    pub opener: Option<&'static Role>,
    pub receiver: Option<&'static Role>,
    /// Whom it connects to, and who connects to it.
    pub relations: Vec<Relation>,
    pub demands: Vec<Demand>,
    /// What to write where the lists of the VCN get too long.
    pub relief: &'static str,
}

impl<'a> Draft<'a> {
    /// With `assumed_profile` every spell that has a security profile of that
    /// name is taken to have chosen it: to know what that would change.
    pub fn new(symbols: &'a Symbols, assumed_profile: Option<&'static str>) -> Self {
        Self {
            symbols,
            assumed_profile,
            vcns: BTreeMap::new(),
            tenants: BTreeMap::new(),
            claims: BTreeMap::new(),
            allowances: Vec::new(),
        }
    }

    pub const fn assumed_profile(&self) -> Option<&'static str> {
        self.assumed_profile
    }

    /// `cidr` is none where the spec's is wrong: the VCN is there all the same.
    pub fn add_vcn(&mut self, name: &At<Name>, compartment: String, cidr: Option<Ipv4Net>, own: OwnBaseline) {
        let draft = VcnDraft { name: name.clone(), compartment, cidr, own };
        self.vcns.insert(VcnId(name.value.clone()), draft);
    }

    /// The VCN that a spell is in; see [`Symbols::home`].
    pub fn find_vcn(
        &self,
        reference: Option<&At<Reference<VcnId>>>,
        what: &str,
        of: &At<Name>,
    ) -> Result<VcnId, Diagnostic> {
        self.symbols.home(reference, what, of)
    }

    pub fn add_tenant(&mut self, vcn: VcnId, tenant: Tenant) {
        self.tenants.entry(vcn).or_default().push(tenant);
    }

    pub fn add_allowance(&mut self, allowance: Allowance) {
        self.allowances.push(allowance);
    }

    /// Takes something that only one spell can have, such as a file's path.
    /// Gives where it was taken before.
    pub fn claim(&mut self, what: &str, span: Span) -> Option<Span> {
        self.claims.insert(what.to_owned(), span)
    }

    /// Where a VCN is named, and its addresses if they are known.
    pub fn vcn(&self, vcn: &VcnId) -> Option<(&At<Name>, Option<Ipv4Net>)> {
        self.vcns.get(vcn).map(|draft| (&draft.name, draft.cidr))
    }

    /// The rules that a VCN has of its own.
    pub fn own_baseline(&self, vcn: &VcnId) -> Option<&OwnBaseline> {
        self.vcns.get(vcn).map(|draft| &draft.own)
    }

    /// Who is in a VCN, once every spell has contributed.
    pub fn tenants(&self, vcn: &VcnId) -> &[Tenant] {
        self.tenants.get(vcn).map(Vec::as_slice).unwrap_or_default()
    }

    /// Ends phase one: cuts the subnets, resolves each row, merges equal
    /// rules, checks the sums.
    pub fn finalize(self, diagnostics: &mut Diagnostics) -> Topology {
        self.check_overlap(diagnostics);
        self.check_names(diagnostics);
        let mut topology = Topology::default();
        for (id, draft) in &self.vcns {
            let Some(cidr) = draft.cidr else { continue };
            let tenants = self.tenants(id);
            let vcn = draft.cut(cidr, tenants);
            capacity::check(&draft.name, cidr, tenants.iter().flat_map(|tenant| &tenant.demands), diagnostics);
            topology.vcns.insert(id.clone(), vcn);
            for tenant in tenants {
                topology.homes.insert(tenant.name.value.clone(), tenant.tenancy(id, cidr));
            }
        }
        let relations: Vec<_> = self.tenants.values().flatten().flat_map(|tenant| &tenant.relations).cloned().collect();
        allowance::settle(&self.allowances, &relations, self.symbols, &mut topology, diagnostics);
        for (id, draft) in &self.vcns {
            draft.check_rule_counts(id, &topology, self.tenants(id), diagnostics);
        }
        self.check_nsg_counts(&topology, diagnostics);
        topology
    }

    /// What has NSGs is known by its name alone, whatever spell it is.
    fn check_names(&self, diagnostics: &mut Diagnostics) {
        let mut tenants: Vec<_> = self.tenants.values().flatten().collect();
        tenants.sort_by_key(|tenant| tenant.name.span.start);
        let mut seen: BTreeMap<String, &Tenant> = BTreeMap::new();
        for tenant in tenants {
            let first = *seen.entry(tenant.name.value.identifier()).or_insert(tenant);
            // Of one kind the spec's reader has said it.
            if first.kind != tenant.kind {
                let message = format!("{} and {} have one name", first.title, tenant.title);
                diagnostics.push(
                    Diagnostic::error(tenant.name.span.clone(), message)
                        .label("this name is taken")
                        .related(first.name.span.clone(), "first used here")
                        .help("give one of them another name: NSGs and roles are named after it"),
                );
            }
        }
    }

    /// Only what is allowed beyond the tables can make too many: who asks for it
    /// is named, with how many rules each.
    fn check_nsg_counts(&self, topology: &Topology, diagnostics: &mut Diagnostics) {
        for tenant in self.tenants.values().flatten() {
            let nsgs = topology.homes.get(&tenant.name.value).map(|home| home.nsgs.as_slice()).unwrap_or_default();
            for nsg in nsgs.iter().filter(|nsg| nsg.rules().count() > limits::RULES_PER_NSG) {
                let (role, rules, most) = (nsg.id.role.word, nsg.rules().count(), limits::RULES_PER_NSG);
                let name = &tenant.name;
                let message =
                    format!("the {role} NSG of \"{}\" would have {rules} rules; OCI allows {most}", name.value);
                let adding = topology.adding_to(&Site::Nsg(nsg.id.clone()));
                let mut adding = adding.into_iter().take(MOST_NAMED);
                let Some((count, first)) = adding.next() else { continue };
                let mut diagnostic = Diagnostic::error(first.clone(), message)
                    .label(added(count))
                    .related(name.span.clone(), &tenant.title)
                    .help("each port or range is a rule at each end: write ranges, such as \"8000-8100\"");
                for (count, span) in adding {
                    diagnostic = diagnostic.related(span.clone(), added(count));
                }
                diagnostics.push(diagnostic);
            }
        }
    }

    /// Two VCNs with common addresses work, but can't be peered.
    fn check_overlap(&self, diagnostics: &mut Diagnostics) {
        let mut vcns: Vec<_> = self.vcns.values().filter_map(|vcn| Some((vcn.cidr?, &vcn.name))).collect();
        vcns.sort_by_key(|(cidr, name)| (cidr.network(), cidr.prefix_len(), name.span.start));
        let mut overlapping = vcns.iter().zip(vcns.iter().skip(1)).filter(|((a, _), (b, _))| a.contains(b));
        let Some(((cidr, first), (_, second))) = overlapping.next() else { return };
        // A neighbour in this order that overlaps is enough to warn; how many
        // pairs there are is not counted.
        let others = if overlapping.next().is_some() { ", and so do others" } else { "" };
        diagnostics.push(
            Diagnostic::warning(
                second.span.clone(),
                format!("vcn \"{}\" and vcn \"{}\" have addresses in common{others}", second.value, first.value),
            )
            .label("can't be peered")
            .related(first.span.clone(), format!("with this one, {cidr}"))
            .help("give each VCN a `cidr_block` of its own, if they may ever have to talk"),
        );
    }
}

impl Tenant {
    /// A spell that brings nothing yet. `kind` is the type of its block, `word`
    /// what it is called in messages.
    pub fn new(name: &At<Name>, kind: &'static str, word: &str) -> Self {
        Self {
            name: name.clone(),
            kind,
            title: format!("{word} \"{}\"", name.value),
            clients: Vec::new(),
            baseline: None,
            lists: Vec::new(),
            nsgs: Vec::new(),
            forwarded: None,
            absent: None,
            opener: None,
            receiver: None,
            relations: Vec::new(),
            demands: Vec::new(),
            relief: "give it a VCN of its own",
        }
    }

    fn setting(&self, vcn: Ipv4Net) -> Setting<'_> {
        Setting { vcn, clients: &self.clients, owner: &self.name.value }
    }

    fn tenancy(&self, id: &VcnId, vcn: Ipv4Net) -> Tenancy {
        Tenancy {
            vcn: id.clone(),
            kind: self.kind,
            nsgs: self.nsgs(vcn),
            forwarded: self.forwarded.clone(),
            absent: self.absent.clone(),
            opener: self.opener,
            receiver: self.receiver,
        }
    }

    fn nsgs(&self, vcn: Ipv4Net) -> Vec<Nsg> {
        let setting = self.setting(vcn);
        let nsg = |tables: &NsgTables| Nsg {
            id: NsgId { owner: self.name.value.clone(), role: tables.role },
            tiers: Tier::EVERY.into_iter().filter(|tier| tables.tiers.contains(tier)).collect(),
            ingress: setting.rules(&tables.ingress).collect(),
            egress: setting.rules(&tables.egress).collect(),
        };
        self.nsgs.iter().map(nsg).collect()
    }
}

impl VcnDraft {
    fn cut(&self, cidr: Ipv4Net, tenants: &[Tenant]) -> Vcn {
        let mut subnets = Tier::EVERY.map(|tier| Subnet {
            tier,
            cidr: tier.subnet_of(cidr),
            ingress: Vec::new(),
            egress: Vec::new(),
        });
        let mut seen = Seen::new();
        let own = Setting { vcn: cidr, clients: &[], owner: &self.name.value };
        for baseline in self.baselines(tenants) {
            add_lists(&mut subnets, baseline.lists, &own, &mut seen);
        }
        for tenant in tenants {
            add_lists(&mut subnets, &tenant.lists, &tenant.setting(cidr), &mut seen);
        }
        Vcn { compartment: self.compartment.clone(), cidr, baseline: self.own.baseline.word, subnets: subnets.into() }
    }

    /// Rules add up: the VCN has every baseline that one of its tenants relies
    /// on, and its own where the spec asks for it or none relies on any.
    fn baselines(&self, tenants: &[Tenant]) -> Vec<&'static Baseline> {
        let mut relied_on: Vec<&Baseline> = Vec::new();
        let own = self.own.said.is_some().then_some(self.own.baseline);
        for baseline in own.into_iter().chain(tenants.iter().filter_map(|tenant| tenant.baseline)) {
            if !relied_on.iter().any(|other| other.word == baseline.word) {
                relied_on.push(baseline);
            }
        }
        if relied_on.is_empty() { vec![self.own.baseline] } else { relied_on }
    }

    fn check_rule_counts(&self, id: &VcnId, topology: &Topology, tenants: &[Tenant], diagnostics: &mut Diagnostics) {
        let Some(vcn) = topology.vcns.get(id) else { return };
        for subnet in &vcn.subnets {
            for (direction, rules) in [("ingress", &subnet.ingress), ("egress", &subnet.egress)] {
                if rules.len() <= limits::RULES_PER_SECURITY_LIST {
                    continue;
                }
                let message = format!(
                    "the {} security list of vcn \"{}\" would have {} {direction} rules; OCI allows {}",
                    subnet.tier.word(),
                    self.name.value,
                    rules.len(),
                    limits::RULES_PER_SECURITY_LIST
                );
                let mut diagnostic = Diagnostic::error(self.name.span.clone(), message);
                for tenant in tenants {
                    diagnostic = diagnostic.related(tenant.name.span.clone(), &tenant.title).help(tenant.relief);
                }
                let adding = topology.adding_to(&Site::Tier(id.clone(), subnet.tier));
                for (count, span) in adding.iter().take(MOST_NAMED) {
                    diagnostic = diagnostic.related((*span).clone(), added(*count));
                }
                diagnostics.push(diagnostic);
            }
        }
    }
}

/// Contributors of rules that a message names.
const MOST_NAMED: usize = 4;

fn added(count: usize) -> String {
    format!("asks for {count} of them")
}

/// The rules that a VCN's lists have.
type Seen = BTreeSet<(Tier, Direction, Traffic, Peer)>;

/// Adds the rules of some tables to their lists. Two spells may bring the same
/// rule, and OCI keeps it once: the first stays.
fn add_lists(subnets: &mut [Subnet], lists: &[List], setting: &Setting<'_>, seen: &mut Seen) {
    for list in lists {
        let Some(subnet) = subnets.iter_mut().find(|subnet| subnet.tier == list.tier) else { continue };
        let rules = match list.direction {
            Direction::Ingress => &mut subnet.ingress,
            Direction::Egress => &mut subnet.egress,
        };
        let is_new = |rule: &Rule| seen.insert((list.tier, list.direction, rule.traffic, rule.peer.unnamed()));
        rules.extend(setting.rules(&list.rows).filter(is_new));
    }
}
