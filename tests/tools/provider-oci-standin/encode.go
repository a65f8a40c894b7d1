// From a configuration's values to the bodies of OCI's API.

package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A function that says whether the attribute or block at a path is sent.
type filter func(path string) bool

// encode makes the JSON object of a block. What is null, unknown or only the
// provider's to set is left out.
func encode(typeName string, b *tfprotov5.SchemaBlock, v tftypes.Value, path string, sent filter) (map[string]any, error) {
	fields, err := fieldsOf(v)
	if err != nil {
		return nil, err
	}
	body := map[string]any{}
	for _, a := range b.Attributes {
		at := join(path, a.Name)
		value := fields[a.Name]
		if at == "id" || !(a.Required || a.Optional) || !sent(at) || !value.IsFullyKnown() {
			continue
		}
		if value.IsNull() {
			if d, known := defaults[typeName+"."+at]; known {
				body[apiName(a.Name)] = d
			}
			continue
		}
		encoded, err := encodeAttribute(a, value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		body[apiName(a.Name)] = encoded
	}
	for _, nested := range b.BlockTypes {
		at := join(path, nested.TypeName)
		if at == "timeouts" || !sent(at) {
			continue
		}
		items, err := itemsOf(fields[nested.TypeName])
		if err != nil {
			return nil, err
		}
		encoded := []any{}
		for _, item := range items {
			one, err := encode(typeName, nested.Block, item, at, sent)
			if err != nil {
				return nil, err
			}
			encoded = append(encoded, one)
		}
		switch {
		case nested.MaxItems == 1 && len(encoded) == 1:
			if object := encoded[0].(map[string]any); len(object) > 0 {
				body[apiName(nested.TypeName)] = object
			}
		case nested.MaxItems == 1:
		case len(encoded) > 0 || kinds[typeName].isComplete(at):
			body[apiName(nested.TypeName)] = encoded
		}
	}
	return nestPorts(typeName, path, body), nil
}

// A security list's rule says `min` and `max` where the API has a range.
func nestPorts(typeName, path string, body map[string]any) map[string]any {
	if !hasFlatPorts(typeName, path) {
		return body
	}
	if _, has := body["min"]; has {
		body["destinationPortRange"] = map[string]any{"min": body["min"], "max": body["max"]}
		delete(body, "min")
		delete(body, "max")
	}
	return body
}

func hasFlatPorts(typeName, path string) bool {
	return strings.HasSuffix(typeName, "security_list") &&
		(strings.HasSuffix(path, ".tcp_options") || strings.HasSuffix(path, ".udp_options"))
}

func encodeAttribute(a *tfprotov5.SchemaAttribute, v tftypes.Value) (any, error) {
	plain, err := plain(v)
	if err != nil {
		return nil, err
	}
	switch {
	case numbersAsStrings[a.Name]:
		return json.Number(plain.(string)), nil
	case flagsAsStrings[a.Name] && a.Type.Is(tftypes.String):
		return strconv.ParseBool(plain.(string))
	case a.Name == "defined_tags":
		return nestTags(plain.(map[string]any))
	}
	return plain, nil
}

// Defined tags are `namespace.key` in a configuration, and nested in the API.
func nestTags(flat map[string]any) (map[string]any, error) {
	nested := map[string]any{}
	for name, value := range flat {
		namespace, key, found := strings.Cut(name, ".")
		if !found {
			return nil, fmt.Errorf("invalid defined tag %q: it is not namespace.key", name)
		}
		inner, _ := nested[namespace].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
		}
		inner[key] = value
		nested[namespace] = inner
	}
	return nested, nil
}

// plain makes what encoding/json writes of a known value.
func plain(v tftypes.Value) (any, error) {
	if v.IsNull() {
		return nil, nil
	}
	switch {
	case v.Type().Is(tftypes.String):
		var s string
		err := v.As(&s)
		return s, err
	case v.Type().Is(tftypes.Bool):
		var b bool
		err := v.As(&b)
		return b, err
	case v.Type().Is(tftypes.Number):
		var n *big.Float
		if err := v.As(&n); err != nil {
			return nil, err
		}
		return json.Number(n.Text('f', -1)), nil
	case v.Type().Is(tftypes.Map{}), v.Type().Is(tftypes.Object{}):
		fields, err := fieldsOf(v)
		if err != nil {
			return nil, err
		}
		object := map[string]any{}
		for name, field := range fields {
			if object[name], err = plain(field); err != nil {
				return nil, err
			}
		}
		return object, nil
	}
	items, err := itemsOf(v)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, item := range items {
		one, err := plain(item)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// The parts of an object or a map; none of one that is null or unknown.
func fieldsOf(v tftypes.Value) (map[string]tftypes.Value, error) {
	fields := map[string]tftypes.Value{}
	if v.IsNull() || !v.IsKnown() {
		return fields, nil
	}
	err := v.As(&fields)
	return fields, err
}

// The members of a list or a set; none of one that is null or unknown.
func itemsOf(v tftypes.Value) ([]tftypes.Value, error) {
	var items []tftypes.Value
	if v.IsNull() || !v.IsKnown() {
		return items, nil
	}
	err := v.As(&items)
	return items, err
}

// The string attribute of a resource; empty where it is null or unknown.
func text(v tftypes.Value, name string) string {
	fields, err := fieldsOf(v)
	if err != nil {
		return ""
	}
	var s string
	if field, has := fields[name]; has && field.IsKnown() && !field.IsNull() {
		_ = field.As(&s)
	}
	return s
}
