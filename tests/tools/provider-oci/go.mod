// The real oracle/oci provider. Its release tags carry no /v8 path, so it is
// asked for by commit and Go writes the pseudo-version: install.sh does that in
// a copy of this file (`go get MODULE@COMMIT`, the commit is pinned there).
module cloudspells/tools/provider-oci

go 1.26

tool github.com/oracle/terraform-provider-oci
