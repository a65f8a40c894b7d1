// What the stand-in knows of instance pools and their autoscaling.

package main

import (
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const (
	scaling        = "oci_auto_scaling.AutoScalingClient"
	scalingVersion = "/20181001"
)

var poolKinds = map[string]*kind{
	"oci_core_instance_configuration": {
		client: management, path: coreVersion + "/instanceConfigurations",
		updatable: append([]string{"compartment_id"}, tags...),
		refused:   []string{"compartment_id"},
		open:      []string{"gmc_configs", "instance_details.*"},
		sent: func(body map[string]any) {
			if _, isNew := body["instanceDetails"]; isNew && body["source"] == nil {
				body["source"] = "NONE"
			}
		},
	},
	"oci_core_instance_pool": {
		client: management, path: coreVersion + "/instancePools",
		updatable: append([]string{
			"compartment_id", "instance_configuration_id", "instance_display_name_formatter",
			"instance_hostname_formatter", "lifecycle_management", "load_balancers", "placement_configurations",
			"size", "state",
		}, tags...),
		refused:       []string{"compartment_id", "state"},
		fixed:         []string{"placement_configurations.compute_cluster_id"},
		onlyIfChanged: []string{"size"},
		open: []string{
			"lifecycle_management", "placement_configurations.primary_vnic_subnets",
			"placement_configurations.primary_vnic_subnets.ipv6address_ipv6subnet_cidr_pair_details",
			"placement_configurations.secondary_vnic_subnets",
		},
		complete: []string{"load_balancers"},
		sent: func(body map[string]any) {
			_, isNew := body["compartmentId"]
			if !isNew || len(asList(body["loadBalancers"])) == 0 {
				delete(body, "loadBalancers")
			}
		},
		seen: func(_ *resource, object map[string]any) error {
			attached := []any{}
			for _, one := range asList(object["loadBalancers"]) {
				if asObject(one)["lifecycleState"] != "DETACHED" {
					attached = append(attached, one)
				}
			}
			object["loadBalancers"] = attached
			return nil
		},
		changes: (*resource).changeAttachments,
	},
	"oci_autoscaling_auto_scaling_configuration": {
		client: scaling, path: scalingVersion + "/autoScalingConfigurations",
		updatable: append([]string{"compartment_id", "cool_down_in_seconds", "is_enabled"}, tags...),
		refused:   []string{"compartment_id"},
		open: []string{
			"policies.capacity", "policies.execution_schedule", "policies.resource_action", "policies.rules",
			"policies.rules.action", "policies.rules.metric", "policies.rules.metric.threshold",
		},
		sent: func(body map[string]any) {
			if resource, isNew := body["autoScalingResources"]; isNew {
				body["resource"] = resource
				delete(body, "autoScalingResources")
			}
		},
		seen: func(_ *resource, object map[string]any) error {
			object["autoScalingResources"] = object["resource"]
			return nil
		},
	},
}

func asObject(item any) map[string]any {
	object, _ := item.(map[string]any)
	return object
}

// changeAttachments attaches a pool to the load balancers that it is new to, and
// detaches it from those that it is to leave.
func (r *resource) changeAttachments(prior, planned tftypes.Value) error {
	only := func(path string) bool { return len(path) >= 14 && path[:14] == "load_balancers" }
	was, err := encode(r.typeName, r.block, prior, "", only)
	if err != nil {
		return err
	}
	is, err := encode(r.typeName, r.block, planned, "", only)
	if err != nil {
		return err
	}
	id := text(prior, "id")
	for _, one := range without(asList(was["loadBalancers"]), asList(is["loadBalancers"])) {
		body := map[string]any{"loadBalancerId": one["loadBalancerId"], "backendSetName": one["backendSetName"]}
		if _, err := r.api.call(r.client, http.MethodPost, r.path+"/"+id+"/actions/detachLoadBalancer", body, false); err != nil {
			return err
		}
		if _, err := r.settled(id); err != nil {
			return err
		}
	}
	for _, one := range without(asList(is["loadBalancers"]), asList(was["loadBalancers"])) {
		if _, err := r.api.call(r.client, http.MethodPost, r.path+"/"+id+"/actions/attachLoadBalancer", one, false); err != nil {
			return err
		}
		if _, err := r.settled(id); err != nil {
			return err
		}
	}
	return nil
}

// without gives the objects of a list that another has not.
func without(list, other []any) []map[string]any {
	others := map[string]bool{}
	for _, item := range other {
		others[fmt.Sprint(item)] = true
	}
	var left []map[string]any
	for _, item := range list {
		if object := asObject(item); object != nil && !others[fmt.Sprint(item)] {
			left = append(left, object)
		}
	}
	return left
}
