//! What an instance is told when it starts.

use serde_json::Value;

use crate::body::{object, text};
use crate::refusals::{BAD_SSH_KEY, BAD_USER_DATA, METADATA_TOO_LARGE, Refusal};
use crate::wire::Body;

const BYTES: usize = 32_000;

/// Refuses keys that are none, user data that is not base64, and too much of
/// it all. `body` is what has the member `metadata`.
pub fn check(body: &Body) -> Result<(), Refusal> {
    let Some(metadata) = object(body, "metadata") else { return Ok(()) };
    let size: usize = metadata.iter().map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
    if size > BYTES {
        return Err(METADATA_TOO_LARGE.with(&[&size.to_string()]));
    }
    let kinds = ["ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-"];
    let keys = text(metadata, "ssh_authorized_keys").unwrap_or_default();
    let is_key = |line: &str| kinds.iter().any(|kind| line.starts_with(kind));
    if !keys.lines().filter(|line| !line.trim().is_empty()).all(is_key) {
        return Err(BAD_SSH_KEY.with(&[]));
    }
    match metadata.get("user_data").and_then(Value::as_str) {
        Some(data) if !is_base64(data) => Err(BAD_USER_DATA.with(&[])),
        _ => Ok(()),
    }
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}
