// A schema stand-in for the oracle/oci provider. It is NOT the real provider.
//
// It serves the schemas recorded in tests/oci-provider-schema.json, which came
// out of the real provider, so that OpenTofu and Terraform can check a
// configuration against them where the real provider cannot be had. Core then
// checks names, types, required arguments and block counts. Nothing here knows
// OCI: no value is judged, no credentials are read, data sources cannot be read
// and nothing can be applied.
//
// install.sh copies the recorded schemas next to this file as schema.json.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"log"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

//go:embed schema.json
var recorded []byte

func main() {
	p, err := newProvider(recorded)
	if err != nil {
		log.Fatalf("reading the recorded schemas: %v", err)
	}
	err = tf5server.Serve("registry.terraform.io/oracle/oci", func() tfprotov5.ProviderServer { return p })
	if err != nil {
		log.Fatal(err)
	}
}

// provider answers the calls that core makes of a provider with resources and
// data sources. The embedded interface is nil: it stands for the calls about
// functions, ephemeral resources, identities and state moves, which core makes
// only of a provider that announces such things.
type provider struct {
	tfprotov5.ProviderServer
	resources   map[string]*tfprotov5.Schema
	dataSources map[string]*tfprotov5.Schema
	notReal     []*tfprotov5.Diagnostic
}

func newProvider(schemas []byte) (*provider, error) {
	var r recording
	if err := json.Unmarshal(schemas, &r); err != nil {
		return nil, err
	}
	resources, err := toSchemas(r.Resources)
	if err != nil {
		return nil, err
	}
	dataSources, err := toSchemas(r.DataSources)
	if err != nil {
		return nil, err
	}
	return &provider{resources: resources, dataSources: dataSources, notReal: []*tfprotov5.Diagnostic{{
		Severity: tfprotov5.DiagnosticSeverityError,
		Summary:  fmt.Sprintf("This is cloudspells' schema stand-in for %s, not the real provider", r.Source),
		Detail: fmt.Sprintf("It cannot talk to OCI: it only knows the schemas of %s %s, so that a configuration can be "+
			"validated, planned without data sources, and tested with mock_provider. "+
			"See tests/tools/README.md in cloudspells.", r.Source, r.Version),
	}}}, nil
}

// What the provider has.

func (p *provider) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return &tfprotov5.GetProviderSchemaResponse{
		Provider:           providerSchema(),
		ResourceSchemas:    p.resources,
		DataSourceSchemas:  p.dataSources,
		ServerCapabilities: &tfprotov5.ServerCapabilities{PlanDestroy: true},
	}, nil
}

func (p *provider) GetResourceIdentitySchemas(context.Context, *tfprotov5.GetResourceIdentitySchemasRequest) (*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

func (p *provider) GetFunctions(context.Context, *tfprotov5.GetFunctionsRequest) (*tfprotov5.GetFunctionsResponse, error) {
	return &tfprotov5.GetFunctionsResponse{}, nil
}

// Configuring: nothing to do without OCI.

func (p *provider) PrepareProviderConfig(_ context.Context, req *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (p *provider) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (p *provider) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

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

// State: it stays what it is.

func (p *provider) UpgradeResourceState(_ context.Context, req *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
	t := p.resources[req.TypeName].ValueType()
	state, err := req.RawState.Unmarshal(t)
	if err != nil {
		return nil, err
	}
	upgraded, err := tfprotov5.NewDynamicValue(t, state)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

func (p *provider) ReadResource(_ context.Context, req *tfprotov5.ReadResourceRequest) (*tfprotov5.ReadResourceResponse, error) {
	return &tfprotov5.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private}, nil
}

// Planning: what core proposes, with the values that only OCI can give unknown.

func (p *provider) PlanResourceChange(_ context.Context, req *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	schema := p.resources[req.TypeName]
	prior, err := req.PriorState.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	proposed, err := req.ProposedNewState.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	if proposed.IsNull() || proposed.Equal(prior) { // a delete, or nothing to do
		return &tfprotov5.PlanResourceChangeResponse{PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate}, nil
	}
	value, err := mapAttributes(schema.Block, proposed, func(a *tfprotov5.SchemaAttribute, v tftypes.Value) tftypes.Value {
		if a.Computed && v.IsNull() {
			return tftypes.NewValue(a.Type, tftypes.UnknownValue)
		}
		return v
	})
	if err != nil {
		return nil, err
	}
	planned, err := tfprotov5.NewDynamicValue(schema.ValueType(), value)
	return &tfprotov5.PlanResourceChangeResponse{PlannedState: &planned, PlannedPrivate: req.PriorPrivate}, err
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

// What needs OCI: refused.

func (p *provider) ApplyResourceChange(_ context.Context, req *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
	return &tfprotov5.ApplyResourceChangeResponse{NewState: req.PriorState, Diagnostics: p.notReal}, nil
}

func (p *provider) ImportResourceState(context.Context, *tfprotov5.ImportResourceStateRequest) (*tfprotov5.ImportResourceStateResponse, error) {
	return &tfprotov5.ImportResourceStateResponse{Diagnostics: p.notReal}, nil
}

func (p *provider) ReadDataSource(context.Context, *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	return &tfprotov5.ReadDataSourceResponse{Diagnostics: p.notReal}, nil
}
