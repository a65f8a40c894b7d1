//! A list a page at a time: `limit`, `page`, `opc-next-page`; its order and
//! the filters that every list has.

use serde_json::Value;

use crate::refusals::{BAD_LIMIT, BAD_PAGE, MISSING_PARAMETER, Refusal, UNKNOWN_REQUEST, UNKNOWN_WORD};
use crate::wire::{Answer, Body, Request};

const PAGE: usize = 100;

/// What of a list's query is not a filter.
const NO_FILTERS: [&str; 4] = ["limit", "page", "sortBy", "sortOrder"];

/// The page of `items` that the request asks for. `filters` are the members
/// that the query may name with a value that they must have; those in
/// `required` it has to name.
pub fn page(request: &Request, items: Vec<Body>, filters: &[&str], required: &[&str]) -> Result<Answer, Refusal> {
    check_query(request, &[filters, &NO_FILTERS].concat())?;
    if let Some(name) = required.iter().find(|name| request.query(name).is_none()) {
        return Err(MISSING_PARAMETER.with(&[name]));
    }
    let fits = |item: &Body| {
        filters.iter().all(|name| {
            let wanted: Vec<&str> = request.query.iter().filter(|(key, _)| key == name).map(|(_, v)| &**v).collect();
            wanted.is_empty() || item.get(*name).and_then(Value::as_str).is_some_and(|value| wanted.contains(&value))
        })
    };
    let mut items: Vec<Body> = items.into_iter().filter(fits).collect();
    sort(request, &mut items)?;

    let limit = match request.query("limit") {
        None => PAGE,
        Some(text) => {
            text.parse().ok().filter(|limit| (1..=1000).contains(limit)).ok_or_else(|| BAD_LIMIT.with(&[text]))?
        }
    };
    let start = match request.query("page") {
        None => 0,
        Some(token) => token
            .strip_prefix("sim-page-")
            .and_then(|rest| rest.parse().ok())
            .filter(|start| *start <= items.len())
            .ok_or_else(|| BAD_PAGE.with(&[token]))?,
    };
    let end = items.len().min(start + limit);
    let more = end < items.len();
    let shown: Vec<Value> = items.drain(start..end).map(Value::Object).collect();
    let answer = Answer::json(shown);
    Ok(if more { answer.header("opc-next-page", format!("sim-page-{end}")) } else { answer })
}

/// Refuses a query parameter that is not in `known`. One that were passed over
/// would make the answer a wrong one, silently.
pub fn check_query(request: &Request, known: &[&str]) -> Result<(), Refusal> {
    match request.query.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, _)) => {
            Err(UNKNOWN_REQUEST.with(&[&request.method, &format!("{} with the query {name}", request.path)]))
        }
        None => Ok(()),
    }
}

/// Newest first unless the query says otherwise, as OCI has it for times;
/// names from A to Z.
fn sort(request: &Request, items: &mut [Body]) -> Result<(), Refusal> {
    let member = match request.query("sortBy").map(str::to_ascii_uppercase).as_deref() {
        None => return Ok(()),
        Some("TIMECREATED" | "TIME_CREATED" | "ID") => "id",
        Some("DISPLAYNAME") => "displayName",
        Some("NAME") => "name",
        Some(other) => return Err(UNKNOWN_WORD.with(&[other, "TIMECREATED, DISPLAYNAME, NAME, ID"])),
    };
    let key = |item: &Body| {
        // OCIDs of one kind grow with time, where a document has no time itself.
        let time = item.get("timeCreated").filter(|_| member == "id");
        time.or(item.get(member)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    items.sort_by_key(key);
    let descending = match request.query("sortOrder") {
        None => member == "id",
        Some("ASC") => false,
        Some("DESC") => true,
        Some(other) => return Err(UNKNOWN_WORD.with(&[other, "ASC, DESC"])),
    };
    if descending {
        items.reverse();
    }
    Ok(())
}
