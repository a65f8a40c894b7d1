// Validation: what core leaves to the provider and follows from the schema alone.

package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Validation: core has held the configuration against the schema. Two checks it
// leaves to the provider follow from the schema alone, so they are made here,
// in the words of the provider's SDK.

func (p *provider) ValidateResourceTypeConfig(_ context.Context, req *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	diagnostics, err := checkSettable(p.resources[req.TypeName], req.Config)
	return &tfprotov5.ValidateResourceTypeConfigResponse{Diagnostics: diagnostics}, err
}

func (p *provider) ValidateDataSourceConfig(_ context.Context, req *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	diagnostics, err := checkSettable(p.dataSources[req.TypeName], req.Config)
	return &tfprotov5.ValidateDataSourceConfigResponse{Diagnostics: diagnostics}, err
}

// checkSettable refuses values for attributes that only the provider sets, and
// warns of deprecated ones.
func checkSettable(schema *tfprotov5.Schema, config *tfprotov5.DynamicValue) ([]*tfprotov5.Diagnostic, error) {
	value, err := config.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	var found []*tfprotov5.Diagnostic
	_, err = mapAttributes(schema.Block, value, func(a *tfprotov5.SchemaAttribute, v tftypes.Value) tftypes.Value {
		switch {
		case v.IsNull():
		case !a.Required && !a.Optional:
			found = append(found, &tfprotov5.Diagnostic{
				Severity: tfprotov5.DiagnosticSeverityError,
				Summary:  "Value for unconfigurable attribute",
				Detail: fmt.Sprintf("Can't configure a value for %q: its value will be decided automatically "+
					"based on the result of applying this configuration.", a.Name),
			})
		case a.Deprecated:
			found = append(found, &tfprotov5.Diagnostic{
				Severity: tfprotov5.DiagnosticSeverityWarning,
				Summary:  "Argument is deprecated",
				Detail:   fmt.Sprintf("The argument %q is deprecated.", a.Name),
			})
		}
		return v
	})
	return found, err
}

type attributeFunc func(*tfprotov5.SchemaAttribute, tftypes.Value) tftypes.Value

// mapAttributes replaces each attribute of a block's value, and of the blocks
// in it, by what f makes of it.
func mapAttributes(b *tfprotov5.SchemaBlock, v tftypes.Value, f attributeFunc) (tftypes.Value, error) {
	if v.IsNull() || !v.IsKnown() {
		return v, nil
	}
	var fields map[string]tftypes.Value
	if err := v.As(&fields); err != nil {
		return v, err
	}
	for _, a := range b.Attributes {
		fields[a.Name] = f(a, fields[a.Name])
	}
	for _, nested := range b.BlockTypes {
		mapped, err := mapNested(nested, fields[nested.TypeName], f)
		if err != nil {
			return v, err
		}
		fields[nested.TypeName] = mapped
	}
	return tftypes.NewValue(b.ValueType(), fields), nil
}

func mapNested(nested *tfprotov5.SchemaNestedBlock, v tftypes.Value, f attributeFunc) (tftypes.Value, error) {
	if nested.Nesting == tfprotov5.SchemaNestedBlockNestingModeSingle {
		return mapAttributes(nested.Block, v, f)
	}
	if v.IsNull() || !v.IsKnown() {
		return v, nil
	}
	var items []tftypes.Value
	if err := v.As(&items); err != nil {
		return v, err
	}
	for i, item := range items {
		mapped, err := mapAttributes(nested.Block, item, f)
		if err != nil {
			return v, err
		}
		items[i] = mapped
	}
	return tftypes.NewValue(nested.ValueType(), items), nil
}
