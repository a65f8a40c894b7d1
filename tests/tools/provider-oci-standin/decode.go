// From what OCI's API answers to values for the state.

package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// decode makes the value of a block from a JSON object. `like` is what was
// planned, or what the state had: it tells an attribute that was left out from
// one that is set to what OCI would set anyway.
func decode(typeName string, b *tfprotov5.SchemaBlock, answer map[string]any, like tftypes.Value, path string) (tftypes.Value, error) {
	wanted, err := fieldsOf(like)
	if err != nil {
		return like, err
	}
	if hasFlatPorts(typeName, path) {
		answer = flattenPorts(answer)
	}
	fields := map[string]tftypes.Value{}
	for _, a := range b.Attributes {
		at := join(path, a.Name)
		before, has := wanted[a.Name]
		if !has {
			before = tftypes.NewValue(a.Type, nil)
		}
		given, answered := lookUp(answer, a.Name)
		if !answered && isKept(typeName, at) {
			if fields[a.Name] = before; !before.IsKnown() {
				fields[a.Name] = tftypes.NewValue(a.Type, nil)
			}
			continue
		}
		if a.Name == "defined_tags" {
			given = flattenTags(given)
		}
		value, err := decodeAttribute(a.Type, given)
		if err != nil {
			return like, fmt.Errorf("%s: %w", at, err)
		}
		if before.IsNull() && !a.Computed && isUnset(typeName, at, given) {
			value = tftypes.NewValue(a.Type, nil)
		}
		fields[a.Name] = value
	}
	for _, nested := range b.BlockTypes {
		at := join(path, nested.TypeName)
		before, has := wanted[nested.TypeName]
		if nested.Nesting == tfprotov5.SchemaNestedBlockNestingModeSingle { // timeouts: core's, not OCI's
			if !has {
				before = tftypes.NewValue(nested.ValueType(), nil)
			}
			fields[nested.TypeName] = before
			continue
		}
		given, _ := lookUp(answer, nested.TypeName)
		if fields[nested.TypeName], err = decodeNested(typeName, nested, given, before, at); err != nil {
			return like, err
		}
	}
	return tftypes.NewValue(b.ValueType(), fields), nil
}

func decodeNested(typeName string, nested *tfprotov5.SchemaNestedBlock, given any, before tftypes.Value, at string) (tftypes.Value, error) {
	wanted, err := itemsOf(before)
	if err != nil {
		return before, err
	}
	values := []tftypes.Value{}
	if len(wanted) > 0 || kinds[typeName].isComplete(at) || kinds[typeName].isOpen(at) {
		for i, item := range asList(given) {
			object, isObject := item.(map[string]any)
			if !isObject {
				return before, fmt.Errorf("%s: expected an object, found %v", at, item)
			}
			candidates := wanted
			if nested.Nesting == tfprotov5.SchemaNestedBlockNestingModeList {
				candidates = wanted[min(i, len(wanted)):min(i+1, len(wanted))]
			}
			value, err := decodeItem(typeName, nested.Block, object, candidates, at)
			if err != nil {
				return before, err
			}
			values = append(values, value)
		}
	}
	return tftypes.NewValue(nested.ValueType(), values), nil
}

// decodeItem reads one member of a list or a set: like the first candidate that
// it agrees with, or like nothing.
func decodeItem(typeName string, b *tfprotov5.SchemaBlock, object map[string]any, candidates []tftypes.Value, at string) (tftypes.Value, error) {
	for _, candidate := range candidates {
		value, err := decode(typeName, b, object, candidate, at)
		if err != nil || agrees(candidate, value) {
			return value, err
		}
	}
	like := tftypes.NewValue(b.ValueType(), nil)
	if len(candidates) == 1 {
		like = candidates[0]
	}
	return decode(typeName, b, object, like, at)
}

// agrees says whether a value is what was planned wherever the plan is known.
func agrees(planned, value tftypes.Value) bool {
	if !planned.IsKnown() {
		return true
	}
	if planned.IsNull() || value.IsNull() || planned.IsFullyKnown() {
		return planned.Equal(value)
	}
	switch {
	case planned.Type().Is(tftypes.Object{}), planned.Type().Is(tftypes.Map{}):
		wanted, _ := fieldsOf(planned)
		got, _ := fieldsOf(value)
		for name, field := range wanted {
			if !agrees(field, got[name]) {
				return false
			}
		}
		return len(wanted) == len(got)
	default:
		wanted, _ := itemsOf(planned)
		got, _ := itemsOf(value)
		for i := range wanted {
			if i >= len(got) || !agrees(wanted[i], got[i]) {
				return false
			}
		}
		return len(wanted) == len(got)
	}
}

// Attributes that stand in no answer: they say whose resource it is.
func isKept(typeName, at string) bool {
	k := kinds[typeName]
	return k != nil && at != "" && (at == k.adopts || at == k.partOf || slices.Contains(k.kept, at))
}

// isUnset says whether OCI answers what it does for an attribute left out.
func isUnset(typeName, at string, given any) bool {
	if d, known := defaults[typeName+"."+at]; known {
		return given == d
	}
	switch g := given.(type) {
	case bool:
		return !g
	case string:
		return g == ""
	case []any:
		return len(g) == 0
	case map[string]any:
		return len(g) == 0
	}
	return given == nil
}

// lookUp finds an attribute's value in an answer; null counts as not there.
func lookUp(answer map[string]any, attribute string) (any, bool) {
	if value, found := answer[apiName(attribute)]; found {
		return value, value != nil
	}
	// Names with several capitals in a row, or with figures.
	for name, value := range answer {
		if strings.EqualFold(name, strings.ReplaceAll(attribute, "_", "")) {
			return value, value != nil
		}
	}
	return nil, false
}

func flattenPorts(answer map[string]any) map[string]any {
	ports, has := answer["destinationPortRange"].(map[string]any)
	if !has {
		return answer
	}
	flat := map[string]any{"min": ports["min"], "max": ports["max"]}
	for name, value := range answer {
		if name != "destinationPortRange" {
			flat[name] = value
		}
	}
	return flat
}

func flattenTags(given any) any {
	namespaces, nested := given.(map[string]any)
	if !nested {
		return given
	}
	flat := map[string]any{}
	for namespace, keys := range namespaces {
		if keys, nested := keys.(map[string]any); nested {
			for key, value := range keys {
				flat[namespace+"."+key] = value
			}
		}
	}
	return flat
}

func asList(given any) []any {
	switch g := given.(type) {
	case nil:
		return nil
	case []any:
		return g
	}
	return []any{given}
}

// decodeAttribute makes a value of a type from JSON.
func decodeAttribute(t tftypes.Type, given any) (tftypes.Value, error) {
	if given == nil {
		return tftypes.NewValue(t, nil), nil
	}
	unexpected := fmt.Errorf("expected %s, found %v", t, given)
	switch t := t.(type) {
	case tftypes.List:
		values, err := decodeList(t.ElementType, given)
		return tftypes.NewValue(t, values), err
	case tftypes.Set:
		values, err := decodeList(t.ElementType, given)
		return tftypes.NewValue(t, values), err
	case tftypes.Map:
		object, isObject := given.(map[string]any)
		if !isObject {
			return tftypes.NewValue(t, nil), unexpected
		}
		values := map[string]tftypes.Value{}
		for name, value := range object {
			decoded, err := decodeAttribute(t.ElementType, value)
			if err != nil {
				return decoded, err
			}
			values[name] = decoded
		}
		return tftypes.NewValue(t, values), nil
	case tftypes.Object:
		object, isObject := given.(map[string]any)
		if !isObject {
			return tftypes.NewValue(t, nil), unexpected
		}
		values := map[string]tftypes.Value{}
		for name, inner := range t.AttributeTypes {
			value, _ := lookUp(object, name)
			if name == "defined_tags" {
				value = flattenTags(value)
			}
			decoded, err := decodeAttribute(inner, value)
			if err != nil {
				return decoded, fmt.Errorf("%s: %w", name, err)
			}
			values[name] = decoded
		}
		return tftypes.NewValue(t, values), nil
	}
	switch g := given.(type) {
	case string:
		if t.Is(tftypes.String) {
			return tftypes.NewValue(t, g), nil
		}
	case bool:
		if t.Is(tftypes.Bool) {
			return tftypes.NewValue(t, g), nil
		}
	case json.Number:
		if t.Is(tftypes.String) {
			return tftypes.NewValue(t, g.String()), nil
		}
		if n, _, err := big.ParseFloat(g.String(), 10, 512, big.ToNearestEven); err == nil && t.Is(tftypes.Number) {
			return tftypes.NewValue(t, n), nil
		}
	}
	return tftypes.NewValue(t, nil), unexpected
}

func decodeList(t tftypes.Type, given any) ([]tftypes.Value, error) {
	values := []tftypes.Value{}
	for _, item := range asList(given) {
		value, err := decodeAttribute(t, item)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}
