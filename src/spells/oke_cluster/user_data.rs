//! What cloud-init runs on a pool's nodes at their first boot: our script where
//! the boot volume must grow or nodes are tainted, and what the user adds.

use super::node_pool::NodePool;
use super::taints;
use crate::graph::Value;
use crate::spec::Passthrough;
use crate::spells::identity::user;
use crate::spells::instances::cloud_init::SCRIPT;

/// Its text after the first line and the header. It ends with the command that
/// runs OKE's own script.
const SCRIPT_TEXT: &str = include_str!("../../../templates/node-init.sh");

/// Parts lie between lines of this. No provider is needed for so little MIME, and
/// cloud-init tells from the first line of a plain part what it is.
const BOUNDARY: &str = "==cloudspells==";

/// Whether a pool's nodes need anything but what OKE gives them.
pub fn is_needed(pool: &NodePool) -> bool {
    pool.boot_volume_size_in_gbs.is_some() || pool.cloud_init.is_some() || !pool.taints.is_empty()
}

/// The script of a pool: its name, which has the pool's where it is the pool's
/// own, and its text.
pub fn script(pool: &NodePool, identifier: &str) -> (String, String) {
    if pool.taints.is_empty() {
        return (SCRIPT.to_owned(), SCRIPT_TEXT.to_owned());
    }
    let argument = taints::kubelet_argument(&pool.taints);
    let text = format!("{} --kubelet-extra-args \"{argument}\"\n", SCRIPT_TEXT.trim_end());
    (format!("node-init-{identifier}.sh"), text)
}

/// The user data of a pool.
pub fn value(pool: &NodePool, identifier: &str) -> Option<Value> {
    let script = Value::ModulePath(script(pool, identifier).0);
    match &pool.cloud_init {
        Some(added) => {
            let text = Value::Call("join", vec!["\n".into(), Value::Lines(parts(script, added))]);
            Some(Value::Call("base64encode", vec![text]))
        }
        None => is_needed(pool).then(|| Value::Call("filebase64", vec![script])),
    }
}

/// A document of several parts: ours first, since a node that joins late is
/// better than one that never does.
fn parts(script: Value, added: &Passthrough) -> Vec<Value> {
    let text = |text: &str| Value::String(text.to_owned());
    let part = |kind: &str| [text(&format!("--{BOUNDARY}")), text(&format!("Content-Type: {kind}; charset=\"utf-8\""))];
    let head =
        [text(&format!("Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"")), text("MIME-Version: 1.0"), text("")];
    let ours = part("text/x-shellscript").into_iter().chain([text(""), Value::Call("file", vec![script])]);
    // In Base64, so that nothing in it can be taken for the end of the part.
    let encoded = Value::Call("base64encode", vec![user(&added.expression)]);
    let theirs = part("text/plain").into_iter().chain([text("Content-Transfer-Encoding: base64"), text(""), encoded]);
    let end = [text(&format!("--{BOUNDARY}--")), text("")];
    head.into_iter().chain(ours).chain(theirs).chain(end).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_script_ends_with_the_command_that_takes_arguments() {
        assert!(super::SCRIPT_TEXT.ends_with("\nbash \"$script\"\n"));
    }
}
