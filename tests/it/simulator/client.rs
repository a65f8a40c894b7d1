//! A small client of OCI's API, and a few resources to begin a test with.

use oci_sim::{Config, Simulator};
use serde_json::{Value, json};
use ureq::http::Request;

pub const COMPARTMENT: &str = "ocid1.compartment.oc1..test";
pub const CORE: &str = "/20160918";
pub const ENGINE: &str = "/20180222";
pub const SCALING: &str = "/20181001";
pub const BALANCERS: &str = "/20170115/loadBalancers";
pub const NETWORK_BALANCERS: &str = "/20200501/networkLoadBalancers";

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body of a success.
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.body);
        self.body
    }

    /// The OCID of what a success made.
    pub fn id(self) -> String {
        self.ok()["id"].as_str().expect("an id").to_owned()
    }
}

/// A simulator, and someone who speaks to it.
pub struct World {
    pub sim: Simulator,
    agent: ureq::Agent,
}

impl World {
    pub fn new() -> Self {
        Self::with(Self::of_many_versions())
    }

    /// Where versions of many years are offered, so that some are too far apart.
    pub fn of_many_versions() -> Config {
        let versions = [
            "v1.24.1", "v1.27.2", "v1.28.10", "v1.29.1", "v1.31.1", "v1.31.10", "v1.32.1", "v1.32.10", "v1.33.1",
            "v1.34.1",
        ];
        let kubernetes_versions = versions.map(str::to_owned).to_vec();
        Config { kubernetes_versions, ..Config::default() }
    }

    pub fn with(config: Config) -> Self {
        let settings = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0).build();
        Self { sim: Simulator::with(config).expect("a free port"), agent: settings.into() }
    }

    /// Sends a request; the error is a connection that ended without an answer.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Result<Reply, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.sim.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            Some(body) => self.agent.run(request.body(body.to_string().into_bytes()).expect("a request")),
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut answer = answer?;
        let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.to_string(), value.to_str().expect("text").to_owned())
        };
        let headers = answer.headers().iter().map(header).collect();
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Reply { status, headers, body })
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], None).expect("an answer")
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, &[], Some(body)).expect("an answer")
    }

    pub fn put(&self, path: &str, body: Value) -> Reply {
        self.send("PUT", path, &[], Some(body)).expect("an answer")
    }

    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], None).expect("an answer")
    }

    /// Makes a network resource.
    pub fn make(&self, collection: &str, body: Value) -> Reply {
        self.post(&format!("{CORE}/{collection}"), in_compartment(body))
    }

    /// Makes, changes or deletes something of the container engine, polls its
    /// work request to the end, and gives the OCID it was about.
    pub fn work(&self, reply: Reply) -> String {
        let (request, status) = self.poll(reply);
        assert_eq!(status, "SUCCEEDED", "{:?}", self.get(&format!("{ENGINE}/workRequests/{request}/errors")));
        let document = self.get(&format!("{ENGINE}/workRequests/{request}")).ok();
        document["resources"][0]["identifier"].as_str().expect("a resource").to_owned()
    }

    /// Polls a work request to its end: its OCID, and what became of it.
    pub fn poll(&self, reply: Reply) -> (String, String) {
        let request = reply.header("opc-work-request-id").unwrap_or_else(|| panic!("no work: {reply:?}")).to_owned();
        for _ in 0..10 {
            let document = self.get(&format!("{ENGINE}/workRequests/{request}")).ok();
            if let status @ ("SUCCEEDED" | "FAILED") = document["status"].as_str().expect("a status") {
                return (request, status.to_owned());
            }
        }
        panic!("the work does not end");
    }

    /// Makes a load balancer of either kind.
    pub fn make_balancer(&self, collection: &str, body: Value) -> Reply {
        self.post(collection, in_compartment(body))
    }

    /// Polls the work of either load balancing API to its end, and gives the
    /// load balancer that it was about.
    pub fn balanced(&self, reply: Reply) -> String {
        let work = reply.header("opc-work-request-id").unwrap_or_else(|| panic!("no work: {reply:?}")).to_owned();
        let network = work.contains("networkloadbalancer");
        let path = if network { "/20200501/workRequests" } else { "/20170115/loadBalancerWorkRequests" };
        let (state, id) =
            if network { ("status", "/resources/0/identifier") } else { ("lifecycleState", "/loadBalancerId") };
        for _ in 0..10 {
            let document = self.get(&format!("{path}/{work}")).ok();
            if document[state] == "SUCCEEDED" {
                return document.pointer(id).and_then(Value::as_str).expect("a load balancer").to_owned();
            }
        }
        panic!("the work does not end");
    }

    /// Makes an autoscaling configuration.
    pub fn make_autoscaling(&self, body: Value) -> Reply {
        self.post(&format!("{SCALING}/autoScalingConfigurations"), in_compartment(body))
    }

    pub fn make_cluster(&self, body: Value) -> Reply {
        self.post(&format!("{ENGINE}/clusters"), in_compartment(body))
    }

    pub fn make_pool(&self, body: Value) -> Reply {
        self.post(&format!("{ENGINE}/nodePools"), in_compartment(body))
    }

    pub fn make_virtual_pool(&self, body: Value) -> Reply {
        self.post(&format!("{ENGINE}/virtualNodePools"), in_compartment(body))
    }

    /// The service that stands for all, and its CIDR label.
    pub fn all_services(&self) -> (String, String) {
        let services = self.get(&format!("{CORE}/services")).ok();
        let all = services.as_array().expect("a list").iter().find(|s| s["name"].as_str().unwrap().starts_with("All "));
        let text = |key: &str| all.expect("all services")[key].as_str().expect("text").to_owned();
        (text("id"), text("cidrBlock"))
    }

    pub fn domains(&self) -> Vec<String> {
        let domains = self.get(&format!("{CORE}/availabilityDomains?compartmentId={COMPARTMENT}")).ok();
        domains.as_array().expect("a list").iter().map(|ad| ad["name"].as_str().expect("a name").to_owned()).collect()
    }
}

fn in_compartment(mut body: Value) -> Value {
    if body.get("compartmentId").is_none() {
        body["compartmentId"] = json!(COMPARTMENT);
    }
    body
}

/// `base` with the members of `change`; a null takes one out.
pub fn but(mut base: Value, change: Value) -> Value {
    let members = base.as_object_mut().expect("an object");
    for (key, value) in change.as_object().expect("an object") {
        match (members.get_mut(key), value) {
            (_, Value::Null) => drop(members.remove(key)),
            (Some(old @ Value::Object(_)), Value::Object(_)) => *old = but(old.take(), value.clone()),
            _ => drop(members.insert(key.clone(), value.clone())),
        }
    }
    base
}
