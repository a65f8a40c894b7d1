// What the stand-in knows of load balancers of both kinds.

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const (
	balancing        = "oci_load_balancer.LoadBalancerClient"
	balancers        = "/20170115"
	networkBalancing = "oci_network_load_balancer.NetworkLoadBalancerClient"
	networkBalancers = "/20200501"
)

// A part of a load balancer: it is known by its name, below its load balancer.
func balancerPart(collection, key string, k kind) *kind {
	k.client, k.path, k.within, k.below, k.key = balancing, balancers, "loadBalancers", collection, key
	k.parent, k.entity, k.works = "load_balancer_id", "loadbalancer", balancers+"/loadBalancerWorkRequests"
	return &k
}

func networkBalancerPart(collection string, k kind) *kind {
	k.client, k.path, k.within, k.below, k.key = networkBalancing, networkBalancers, "networkLoadBalancers", collection, "name"
	k.parent, k.entity, k.works = "network_load_balancer_id", "networkloadbalancer", networkBalancers+"/workRequests"
	return &k
}

var balancerKinds = map[string]*kind{
	"oci_load_balancer_load_balancer": {
		client: balancing, path: balancers + "/loadBalancers",
		entity: "loadbalancer", works: balancers + "/loadBalancerWorkRequests",
		updatable: append([]string{
			"compartment_id", "ip_mode", "is_delete_protection_enabled", "is_request_id_enabled",
			"network_security_group_ids", "request_id_header", "security_attributes", "shape", "shape_details",
		}, tags...),
		refused: []string{"compartment_id"},
		open:    []string{"reserved_ips", "shape_details"},
		sent:    balancerSent,
		seen: func(_ *resource, object map[string]any) error {
			addresses := []any{}
			for _, one := range asList(object["ipAddresses"]) {
				addresses = append(addresses, asObject(one)["ipAddress"])
			}
			object["ipAddressDetails"], object["ipAddresses"] = object["ipAddresses"], addresses
			object["shape"] = object["shapeName"]
			return nil
		},
		changes: (*resource).changeBalancer,
	},
	"oci_load_balancer_backend_set": balancerPart("backendSets", "name", kind{
		updatable: []string{
			"backend_max_connections", "health_checker", "lb_cookie_session_persistence_configuration", "policy",
			"session_persistence_configuration", "ssl_configuration",
		},
		open: []string{
			"lb_cookie_session_persistence_configuration", "session_persistence_configuration", "ssl_configuration",
		},
		sent: func(body map[string]any) {
			if health := member(body, "healthChecker"); health != nil {
				rename(health, "intervalMs", "intervalInMillis")
			}
		},
		seen: func(_ *resource, object map[string]any) error {
			if health := member(object, "healthChecker"); health != nil {
				rename(health, "intervalInMillis", "intervalMs")
			}
			object["backend"] = object["backends"]
			return nil
		},
		keeps: []string{"backends"},
	}),
	"oci_load_balancer_certificate": balancerPart("certificates", "certificate_name", kind{
		kept: []string{"passphrase", "private_key"},
	}),
	"oci_load_balancer_rule_set": balancerPart("ruleSets", "name", kind{
		updatable: []string{"items"},
		open:      []string{"items.*"},
	}),
	"oci_load_balancer_listener": balancerPart("listeners", "name", kind{
		updatable: []string{
			"connection_configuration", "default_backend_set_name", "hostname_names", "path_route_set_name", "port",
			"protocol", "routing_policy_name", "rule_set_names", "ssl_configuration",
		},
		open: []string{"connection_configuration", "ssl_configuration"},
		sent: func(body map[string]any) {
			if connection := member(body, "connectionConfiguration"); connection != nil {
				rename(connection, "idleTimeoutInSeconds", "idleTimeout")
			}
		},
		seen: func(_ *resource, object map[string]any) error {
			if connection := member(object, "connectionConfiguration"); connection != nil {
				rename(connection, "idleTimeout", "idleTimeoutInSeconds")
			}
			return nil
		},
	}),
	"oci_network_load_balancer_network_load_balancer": {
		client: networkBalancing, path: networkBalancers + "/networkLoadBalancers",
		entity: "networkloadbalancer", works: networkBalancers + "/workRequests",
		updatable: append([]string{
			"compartment_id", "is_preserve_source_destination", "is_symmetric_hash_enabled",
			"network_security_group_ids", "nlb_ip_version", "security_attributes",
		}, tags...),
		refused: []string{"compartment_id"},
		open:    []string{"reserved_ips"},
		sent:    balancerSent,
		changes: (*resource).changeBalancer,
	},
	"oci_network_load_balancer_backend_set": networkBalancerPart("backendSets", kind{
		updatable: []string{
			"are_operationally_active_backends_preferred", "health_checker", "ip_version", "is_fail_open",
			"is_instant_failover_enabled", "is_instant_failover_tcp_reset_enabled", "is_preserve_source", "policy",
		},
		open:  []string{"health_checker.dns"},
		keeps: []string{"backends"},
	}),
	"oci_network_load_balancer_listener": networkBalancerPart("listeners", kind{
		updatable: []string{
			"default_backend_set_name", "ip_version", "is_ppv2enabled", "l3ip_idle_timeout", "port", "protocol",
			"tcp_idle_timeout", "udp_idle_timeout",
		},
	}),
}

func rename(object map[string]any, from, to string) {
	if value, has := object[from]; has {
		object[to] = value
		delete(object, from)
	}
}

// What a load balancer is made of, and in a change what is left of it.
func balancerSent(body map[string]any) {
	rename(body, "shape", "shapeName")
	if _, isNew := body["compartmentId"]; !isNew {
		for _, name := range []string{"networkSecurityGroupIds", "shapeDetails", "shapeName"} {
			delete(body, name)
		}
	}
}

// changeBalancer changes its shape and its NSGs, each by a call of its own.
func (r *resource) changeBalancer(prior, planned tftypes.Value) error {
	changed, err := changedParts(prior, planned)
	if err != nil {
		return err
	}
	is, err := encode(r.typeName, r.block, planned, "", func(string) bool { return true })
	if err != nil {
		return err
	}
	at := r.path + "/" + text(prior, "id")
	if changed["shape"] || changed["shape_details"] {
		body := map[string]any{"shapeName": is["shape"], "shapeDetails": is["shapeDetails"]}
		if err := r.work(http.MethodPut, at+"/updateShape", body); err != nil {
			return err
		}
	}
	if changed["network_security_group_ids"] {
		body := map[string]any{"networkSecurityGroupIds": asList(is["networkSecurityGroupIds"])}
		return r.work(http.MethodPut, at+"/networkSecurityGroups", body)
	}
	return nil
}

// work makes a call and waits for what it begins.
func (r *resource) work(method, path string, body any) error {
	got, err := r.api.call(r.client, method, path, body, false)
	if err == nil {
		_, err = r.finish(got)
	}
	return err
}

// balancerWork says of a load balancer's work request what those of the other
// APIs say.
func balancerWork(text []byte) ([]byte, error) {
	var work struct {
		LifecycleState string
		LoadBalancerID string
		ErrorDetails   []struct{ Message string }
	}
	if err := json.Unmarshal(text, &work); err != nil || work.LifecycleState == "" {
		return text, err
	}
	messages := []string{}
	for _, one := range work.ErrorDetails {
		messages = append(messages, one.Message)
	}
	return json.Marshal(map[string]any{
		"status":    work.LifecycleState,
		"message":   strings.Join(messages, "\n"),
		"resources": []any{map[string]any{"entityType": "loadbalancer", "identifier": work.LoadBalancerID}},
	})
}

// partOfBalancer reads a part out of its load balancer's document: not every kind
// of part can be read by itself.
func (r *resource) partOfBalancer(balancer, name string) (map[string]any, error) {
	got, err := r.api.call(r.client, http.MethodGet, r.path+"/"+r.within+"/"+balancer, nil, false)
	if err != nil {
		return nil, err
	}
	whole, err := got.object()
	if err != nil {
		return nil, err
	}
	part := member(member(whole, r.below), name)
	if part == nil {
		return nil, &serviceError{Status: http.StatusNotFound, Message: fmt.Sprintf("%s has no %s", balancer, name)}
	}
	return part, nil
}
