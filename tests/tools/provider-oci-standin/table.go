// What the stand-in knows of each resource type. Learnt from the documentation
// and the public source of oracle/oci; no code of it is here.

package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const (
	network    = "oci_core.VirtualNetworkClient"
	compute    = "oci_core.ComputeClient"
	management = "oci_core.ComputeManagementClient"
	storage    = "oci_core.BlockstorageClient"
	container  = "oci_containerengine.ContainerEngineClient"
	identity   = "oci_identity.IdentityClient"

	coreVersion      = "/20160918"
	containerVersion = "/20180222"
)

// kind is one resource type.
type kind struct {
	client string
	// The collection that it is created in.
	path string
	// What changes in place: an attribute, a block, or a part of a block, as
	// `block.part`. A change of anything else replaces the resource.
	updatable []string
	// Parts of what changes in place that replace the resource all the same.
	fixed []string
	// Sent in an update only where it changes.
	onlyIfChanged []string
	// Changed in place by the real provider, with calls that the stand-in lacks.
	refused []string
	// Blocks that say all there is: what OCI has beyond them is drift. Other
	// blocks that a configuration leaves out are OCI's to fill in.
	complete []string
	// Blocks that OCI decides on where they are left out: until then they are
	// not known, and what it said stays. `block.*` is all that is in a block.
	open []string
	// For asynchronous kinds, what a work request calls it.
	entity string
	// Where those work requests are, if not in OKE's API.
	works string
	// Blocks that change by an action of their own, and its name.
	actions map[string]string
	// The attribute that names an existing resource to take over.
	adopts string
	// The attribute that names the resource whose list this is a part of.
	partOf string
	// The collection that it has below another resource of `path`, and the
	// attributes that name that resource and this one: it has no OCID.
	below, parent, key string
	// Where such resources are known by the whole path, what that begins with.
	within string
	// Parts that OCI has from elsewhere, and that a change says again.
	keeps []string
	// Attributes that OCI does not show.
	kept []string
	// Keys of a map that changes in place which replace the resource all the same.
	fixedKeys map[string][]string
	// Attributes that change by a call of their own, and where that goes.
	calls map[string]string
	// What the API's body is made of, and the state's, beyond names and cases.
	sent func(body map[string]any)
	seen func(r *resource, object map[string]any) error
	// Changes that are no single call.
	changes func(r *resource, prior, planned tftypes.Value) error
}

var tags = []string{"defined_tags", "freeform_tags", "display_name"}

// The types that our stacks use.
var kinds = map[string]*kind{
	"oci_core_vcn": {
		client: network, path: coreVersion + "/vcns",
		updatable: append([]string{"cidr_blocks", "compartment_id", "security_attributes"}, tags...),
		refused:   []string{"cidr_blocks", "compartment_id", "security_attributes"},
		open:      []string{"byoipv6cidr_details"},
	},
	"oci_core_subnet": {
		client: network, path: coreVersion + "/subnets",
		updatable: append([]string{
			"cidr_block", "compartment_id", "dhcp_options_id", "route_table_id", "security_list_ids",
		}, tags...),
		refused: []string{"compartment_id"},
	},
	"oci_core_internet_gateway": {
		client: network, path: coreVersion + "/internetGateways",
		updatable: append([]string{"compartment_id", "enabled", "route_table_id"}, tags...),
		refused:   []string{"compartment_id"},
	},
	"oci_core_nat_gateway": {
		client: network, path: coreVersion + "/natGateways",
		updatable: append([]string{"block_traffic", "compartment_id", "route_table_id"}, tags...),
		refused:   []string{"compartment_id"},
	},
	"oci_core_service_gateway": {
		client: network, path: coreVersion + "/serviceGateways",
		updatable: append([]string{"compartment_id", "route_table_id", "services"}, tags...),
		refused:   []string{"compartment_id"},
		complete:  []string{"services"},
	},
	"oci_core_route_table": {
		client: network, path: coreVersion + "/routeTables",
		updatable: append([]string{"compartment_id", "route_rules"}, tags...),
		refused:   []string{"compartment_id"},
		complete:  []string{"route_rules"},
	},
	"oci_core_security_list": {
		client: network, path: coreVersion + "/securityLists",
		updatable: append([]string{"compartment_id", "egress_security_rules", "ingress_security_rules"}, tags...),
		refused:   []string{"compartment_id"},
		complete:  []string{"egress_security_rules", "ingress_security_rules"},
	},
	"oci_core_default_security_list": {
		client: network, path: coreVersion + "/securityLists",
		updatable: append([]string{"compartment_id", "egress_security_rules", "ingress_security_rules"}, tags...),
		refused:   []string{"compartment_id"},
		complete:  []string{"egress_security_rules", "ingress_security_rules"},
		adopts:    "manage_default_resource_id",
	},
	"oci_core_network_security_group": {
		client: network, path: coreVersion + "/networkSecurityGroups",
		updatable: append([]string{"compartment_id"}, tags...),
		refused:   []string{"compartment_id"},
	},
	"oci_core_network_security_group_security_rule": {
		client: network, path: coreVersion + "/networkSecurityGroups",
		updatable: []string{
			"description", "destination", "destination_type", "direction", "icmp_options", "protocol",
			"source", "source_type", "stateless", "tcp_options", "udp_options",
		},
		complete: []string{"icmp_options", "tcp_options", "udp_options"},
		open:     []string{"udp_options.source_port_range"},
		partOf:   "network_security_group_id",
	},
	"oci_containerengine_cluster": {
		client: container, path: containerVersion + "/clusters", entity: "cluster",
		updatable: []string{
			"defined_tags", "freeform_tags", "image_policy_config", "kubernetes_version", "name", "type",
			"endpoint_config.is_public_ip_enabled", "endpoint_config.nsg_ids",
			"options.admission_controller_options", "options.open_id_connect_discovery",
			"options.open_id_connect_token_authentication_config", "options.persistent_volume_config",
			"options.service_lb_config",
		},
		onlyIfChanged: []string{"kubernetes_version"},
		actions:       map[string]string{"endpoint_config": "updateEndpointConfig"},
		open: []string{
			"image_policy_config", "options.add_ons", "options.admission_controller_options",
			"options.open_id_connect_discovery", "options.open_id_connect_token_authentication_config",
			"options.persistent_volume_config", "options.service_lb_config",
		},
	},
	"oci_containerengine_node_pool": {
		client: container, path: containerVersion + "/nodePools", entity: "nodepool",
		updatable: []string{
			"defined_tags", "freeform_tags", "initial_node_labels", "kubernetes_version", "name",
			"node_config_details", "node_eviction_node_pool_settings", "node_metadata", "node_pool_cycling_details",
			"node_shape", "node_shape_config", "node_source_details", "quantity_per_subnet", "ssh_public_key",
			"subnet_ids",
		},
		fixed:         []string{"node_config_details.node_pool_pod_network_option_details.cni_type"},
		onlyIfChanged: []string{"node_config_details", "quantity_per_subnet", "subnet_ids"},
		open: []string{
			"initial_node_labels", "node_config_details.placement_configs.preemptible_node_config",
			"node_eviction_node_pool_settings", "node_pool_cycling_details", "primary_vnic",
		},
	},
	"oci_containerengine_virtual_node_pool": {
		client: container, path: containerVersion + "/virtualNodePools", entity: "virtualnodepool",
		updatable: []string{
			"defined_tags", "display_name", "freeform_tags", "initial_virtual_node_labels", "nsg_ids",
			"placement_configurations", "pod_configuration", "size", "taints",
			"virtual_node_pool_cycling_details", "virtual_node_tags",
		},
		open: []string{
			"initial_virtual_node_labels", "taints", "virtual_node_pool_cycling_details", "virtual_node_tags",
		},
	},
	"oci_containerengine_addon": {
		client: container, path: containerVersion + "/clusters", entity: "addon",
		updatable: []string{"configurations", "version"},
		below:     "addons", parent: "cluster_id", key: "addon_name",
		kept: []string{"override_existing", "remove_addon_resources_on_delete"},
	},
}

func init() {
	maps.Copy(kinds, computeKinds)
	maps.Copy(kinds, poolKinds)
	maps.Copy(kinds, balancerKinds)
}

// isComplete says whether the block at a path says all there is.
func (k *kind) isComplete(path string) bool {
	top, _, _ := strings.Cut(path, ".")
	for _, block := range k.complete {
		if block == top {
			return true
		}
	}
	return false
}

// isFixed says whether the part at a path replaces the resource, though what it
// is in changes in place; holdsFixed, whether something below it does.
func (k *kind) isFixed(path string) bool {
	return slices.Contains(k.fixed, path)
}

func (k *kind) holdsFixed(path string) bool {
	return slices.ContainsFunc(k.fixed, func(part string) bool { return strings.HasPrefix(part, path+".") })
}

// isOpen says whether OCI decides on the block at a path where it is left out.
func (k *kind) isOpen(path string) bool {
	return k != nil && slices.ContainsFunc(k.open, func(open string) bool {
		above, below := strings.CutSuffix(open, ".*")
		return open == path || below && strings.HasPrefix(path, above+".")
	})
}

// coverage is how much of what stands at a path changes in place.
type coverage int

const (
	none coverage = iota
	part
	all
)

func (k *kind) changesInPlace(path string) coverage {
	found := none
	for _, u := range k.updatable {
		switch {
		case u == path || strings.HasPrefix(path, u+"."):
			return all
		case strings.HasPrefix(u, path+"."):
			found = part
		}
	}
	return found
}

// Names that OCI's API writes differently from what a word-by-word change of
// case makes of the attribute's.
var apiNames = map[string]string{
	"boot_volume_size_in_gbs": "bootVolumeSizeInGBs",
	"boot_volume_vpus_per_gb": "bootVolumeVpusPerGB",
	"byoipv6cidr_details":     "byoipv6CidrDetails",
	"enabled":                 "isEnabled",
	"error":                   "nodeError",
	"ipv4cidr_blocks":         "ipv4CidrBlocks",
	"ipv6cidr_block":          "ipv6CidrBlock",
	"ipv6cidr_blocks":         "ipv6CidrBlocks",
	"ipv6private_cidr_blocks": "ipv6PrivateCidrBlocks",
	"is_ipv6enabled":          "isIpv6Enabled",
	"is_ppv2enabled":          "isPpv2Enabled",
	"l3ip_idle_timeout":       "l3IpIdleTimeout",
	"memory_in_gbs":           "memoryInGBs",
	"override_existing":       "isOverrideExisting",
	"size_in_gbs":             "sizeInGBs",
	"state":                   "lifecycleState",
	"stateless":               "isStateless",
	"vpus_per_gb":             "vpusPerGB",
}

func apiName(attribute string) string {
	if name, known := apiNames[attribute]; known {
		return name
	}
	words := strings.Split(attribute, "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// What the real provider sends, and takes for unset, where an attribute that
// only the configuration sets is left out.
var defaults = map[string]any{
	"oci_autoscaling_auto_scaling_configuration.policies.rules.metric.metric_source":    "COMPUTE_AGENT",
	"oci_autoscaling_auto_scaling_configuration.policies.rules.metric.pending_duration": "PT3M",
	"oci_core_internet_gateway.enabled":                                                 true,
	"oci_load_balancer_backend_set.health_checker.interval_ms":                          json.Number("30000"),
	"oci_load_balancer_backend_set.health_checker.port":                                 json.Number("0"),
	"oci_load_balancer_backend_set.health_checker.retries":                              json.Number("3"),
	"oci_load_balancer_backend_set.health_checker.timeout_in_millis":                    json.Number("3000"),
	"oci_load_balancer_backend_set.ssl_configuration.verify_depth":                      json.Number("5"),
	"oci_load_balancer_backend_set.ssl_configuration.verify_peer_certificate":           true,
	"oci_load_balancer_listener.ssl_configuration.verify_depth":                         json.Number("5"),
	"oci_load_balancer_listener.ssl_configuration.verify_peer_certificate":              true,
	"oci_load_balancer_rule_set.items.redirect_uri.query":                               "{query}",
}

// Numbers in the API, strings in a configuration; and what is true or false there.
var (
	numbersAsStrings = map[string]bool{
		"boot_volume_size_in_gbs": true, "boot_volume_vpus_per_gb": true, "size_in_gbs": true, "vpus_per_gb": true,
		"idle_timeout_in_seconds": true,
	}
	flagsAsStrings = map[string]bool{"assign_public_ip": true}
)
