//! Taints of a pool's nodes. OKE's API has none for managed nodes: the kubelet
//! registers with them, as the script of their first boot tells it to.

use super::node_pool::NodePool;
use crate::diagnostic::{At, Diagnostic, Diagnostics, nearest, quoted};
use crate::graph::Body;
use crate::spec::labels::{key_problem, value_problem};
use crate::spec::list::items;
use crate::spec::value::string;
use crate::spec::{BlockReader, Field};
use std::fmt;

/// Kubernetes, Taints and Tolerations.
const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// The key that OKE's own workloads tolerate.
const TOLERATED: &str = "CriticalAddonsOnly";

const EXAMPLE: &str = "[\"dedicated=gpu:NoSchedule\"]";

/// As kubectl writes one: `key=value:Effect`, or `key:Effect`. It has letters,
/// digits, `-`, `_`, `.`, `/`, `=` and `:`, and so nothing that a shell reads.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Taint {
    key: String,
    effect: &'static str,
    value: Option<String>,
}

impl fmt::Display for Taint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, effect, value } = self;
        match value {
            Some(value) => write!(f, "{key}={value}:{effect}"),
            None => write!(f, "{key}:{effect}"),
        }
    }
}

impl Taint {
    /// As a virtual node pool has it.
    pub fn block(&self) -> Body {
        let body = Body::default().attribute("key", self.key.as_str());
        let body = match &self.value {
            Some(value) => body.attribute("value", value.as_str()),
            None => body,
        };
        body.attribute("effect", self.effect)
    }
}

/// Sorted, so that their order in the spec changes nothing.
pub fn read(reader: &mut BlockReader<'_>) -> Option<At<Vec<Taint>>> {
    reader.optional("taints", |field, diagnostics| {
        let mut taints = items(field, EXAMPLE, diagnostics, taint)?;
        taints.sort();
        let twice = taints.iter().zip(taints.iter().skip(1)).find(|(a, b)| (&a.key, a.effect) == (&b.key, b.effect));
        if let Some((one, other)) = twice {
            diagnostics.push(
                Diagnostic::error(
                    field.span.clone(),
                    format!("{} of {} has {one} and {other}", field.subject, field.owner),
                )
                .label("a node has one taint of a key and an effect")
                .help("keep one of the two"),
            );
            return None;
        }
        Some(taints)
    })
}

fn taint(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Taint> {
    let text = string("\"dedicated=gpu:NoSchedule\"")(field, diagnostics)?;
    let (rest, effect) = text.rsplit_once(':').unwrap_or((&text, ""));
    let (key, value) = rest.split_once('=').map_or((rest, None), |(key, value)| (key, Some(value)));
    let known = EFFECTS.into_iter().find(|known| *known == effect);
    let label = match (key_problem(key), value.and_then(value_problem)) {
        (Some(problem), _) => format!("the key: {problem}"),
        (None, Some(problem)) => format!("the value: {problem}"),
        (None, None) => match known {
            Some(effect) => return Some(Taint { key: key.to_owned(), effect, value: value.map(str::to_owned) }),
            None => match nearest(effect, EFFECTS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "it must end with a colon and an effect".to_owned(),
            },
        },
    };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("{} is not a taint", quoted(&text))).label(label).help(
            "write \"KEY=VALUE:EFFECT\" or \"KEY:EFFECT\"; an effect is NoSchedule, PreferNoSchedule or NoExecute",
        ),
    );
    None
}

/// Kubernetes, the kubelet's arguments; Oracle, "Using Custom Cloud-init
/// Initialization Scripts to Set Up Managed Nodes".
pub fn kubelet_argument(taints: &[Taint]) -> String {
    let taints: Vec<_> = taints.iter().map(Taint::to_string).collect();
    format!("--register-with-taints={}", taints.join(","))
}

/// Whether no pod runs on the nodes without a toleration of its own.
fn keeps_all_away(pool: &NodePool) -> bool {
    pool.taints.iter().any(|taint| taint.effect != "PreferNoSchedule" && taint.key != TOLERATED)
}

/// A cluster all of whose pools are so has no place for its own workloads.
pub fn check(title: &str, pools: &[NodePool], diagnostics: &mut Diagnostics) {
    let Some(first) = pools.first().filter(|_| pools.iter().all(keeps_all_away)) else { return };
    diagnostics.push(
        Diagnostic::warning(first.name.span.clone(), format!("every node of {title} is tainted"))
            .label("this pool's, and every other's")
            .help("CoreDNS and OKE's other workloads do not tolerate these taints, and would run nowhere: make a pool without them, or taint with `CriticalAddonsOnly` only"),
    );
}
