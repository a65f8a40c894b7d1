//! The cluster add-ons that Oracle documents, by their names in the API, and the
//! keys of their configuration. Oracle, Cluster Add-on Configuration Arguments;
//! names as Oracle's examples of the provider write them. New ones come without
//! notice, so that no list of ours decides.

/// When the page was read.
pub const AS_OF: &str = "November 2026";

/// What each add-on takes.
pub const COMMON: [&str; 6] =
    ["affinity", "nodeSelectors", "numOfReplicas", "rollingUpdate", "tolerations", "topologySpreadConstraints"];

/// An add-on: its name, and the keys that others do not have.
pub struct Addon {
    pub name: &'static str,
    /// Whether each cluster has it from the beginning.
    pub is_essential: bool,
    /// None where the page that was read does not have it.
    pub keys: Option<&'static [&'static str]>,
}

const fn essential(name: &'static str, keys: &'static [&'static str]) -> Addon {
    Addon { name, is_essential: true, keys: Some(keys) }
}

const fn optional(name: &'static str, keys: &'static [&'static str]) -> Addon {
    Addon { name, is_essential: false, keys: Some(keys) }
}

#[rustfmt::skip]
pub static KNOWN: [Addon; 15] = [
    essential("KubeProxy",      &["customizeKubeProxyConfigMap", "kube-proxy.ContainerResources"]),
    essential("CoreDNS",        &["coreDnsContainerResources", "customizeCoreDNSConfigMap", "minReplica", "nodesPerReplica"]),
    essential("OciVcnIpNative", &["install-cni-ips.ContainerResources"]),
    essential("Flannel",        &["kube-flannel.ContainerResources"]),
    Addon { name: "KubernetesDashboard", is_essential: false, keys: None },
    optional("OracleDatabaseOperator", &["manager.ContainerResources"]),
    optional("WeblogicKubernetesOperator", &["weblogic-operator.ContainerResources", "weblogic-operator-webhook.ContainerResources"]),
    optional("CertManager", &["cert-manager-cainjector.ContainerResources", "cert-manager-controller.ContainerResources", "cert-manager-webhook.ContainerResources"]),
    optional("ClusterAutoscaler", &[
        "annotations", "authType", "balanceSimilarNodeGroups", "balancingIgnoreLabel", "balancingLabel",
        "cluster-autoscaler.ContainerResources", "cordonNodeBeforeTerminating", "coresTotal",
        "daemonsetEvictionForEmptyNodes", "daemonsetEvictionForOccupiedNodes", "debuggingSnapshotEnabled",
        "emitPerNodegroupMetrics", "enforceNodeGroupMinSize", "estimator", "expander", "expendablePodsPriorityCutoff",
        "ignoreDaemonsetsUtilization", "ignoreMirrorPodsUtilization", "leaderElect", "leaderElectLeaseDuration",
        "leaderElectRenewDeadline", "leaderElectResourceLock", "leaderElectRetryPeriod",
        "maxAutoprovisionedNodeGroupCount", "maxEmptyBulkDelete", "maxFailingTime", "maxGracefulTerminationSec",
        "maxInactivity", "maxNodeProvisionTime", "maxNodesTotal", "maxTotalUnreadyPercentage", "memoryTotal",
        "minReplicaCount", "nodes", "okTotalUnreadyCount", "recordDuplicatedEvents",
        "scaleDownCandidatesPoolMinCount", "scaleDownCandidatesPoolRatio", "scaleDownDelayAfterAdd",
        "scaleDownDelayAfterDelete", "scaleDownDelayAfterFailure", "scaleDownEnabled",
        "scaleDownNonEmptyCandidatesCount", "scaleDownUnneededTime", "scaleDownUnreadyTime",
        "scaleDownUtilizationThreshold", "scanInterval", "skipNodesWithCustomControllerPods",
        "skipNodesWithLocalStorage", "skipNodesWithSystemPods", "statusConfigMapName", "stderrthreshold",
        "unremovableNodeRecheckTimeout", "v", "writeStatusConfigmap",
    ]),
    optional("Istio", &[
        "customizeConfigMap", "discovery.ContainerResources", "discovery.EnvVariables", "enableIngressGateway",
        "istio-ingressgateway.Annotations", "istio-ingressgateway.HorizontalPodAutoscalerMinReplicas",
        "istio-ingressgateway.HorizontalPodAutoscalerMaxReplicas", "istio-ingressgateway.PodDisruptionBudgetMinAvailable",
        "istiod.HorizontalPodAutoscalerMinReplicas", "istiod.HorizontalPodAutoscalerMaxReplicas",
        "istiod.PodDisruptionBudgetMinAvailable", "profile",
    ]),
    optional("NativeIngressController", &[
        "authSecretName", "authType", "compartmentId", "controllerClass", "leaseLockName", "leaseLockNamespace",
        "loadBalancerSubnetId", "logVerbosity", "metricsBackend", "metricsPort",
        "oci-native-ingress-controller.ContainerResources",
    ]),
    optional("KubernetesMetricsServer", &["metrics-server.ContainerResources"]),
    Addon { name: "NvidiaGpuPlugin", is_essential: false, keys: None },
    Addon { name: "AmdGpuPlugin", is_essential: false, keys: None },
    Addon { name: "NodeProblemDetector", is_essential: false, keys: None },
];
