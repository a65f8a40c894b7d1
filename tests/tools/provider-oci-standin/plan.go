// What a change would do: which values only OCI can say, and whether the
// resource is replaced.

package main

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// unknownWhereComputed marks what OCI will say: in a new resource each attribute
// and each block that is left out and that the provider may set; in one that there
// is already, only those in blocks that are new. A list or set of plain values is
// known as a whole or not at all, as the real provider's SDK has it.
func (k *kind) unknownWhereComputed(b *tfprotov5.SchemaBlock, prior, proposed tftypes.Value, path string) (tftypes.Value, error) {
	if proposed.IsNull() || !proposed.IsKnown() || proposed.Equal(prior) {
		return proposed, nil
	}
	before, err := fieldsOf(prior)
	if err != nil {
		return proposed, err
	}
	fields, err := fieldsOf(proposed)
	if err != nil {
		return proposed, err
	}
	for _, a := range b.Attributes {
		isOpen := a.Computed && prior.IsNull() && fields[a.Name].IsNull()
		if isOpen || hasUnknownElement(fields[a.Name]) {
			fields[a.Name] = tftypes.NewValue(a.Type, tftypes.UnknownValue)
		}
	}
	for _, nested := range b.BlockTypes {
		if nested.Nesting == tfprotov5.SchemaNestedBlockNestingModeSingle || !fields[nested.TypeName].IsKnown() {
			continue
		}
		old, err := itemsOf(before[nested.TypeName])
		if err != nil {
			return proposed, err
		}
		items, err := itemsOf(fields[nested.TypeName])
		if err != nil {
			return proposed, err
		}
		at := join(path, nested.TypeName)
		if len(items) == 0 && k.isOpen(at) {
			if prior.IsNull() {
				fields[nested.TypeName] = tftypes.NewValue(nested.ValueType(), tftypes.UnknownValue)
			} else {
				fields[nested.TypeName] = before[nested.TypeName]
			}
			continue
		}
		for i, item := range items {
			counterpart := tftypes.NewValue(nested.Block.ValueType(), nil)
			for j, candidate := range old {
				byPlace := nested.Nesting == tfprotov5.SchemaNestedBlockNestingModeList && i == j
				if byPlace || candidate.Equal(item) {
					counterpart = candidate
				}
			}
			if items[i], err = k.unknownWhereComputed(nested.Block, counterpart, item, at); err != nil {
				return proposed, err
			}
		}
		fields[nested.TypeName] = tftypes.NewValue(nested.ValueType(), items)
	}
	return tftypes.NewValue(b.ValueType(), fields), nil
}

func hasUnknownElement(v tftypes.Value) bool {
	switch v.Type().(type) {
	case tftypes.List, tftypes.Set:
	default:
		return false
	}
	if v.IsNull() || !v.IsKnown() {
		return false
	}
	items, err := itemsOf(v)
	return err == nil && slices.ContainsFunc(items, func(item tftypes.Value) bool { return !item.IsKnown() })
}

// replacing lists what changes and cannot change in place.
func (k *kind) replacing(b *tfprotov5.SchemaBlock, prior, planned tftypes.Value, path string, at *tftypes.AttributePath) ([]*tftypes.AttributePath, error) {
	before, err := fieldsOf(prior)
	if err != nil {
		return nil, err
	}
	after, err := fieldsOf(planned)
	if err != nil {
		return nil, err
	}
	var found []*tftypes.AttributePath
	for _, a := range b.Attributes {
		settable := a.Required || a.Optional
		name := join(path, a.Name)
		isReplaced := k.changesInPlace(name) == none || k.isFixed(name)
		if settable && isReplaced && !before[a.Name].Equal(after[a.Name]) {
			found = append(found, at.WithAttributeName(a.Name))
			continue
		}
		was, err := fieldsOf(before[a.Name])
		if err != nil || len(k.fixedKeys[name]) == 0 {
			continue
		}
		is, err := fieldsOf(after[a.Name])
		if err != nil {
			return nil, err
		}
		for _, key := range k.fixedKeys[name] {
			if !was[key].Equal(is[key]) {
				found = append(found, at.WithAttributeName(a.Name))
			}
		}
	}
	for _, nested := range b.BlockTypes {
		name, here := join(path, nested.TypeName), at.WithAttributeName(nested.TypeName)
		covered := k.changesInPlace(name)
		isSettled := covered == all && !k.holdsFixed(name)
		if name == "timeouts" || isSettled || before[nested.TypeName].Equal(after[nested.TypeName]) {
			continue
		}
		old, err := itemsOf(before[nested.TypeName])
		if err != nil {
			return nil, err
		}
		items, err := itemsOf(after[nested.TypeName])
		if err != nil {
			return nil, err
		}
		if nested.Nesting != tfprotov5.SchemaNestedBlockNestingModeList || len(old) != len(items) {
			if covered != all {
				found = append(found, here)
			}
			continue
		}
		for i := range items {
			inner, err := k.replacing(nested.Block, old[i], items[i], name, here.WithElementKeyInt(i))
			if err != nil {
				return nil, err
			}
			found = append(found, inner...)
		}
	}
	return found, nil
}

// changedParts names the attributes and blocks of a resource that change.
func changedParts(prior, planned tftypes.Value) (map[string]bool, error) {
	before, err := fieldsOf(prior)
	if err != nil {
		return nil, err
	}
	after, err := fieldsOf(planned)
	if err != nil {
		return nil, err
	}
	changed := map[string]bool{}
	for name, value := range after {
		changed[name] = !value.Equal(before[name])
	}
	return changed, nil
}
