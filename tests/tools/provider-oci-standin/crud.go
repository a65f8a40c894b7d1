// Creating, reading, changing and deleting resources.

package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// resource is one resource of the state, with what is needed to act on it.
type resource struct {
	*kind
	typeName string
	block    *tfprotov5.SchemaBlock
	api      *api
}

var gone = map[string]bool{"DELETED": true, "DETACHED": true, "TERMINATED": true}

var underWay = map[string]bool{
	"CREATING": true, "PROVISIONING": true, "UPDATING": true, "DELETING": true, "TERMINATING": true,
	"ATTACHING": true, "DETACHING": true, "SCALING": true, "STARTING": true,
}

// create makes what is planned. Where OCI made something and then failed, both
// the value and the error come back: core then marks it for replacement.
func (r *resource) create(planned tftypes.Value) (tftypes.Value, error) {
	nothing := tftypes.NewValue(planned.Type(), nil)
	if r.adopts != "" {
		object, err := r.put(text(planned, r.adopts), planned, planned)
		if err != nil {
			return nothing, err
		}
		return r.value(object, planned)
	}
	body, err := encode(r.typeName, r.block, planned, "", func(path string) bool {
		return path != r.partOf && path != r.parent && path != "remove_addon_resources_on_delete"
	})
	if err != nil {
		return nothing, err
	}
	if r.sent != nil {
		r.sent(body)
	}
	path, below := r.path, ""
	if r.below != "" {
		below = text(planned, r.parent) + "/" + r.below
		if r.within != "" {
			below = r.within + "/" + below
		}
		path += "/" + below
	}
	if r.partOf != "" {
		return r.actOnRule("addSecurityRules", body, planned)
	}
	got, err := r.api.call(r.client, http.MethodPost, path, body, true)
	if err != nil {
		return nothing, err
	}
	id, failed := "", error(nil)
	if r.entity != "" {
		id, failed = r.finish(got)
		if r.below != "" {
			id = below + "/" + text(planned, r.key)
		}
	} else {
		object, err := got.object()
		if err != nil {
			return nothing, err
		}
		id, _ = object["id"].(string)
	}
	if id == "" {
		return nothing, fmt.Errorf("%s was created, but OCI did not say as what: %w", r.typeName, failed)
	}
	object, err := r.settled(id)
	if isNotFound(err) && failed != nil {
		return nothing, failed
	}
	if err != nil {
		return nothing, err
	}
	value, err := r.value(object, planned)
	if failed != nil {
		err = failed
	}
	return value, err
}

// read gives what OCI has now; null where it has nothing.
func (r *resource) read(state tftypes.Value) (tftypes.Value, error) {
	nothing := tftypes.NewValue(state.Type(), nil)
	var object map[string]any
	var err error
	if r.partOf != "" {
		object, err = r.rule(state)
	} else {
		object, err = r.get(text(state, "id"))
	}
	lifecycle, _ := object["lifecycleState"].(string)
	if isNotFound(err) || err == nil && (object == nil || gone[lifecycle]) {
		return nothing, nil
	}
	if err != nil {
		return state, err
	}
	return r.value(object, state)
}

// update changes in place.
func (r *resource) update(prior, planned tftypes.Value) (tftypes.Value, error) {
	changed, err := changedParts(prior, planned)
	if err != nil {
		return prior, err
	}
	for _, name := range r.refused {
		if changed[name] {
			return prior, fmt.Errorf("cloudspells' stand-in for oracle/oci cannot change %s of %s; the real provider can", name, r.typeName)
		}
	}
	id := text(prior, "id")
	if r.partOf != "" {
		body, err := encode(r.typeName, r.block, planned, "", func(path string) bool { return path != r.partOf })
		if err != nil {
			return prior, err
		}
		body["id"] = id
		return r.actOnRule("updateSecurityRules", body, planned)
	}
	for block, action := range r.actions {
		if !changed[block] {
			continue
		}
		body, err := encode(r.typeName, r.block, planned, "", func(path string) bool {
			return r.changesInPlace(path) != none
		})
		if err != nil {
			return prior, err
		}
		got, err := r.api.call(r.client, http.MethodPost, r.path+"/"+id+"/actions/"+action, body[apiName(block)], false)
		if err == nil {
			_, err = r.finish(got)
		}
		if err != nil {
			return prior, err
		}
	}
	if r.changes != nil {
		if err := r.changes(r, prior, planned); err != nil {
			return prior, err
		}
	}
	object, err := r.put(id, prior, planned)
	if err != nil {
		return prior, err
	}
	return r.value(object, planned)
}

// put sends all that can change in place, as the real provider does.
func (r *resource) put(id string, prior, planned tftypes.Value) (map[string]any, error) {
	changed, err := changedParts(prior, planned)
	if err != nil {
		return nil, err
	}
	for name, at := range r.calls {
		if changed[name] {
			body := map[string]any{apiName(name): text(planned, name)}
			if _, err := r.api.call(r.client, http.MethodPut, r.path+"/"+id+"/"+at, body, false); err != nil {
				return nil, err
			}
		}
	}
	body, err := encode(r.typeName, r.block, planned, "", func(path string) bool {
		_, byAction := r.actions[path]
		_, byCall := r.calls[path]
		return !byAction && !byCall && r.changesInPlace(path) != none && !slices.Contains(r.refused, path) &&
			(changed[path] || !slices.Contains(r.onlyIfChanged, path))
	})
	if err != nil {
		return nil, err
	}
	if r.sent != nil {
		r.sent(body)
	}
	if len(r.keeps) > 0 {
		object, err := r.get(id)
		if err != nil {
			return nil, err
		}
		for _, name := range r.keeps {
			body[name] = object[name]
		}
	}
	got, err := r.api.call(r.client, http.MethodPut, r.path+"/"+id, body, false)
	if err != nil {
		return nil, err
	}
	if r.entity != "" {
		if _, err := r.finish(got); err != nil {
			return nil, err
		}
	}
	return r.settled(id)
}

// delete ends with OCI having nothing of it.
func (r *resource) delete(prior tftypes.Value) error {
	id := text(prior, "id")
	switch {
	case r.adopts != "":
		// It goes with what it belongs to; until then it admits nothing.
		body := map[string]any{}
		for _, block := range r.complete {
			body[apiName(block)] = []any{}
		}
		_, err := r.api.call(r.client, http.MethodPut, r.path+"/"+id, body, false)
		return ignoreNotFound(err)
	case r.partOf != "":
		body := map[string]any{"securityRuleIds": []any{id}}
		_, err := r.api.call(r.client, http.MethodPost, r.ruleAction(prior, "removeSecurityRules"), body, false)
		return ignoreNotFound(err)
	}
	got, err := r.api.call(r.client, http.MethodDelete, r.path+"/"+id, nil, false)
	if err != nil {
		return ignoreNotFound(err)
	}
	if r.entity != "" {
		_, err := r.finish(got)
		return err
	}
	object, err := r.settled(id)
	if err != nil {
		return ignoreNotFound(err)
	}
	if lifecycle, _ := object["lifecycleState"].(string); !gone[lifecycle] {
		return fmt.Errorf("%s %s was deleted, and is %s", r.typeName, id, lifecycle)
	}
	return nil
}

func ignoreNotFound(err error) error {
	if isNotFound(err) {
		return nil
	}
	return err
}

func (r *resource) get(id string) (map[string]any, error) {
	pieces := strings.Split(id, "/")
	if r.within != "" && len(pieces) == 4 {
		object, err := r.partOfBalancer(pieces[1], pieces[3])
		if err != nil {
			return nil, err
		}
		object["id"], object[apiName(r.parent)] = id, pieces[1]
		if r.seen != nil {
			err = r.seen(r, object)
		}
		return object, err
	}
	got, err := r.api.call(r.client, http.MethodGet, r.path+"/"+id, nil, false)
	if err != nil {
		return nil, err
	}
	object, err := got.object()
	if err == nil && r.below != "" {
		object["id"], object[apiName(r.parent)], object[apiName(r.key)] = id, pieces[0], object["name"]
	}
	if err == nil && r.seen != nil {
		err = r.seen(r, object)
	}
	return object, err
}

// finish waits for the work that a call has begun.
func (r *resource) finish(begun answer) (string, error) {
	works := r.works
	if works == "" {
		works = containerVersion + "/workRequests"
	}
	return r.api.finish(r.client, works, begun.header.Get("opc-work-request-id"), r.entity)
}

// settled reads a resource until its state is one that lasts.
func (r *resource) settled(id string) (map[string]any, error) {
	began := time.Now()
	for {
		object, err := r.get(id)
		if err != nil {
			return nil, err
		}
		lifecycle, _ := object["lifecycleState"].(string)
		if !underWay[lifecycle] {
			return object, nil
		}
		if time.Since(began) > pollFor {
			return object, fmt.Errorf("%s %s is still %s after %s", r.typeName, id, lifecycle, pollFor)
		}
		time.Sleep(pollEvery)
	}
}

func (r *resource) value(object map[string]any, like tftypes.Value) (tftypes.Value, error) {
	return decode(r.typeName, r.block, object, like, "")
}

// The rules of an NSG have no address of their own: they are added to it,
// listed and removed.

func (r *resource) ruleAction(v tftypes.Value, action string) string {
	return r.path + "/" + text(v, r.partOf) + "/actions/" + action
}

func (r *resource) actOnRule(action string, body map[string]any, planned tftypes.Value) (tftypes.Value, error) {
	nothing := tftypes.NewValue(planned.Type(), nil)
	got, err := r.api.call(r.client, http.MethodPost, r.ruleAction(planned, action),
		map[string]any{"securityRules": []any{body}}, false)
	if err != nil {
		return nothing, err
	}
	object, err := got.object()
	if err != nil {
		return nothing, err
	}
	rules := asList(object["securityRules"])
	if len(rules) != 1 {
		return nothing, fmt.Errorf("one rule was sent to %s, and %d came back", action, len(rules))
	}
	rule, _ := rules[0].(map[string]any)
	return r.value(rule, planned)
}

func (r *resource) rule(state tftypes.Value) (map[string]any, error) {
	rules, err := r.api.list(r.client, r.path+"/"+text(state, r.partOf)+"/securityRules", url.Values{"limit": {"100"}})
	if err != nil {
		return nil, err
	}
	for _, one := range rules {
		if rule, isObject := one.(map[string]any); isObject && rule["id"] == text(state, "id") {
			return rule, nil
		}
	}
	return nil, nil
}
