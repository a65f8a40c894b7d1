// The data sources that our stacks read.

package main

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// list is a data source that shows a collection.
type list struct {
	client, path string
	// What it is shown in.
	attribute string
	// What of the configuration OCI looks at.
	arguments []string
}

var lists = map[string]list{
	"oci_core_services": {network, coreVersion + "/services", "services", nil},
	"oci_identity_availability_domains": {
		identity, coreVersion + "/availabilityDomains", "availability_domains", []string{"compartment_id"},
	},
	"oci_core_images": {compute, coreVersion + "/images", "images", []string{
		"compartment_id", "display_name", "operating_system", "operating_system_version", "shape", "sort_by",
		"sort_order", "state",
	}},
	"oci_core_volume_backup_policies": {
		storage, coreVersion + "/volumeBackupPolicies", "volume_backup_policies", []string{"compartment_id"},
	},
}

func (l list) read(api *api, typeName string, b *tfprotov5.SchemaBlock, config tftypes.Value) (tftypes.Value, error) {
	query := url.Values{}
	for _, name := range l.arguments {
		if value := text(config, name); value != "" {
			query.Set(apiName(name), value)
		}
	}
	items, err := api.list(l.client, l.path, query)
	if err != nil {
		return config, err
	}
	return listed(b, config, typeName, l.attribute, items)
}

// readData gives the value of a data source.
func readData(api *api, typeName string, b *tfprotov5.SchemaBlock, config tftypes.Value) (tftypes.Value, error) {
	if l, isList := lists[typeName]; isList {
		return l.read(api, typeName, b, config)
	}
	switch typeName {
	case "oci_containerengine_cluster_option":
		return options(api, b, config, "clusterOptions", "cluster_option_id", "should_list_all_patch_versions")
	case "oci_containerengine_node_pool_option":
		return options(api, b, config, "nodePoolOptions", "node_pool_option_id",
			"node_pool_k8s_version", "node_pool_os_arch", "node_pool_os_type", "should_list_all_patch_versions")
	case "oci_containerengine_cluster_kube_config":
		return kubeConfig(api, b, config)
	}
	return config, fmt.Errorf("cloudspells' stand-in for oracle/oci does not read %s", typeName)
}

// listed puts the items that the configuration's filters let through into an
// attribute.
func listed(b *tfprotov5.SchemaBlock, config tftypes.Value, typeName, attribute string, items []any) (tftypes.Value, error) {
	fields, err := fieldsOf(config)
	if err != nil {
		return config, err
	}
	filters, err := itemsOf(fields["filter"])
	if err != nil {
		return config, err
	}
	for _, one := range filters {
		if items, err = filtered(one, items); err != nil {
			return config, err
		}
	}
	for _, a := range b.Attributes {
		if a.Name == attribute {
			if fields[attribute], err = decodeAttribute(a.Type, items); err != nil {
				return config, err
			}
		}
	}
	fields["id"] = tftypes.NewValue(tftypes.String, typeName)
	return tftypes.NewValue(b.ValueType(), fields), nil
}

func filtered(one tftypes.Value, items []any) ([]any, error) {
	unpacked, err := plain(one)
	if err != nil {
		return nil, err
	}
	filter, _ := unpacked.(map[string]any)
	name, _ := filter["name"].(string)
	matches := func(found string) (bool, error) {
		for _, value := range asList(filter["values"]) {
			if filter["regex"] == true {
				matched, err := regexp.MatchString(fmt.Sprint(value), found)
				if matched || err != nil {
					return matched, err
				}
			} else if value == found {
				return true, nil
			}
		}
		return false, nil
	}
	var failed error
	kept := slices.DeleteFunc(slices.Clone(items), func(item any) bool {
		object, _ := item.(map[string]any)
		value, _ := lookUp(object, name)
		matched, err := matches(fmt.Sprint(value))
		if err != nil {
			failed = err
		}
		return !matched
	})
	return kept, failed
}

// options asks what may be made; each argument that is given is one of the query.
func options(api *api, b *tfprotov5.SchemaBlock, config tftypes.Value, path, id string, arguments ...string) (tftypes.Value, error) {
	fields, err := fieldsOf(config)
	if err != nil {
		return config, err
	}
	query := url.Values{}
	for _, name := range append(arguments, "compartment_id") {
		if value, err := plain(fields[name]); err != nil {
			return config, err
		} else if value != nil {
			query.Set(apiName(name), fmt.Sprint(value))
		}
	}
	got, err := api.call(container, http.MethodGet, containerVersion+"/"+path+"/"+text(config, id)+"?"+query.Encode(), nil, false)
	if err != nil {
		return config, err
	}
	answer, err := got.object()
	if err != nil {
		return config, err
	}
	for _, a := range b.Attributes {
		if given, there := answer[apiName(a.Name)]; there && a.Computed && !a.Optional {
			if fields[a.Name], err = decodeAttribute(a.Type, given); err != nil {
				return config, err
			}
		}
	}
	fields["id"] = tftypes.NewValue(tftypes.String, path)
	return tftypes.NewValue(b.ValueType(), fields), nil
}

func kubeConfig(api *api, b *tfprotov5.SchemaBlock, config tftypes.Value) (tftypes.Value, error) {
	fields, err := fieldsOf(config)
	if err != nil {
		return config, err
	}
	body := map[string]any{}
	for _, name := range []string{"endpoint", "expiration", "token_version"} {
		if value, err := plain(fields[name]); err != nil {
			return config, err
		} else if value != nil {
			body[apiName(name)] = value
		}
	}
	id := text(config, "cluster_id")
	got, err := api.call(container, http.MethodPost, containerVersion+"/clusters/"+id+"/kubeconfig/content", body, false)
	if err != nil {
		return config, err
	}
	fields["content"] = tftypes.NewValue(tftypes.String, string(got.body))
	fields["id"] = tftypes.NewValue(tftypes.String, "oci_containerengine_cluster_kube_config")
	return tftypes.NewValue(b.ValueType(), fields), nil
}
