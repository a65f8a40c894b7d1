#!/usr/bin/env bash
# Builds the real tools that the end-to-end tests drive (OpenTofu and the
# providers) from the modules pinned beside this file, into a cache outside the
# checkout. The first run takes minutes, the next one does nothing. README.md
# says what ends up where.
#
#   CLOUDSPELLS_TOOLS         where to (default: cloudspells/tools in the user's cache)
#   CLOUDSPELLS_OCI_PROVIDER  auto (default): the real OCI provider or, if it cannot be
#                             fetched, our stand-in; real: fail instead; standin: the
#                             stand-in without trying
set -euo pipefail

# The released versions behind the pins: the two providers are pinned by commit.
oci_version=8.28.0
oci_module=github.com/oracle/terraform-provider-oci
oci_commit=8de3c480b4bf08d8edd40ef0cc4ad0340bd01721
local_version=2.9.0

say() { printf '%s\n' "$*"; }
die() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
schema=$here/../oci-provider-schema.json
cache=${CLOUDSPELLS_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/cloudspells/tools}
choice=${CLOUDSPELLS_OCI_PROVIDER:-auto}

case $choice in
  auto | real | standin) ;;
  *) die "CLOUDSPELLS_OCI_PROVIDER is auto, real or standin, not '$choice'." ;;
esac

command -v go >/dev/null || die "Go 1.26 or newer is needed, and there is no go on the PATH."
go_version=$(cd / && GOTOOLCHAIN=local go env GOVERSION)
[[ $go_version =~ go1\.([0-9]+) ]] && ((BASH_REMATCH[1] >= 26)) ||
  die "Go 1.26 or newer is needed, and the go on the PATH is $go_version."

# No C compiler and no workspace of the caller's takes part in the builds.
export CGO_ENABLED=0 GOWORK=off
platform=$(cd / && go env GOOS)_$(cd / && go env GOARCH)

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

# A copy of the pinned module with the commit resolved; fails where the module
# proxy does not serve it.
fetch_real_oci() {
  rm -rf "$cache/src/provider-oci"
  mkdir -p "$cache/src/provider-oci"
  cp "$here/provider-oci/go.mod" "$cache/src/provider-oci/"
  (cd "$cache/src/provider-oci" && go get "$oci_module@$oci_commit")
}

build_real_oci() {
  if is_built provider-oci-real "$real_key"; then
    return
  fi
  say "fetching $oci_module at $oci_commit …"
  fetch_real_oci || return 1
  build provider-oci-real "$oci_version" "$real_key" "$cache/src/provider-oci" tool
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
  real_key=$(key "$oci_version" "$oci_commit" -- "$here/provider-oci/go.mod")
  # The real one's pin is in this key too, so that a new pin is tried again.
  standin_key=$(key "$real_key" -- "$here"/provider-oci-standin/{*.go,go.mod,go.sum} "$schema")

  if [[ $choice == standin ]]; then
    oci=standin
  elif [[ $choice == auto ]] && ! is_built provider-oci-real "$real_key" &&
    is_built provider-oci-standin "$standin_key"; then
    oci=standin
    say "our stand-in for oracle/oci is in use (CLOUDSPELLS_OCI_PROVIDER=real tries the real provider again)"
  elif build_real_oci; then
    oci=real
  elif [[ $choice == real ]]; then
    die "the real oracle/oci provider could not be fetched (see above)."
  else
    oci=standin
    cat >&2 <<WARNING

WARNING: the real oracle/oci provider could not be fetched (see above).
  A stand-in of our own is built in its place. With it OpenTofu checks names,
  types, required arguments and block counts against the schemas of oracle/oci
  $oci_version, and plans and applies against the tests' OCI simulator. It does not
  run the provider's own validation. Tests that pass with it have passed less.

WARNING
  fi

  if [[ $oci == standin ]]; then
    build_standin_oci
  fi
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

place tofu bin/tofu
mirror provider-local hashicorp/local "$local_version"
mirror "provider-oci-$oci" oracle/oci "$oci_version"
say "$oci" >"$cache/oci-provider.$$"
mv -f "$cache/oci-provider.$$" "$cache/oci-provider"

case $oci in
  real) oci_is="the real provider" ;;
  standin) oci_is="our stand-in, NOT the real provider" ;;
esac
say "installed in $cache:"
say "  bin/tofu                  OpenTofu $tofu_version"
say "  mirror/…/hashicorp/local  $local_version"
say "  mirror/…/oracle/oci       $oci_version ($oci_is)"
