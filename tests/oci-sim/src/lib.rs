//! An OCI control plane in memory, as strict as OCI, for the tests of what
//! cloudspells generates. It listens on a loopback port of its own.

mod api;
mod balancer;
mod body;
mod cloud;
mod common;
mod compute;
mod engine;
mod fault;
mod fields;
mod identity;
#[allow(dead_code)]
#[path = "../../../src/facts/images.rs"]
mod images;
mod jobs;
#[allow(dead_code)]
#[path = "../../../src/facts/kubernetes.rs"]
mod kubernetes;
mod network;
mod paging;
mod pool;
pub mod refusals;
mod server;
mod wire;

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::Value;

pub use fault::{Effect, Fault};

use api::Api;
use cloud::Cloud;
use server::{Server, Shared, lock};

/// The refusal of a request that the simulator does not know.
const UNKNOWN: &str = refusals::UNKNOWN_REQUEST.name;

/// The world that the control plane is in charge of.
#[derive(Debug, Clone)]
pub struct Config {
    pub region: String,
    /// As it stands in the names of services.
    pub region_key: String,
    pub availability_domains: Vec<String>,
    /// Those that are offered, oldest first; no other can be made.
    pub kubernetes_versions: Vec<String>,
    /// Polls of a work request that find it unfinished.
    pub work_request_polls: u32,
    /// Reads of a new network resource that find it still PROVISIONING. What
    /// answers its creation says so in any case.
    pub settling_reads: u32,
    /// Reads of a deleted resource that still find it, TERMINATED or DELETED;
    /// after that it is not found.
    pub tombstone_reads: u32,
    /// NSGs that somebody made by other means, in whichever VCN they are asked for.
    pub nsgs_of_others: Vec<String>,
    /// Who is said to have made things.
    pub user: String,
    /// Defined tags that every new resource gets, unless its creator sets them:
    /// namespace, key and value.
    pub tag_defaults: Vec<[&'static str; 3]>,
}

impl Default for Config {
    fn default() -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Self {
            region: "eu-frankfurt-1".into(),
            region_key: "FRA".into(),
            availability_domains: texts(&[
                "SiMU:EU-FRANKFURT-1-AD-1",
                "SiMU:EU-FRANKFURT-1-AD-2",
                "SiMU:EU-FRANKFURT-1-AD-3",
            ]),
            kubernetes_versions: texts(&kubernetes::OFFERED),
            work_request_polls: 2,
            settling_reads: 0,
            tombstone_reads: 2,
            nsgs_of_others: texts(&["ocid1.networksecuritygroup.oc1.eu-frankfurt-1.others"]),
            user: "ocid1.user.oc1..sim".into(),
            tag_defaults: Vec::new(),
        }
    }
}

/// One request as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Zero where the connection was ended without an answer.
    pub status: u16,
    /// The name of its row in [`refusals::ALL`], where it was refused.
    pub refusal: Option<&'static str>,
}

/// A running control plane. It stops when it is dropped, and fails the test
/// that holds it if that made a request which it does not know.
pub struct Simulator {
    shared: Arc<Mutex<Shared>>,
    server: Server,
    forgiving: bool,
}

impl Simulator {
    /// With three availability domains and all else by default.
    pub fn start() -> Self {
        Self::with(Config::default()).expect("a free port on loopback")
    }

    pub fn with(config: Config) -> io::Result<Self> {
        let shared = Shared { api: Api::new(Cloud::new(config)), faults: Vec::new(), log: Vec::new() };
        let shared = Arc::new(Mutex::new(shared));
        Ok(Self { server: server::start(shared.clone())?, shared, forgiving: false })
    }

    /// Scheme, host and port, without a path: for `CLIENT_HOST_OVERRIDES`.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// Lets something go wrong, once, on a later call.
    pub fn fault(&self, fault: Fault) {
        lock(&self.shared).faults.push(fault);
    }

    /// Takes back every fault that has not struck.
    pub fn clear_faults(&self) {
        lock(&self.shared).faults.clear();
    }

    /// How many faults wait for calls that have not come: a test whose fault
    /// never struck has tested nothing.
    pub fn waiting_faults(&self) -> usize {
        lock(&self.shared).faults.iter().filter(|fault| fault.waits()).count()
    }

    /// Every living resource: an object with a list for each collection
    /// (`vcns`, `subnets`, ..., `clusters`, `nodePools`), oldest first, each
    /// as its API gives it; an NSG has its rules in `securityRules`.
    pub fn state(&self) -> Value {
        lock(&self.shared).api.cloud.snapshot()
    }

    /// Whether no resource is left.
    pub fn is_empty(&self) -> bool {
        lock(&self.shared).api.cloud.is_empty()
    }

    /// The autoscaler gives an instance pool another size, behind everybody's
    /// back. Panics where there is none, or where its bounds forbid that.
    pub fn autoscale(&self, pool: &str, size: i64) {
        pool::autoscaling::scale(&mut lock(&self.shared).api.cloud, pool, size).expect("an autoscaler that may");
    }

    /// OCI publishes its images again, as of a date: `2026.10.31`.
    pub fn publish_images(&self, date: &str) {
        lock(&self.shared).api.cloud.image_dates.push(date.to_owned());
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Logged> {
        lock(&self.shared).log.clone()
    }

    /// Names of the refusals so far, of requests and of work that failed.
    pub fn refusals(&self) -> Vec<&'static str> {
        lock(&self.shared).api.cloud.tripped.clone()
    }

    /// The requests that the simulator does not know.
    pub fn unknown_requests(&self) -> Vec<Logged> {
        self.requests().into_iter().filter(|request| request.refusal == Some(UNKNOWN)).collect()
    }

    /// Panics with method and path of each unknown request.
    pub fn assert_no_unknown_requests(&self) {
        let unknown: Vec<String> =
            self.unknown_requests().into_iter().map(|request| format!("{} {}", request.method, request.path)).collect();
        assert!(unknown.is_empty(), "requests that oci-sim does not know:\n{}", unknown.join("\n"));
    }

    /// Unknown requests no longer fail the test: for tests about them.
    pub fn forgive_unknown_requests(&mut self) {
        self.forgiving = true;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // A second panic would end the process and hide the first.
        if !self.forgiving && !std::thread::panicking() {
            self.assert_no_unknown_requests();
        }
    }
}
