//! Refusals of clusters.

use oci_sim::refusals::*;
use serde_json::{Value, json};

use super::Case;
use crate::simulator::client::{CORE, ENGINE, Reply, World, but};
use crate::simulator::stack::Stack;

/// A cluster that is right but for `change`.
fn make(world: &World, stack: &Stack, change: Value) -> Reply {
    world.make_cluster(but(stack.cluster(), change))
}

/// A cluster that exists, and then a change of it.
fn change(world: &World, stack: &Stack, made: Value, change: Value) -> Reply {
    let cluster = world.work(make(world, stack, made));
    world.put(&format!("{ENGINE}/clusters/{cluster}"), change)
}

fn network(pods: &str, services: &str) -> Value {
    json!({ "options": { "kubernetesNetworkConfig": { "podsCidr": pods, "servicesCidr": services } } })
}

fn nsgs(world: &World, stack: &Stack, count: usize) -> Vec<String> {
    (0..count).map(|_| world.make("networkSecurityGroups", json!({ "vcnId": stack.vcn })).id()).collect()
}

/// A subnet of another VCN.
fn foreign_subnet(world: &World) -> String {
    let vcn = world.make("vcns", json!({ "cidrBlock": "10.99.0.0/16" })).id();
    world.make("subnets", json!({ "vcnId": vcn, "cidrBlock": "10.99.0.0/24" })).id()
}

pub const CASES: &[Case] = &[
    (BUSY, |world, stack| {
        let made = make(world, stack, json!({}));
        assert_eq!(made.status, 202);
        let cluster = world.sim.state()["clusters"][0]["id"].as_str().expect("a cluster").to_owned();
        world.put(&format!("{ENGINE}/clusters/{cluster}"), json!({ "name": "other" }))
    }),
    (BUSY, |world, stack| {
        make(world, stack, json!({})).ok();
        let cluster = world.sim.state()["clusters"][0]["id"].as_str().expect("a cluster").to_owned();
        world.make_pool(stack.pool(world, &cluster))
    }),
    (UNKNOWN_VERSION, |world, stack| make(world, stack, json!({ "kubernetesVersion": "1.32.1" }))),
    (UNKNOWN_VERSION, |world, stack| make(world, stack, json!({ "kubernetesVersion": "v1.32" }))),
    (UNKNOWN_VERSION, |world, stack| make(world, stack, json!({ "kubernetesVersion": "v9.9.9" }))),
    (NO_DOWNGRADE, |world, stack| change(world, stack, json!({}), json!({ "kubernetesVersion": "v1.31.10" }))),
    (ONE_MINOR_AT_A_TIME, |world, stack| change(world, stack, json!({}), json!({ "kubernetesVersion": "v1.34.1" }))),
    (UPGRADE_LEAVES_POOL_BEHIND, |world, stack| {
        let cluster = world.work(make(world, stack, json!({})));
        world.work(world.make_pool(but(stack.pool(world, &cluster), json!({ "kubernetesVersion": "v1.29.1" }))));
        world.put(&format!("{ENGINE}/clusters/{cluster}"), json!({ "kubernetesVersion": "v1.33.1" }))
    }),
    (NO_TYPE_DOWNGRADE, |world, stack| {
        change(world, stack, json!({ "type": "ENHANCED_CLUSTER" }), json!({ "type": "BASIC_CLUSTER" }))
    }),
    (TWO_CNIS, |world, stack| {
        let both = json!([{ "cniType": "OCI_VCN_IP_NATIVE" }, { "cniType": "FLANNEL_OVERLAY" }]);
        make(world, stack, json!({ "clusterPodNetworkOptions": both }))
    }),
    (MISSING_PARAMETER, |world, stack| make(world, stack, json!({ "endpointConfig": null }))),
    (RELATED_NOT_FOUND, |world, stack| {
        make(world, stack, json!({ "endpointConfig": { "subnetId": "ocid1.subnet.oc1..none" } }))
    }),
    (OTHER_VCN, |world, stack| make(world, stack, json!({ "endpointConfig": { "subnetId": foreign_subnet(world) } }))),
    (OTHER_VCN, |world, stack| {
        make(world, stack, json!({ "options": { "serviceLbSubnetIds": [foreign_subnet(world)] } }))
    }),
    (PUBLIC_IP_PROHIBITED, |world, stack| {
        make(world, stack, json!({ "endpointConfig": { "subnetId": stack.private } }))
    }),
    (PUBLIC_IP_PROHIBITED, |world, stack| {
        let private = json!({ "endpointConfig": { "subnetId": stack.private, "isPublicIpEnabled": false } });
        let cluster = world.work(make(world, stack, private));
        let path = format!("{ENGINE}/clusters/{cluster}/actions/updateEndpointConfig");
        world.post(&path, json!({ "isPublicIpEnabled": true }))
    }),
    (TOO_MANY_NSGS, |world, stack| {
        make(world, stack, json!({ "endpointConfig": { "nsgIds": nsgs(world, stack, 6) } }))
    }),
    (RELATED_NOT_FOUND, |world, stack| {
        make(world, stack, json!({ "endpointConfig": { "nsgIds": ["ocid1.networksecuritygroup.oc1..none"] } }))
    }),
    (SERVICES_CIDR_OVERLAPS_VCN, |world, stack| make(world, stack, network("10.2.0.0/16", "10.0.0.0/16"))),
    (PODS_CIDR_OVERLAPS_VCN, |world, stack| {
        let overlay = json!({ "clusterPodNetworkOptions": [{ "cniType": "FLANNEL_OVERLAY" }] });
        make(world, stack, but(overlay, network("10.0.0.0/16", "10.3.0.0/16")))
    }),
    (PODS_OVERLAP_SERVICES, |world, stack| make(world, stack, network("10.2.0.0/15", "10.3.0.0/16"))),
    (BAD_CIDR, |world, stack| make(world, stack, network("10.2.0.1/16", "10.3.0.0/16"))),
    (ENHANCED_ONLY, |world, stack| {
        let cluster = world.work(make(world, stack, json!({})));
        world.post(&format!("{ENGINE}/clusters/{cluster}/addons"), json!({ "addonName": "CertManager" }))
    }),
    (ENHANCED_ONLY, |world, stack| {
        let cluster = world.work(make(world, stack, json!({})));
        world.post(&format!("{ENGINE}/clusters/{cluster}/workloadMappings"), json!({}))
    }),
    (ENHANCED_ONLY, |world, stack| {
        let cluster = world.work(make(world, stack, json!({})));
        world.post(&format!("{ENGINE}/virtualNodePools"), json!({ "clusterId": cluster }))
    }),
    (ADDON_EXISTS, |world, stack| {
        let cluster = world.work(make(world, stack, json!({ "type": "ENHANCED_CLUSTER" })));
        let install =
            || world.post(&format!("{ENGINE}/clusters/{cluster}/addons"), json!({ "addonName": "CertManager" }));
        world.work(install());
        install()
    }),
    (BAD_TOKEN_VERSION, |world, stack| {
        let cluster = world.work(make(world, stack, json!({})));
        world.post(&format!("{ENGINE}/clusters/{cluster}/kubeconfig/content"), json!({ "tokenVersion": "1.0.0" }))
    }),
    (NO_PUBLIC_ENDPOINT, |world, stack| {
        let cluster = world.work(make(world, stack, json!({ "endpointConfig": { "isPublicIpEnabled": false } })));
        world.post(&format!("{ENGINE}/clusters/{cluster}/kubeconfig/content"), json!({ "endpoint": "PUBLIC_ENDPOINT" }))
    }),
    // The NSG of an endpoint is held by it even after its rules are gone.
    (NSG_IN_USE, |world, stack| {
        world.work(make(world, stack, json!({})));
        world.delete(&format!("{CORE}/networkSecurityGroups/{}", stack.api))
    }),
];
