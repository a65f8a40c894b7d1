// What the stand-in knows of instances and volumes.

package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var computeKinds = map[string]*kind{
	"oci_core_instance": {
		client: compute, path: coreVersion + "/instances",
		updatable: append([]string{
			"agent_config", "availability_config", "compartment_id", "create_vnic_details.assign_public_ip",
			"create_vnic_details.defined_tags", "create_vnic_details.display_name",
			"create_vnic_details.freeform_tags", "create_vnic_details.hostname_label",
			"create_vnic_details.nsg_ids", "create_vnic_details.skip_source_dest_check", "extended_metadata",
			"fault_domain", "instance_options", "launch_options", "metadata", "preserve_boot_volume", "shape",
			"shape_config", "source_details.boot_volume_size_in_gbs",
			"source_details.is_preserve_boot_volume_enabled", "source_details.kms_key_id",
			"source_details.source_id", "update_operation_constraint",
		}, tags...),
		refused:       []string{"compartment_id"},
		onlyIfChanged: append([]string{"availability_config"}, restarting...),
		open: []string{
			"agent_config", "agent_config.plugins_config", "availability_config", "create_vnic_details",
			"create_vnic_details.ipv6address_ipv6subnet_cidr_pair_details", "instance_options", "launch_options",
			"launch_volume_attachments", "licensing_configs", "placement_constraint_details", "platform_config",
			"preemptible_instance_config", "shape_config", "source_details",
			"source_details.instance_source_image_filter_details",
		},
		kept: []string{
			"async", "create_vnic_details.assign_private_dns_record", "create_vnic_details.assign_public_ip",
			"is_pv_encryption_in_transit_enabled", "preserve_boot_volume",
			"preserve_data_volumes_created_at_launch", "source_details.is_preserve_boot_volume_enabled",
			"update_operation_constraint",
		},
		fixedKeys: map[string][]string{"metadata": {"ssh_authorized_keys", "user_data"}},
		sent:      launches,
		seen:      (*resource).addParts,
		changes:   (*resource).changeParts,
	},
	"oci_core_volume": {
		client: storage, path: coreVersion + "/volumes",
		updatable: append([]string{
			"autotune_policies", "block_volume_replicas", "block_volume_replicas_deletion", "compartment_id",
			"is_auto_tune_enabled", "is_reservations_enabled", "kms_key_id", "size_in_gbs", "vpus_per_gb",
		}, tags...),
		refused: []string{"block_volume_replicas", "block_volume_replicas_deletion", "compartment_id"},
		calls:   map[string]string{"kms_key_id": "kmsKey"},
		open:    []string{"autotune_policies", "block_volume_replicas", "source_details"},
	},
	"oci_core_volume_attachment": {
		client: compute, path: coreVersion + "/volumeAttachments",
		kept: []string{"use_chap"},
		sent: func(body map[string]any) {
			body["type"] = body["attachmentType"]
			delete(body, "attachmentType")
		},
	},
	"oci_core_volume_backup_policy_assignment": {
		client: storage, path: coreVersion + "/volumeBackupPolicyAssignments",
	},
}

// What an instance is changed by in a call of its own, which restarts it.
var restarting = []string{"fault_domain", "launch_options", "shape", "shape_config", "source_details"}

// What an instance is made of, and in a change what is left of it: the boot volume
// and the VNIC change by calls of their own.
func launches(body map[string]any) {
	source, has := body["sourceDetails"].(map[string]any)
	if has && source["sourceId"] != nil {
		source["imageId"] = source["sourceId"]
		delete(source, "sourceId")
	}
	delete(body, "preserveBootVolume")
	if _, isNew := body["availabilityDomain"]; !isNew {
		delete(body, "createVnicDetails")
		for _, name := range restarting {
			delete(body, apiName(name))
		}
	}
}

// addParts adds what an instance's VNIC and boot volume say.
func (r *resource) addParts(instance map[string]any) error {
	if state, _ := instance["lifecycleState"].(string); gone[state] {
		return nil
	}
	query := url.Values{}
	for _, name := range []string{"availabilityDomain", "compartmentId"} {
		query.Set(name, fmt.Sprint(instance[name]))
	}
	query.Set("instanceId", fmt.Sprint(instance["id"]))
	boot, err := r.attached(query, "/bootVolumeAttachments", storage, "/bootVolumes/", "bootVolumeId")
	if err != nil {
		return err
	}
	query.Del("availabilityDomain")
	vnic, err := r.attached(query, "/vnicAttachments", network, "/vnics/", "vnicId")
	if err != nil {
		return err
	}
	source, _ := instance["sourceDetails"].(map[string]any)
	if source != nil && boot != nil {
		source["sourceId"] = source["imageId"]
		source["bootVolumeSizeInGBs"], source["bootVolumeVpusPerGB"] = boot["sizeInGBs"], boot["vpusPerGB"]
		instance["bootVolumeId"] = boot["id"]
	}
	instance["image"] = instance["imageId"]
	instance["createVnicDetails"] = vnic
	for _, name := range []string{"hostnameLabel", "privateIp", "publicIp", "subnetId"} {
		instance[name] = vnic[name]
	}
	return nil
}

// attached gives the first resource that a list of attachments names.
func (r *resource) attached(query url.Values, attachments, client, path, member string) (map[string]any, error) {
	found, err := r.api.list(compute, coreVersion+attachments, query)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	first, _ := found[0].(map[string]any)
	got, err := r.api.call(client, http.MethodGet, coreVersion+path+fmt.Sprint(first[member]), nil, false)
	if err != nil {
		return nil, err
	}
	return got.object()
}

// changeParts changes what is not the instance itself, and what restarts it.
func (r *resource) changeParts(prior, planned tftypes.Value) error {
	was, err := encode(r.typeName, r.block, prior, "", func(string) bool { return true })
	if err != nil {
		return err
	}
	is, err := encode(r.typeName, r.block, planned, "", func(string) bool { return true })
	if err != nil {
		return err
	}
	if err := r.changeBoot(text(prior, "boot_volume_id"), member(was, "sourceDetails"), member(is, "sourceDetails")); err != nil {
		return err
	}
	body := map[string]any{}
	for _, name := range restarting {
		at := apiName(name)
		changed := !same(was[at], is[at])
		if name == "source_details" {
			changed = !same(member(was, at)["sourceId"], member(is, at)["sourceId"])
		}
		if changed || name == "shape_config" && !same(was["shape"], is["shape"]) {
			body[at] = is[at]
		}
	}
	if shape := fmt.Sprint(is["shape"]); !strings.Contains(strings.ToLower(shape), "flex") {
		delete(body, "shapeConfig")
	}
	if config := member(body, "shapeConfig"); config != nil {
		for _, follows := range []string{"localVolumeSizeInGbs", "nvmes", "resourceManagement", "vcpus"} {
			delete(config, follows)
		}
	}
	if source := member(body, "sourceDetails"); source != nil {
		source["imageId"] = source["sourceId"]
		delete(source, "sourceId")
		delete(source, "bootVolumeVpusPerGB")
	}
	id := text(prior, "id")
	if len(body) > 0 {
		got, err := r.api.call(compute, http.MethodPut, r.path+"/"+id, body, false)
		if err == nil {
			_, err = r.api.finish(compute, coreVersion+"/workRequests", got.header.Get("opc-work-request-id"), "instance")
		}
		if err != nil {
			return err
		}
	}
	return r.changeVnic(id, text(planned, "compartment_id"), member(was, "createVnicDetails"), member(is, "createVnicDetails"))
}

func (r *resource) changeBoot(id string, was, is map[string]any) error {
	if !same(was["sourceId"], is["sourceId"]) {
		return nil
	}
	for name, at := range map[string]string{"bootVolumeSizeInGBs": "", "kmsKeyId": "/kmsKey"} {
		if same(was[name], is[name]) || is[name] == nil {
			continue
		}
		body := map[string]any{strings.Replace(name, "bootVolumeSize", "size", 1): is[name]}
		if _, err := r.api.call(storage, http.MethodPut, coreVersion+"/bootVolumes/"+id+at, body, false); err != nil {
			return err
		}
	}
	return nil
}

func (r *resource) changeVnic(instance, compartment string, was, is map[string]any) error {
	if same(was, is) {
		return nil
	}
	query := url.Values{"compartmentId": {compartment}, "instanceId": {instance}}
	vnic, err := r.attached(query, "/vnicAttachments", network, "/vnics/", "vnicId")
	if err != nil {
		return err
	}
	if !same(was["assignPublicIp"], is["assignPublicIp"]) {
		return fmt.Errorf("cloudspells' stand-in for oracle/oci cannot give an instance a public address; the real provider can")
	}
	body := map[string]any{"nsgIds": []any{}}
	for _, name := range []string{"definedTags", "displayName", "freeformTags", "hostnameLabel", "nsgIds", "skipSourceDestCheck"} {
		if is[name] != nil && is[name] != "" {
			body[name] = is[name]
		}
	}
	_, err = r.api.call(network, http.MethodPut, coreVersion+"/vnics/"+fmt.Sprint(vnic["id"]), body, false)
	return err
}

func member(body map[string]any, name string) map[string]any {
	inner, _ := body[name].(map[string]any)
	return inner
}

// same says whether two parts of bodies are one in JSON, where maps have an order.
func same(a, b any) bool {
	return fmt.Sprint(a) == fmt.Sprint(b)
}
