//! What every spell with machines reads in the same way: their shape, where they
//! are, their keys, what they run at first, NSGs of the user's. Knows no spell.

pub mod boot_volume;
pub mod cloud_init;
pub mod domains;
pub mod image;
pub mod keys;
pub mod own_nsgs;
pub mod platform_image;
pub mod shape;

use crate::graph::Value;
use crate::spec::Passthrough;
use crate::spells::identity::user;

/// What an instance is handed at its first boot, where there is something.
pub fn metadata(ssh_public_key: Option<&Passthrough>, cloud_init: Option<&Passthrough>) -> Option<Value> {
    let key = ssh_public_key.map(|key| ("ssh_authorized_keys".to_owned(), user(&key.expression)));
    let data = cloud_init.map(|data| Value::Call("base64encode", vec![user(&data.expression)]));
    let all: Vec<_> = key.into_iter().chain(data.map(|data| ("user_data".to_owned(), data))).collect();
    (!all.is_empty()).then_some(Value::Object(all))
}

/// Machines of a kind, as messages speak of them.
pub struct Machines {
    /// One: `node`.
    pub word: &'static str,
    /// One of them: `a node`.
    pub one: &'static str,
    /// Several: `nodes`.
    pub many: &'static str,
    /// Who knows a shape that we do not, after "it may be new".
    pub new_shape: &'static str,
}

/// Nodes of a cluster.
pub const NODES: Machines =
    Machines { word: "node", one: "a node", many: "nodes", new_shape: "the plan asks OKE which shapes it has" };

/// Instances by themselves, or of a pool.
pub const INSTANCES: Machines = Machines {
    word: "instance",
    one: "an instance",
    many: "instances",
    new_shape: "OCI says at the first apply whether it has it",
};
