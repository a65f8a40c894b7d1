//! The resources that exist, by OCID. Knows how they come and go, not what is
//! right for any of them.

use serde_json::{Value, json};

use crate::Config;
use crate::body::{default, text};
use crate::engine::work::{WorkRequest, child};
use crate::jobs::Job;
use crate::refusals::{NOT_FOUND, RELATED_NOT_FOUND, Refusal};
use crate::wire::Body;

/// What a resource is: its collection in a path, and its word in an OCID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Vcn,
    DhcpOptions,
    InternetGateway,
    NatGateway,
    ServiceGateway,
    RouteTable,
    SecurityList,
    Subnet,
    Nsg,
    Cluster,
    NodePool,
    VirtualNodePool,
    Addon,
    Instance,
    Vnic,
    BootVolume,
    Volume,
    VolumeAttachment,
    PolicyAssignment,
    InstanceConfiguration,
    InstancePool,
    AutoScaling,
    LoadBalancer,
    NetworkLoadBalancer,
}

impl Kind {
    /// In the order in which a stack makes them.
    pub const ALL: [Self; 24] = [
        Self::Vcn,
        Self::DhcpOptions,
        Self::InternetGateway,
        Self::NatGateway,
        Self::ServiceGateway,
        Self::RouteTable,
        Self::SecurityList,
        Self::Subnet,
        Self::Nsg,
        Self::Cluster,
        Self::NodePool,
        Self::VirtualNodePool,
        Self::Addon,
        Self::Instance,
        Self::Vnic,
        Self::BootVolume,
        Self::Volume,
        Self::VolumeAttachment,
        Self::PolicyAssignment,
        Self::InstanceConfiguration,
        Self::InstancePool,
        Self::AutoScaling,
        Self::LoadBalancer,
        Self::NetworkLoadBalancer,
    ];

    pub fn collection(self) -> &'static str {
        match self {
            Self::Vcn => "vcns",
            Self::DhcpOptions => "dhcpOptions",
            Self::InternetGateway => "internetGateways",
            Self::NatGateway => "natGateways",
            Self::ServiceGateway => "serviceGateways",
            Self::RouteTable => "routeTables",
            Self::SecurityList => "securityLists",
            Self::Subnet => "subnets",
            Self::Nsg => "networkSecurityGroups",
            Self::Cluster => "clusters",
            Self::NodePool => "nodePools",
            Self::VirtualNodePool => "virtualNodePools",
            Self::Addon => "addons",
            Self::Instance => "instances",
            Self::Vnic => "vnics",
            Self::BootVolume => "bootVolumes",
            Self::Volume => "volumes",
            Self::VolumeAttachment => "volumeAttachments",
            Self::PolicyAssignment => "volumeBackupPolicyAssignments",
            Self::InstanceConfiguration => "instanceConfigurations",
            Self::InstancePool => "instancePools",
            Self::AutoScaling => "autoScalingConfigurations",
            Self::LoadBalancer => "loadBalancers",
            Self::NetworkLoadBalancer => "networkLoadBalancers",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Vcn => "vcn",
            Self::DhcpOptions => "dhcpoptions",
            Self::InternetGateway => "internetgateway",
            Self::NatGateway => "natgateway",
            Self::ServiceGateway => "servicegateway",
            Self::RouteTable => "routetable",
            Self::SecurityList => "securitylist",
            Self::Subnet => "subnet",
            Self::Nsg => "networksecuritygroup",
            Self::Cluster => "cluster",
            Self::NodePool => "nodepool",
            Self::VirtualNodePool => "virtualnodepool",
            Self::Addon => "addon",
            Self::Instance => "instance",
            Self::Vnic => "vnic",
            Self::BootVolume => "bootvolume",
            Self::Volume => "volume",
            Self::VolumeAttachment => "volumeattachment",
            Self::PolicyAssignment => "volumebackuppolicyassignment",
            Self::InstanceConfiguration => "instanceconfiguration",
            Self::InstancePool => "instancepool",
            Self::AutoScaling => "autoscalingconfiguration",
            Self::LoadBalancer => "loadbalancer",
            Self::NetworkLoadBalancer => "networkloadbalancer",
        }
    }
}

/// One resource.
#[derive(Debug, Clone)]
pub struct Resource {
    pub kind: Kind,
    pub id: String,
    pub body: Body,
    pub etag: u64,
    /// Reads that still see the state of transition, and the state after it.
    pub settles: Option<(u32, &'static str)>,
    /// Deleted, and how many more reads still find it.
    pub gone: Option<u32>,
    /// An NSG's rules: they are no member of its document.
    pub rules: Vec<Body>,
    /// The resource that it came with and goes with, such as a VNIC's instance.
    pub owner: Option<String>,
}

impl Resource {
    pub fn alive(&self) -> bool {
        self.gone.is_none()
    }

    pub fn vcn(&self) -> &str {
        text(&self.body, "vcnId").unwrap_or(&self.id)
    }
}

/// Everything there is.
pub struct Cloud {
    pub config: Config,
    pub resources: Vec<Resource>,
    pub work_requests: Vec<WorkRequest>,
    /// Work requests of the other APIs.
    pub jobs: Vec<Job>,
    /// Backends that a pool registered: pool, load balancer, backend set, name.
    pub registered: Vec<[String; 4]>,
    /// Dates of OCI's own images, of which some are newer than others.
    pub image_dates: Vec<String>,
    /// The next work that is begun fails: a fault.
    pub fail_next_work: bool,
    /// Names of the refusals so far.
    pub tripped: Vec<&'static str>,
    counter: u64,
}

impl Cloud {
    pub fn new(config: Config) -> Self {
        Self {
            config,
            resources: Vec::new(),
            work_requests: Vec::new(),
            jobs: Vec::new(),
            registered: Vec::new(),
            image_dates: crate::compute::image::DATES.map(str::to_owned).to_vec(),
            fail_next_work: false,
            tripped: Vec::new(),
            counter: 0,
        }
    }

    /// The next number: of an OCID, an etag, a request.
    pub fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// An OCID that no other resource has.
    pub fn ocid(&mut self, word: &str) -> String {
        let number = self.next();
        format!("ocid1.{word}.oc1.{}.sim{number:08}", self.config.region)
    }

    /// A time later than any before. Not the time of day, so that two runs give the same.
    pub fn time(&mut self) -> String {
        let number = self.next();
        let (minutes, seconds) = (number / 60, number % 60);
        format!("2025-01-{:02}T{:02}:{:02}:{seconds:02}.000Z", 1 + minutes / 1440 % 28, minutes / 60 % 24, minutes % 60)
    }

    /// Adds a resource that is in the state of transition `now` for some
    /// reads, and then in `later`.
    pub fn add(&mut self, kind: Kind, mut body: Body, now: &str, later: Option<&'static str>) -> String {
        let id = self.ocid(kind.word());
        for [namespace, key, value] in &self.config.tag_defaults {
            default(child(child(&mut body, "definedTags"), namespace), key, *value);
        }
        body.insert("id".into(), json!(id));
        self.add_as(kind, id, body, now, later)
    }

    /// Adds a resource that comes and goes with another.
    pub fn add_owned(&mut self, kind: Kind, owner: &str, body: Body, now: &str) -> String {
        let id = self.add(kind, body, now, None);
        if let Some(last) = self.resources.last_mut() {
            last.owner = Some(owner.to_owned());
        }
        id
    }

    /// Adds a resource that goes by another name than an OCID.
    pub fn add_as(&mut self, kind: Kind, id: String, mut body: Body, now: &str, later: Option<&'static str>) -> String {
        body.insert("lifecycleState".into(), json!(now));
        let etag = self.next();
        let settles = later.map(|state| (self.config.settling_reads, state));
        self.resources.push(Resource {
            kind,
            id: id.clone(),
            body,
            etag,
            settles,
            gone: None,
            rules: Vec::new(),
            owner: None,
        });
        id
    }

    /// The living resources of a kind, oldest first.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(move |resource| resource.kind == kind && resource.alive())
    }

    /// The living resources of a kind that came with another.
    pub fn owned<'a>(&'a self, kind: Kind, owner: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.all(kind).filter(move |resource| resource.owner.as_deref() == Some(owner))
    }

    /// The living resources of a kind in a VCN.
    pub fn in_vcn<'a>(&'a self, kind: Kind, vcn: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.all(kind).filter(move |resource| resource.vcn() == vcn)
    }

    pub fn find(&self, kind: Kind, id: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.kind == kind && resource.id == id && resource.alive())
    }

    /// The living resource that a path names.
    pub fn get(&mut self, kind: Kind, id: &str) -> Result<&mut Resource, Refusal> {
        self.resources
            .iter_mut()
            .find(|resource| resource.kind == kind && resource.id == id && resource.alive())
            .ok_or_else(|| NOT_FOUND.with(&[id]))
    }

    /// The living resource that a member of a body names.
    pub fn related(&self, kind: Kind, member: &str, id: &str) -> Result<&Resource, Refusal> {
        self.find(kind, id).ok_or_else(|| RELATED_NOT_FOUND.with(&[member, id]))
    }

    /// A read of one resource: what is settling settles, and what is gone is
    /// found a few times more.
    pub fn read(&mut self, kind: Kind, id: &str) -> Result<(Body, u64), Refusal> {
        let resource = self
            .resources
            .iter_mut()
            .find(|resource| resource.kind == kind && resource.id == id && resource.gone != Some(0))
            .ok_or_else(|| NOT_FOUND.with(&[id]))?;
        if let Some(reads) = &mut resource.gone {
            *reads -= 1;
        }
        match &mut resource.settles {
            Some((0, state)) => {
                resource.body.insert("lifecycleState".into(), json!(*state));
                resource.settles = None;
            }
            Some((reads, _)) => *reads -= 1,
            None => {}
        }
        Ok((resource.body.clone(), resource.etag))
    }

    /// Takes a resource out, leaving a tombstone in the state `word`.
    pub fn bury(&mut self, kind: Kind, id: &str, word: &str) {
        let reads = self.config.tombstone_reads;
        if let Ok(resource) = self.get(kind, id) {
            resource.body.insert("lifecycleState".into(), json!(word));
            resource.settles = None;
            resource.gone = Some(reads);
        }
    }

    /// Takes out what leaves no tombstone: the next read does not find it.
    pub fn erase(&mut self, kind: Kind, id: &str) {
        self.bury(kind, id, "DELETED");
        if let Some(gone) = self.resources.iter_mut().find(|resource| resource.kind == kind && resource.id == id) {
            gone.gone = Some(0);
        }
    }

    /// Every living resource by collection, oldest first; an NSG with its
    /// rules in `securityRules`, what came with another with that in `simOwner`.
    pub fn snapshot(&self) -> Value {
        let documents = |kind: Kind| -> Vec<Value> {
            self.all(kind)
                .map(|resource| {
                    let mut body = resource.body.clone();
                    if kind == Kind::Nsg {
                        body.insert("securityRules".into(), json!(resource.rules));
                    }
                    if let Some(owner) = &resource.owner {
                        body.insert("simOwner".into(), json!(owner));
                    }
                    Value::Object(body)
                })
                .collect()
        };
        Value::Object(
            Kind::ALL.into_iter().map(|kind| (kind.collection().to_owned(), documents(kind).into())).collect(),
        )
    }

    pub fn is_empty(&self) -> bool {
        !self.resources.iter().any(Resource::alive)
    }
}
