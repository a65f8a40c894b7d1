//! A `schedule` block: how many instances there are from some time on.

use crate::diagnostic::{At, Diagnostic, Diagnostics, Span, quoted};
use crate::facts::limits::{INSTANCES_PER_POOL, SCHEDULES};
use crate::graph::{Body, Value};
use crate::spec::value::{integer, string};
use crate::spec::{BlockReader, Field, report_collisions};
use crate::topology::Name;

const CRON: &str = "\"0 0 7 ? * MON-FRI *\"";

pub struct Schedule {
    pub name: At<Name>,
    pub cron: String,
    pub size: u64,
}

impl Schedule {
    pub fn read(reader: &mut BlockReader<'_>) -> Option<Self> {
        let cron = reader.required("cron", CRON, cron);
        let size = reader.required("size", "4", integer(0..=INSTANCES_PER_POOL, " instances"));
        Some(Self { name: reader.name(), cron: cron?.value, size: size?.value })
    }

    pub fn policy(&self, prefix: &str) -> Body {
        let schedule = Body::default()
            .attribute("expression", self.cron.as_str())
            .attribute("timezone", "UTC")
            .attribute("type", "cron");
        Body::default()
            .attribute("display_name", Value::String(format!("{prefix}-{}", self.name.value)))
            .attribute("policy_type", "scheduled")
            .block("capacity", Body::default().attribute("initial", Value::Number(self.size)))
            .block("execution_schedule", schedule)
    }
}

/// A Quartz expression, as far as OCI asks for it: seconds, minutes, hours, day
/// of the month, month, day of the week and, perhaps, year.
fn cron(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = string(CRON)(field, diagnostics)?;
    let fields: Vec<_> = text.split_whitespace().collect();
    let known = |c: char| c.is_ascii_alphanumeric() || "*?,-/LW#".contains(c);
    let label = match fields.as_slice() {
        [seconds, _, _, day, _, weekday] | [seconds, _, _, day, _, weekday, _] => {
            if *seconds != "0" {
                "the first field, seconds, must be 0"
            } else if (*day == "?") == (*weekday == "?") {
                "one of the day of the month and the day of the week, and no other, is `?`"
            } else if !text.chars().all(|c| known(c) || c == ' ') {
                "it has a character that no such expression has"
            } else {
                return Some(text);
            }
        }
        [_, _, _, _, _] => "five fields are crontab's: OCI takes Quartz's, which begin with seconds",
        _ => "expected six or seven fields",
    };
    diagnostics.push(
        Diagnostic::error(
            field.span.clone(),
            format!("{} of {} can't be {}", field.subject, field.owner, quoted(&text)),
        )
        .label(label)
        .help(format!(
            "write seconds, minutes, hours, day of the month, month, day of the week and year, in UTC: {CRON}"
        )),
    );
    None
}

/// What goes together: names, and how many there are.
pub fn check(title: &str, schedules: &[Schedule], here: &Span, diagnostics: &mut Diagnostics) {
    let names = schedules.iter().map(|one| &one.name);
    let names = names.map(|name| (name.value.as_str(), name.value.identifier(), name.span.clone()));
    report_collisions(names, &format!("schedules of {title}"), diagnostics);
    if let Some(first_of_rest) = schedules.get(SCHEDULES) {
        diagnostics.push(
            Diagnostic::error(
                first_of_rest.name.span.clone(),
                format!("{title} has {} schedules; OCI allows {SCHEDULES}", schedules.len()),
            )
            .label("the first one too many")
            .related(here.clone(), "in this block")
            .help("put several times into one expression, such as \"0 0 7,19 ? * MON-FRI *\""),
        );
    }
}
