//! Which of the control plane's documents say what is written of load balancers:
//! their parts are in the documents of the load balancers themselves.

use super::plan::array;
use serde_json::{Map, Value, json};

/// The parts of a load balancer's document that are resources of their own.
pub const PARTS: [&str; 4] = ["backendSets", "certificates", "listeners", "ruleSets"];

/// The collection of a type of part: that of its load balancer, and its own.
pub fn part(kind: &str) -> Option<(&'static str, &'static str)> {
    let (balancers, part) = match kind.strip_prefix("oci_network_load_balancer_") {
        Some(part) => ("networkLoadBalancers", part),
        None => ("loadBalancers", kind.strip_prefix("oci_load_balancer_")?),
    };
    let at = ["backend_set", "certificate", "listener", "rule_set"].iter().position(|known| *known == part)?;
    Some((balancers, PARTS[at]))
}

/// What a collection of parts counts as.
pub fn collection(balancers: &str, part: &str) -> &'static str {
    match (balancers, part) {
        ("loadBalancers", "backendSets") => "loadBalancers.backendSets",
        ("loadBalancers", "certificates") => "loadBalancers.certificates",
        ("loadBalancers", "listeners") => "loadBalancers.listeners",
        ("loadBalancers", "ruleSets") => "loadBalancers.ruleSets",
        ("networkLoadBalancers", "backendSets") => "networkLoadBalancers.backendSets",
        ("networkLoadBalancers", "listeners") => "networkLoadBalancers.listeners",
        _ => panic!("{balancers} have no {part}"),
    }
}

/// How many parts a load balancer has, by collection.
pub fn count_parts(balancers: &str, document: &Value) -> Vec<(&'static str, usize)> {
    PARTS
        .into_iter()
        .filter_map(|part| Some((part, document[part].as_object()?.len())))
        .map(|(part, count)| (collection(balancers, part), count))
        .collect()
}

/// What is written of a part and what its load balancer's document has of it.
pub fn counterpart(snapshot: &Value, kind: &str, id: &str, mut written: Value) -> (Value, Option<Value>) {
    let (balancers, part) = part(kind).expect("a part of a load balancer");
    let pieces: Vec<&str> = id.split('/').collect();
    let [_, balancer, _, name] = pieces[..] else { panic!("{id} is not the path of a part") };
    let members = written.as_object_mut().expect("a document");
    for elsewhere in ["loadBalancerId", "networkLoadBalancerId", "passphrase", "privateKey"] {
        members.remove(elsewhere);
    }
    rename_in(members, "healthChecker", "intervalMs", "intervalInMillis");
    rename_in(members, "connectionConfiguration", "idleTimeoutInSeconds", "idleTimeout");
    let whole = array(&snapshot[balancers]).iter().find(|document| document["id"] == balancer);
    let found = whole.and_then(|document| document[part].get(name)).cloned();
    (written, found)
}

fn rename_in(members: &mut Map<String, Value>, block: &str, from: &str, to: &str) {
    if let Some(inner) = members.get_mut(block).and_then(Value::as_object_mut)
        && let Some(value) = inner.remove(from)
    {
        inner.insert(to.to_owned(), value);
    }
}

/// A pool's attachments, without what OCI says of each besides.
pub fn plain_attachments(pool: &mut Value) {
    let attached = array(&pool["loadBalancers"]).iter().filter(|one| one["lifecycleState"] != "DETACHED");
    let plain = attached.map(|one| {
        let mut one = one.clone();
        let members = one.as_object_mut().expect("an attachment");
        members.retain(|name, _| !["id", "instancePoolId", "lifecycleState"].contains(&name.as_str()));
        one
    });
    let plain: Vec<Value> = plain.collect();
    pool["loadBalancers"] = json!(plain);
}
