//! The `autoscaling` block: between which sizes a pool moves, and what moves it.
//! A metric or schedules, since OCI takes one policy of the one kind, or some of
//! the other.

use super::schedule::{self, Schedule};
use crate::diagnostic::{At, Diagnostic, Diagnostics, Span};
use crate::facts::limits::{COOLDOWN_SECONDS, INSTANCES_PER_POOL};
use crate::graph::{Body, Value};
use crate::spec::object::members;
use crate::spec::value::integer;
use crate::spec::{BlockReader, Field};

const THRESHOLDS: &str = "{ above = 70, below = 30 }";

/// How many instances there are, and who says so.
pub struct Autoscaling {
    /// Where the block begins.
    pub span: Span,
    /// When the pool is made.
    pub initial: u64,
    pub kind: Policy,
}

pub enum Policy {
    Metric(Metric),
    /// In the order of their names.
    Schedules(Vec<Schedule>),
}

pub struct Metric {
    pub least: u64,
    pub most: u64,
    pub cooldown: u64,
    pub kind: MetricKind,
    above: u64,
    below: u64,
    /// Instances that come or go at once.
    step: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    Cpu,
    Memory,
}

impl MetricKind {
    const fn api_name(self) -> &'static str {
        match self {
            Self::Cpu => "CPU_UTILIZATION",
            Self::Memory => "MEMORY_UTILIZATION",
        }
    }

    /// As a person says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Cpu => "CPU utilization",
            Self::Memory => "memory utilization",
        }
    }
}

impl Autoscaling {
    pub fn read(reader: &mut BlockReader<'_>) -> Option<Self> {
        let count = || integer(0..=INSTANCES_PER_POOL, " instances");
        let least = reader.optional("min", count());
        let most = reader.optional("max", integer(1..=INSTANCES_PER_POOL, " instances"));
        let initial = reader.optional("initial", count());
        let cooldown = reader.optional("cooldown", integer(COOLDOWN_SECONDS, " seconds: OCI waits no less"));
        let step = reader.optional("step", integer(1..=INSTANCES_PER_POOL, " instances"));
        let cpu = reader.optional("cpu", thresholds);
        let memory = reader.optional("memory", thresholds);
        let has_schedules = reader.has_block("schedule");
        let mut schedules = reader.blocks("schedule", Schedule::read);
        let (here, title) = (reader.name().span, reader.title().to_owned());
        if let (Some(cpu), Some(memory)) = (&cpu, &memory) {
            reader.diagnostics.push(
                Diagnostic::error(memory.span.clone(), format!("{} goes by two metrics", title))
                    .label("the second")
                    .related(cpu.span.clone(), "the first")
                    .help("OCI takes one: write `cpu` or `memory`"),
            );
            return None;
        }
        if has_schedules {
            let idle = [least.map(|at| ("min", at.span)), most.map(|at| ("max", at.span))].into_iter();
            let idle = idle.chain([cooldown.map(|at| ("cooldown", at.span)), step.map(|at| ("step", at.span))]);
            let idle = idle.chain([cpu.map(|at| ("cpu", at.span)), memory.map(|at| ("memory", at.span))]);
            let mut is_sound = true;
            for (name, span) in idle.flatten() {
                reader.diagnostics.push(has_no_use(&title, name, span, &here));
                is_sound = false;
            }
            schedule::check(&title, &schedules, &here, reader.diagnostics);
            if initial.is_none() && !reader.has("initial") {
                reader.diagnostics.push(
                    Diagnostic::error(here.clone(), format!("{title} lacks `initial`"))
                        .label("with schedules nothing else says how many there are at first")
                        .help("add `initial = 2`"),
                );
            }
            schedules.sort_by(|a, b| a.name.value.cmp(&b.name.value));
            let initial = initial?.value;
            return is_sound.then_some(Self { span: here, initial, kind: Policy::Schedules(schedules) });
        }
        let given = cpu.map(|at| (MetricKind::Cpu, at.value)).or(memory.map(|at| (MetricKind::Memory, at.value)));
        let is_bare = !["cpu", "memory"].into_iter().any(|name| reader.has(name));
        if is_bare {
            reader.diagnostics.push(
                Diagnostic::error(here.clone(), format!("{} does not say what moves it", title))
                    .label("neither `cpu` nor `memory` nor a `schedule`")
                    .help(format!("add `cpu = {THRESHOLDS}`: percent of all instances' CPU, above which instances are added and below which some are taken away")),
            );
        }
        for name in ["min", "max"] {
            if !reader.has(name) {
                reader.diagnostics.push(
                    Diagnostic::error(here.clone(), format!("{} lacks `{name}`", title))
                        .label("an autoscaler keeps to both")
                        .help(format!("add `{name} = {}`", if name == "min" { 2 } else { 6 })),
                );
            }
        }
        let (least, most) = (least?, most?);
        check_range(&title, &least, &most, initial.as_ref(), reader.diagnostics)?;
        if let Some(step) = step.as_ref().filter(|step| step.value > most.value) {
            reader.diagnostics.push(
                Diagnostic::error(step.span.clone(), format!("{title} can't add {} instances at once", step.value))
                    .label("more than there may ever be")
                    .related(most.span.clone(), "the maximum")
                    .help(format!("write `step = {}` or less", most.value)),
            );
            return None;
        }
        if least.value == 0 {
            reader.diagnostics.push(
                Diagnostic::warning(least.span.clone(), format!("{title} may take every instance away"))
                    .label("what has no instance has no metric to grow by")
                    .help("write `min = 1` or more, or set sizes by `schedule` blocks"),
            );
        }
        let (kind, (above, below)) = given?;
        Some(Self {
            span: here,
            initial: initial.map_or(least.value, |at| at.value),
            kind: Policy::Metric(Metric {
                least: least.value,
                most: most.value,
                cooldown: cooldown.map_or(*COOLDOWN_SECONDS.start(), |at| at.value),
                kind,
                above,
                below,
                step: step.map_or(1, |at| at.value),
            }),
        })
    }

    /// Instances that there may be at once.
    pub fn most(&self) -> u64 {
        match &self.kind {
            Policy::Metric(metric) => metric.most,
            Policy::Schedules(schedules) => schedules.iter().map(|one| one.size).fold(self.initial, u64::max),
        }
    }

    /// Seconds between two of its actions, where it counts them.
    pub const fn cooldown(&self) -> Option<u64> {
        match &self.kind {
            Policy::Metric(metric) => Some(metric.cooldown),
            Policy::Schedules(_) => None,
        }
    }

    /// The `policies` blocks; display names begin with `prefix`.
    pub fn policies(&self, prefix: &str) -> Vec<Body> {
        match &self.kind {
            Policy::Metric(metric) => vec![metric.policy(prefix, self.initial)],
            Policy::Schedules(schedules) => schedules.iter().map(|one| one.policy(prefix)).collect(),
        }
    }
}

impl Metric {
    fn policy(&self, prefix: &str, initial: u64) -> Body {
        let capacity = Body::default()
            .attribute("initial", Value::Number(initial))
            .attribute("max", Value::Number(self.most))
            .attribute("min", Value::Number(self.least));
        let rule = |word: &str, operator: &'static str, threshold: u64, change: Value| {
            let limit = Body::default().attribute("operator", operator).attribute("value", Value::Number(threshold));
            let metric = Body::default().attribute("metric_type", self.kind.api_name()).block("threshold", limit);
            let action = Body::default().attribute("type", "CHANGE_COUNT_BY").attribute("value", change);
            Body::default()
                .attribute("display_name", Value::String(format!("{prefix}-{word}")))
                .block("action", action)
                .block("metric", metric)
        };
        Body::default()
            .attribute("display_name", Value::String(format!("{prefix}-threshold")))
            .attribute("policy_type", "threshold")
            .block("capacity", capacity)
            .block("rules", rule("out", "GT", self.above, Value::Number(self.step)))
            .block("rules", rule("in", "LT", self.below, Value::Negative(self.step)))
    }

    /// What moves it, in words.
    pub fn words(&self) -> String {
        format!("above {} % or below {} % {}", self.above, self.below, self.kind.words())
    }
}

/// Percent above which instances are added, and below which some are taken away.
fn thresholds(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<(u64, u64)> {
    let members = members(field, &["above", "below"], THRESHOLDS, diagnostics)?;
    let mut read = |wanted| {
        let (_, field) = members.iter().find(|(name, _)| *name == wanted)?;
        Some(integer(1..=99, " percent")(field, diagnostics))
    };
    let (Some(above), Some(below)) = (read("above"), read("below")) else {
        diagnostics.push(
            Diagnostic::error(
                field.span.clone(),
                format!("{} of {} has no `above` or no `below`", field.subject, field.owner),
            )
            .label("OCI has a rule for each way")
            .help(format!("write for example {THRESHOLDS}")),
        );
        return None;
    };
    let (above, below) = (above?, below?);
    if below < above {
        return Some((above, below));
    }
    let message = format!(
        "{} of {} adds instances above {above} % and takes some away below {below} %",
        field.subject, field.owner
    );
    diagnostics.push(
        Diagnostic::error(field.span.clone(), message)
            .label("in between it would do both")
            .help(format!("`below` is smaller than `above`: {THRESHOLDS}")),
    );
    None
}

fn check_range(
    title: &str,
    least: &At<u64>,
    most: &At<u64>,
    initial: Option<&At<u64>>,
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    if least.value > most.value {
        diagnostics.push(
            Diagnostic::error(
                least.span.clone(),
                format!("the minimum of {title}, {}, is above its maximum", least.value),
            )
            .label("expected min ≤ max")
            .related(most.span.clone(), "the maximum")
            .help(format!("write `min = {}` or less, or a larger `max`", most.value)),
        );
        return None;
    }
    if let Some(initial) = initial.filter(|initial| !(least.value..=most.value).contains(&initial.value)) {
        let message =
            format!("{title} can't begin with {}: it moves between {} and {}", initial.value, least.value, most.value);
        diagnostics.push(
            Diagnostic::error(initial.span.clone(), message)
                .label("expected min ≤ initial ≤ max")
                .help(format!("leave `initial` out to begin with {}", least.value)),
        );
        return None;
    }
    Some(())
}

fn has_no_use(title: &str, name: &str, span: Span, here: &Span) -> Diagnostic {
    Diagnostic::error(span, format!("`{name}` of {title} has no use beside a `schedule`"))
        .label("OCI goes by a metric, or by schedules")
        .related(here.clone(), "this block has schedules, which set sizes themselves")
        .help(format!("take `{name}` out, or the schedules"))
}
