//! The stack that `golden/default` describes, made call by call.

use serde_json::{Value, json};

use super::client::World;

/// An image of Oracle Linux 9 for x86.
pub const OL9: &str = "ocid1.image.oc1.eu-frankfurt-1.oraclelinux96202608310";

/// OCIDs of the stack's parts.
pub struct Stack {
    pub vcn: String,
    pub internet: String,
    pub nat: String,
    pub services: String,
    pub public_routes: String,
    pub private_routes: String,
    pub list: String,
    pub public: String,
    pub private: String,
    pub api: String,
    pub worker: String,
    pub pod: String,
}

impl Stack {
    /// The network with its NSGs.
    pub fn network(world: &World) -> Self {
        let vcn = world.make("vcns", json!({ "cidrBlocks": ["10.0.0.0/18"], "dnsLabel": "lab" })).id();
        let (service, label) = world.all_services();
        let internet = world.make("internetGateways", json!({ "vcnId": vcn, "isEnabled": true })).id();
        let nat = world.make("natGateways", json!({ "vcnId": vcn })).id();
        let services =
            world.make("serviceGateways", json!({ "vcnId": vcn, "services": [{ "serviceId": service }] })).id();
        let anywhere = |gateway: &str| json!({ "destination": "0.0.0.0/0", "destinationType": "CIDR_BLOCK", "networkEntityId": gateway });
        let to_services =
            json!({ "destination": label, "destinationType": "SERVICE_CIDR_BLOCK", "networkEntityId": services });
        let public_routes =
            world.make("routeTables", json!({ "vcnId": vcn, "routeRules": [anywhere(&internet)] })).id();
        let private_routes =
            world.make("routeTables", json!({ "vcnId": vcn, "routeRules": [anywhere(&nat), to_services] })).id();
        let list = world
            .make(
                "securityLists",
                json!({
                    "vcnId": vcn,
                    "ingressSecurityRules": [
                        { "protocol": "1", "source": "0.0.0.0/0", "icmpOptions": { "type": 3, "code": 4 } },
                        { "protocol": "6", "source": "10.0.0.0/19",
                          "tcpOptions": { "destinationPortRange": { "min": 6443, "max": 6443 } } },
                    ],
                    "egressSecurityRules": [
                        { "protocol": "all", "destination": label, "destinationType": "SERVICE_CIDR_BLOCK" },
                    ],
                }),
            )
            .id();
        let subnet = |cidr: &str, name: &str, routes: &str, prohibited: bool| {
            let body = json!({
                "vcnId": vcn, "cidrBlock": cidr, "dnsLabel": name, "routeTableId": routes, "securityListIds": [list],
                "prohibitPublicIpOnVnic": prohibited, "prohibitInternetIngress": prohibited,
            });
            world.make("subnets", body).id()
        };
        let public = subnet("10.0.48.0/21", "public", &public_routes, false);
        let private = subnet("10.0.0.0/19", "private", &private_routes, true);
        let nsg = || world.make("networkSecurityGroups", json!({ "vcnId": vcn })).id();
        let (api, worker, pod) = (nsg(), nsg(), nsg());
        Self { vcn, internet, nat, services, public_routes, private_routes, list, public, private, api, worker, pod }
    }

    /// What makes a basic cluster in the network.
    pub fn cluster(&self) -> Value {
        json!({
            "name": "lab-k8s", "vcnId": self.vcn, "kubernetesVersion": "v1.32.1", "type": "BASIC_CLUSTER",
            "clusterPodNetworkOptions": [{ "cniType": "OCI_VCN_IP_NATIVE" }],
            "endpointConfig": { "subnetId": self.public, "isPublicIpEnabled": true, "nsgIds": [self.api] },
            "options": {
                "serviceLbSubnetIds": [self.public],
                "kubernetesNetworkConfig": { "podsCidr": "10.2.0.0/16", "servicesCidr": "10.3.0.0/16" },
            },
        })
    }

    /// What makes a pool of three nodes, one in each availability domain.
    pub fn pool(&self, world: &World, cluster: &str) -> Value {
        let places: Vec<Value> = world
            .domains()
            .iter()
            .map(|domain| json!({ "availabilityDomain": domain, "subnetId": self.private }))
            .collect();
        json!({
            "name": "k8s-pool-default", "clusterId": cluster, "kubernetesVersion": "v1.32.1",
            "nodeShape": "VM.Standard.A1.Flex", "nodeShapeConfig": { "ocpus": 2, "memoryInGBs": 12 },
            "nodeSourceDetails": { "sourceType": "IMAGE", "imageId": "ocid1.image.oc1..node" },
            "nodeConfigDetails": {
                "size": 3, "nsgIds": [self.worker], "placementConfigs": places,
                "nodePoolPodNetworkOptionDetails": {
                    "cniType": "OCI_VCN_IP_NATIVE", "podSubnetIds": [self.private], "podNsgIds": [self.pod],
                },
            },
        })
    }

    /// What makes a pool of two virtual nodes.
    pub fn virtual_pool(&self, world: &World, cluster: &str) -> Value {
        let place = json!({
            "availabilityDomain": world.domains()[0], "faultDomain": ["FAULT-DOMAIN-1"], "subnetId": self.private,
        });
        json!({
            "displayName": "k8s-pool-virtual", "clusterId": cluster, "size": 2, "nsgIds": [self.worker],
            "placementConfigurations": [place],
            "podConfiguration": { "subnetId": self.private, "shape": "Pod.Standard.E4.Flex", "nsgIds": [self.pod] },
        })
    }

    /// What launches an instance in the private subnet.
    pub fn instance(&self, world: &World) -> Value {
        json!({
            "displayName": "db", "availabilityDomain": world.domains()[0],
            "shape": "VM.Standard.E5.Flex", "shapeConfig": { "ocpus": 1, "memoryInGBs": 8 },
            "createVnicDetails": { "subnetId": self.private, "nsgIds": [self.worker], "assignPublicIp": false },
            "sourceDetails": { "sourceType": "image", "imageId": OL9, "bootVolumeSizeInGBs": 60 },
        })
    }

    /// What makes a volume where that instance is.
    pub fn volume(&self, world: &World) -> Value {
        json!({ "availabilityDomain": world.domains()[0], "displayName": "data", "sizeInGBs": 100 })
    }

    /// What makes a configuration of such an instance.
    pub fn configuration(&self) -> Value {
        json!({
            "source": "NONE",
            "instanceDetails": { "instanceType": "compute", "launchDetails": {
                "shape": "VM.Standard.E5.Flex", "shapeConfig": { "ocpus": 1, "memoryInGBs": 8 },
                "createVnicDetails": { "nsgIds": [self.worker], "assignPublicIp": false },
                "sourceDetails": { "sourceType": "image", "imageId": OL9 },
            } },
        })
    }

    /// What makes a pool of two from a configuration, in two availability domains.
    pub fn instance_pool(&self, world: &World, configuration: &str) -> Value {
        let place = |domain: &String| json!({ "availabilityDomain": domain, "primarySubnetId": self.private });
        json!({
            "displayName": "web", "instanceConfigurationId": configuration, "size": 2,
            "placementConfigurations": world.domains()[..2].iter().map(place).collect::<Vec<_>>(),
        })
    }

    /// What scales a pool from 2 to 6 by its processors.
    pub fn autoscaling(&self, pool: &str) -> Value {
        let rule = |by: i32, operator: &str, value: u32| {
            let threshold = json!({ "operator": operator, "value": value });
            let metric =
                json!({ "metricSource": "COMPUTE_AGENT", "metricType": "CPU_UTILIZATION", "threshold": threshold });
            json!({ "action": { "type": "CHANGE_COUNT_BY", "value": by }, "metric": metric })
        };
        let rules = [rule(1, "GT", 70), rule(-1, "LT", 30)];
        let capacity = json!({ "initial": 3, "min": 2, "max": 6 });
        json!({
            "resource": { "type": "instancePool", "id": pool },
            "policies": [{ "policyType": "threshold", "capacity": capacity, "rules": rules }],
        })
    }

    /// What makes a public load balancer.
    pub fn balancer(&self) -> Value {
        json!({
            "displayName": "web", "subnetIds": [self.public], "networkSecurityGroupIds": [self.api],
            "shapeName": "flexible", "shapeDetails": { "minimumBandwidthInMbps": 10, "maximumBandwidthInMbps": 100 },
        })
    }

    /// What makes a network load balancer in the private subnet.
    pub fn network_balancer(&self) -> Value {
        json!({ "displayName": "web", "subnetId": self.private, "isPrivate": true })
    }
}
