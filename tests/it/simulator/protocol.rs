//! What all of OCI's APIs have in common: pages, etags, retry tokens, request
//! ids; and what the simulator says of requests that it does not know.

use oci_sim::{Config, Simulator};
use serde_json::json;

use super::client::{COMPARTMENT, CORE, World};

#[test]
fn a_list_comes_a_page_at_a_time() {
    let world = World::new();
    let made: Vec<String> =
        (0..5).map(|number| world.make("vcns", json!({ "cidrBlock": format!("10.{number}.0.0/16") })).id()).collect();
    let list = format!("{CORE}/vcns?compartmentId={COMPARTMENT}&limit=2");
    let (mut seen, mut page, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let reply = world.get(&format!("{list}{page}"));
        let next = reply.header("opc-next-page").map(str::to_owned);
        seen.extend(reply.ok().as_array().expect("a list").iter().map(|vcn| vcn["id"].as_str().unwrap().to_owned()));
        pages += 1;
        match next {
            Some(token) => page = format!("&page={token}"),
            None => break,
        }
    }
    assert_eq!((seen, pages), (made, 3));
}

#[test]
fn a_list_shows_what_its_query_asks_for() {
    let world = World::new();
    let vcn = |name: &str, cidr: &str| world.make("vcns", json!({ "displayName": name, "cidrBlock": cidr })).id();
    let (one, two) = (vcn("one two", "10.1.0.0/16"), vcn("two", "10.2.0.0/16"));
    let names = |query: &str| {
        let list = world.get(&format!("{CORE}/vcns?compartmentId={COMPARTMENT}{query}")).ok();
        list.as_array().expect("a list").iter().map(|vcn| vcn["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("&displayName=one%20two"), [one.as_str()]);
    assert_eq!(names("&sortBy=TIMECREATED"), [two.as_str(), one.as_str()]);
    assert_eq!(names("&sortBy=DISPLAYNAME"), [one.as_str(), two.as_str()]);
    assert_eq!(names("&lifecycleState=TERMINATED"), Vec::<String>::new());
}

#[test]
fn an_etag_guards_a_change() {
    let world = World::new();
    let made = world.make("vcns", json!({ "cidrBlock": "10.0.0.0/16" }));
    let etag = made.header("etag").expect("an etag").to_owned();
    let path = format!("{CORE}/vcns/{}", made.id());
    let rename = |etag: &str| {
        world.send("PUT", &path, &[("if-match", etag)], Some(json!({ "displayName": "other" }))).expect("an answer")
    };
    let renamed = rename(&etag);
    assert_eq!(renamed.status, 200);
    assert_ne!(renamed.header("etag"), Some(etag.as_str()));
    assert_eq!(rename(&etag).status, 412);
}

#[test]
fn a_creation_with_the_same_retry_token_happens_once() {
    let world = World::new();
    let body = json!({ "compartmentId": COMPARTMENT, "cidrBlock": "10.0.0.0/16" });
    let create = || {
        let headers = [("opc-retry-token", "token-1")];
        world.send("POST", &format!("{CORE}/vcns"), &headers, Some(body.clone())).expect("an answer")
    };
    let id = create().id();
    assert_eq!(create().id(), id);
    assert_eq!(world.sim.state()["vcns"].as_array().map(Vec::len), Some(1));
    // The token does not bring back what has been deleted since.
    world.delete(&format!("{CORE}/vcns/{id}")).ok();
    assert_eq!(create().body["code"], "InvalidatedRetryToken");
}

#[test]
fn every_answer_has_a_request_id_of_its_own() {
    let world = World::new();
    let ids: Vec<_> = (0..2)
        .map(|_| world.get(&format!("{CORE}/services")).header("opc-request-id").expect("an id").to_owned())
        .collect();
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_resource_moves_to_another_compartment() {
    let world = World::new();
    let path = format!("{CORE}/vcns/{}", world.make("vcns", json!({ "cidrBlock": "10.0.0.0/16" })).id());
    let other = "ocid1.compartment.oc1..other";
    world.post(&format!("{path}/actions/changeCompartment"), json!({ "compartmentId": other })).ok();
    assert_eq!(world.get(&path).ok()["compartmentId"], other);
}

#[test]
fn a_region_may_have_one_availability_domain() {
    let one = Config { availability_domains: vec!["SiMU:AP-ONE-AD-1".into()], ..Config::default() };
    assert_eq!(World::with(one).domains(), ["SiMU:AP-ONE-AD-1"]);
}

#[test]
fn resources_may_take_their_time() {
    let world = World::with(Config { settling_reads: 2, ..Config::default() });
    let path = format!("{CORE}/vcns/{}", world.make("vcns", json!({ "cidrBlock": "10.0.0.0/16" })).id());
    let states: Vec<_> = (0..3).map(|_| world.get(&path).ok()["lifecycleState"].clone()).collect();
    assert_eq!(states, ["PROVISIONING", "PROVISIONING", "AVAILABLE"]);
}

#[test]
fn two_runs_give_the_same() {
    let run = || {
        let world = World::new();
        super::stack::Stack::network(&world);
        world.sim.state()
    };
    assert_eq!(run(), run());
}

#[test]
fn the_log_has_every_request() {
    let world = World::new();
    world.get(&format!("{CORE}/services"));
    world.get(&format!("{CORE}/vcns/none"));
    let log: Vec<_> = world.sim.requests().into_iter().map(|call| (call.method, call.path, call.status)).collect();
    let get = |path: &str, status| ("GET".to_owned(), format!("{CORE}/{path}"), status);
    assert_eq!(log, [get("services", 200), get("vcns/none", 404)]);
}

#[test]
#[should_panic(expected = "DELETE /20160918/drgs/x")]
fn an_unknown_request_fails_the_test_that_made_it() {
    let world = World::new();
    assert_eq!(world.delete("/20160918/drgs/x").status, 501);
}

#[test]
#[should_panic(expected = "requests that oci-sim does not know")]
fn an_unknown_request_can_be_asked_about_earlier() {
    let mut world = World::new();
    world.get("/20160918/drgs");
    world.sim.forgive_unknown_requests();
    assert_eq!(world.sim.unknown_requests().len(), 1);
    world.sim.assert_no_unknown_requests();
}

#[test]
fn a_simulator_listens_on_loopback_only() {
    assert!(Simulator::start().url().starts_with("http://127.0.0.1:"));
}

/// Whatever is sent is answered, and by a refusal: nothing makes it stop.
#[test]
fn junk_is_refused() {
    let world = World::new();
    let bodies = [
        json!({}),
        json!([]),
        json!("text"),
        json!(7),
        json!({ "compartmentId": [] }),
        json!({ "compartmentId": COMPARTMENT, "vcnId": null, "": {} }),
        json!({ "compartmentId": COMPARTMENT, "vcnId": "x", "cidrBlock": "\u{0}", "cidrBlocks": [[]] }),
    ];
    for collection in [
        "20160918/vcns",
        "20160918/subnets",
        "20160918/internetGateways",
        "20160918/natGateways",
        "20160918/serviceGateways",
        "20160918/routeTables",
        "20160918/securityLists",
        "20160918/dhcpOptions",
        "20160918/networkSecurityGroups",
        "20160918/networkSecurityGroups/x/actions/addSecurityRules",
        "20160918/vcns/x/actions/changeCompartment",
        "20180222/clusters",
        "20180222/clusters/x/kubeconfig/content",
        "20180222/nodePools",
        "20180222/virtualNodePools",
    ] {
        for body in &bodies {
            let reply = world.post(&format!("/{collection}"), body.clone());
            assert!((400..500).contains(&reply.status), "{collection} {body}: {reply:?}");
            assert!(reply.body["code"].is_string(), "{collection} {body}: {reply:?}");
        }
    }
    assert!(world.sim.is_empty());
}
