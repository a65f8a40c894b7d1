//! Clusters: what one may be, and become.

use ipnet::Ipv4Net;
use serde_json::json;

use crate::body::{default, flag, object, objects, set, text, texts};
use crate::cloud::{Cloud, Kind};
use crate::common::{check_common, check_nsgs, check_references, check_tags, cidr, overlap, vcn_cidrs};
use crate::fields::{check, check_change};
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::work::{Deed, begin, check_idle, child, merge};
use super::{models, version};

pub fn create(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    check(models::CLUSTER_CREATE, &body)?;
    check_common(&body)?;
    cloud.related(Kind::Vcn, "vcnId", text(&body, "vcnId").unwrap_or_default())?;
    fill(&mut body);
    version::known(text(&body, "kubernetesVersion").unwrap_or_default(), &cloud.config.kubernetes_versions)?;
    check_cluster(cloud, &body)?;
    check_cidrs(cloud, &body)?;

    let time = cloud.time();
    set(&mut body, "metadata", json!({ "timeCreated": time, "createdByUserId": cloud.config.user }));
    complete(cloud, &mut body);
    let doom = check_room(cloud, &body).err();
    let id = cloud.add(Kind::Cluster, body, "CREATING", None);
    Ok(begin(cloud, Kind::Cluster, &id, Deed::Create, doom))
}

/// What OCI sets where the request does not.
fn fill(body: &mut Body) {
    default(body, "type", "BASIC_CLUSTER");
    default(body, "freeformTags", json!({}));
    default(body, "definedTags", json!({}));
    default(body, "imagePolicyConfig", json!({ "isPolicyEnabled": false }));
    default(body, "clusterPodNetworkOptions", json!([{ "cniType": "FLANNEL_OVERLAY" }]));
    let endpoint = child(body, "endpointConfig");
    default(endpoint, "isPublicIpEnabled", false);
    default(endpoint, "nsgIds", json!([]));
    let options = child(body, "options");
    default(options, "serviceLbSubnetIds", json!([]));
    default(options, "ipFamilies", json!(["IPv4"]));
    default(options, "addOns", json!({ "isKubernetesDashboardEnabled": false, "isTillerEnabled": false }));
    default(options, "admissionControllerOptions", json!({ "isPodSecurityPolicyEnabled": false }));
    let network = child(options, "kubernetesNetworkConfig");
    default(network, "podsCidr", "10.244.0.0/16");
    default(network, "servicesCidr", "10.96.0.0/16");
}

/// What the control plane says of a cluster: its endpoints, the versions it
/// could go to.
fn complete(cloud: &Cloud, body: &mut Body) {
    let endpoint = object(body, "endpointConfig").cloned().unwrap_or_default();
    let subnet = cloud.find(Kind::Subnet, text(&endpoint, "subnetId").unwrap_or_default());
    let net = subnet.and_then(|subnet| text(&subnet.body, "cidrBlock")).and_then(|cidr| cidr.parse::<Ipv4Net>().ok());
    let private = net.and_then(|net| net.hosts().nth(1)).map(|host| format!("{host}:6443"));
    let mut endpoints = json!({ "privateEndpoint": private });
    if flag(&endpoint, "isPublicIpEnabled") == Some(true) {
        endpoints["publicEndpoint"] = json!("203.0.113.10:6443");
    }
    set(body, "endpoints", endpoints);

    let versions = &cloud.config.kubernetes_versions;
    let parse = |text: &str| version::known(text, versions).ok();
    let now = text(body, "kubernetesVersion").and_then(parse);
    let later = |text: &&String| parse(text) > now && parse(text).map(|v| v.minor) <= now.map(|v| v.minor + 1);
    let upgrades: Vec<String> = versions.iter().filter(later).cloned().collect();
    set(body, "availableKubernetesUpgrades", json!(upgrades));
}

fn check_cluster(cloud: &Cloud, body: &Body) -> Result<(), Refusal> {
    let vcn = text(body, "vcnId").unwrap_or_default();
    let networks = objects(body, "clusterPodNetworkOptions").len();
    if networks != 1 {
        return Err(TWO_CNIS.with(&[&networks.to_string()]));
    }
    let endpoint = object(body, "endpointConfig").expect("checked with the model");
    let subnet = text(endpoint, "subnetId").unwrap_or_default();
    check_references(cloud, Kind::Subnet, "endpointConfig.subnetId", &[subnet], vcn)?;
    check_nsgs(cloud, "endpointConfig.nsgIds", &texts(endpoint, "nsgIds"), vcn)?;
    let prohibited = cloud.find(Kind::Subnet, subnet).and_then(|subnet| flag(&subnet.body, "prohibitPublicIpOnVnic"));
    if prohibited == Some(true) && flag(endpoint, "isPublicIpEnabled") == Some(true) {
        return Err(PUBLIC_IP_PROHIBITED.with(&[subnet, "the endpoint"]));
    }
    let Some(options) = object(body, "options") else { return Ok(()) };
    let member = "options.serviceLbSubnetIds";
    check_references(cloud, Kind::Subnet, member, &texts(options, "serviceLbSubnetIds"), vcn)?;
    if let Some(balancers) = object(options, "serviceLbConfig") {
        check_nsgs(cloud, "options.serviceLbConfig.backendNsgIds", &texts(balancers, "backendNsgIds"), vcn)?;
    }
    ["serviceLbConfig", "persistentVolumeConfig"]
        .into_iter()
        .filter_map(|key| object(options, key))
        .try_for_each(check_tags)
}

/// Services must not overlap the VCN. With VCN-native pods the pods CIDR is
/// ignored, so only the overlay's is held against the VCN.
fn check_cidrs(cloud: &Cloud, body: &Body) -> Result<(), Refusal> {
    let network = object(body, "options").and_then(|options| object(options, "kubernetesNetworkConfig"));
    let network = network.expect("filled in");
    let member = |key| cidr(key, text(network, key).unwrap_or_default());
    let (pods, services) = (member("podsCidr")?, member("servicesCidr")?);
    let overlay = cni(body) == "FLANNEL_OVERLAY";
    for range in vcn_cidrs(cloud, text(body, "vcnId").unwrap_or_default()) {
        if overlap(&range, &services) {
            return Err(SERVICES_CIDR_OVERLAPS_VCN.with(&[&services.to_string(), &range.to_string()]));
        }
        if overlay && overlap(&range, &pods) {
            return Err(PODS_CIDR_OVERLAPS_VCN.with(&[&pods.to_string(), &range.to_string()]));
        }
    }
    if overlap(&pods, &services) {
        return Err(PODS_OVERLAP_SERVICES.with(&[&pods.to_string(), &services.to_string()]));
    }
    Ok(())
}

/// The endpoint takes an address of its subnet.
fn check_room(cloud: &Cloud, body: &Body) -> Result<(), Refusal> {
    let endpoint = object(body, "endpointConfig").expect("checked with the model");
    super::check_room(cloud, text(endpoint, "subnetId").unwrap_or_default(), 1)
}

pub fn cni(cluster: &Body) -> &str {
    objects(cluster, "clusterPodNetworkOptions")
        .first()
        .and_then(|options| text(options, "cniType"))
        .unwrap_or_default()
}

pub fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    check_idle(cloud, Kind::Cluster, id, &["ACTIVE"])?;
    let current = cloud.get(Kind::Cluster, id)?;
    crate::network::check_etag(request, current.etag, id)?;
    let old = current.body.clone();
    let change = request.body()?;
    check_change(models::CLUSTER_UPDATE, models::CLUSTER_CREATE, &change)?;
    check_common(&change)?;
    let mut body = old.clone();
    merge(&mut body, &change);
    check_cluster(cloud, &body)?;
    check_upgrade(cloud, id, &old, &body)?;
    if text(&old, "type") == Some("ENHANCED_CLUSTER") && text(&body, "type") == Some("BASIC_CLUSTER") {
        return Err(NO_TYPE_DOWNGRADE.with(&[]));
    }
    complete(cloud, &mut body);
    Ok(begin(cloud, Kind::Cluster, id, Deed::Update(Box::new(body)), None))
}

fn check_upgrade(cloud: &Cloud, id: &str, old: &Body, new: &Body) -> Result<(), Refusal> {
    let versions = &cloud.config.kubernetes_versions;
    let (from, to) =
        (text(old, "kubernetesVersion").unwrap_or_default(), text(new, "kubernetesVersion").unwrap_or_default());
    let (was, will) = (version::known(from, versions)?, version::known(to, versions)?);
    if will < was {
        return Err(NO_DOWNGRADE.with(&[from, to]));
    }
    if will.minor > was.minor + 1 {
        return Err(ONE_MINOR_AT_A_TIME.with(&[from, to]));
    }
    for pool in cloud.all(Kind::NodePool).filter(|pool| text(&pool.body, "clusterId") == Some(id)) {
        let at = text(&pool.body, "kubernetesVersion").unwrap_or_default();
        if version::known(at, versions).is_ok_and(|nodes| version::too_old(nodes, will)) {
            return Err(UPGRADE_LEAVES_POOL_BEHIND.with(&[&pool.id, at, to]));
        }
    }
    Ok(())
}

pub fn update_endpoint(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    check_idle(cloud, Kind::Cluster, id, &["ACTIVE"])?;
    let current = cloud.get(Kind::Cluster, id)?;
    crate::network::check_etag(request, current.etag, id)?;
    let mut body = current.body.clone();
    let change = request.body()?;
    check(models::ENDPOINT_CHANGE, &change)?;
    merge(child(&mut body, "endpointConfig"), &change);
    check_cluster(cloud, &body)?;
    complete(cloud, &mut body);
    Ok(begin(cloud, Kind::Cluster, id, Deed::Update(Box::new(body)), None))
}

/// A cluster goes with its node pools: so Oracle, Deleting Kubernetes Clusters.
pub fn delete(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    check_idle(cloud, Kind::Cluster, id, &["ACTIVE", "FAILED"])?;
    crate::network::check_etag(request, cloud.get(Kind::Cluster, id)?.etag, id)?;
    Ok(begin(cloud, Kind::Cluster, id, Deed::Delete, None))
}

/// The kubeconfig, as YAML. It holds no secret: its user is a command.
pub fn kubeconfig(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let cluster = cloud.get(Kind::Cluster, id)?.body.clone();
    let body = if request.content.is_empty() { Body::new() } else { request.body()? };
    check(models::KUBECONFIG, &body)?;
    let token = text(&body, "tokenVersion").unwrap_or("2.0.0");
    if token != "2.0.0" {
        return Err(BAD_TOKEN_VERSION.with(&[token]));
    }
    let endpoints = object(&cluster, "endpoints").cloned().unwrap_or_default();
    let wanted = text(&body, "endpoint").unwrap_or("PUBLIC_ENDPOINT");
    let server = match wanted {
        "PRIVATE_ENDPOINT" => text(&endpoints, "privateEndpoint"),
        _ if body.contains_key("endpoint") => text(&endpoints, "publicEndpoint"),
        _ => text(&endpoints, "publicEndpoint").or(text(&endpoints, "privateEndpoint")),
    };
    let server = server.ok_or_else(|| NO_PUBLIC_ENDPOINT.with(&[id, wanted]))?;
    let yaml = format!(
        "---\napiVersion: v1\nkind: Config\nclusters:\n- name: sim\n  cluster:\n    server: https://{server}\n\
         users:\n- name: sim\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      command: oci\n\
         \x20     args: [ce, cluster, generate-token, --cluster-id, {id}]\n"
    );
    Ok(Answer { status: 200, headers: Vec::new(), content: crate::wire::Content::Yaml(yaml) })
}

/// What only an enhanced cluster has. The control plane knows no more of it
/// than that a basic cluster has it not.
pub fn enhanced(cloud: &mut Cloud, request: &Request, id: &str, what: &str) -> Result<Answer, Refusal> {
    let cluster = cloud.get(Kind::Cluster, id)?;
    if text(&cluster.body, "type") == Some("BASIC_CLUSTER") {
        return Err(ENHANCED_ONLY.with(&[what]));
    }
    Err(UNKNOWN_REQUEST.with(&[&request.method, &request.path]))
}
