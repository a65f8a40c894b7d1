//! A `schedule` block: how many instances there are from some time on.

use crate::diagnostic::{At, Diagnostic, Diagnostics, Span, quoted};
use crate::facts::limits::{INSTANCES_PER_POOL, SCHEDULES};
use crate::graph::{Body, Value};
use crate::spec::value::{integer, string};
use crate::spec::{BlockReader, Field, report_collisions};
use crate::topology::Name;
use std::ops::RangeInclusive;

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

/// A field of a Quartz expression.
struct Part {
    range: RangeInclusive<u32>,
    /// What stands for a number: the first for the least.
    names: &'static [&'static str],
    /// Whether it is a day, of which there are the last one, workdays and the like.
    is_day: bool,
    label: &'static str,
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

#[rustfmt::skip]
const FIELDS: [Part; 7] = [
    Part { range: 0..=59,      names: &[],       is_day: false, label: "the first field, seconds, must be 0" },
    Part { range: 0..=59,      names: &[],       is_day: false, label: "the second field, minutes, goes from 0 to 59" },
    Part { range: 0..=23,      names: &[],       is_day: false, label: "the third field, hours, goes from 0 to 23" },
    Part { range: 1..=31,      names: &[],       is_day: true,  label: "the fourth field, day of the month, goes from 1 to 31" },
    Part { range: 1..=12,      names: &MONTHS,   is_day: false, label: "the fifth field, month, goes from 1 to 12, or JAN to DEC" },
    Part { range: 1..=7,       names: &WEEKDAYS, is_day: true,  label: "the sixth field, day of the week, goes from 1 to 7, or SUN to SAT" },
    Part { range: 1970..=2099, names: &[],       is_day: false, label: "the seventh field, year, goes from 1970 to 2099" },
];

impl Part {
    fn takes(&self, text: &str) -> bool {
        text.split(',').all(|item| self.takes_item(item))
    }

    /// `*`, `7`, `MON-FRI` or `0/15`.
    fn takes_item(&self, item: &str) -> bool {
        let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
        let is_step = |step: &str| step.parse().is_ok_and(|step: u32| step > 0 && step <= *self.range.end());
        let is_range = match range.split_once('-') {
            Some((from, to)) => self.number(from).is_some() && self.number(to).is_some(),
            None => range == "*" || self.number(range).is_some(),
        };
        let is_special = self.is_day && (range == "?" || range.contains(['L', 'W', '#']) && !WEEKDAYS.contains(&range));
        (is_range || is_special) && step.is_none_or(is_step)
    }

    fn number(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        if named.is_some() {
            return named.and_then(|at| u32::try_from(at).ok());
        }
        text.parse().ok().filter(|number| self.range.contains(number))
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
            } else if let Some((_, wrong)) = fields.iter().zip(FIELDS).find(|(text, part)| !part.takes(text)) {
                wrong.label
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
