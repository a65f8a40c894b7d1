// The calls that core makes in the life of a resource.

package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// resource gives what acts on a resource type; nil where nothing can.
func (p *provider) resource(typeName string) *resource {
	k := kinds[typeName]
	if p.api == nil || k == nil {
		return nil
	}
	return &resource{kind: k, typeName: typeName, block: p.resources[typeName].Block, api: p.api}
}

// State is read in the form that it was written in.
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
	r := p.resource(req.TypeName)
	if r == nil {
		return &tfprotov5.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private}, nil
	}
	t := p.resources[req.TypeName].ValueType()
	state, err := req.CurrentState.Unmarshal(t)
	if err != nil {
		return nil, err
	}
	value, failed := r.read(state)
	current, err := tfprotov5.NewDynamicValue(t, value)
	return &tfprotov5.ReadResourceResponse{NewState: &current, Private: req.Private, Diagnostics: diagnose(failed)}, err
}

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
	response := &tfprotov5.PlanResourceChangeResponse{
		PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate,
		// As the real provider does, blocks are planned as not known, and a
		// change in place with what OCI last said, though it may say something
		// else after it.
		UnsafeToUseLegacyTypeSystem: !proposed.IsNull(),
	}
	if proposed.IsNull() || proposed.Equal(prior) { // a delete, or nothing to do
		return response, nil
	}
	k := kinds[req.TypeName]
	value, err := k.unknownWhereComputed(schema.Block, prior, proposed, "")
	if err != nil {
		return nil, err
	}
	if k != nil && !prior.IsNull() {
		response.RequiresReplace, err = k.replacing(schema.Block, prior, value, "", tftypes.NewAttributePath())
		if err != nil {
			return nil, err
		}
	}
	planned, err := tfprotov5.NewDynamicValue(schema.ValueType(), value)
	response.PlannedState = &planned
	return response, err
}

func (p *provider) ApplyResourceChange(_ context.Context, req *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
	r := p.resource(req.TypeName)
	if r == nil {
		return &tfprotov5.ApplyResourceChangeResponse{NewState: req.PriorState, Diagnostics: p.notReal}, nil
	}
	t := p.resources[req.TypeName].ValueType()
	prior, err := req.PriorState.Unmarshal(t)
	if err != nil {
		return nil, err
	}
	planned, err := req.PlannedState.Unmarshal(t)
	if err != nil {
		return nil, err
	}
	value, failed := planned, error(nil)
	switch {
	case prior.IsNull():
		value, failed = r.create(planned)
	case planned.IsNull():
		if failed = r.delete(prior); failed != nil {
			value = prior
		}
	default:
		value, failed = r.update(prior, planned)
	}
	state, err := tfprotov5.NewDynamicValue(t, value)
	return &tfprotov5.ApplyResourceChangeResponse{
		NewState: &state, Private: req.PlannedPrivate, Diagnostics: diagnose(failed),
		UnsafeToUseLegacyTypeSystem: !prior.IsNull() && !planned.IsNull(),
	}, err
}

func (p *provider) ImportResourceState(context.Context, *tfprotov5.ImportResourceStateRequest) (*tfprotov5.ImportResourceStateResponse, error) {
	return &tfprotov5.ImportResourceStateResponse{Diagnostics: p.notReal}, nil
}

func (p *provider) ReadDataSource(_ context.Context, req *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	if p.api == nil {
		return &tfprotov5.ReadDataSourceResponse{Diagnostics: p.notReal}, nil
	}
	schema := p.dataSources[req.TypeName]
	config, err := req.Config.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	value, failed := readData(p.api, req.TypeName, schema.Block, config)
	if failed != nil {
		return &tfprotov5.ReadDataSourceResponse{Diagnostics: diagnose(failed)}, nil
	}
	state, err := tfprotov5.NewDynamicValue(schema.ValueType(), value)
	return &tfprotov5.ReadDataSourceResponse{State: &state}, err
}
