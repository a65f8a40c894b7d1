// A stand-in for the oracle/oci provider. It is NOT the real provider.
//
// It serves the schemas recorded in tests/oci-provider-schema.json, which came
// out of the real provider, so that OpenTofu and Terraform can check a
// configuration against them where the real provider cannot be had. Where
// CLIENT_HOST_OVERRIDES names endpoints, as for the real provider, it speaks
// OCI's API to them and so plans, applies and destroys the resource types in
// table.go. Without that variable nothing can be read or applied. It makes no
// connection to OCI itself, and judges no value: that is the endpoint's part.
//
// install.sh copies the recorded schemas next to this file as schema.json.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
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
	api         *api // nil: there is no endpoint
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
		Summary:  fmt.Sprintf("This is cloudspells' stand-in for %s, not Oracle's provider", r.Source),
		Detail: fmt.Sprintf("It cannot talk to OCI: it knows the schemas of %s %s, so that a configuration can be "+
			"validated, planned without data sources, and tested with mock_provider. It reads and applies only where "+
			"CLIENT_HOST_OVERRIDES names the endpoints of a simulator. See tests/tools/README.md in cloudspells.",
			r.Source, r.Version),
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

// Configuring: the endpoints and what signs the calls to them.

func (p *provider) PrepareProviderConfig(_ context.Context, req *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (p *provider) ConfigureProvider(_ context.Context, req *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	config, err := req.Config.Unmarshal(providerSchema().ValueType())
	if err != nil {
		return nil, err
	}
	p.api, err = newAPI(func(name string) string {
		if set := text(config, name); set != "" {
			return set
		}
		return os.Getenv("OCI_" + strings.ToUpper(name))
	})
	return &tfprotov5.ConfigureProviderResponse{Diagnostics: diagnose(err)}, nil
}

// A change that is under way is finished, as the real provider does.
func (p *provider) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

func diagnose(err error) []*tfprotov5.Diagnostic {
	if err == nil {
		return nil
	}
	summary, detail, _ := strings.Cut(err.Error(), "\n")
	return []*tfprotov5.Diagnostic{{
		Severity: tfprotov5.DiagnosticSeverityError,
		Summary:  summary,
		Detail:   detail + "\n(said by cloudspells' stand-in for oracle/oci, which is not Oracle's provider)",
	}}
}
