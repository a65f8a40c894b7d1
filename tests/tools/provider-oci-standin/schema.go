// The recorded schemas: JSON in, what the plugin protocol wants out.

package main

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type recording struct {
	Source      string           `json:"source"`
	Version     string           `json:"version"`
	Resources   map[string]block `json:"resources"`
	DataSources map[string]block `json:"data_sources"`
}

type block struct {
	Attributes map[string]attribute   `json:"attributes"`
	BlockTypes map[string]nestedBlock `json:"block_types"`
}

type attribute struct {
	Type       json.RawMessage `json:"type"`
	Required   bool            `json:"required"`
	Optional   bool            `json:"optional"`
	Computed   bool            `json:"computed"`
	Deprecated bool            `json:"deprecated"`
	Sensitive  bool            `json:"sensitive"`
}

type nestedBlock struct {
	Block       block  `json:"block"`
	NestingMode string `json:"nesting_mode"`
	MinItems    int64  `json:"min_items"`
	MaxItems    int64  `json:"max_items"`
}

var nestings = map[string]tfprotov5.SchemaNestedBlockNestingMode{
	"single": tfprotov5.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov5.SchemaNestedBlockNestingModeList,
	"set":    tfprotov5.SchemaNestedBlockNestingModeSet,
}

func toSchemas(blocks map[string]block) (map[string]*tfprotov5.Schema, error) {
	schemas := map[string]*tfprotov5.Schema{}
	for name, b := range blocks {
		converted, err := b.toProtocol()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		schemas[name] = &tfprotov5.Schema{Block: converted}
	}
	return schemas, nil
}

func (b block) toProtocol() (*tfprotov5.SchemaBlock, error) {
	out := &tfprotov5.SchemaBlock{}
	for name, a := range b.Attributes {
		// Deprecated because its input should only ever come from Terraform; ours does.
		t, err := tftypes.ParseJSONType(a.Type) //nolint:staticcheck
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out.Attributes = append(out.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: t,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed,
			Deprecated: a.Deprecated, Sensitive: a.Sensitive,
		})
	}
	for name, n := range b.BlockTypes {
		nesting, known := nestings[n.NestingMode]
		if !known {
			return nil, fmt.Errorf("%s: unknown nesting mode %q", name, n.NestingMode)
		}
		inner, err := n.Block.toProtocol()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out.BlockTypes = append(out.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Block: inner, Nesting: nesting,
			MinItems: n.MinItems, MaxItems: n.MaxItems,
		})
	}
	return out, nil
}

// The arguments of the provider block itself, which the recording leaves out.
func providerSchema() *tfprotov5.Schema {
	b := &tfprotov5.SchemaBlock{}
	for _, name := range []string{
		"auth", "config_file_profile", "fingerprint", "private_key", "private_key_password",
		"private_key_path", "region", "tenancy_ocid", "user_ocid",
	} {
		b.Attributes = append(b.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: tftypes.String, Optional: true,
			Sensitive: name == "private_key" || name == "private_key_password",
		})
	}
	b.Attributes = append(b.Attributes,
		&tfprotov5.SchemaAttribute{Name: "disable_auto_retries", Type: tftypes.Bool, Optional: true},
		&tfprotov5.SchemaAttribute{
			Name: "ignore_defined_tags", Type: tftypes.List{ElementType: tftypes.String}, Optional: true,
		},
		&tfprotov5.SchemaAttribute{Name: "retry_duration_seconds", Type: tftypes.Number, Optional: true},
	)
	return &tfprotov5.Schema{Block: b}
}
