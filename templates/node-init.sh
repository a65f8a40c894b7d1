# Run by cloud-init when a node boots for the first time. It replaces OKE's own
# user data, and so runs OKE's script itself: without it a node joins no cluster.
set -euo pipefail

# The image's filesystem does not know of a larger boot volume. Before kubelet
# starts, which looks at its size once. A node without the room is still a node.
if ! /usr/libexec/oci-growfs -y; then
  echo "cloudspells: the root filesystem keeps its size" >&2
fi

script=/var/run/oke-init.sh
curl --fail --silent --show-error --location --retry 10 --retry-delay 3 --retry-connrefused \
  --header "Authorization: Bearer Oracle" \
  http://169.254.169.254/opc/v2/instance/metadata/oke_init_script | base64 --decode >"$script"
bash "$script"
