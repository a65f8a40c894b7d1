//! All APIs behind one port: finds who answers a request, remembers retry
//! tokens, gives every answer its request id.

use std::collections::HashMap;

use crate::cloud::{Cloud, Kind};
use crate::refusals::{RETRY_TOKEN_INVALIDATED, Refusal, UNKNOWN_REQUEST};
use crate::wire::{Answer, Content, Request};
use crate::{balancer, compute, engine, identity, network, pool};

/// What a retry token was used for: the request, and what it was answered.
struct Used {
    path: String,
    content: Vec<u8>,
    answer: Answer,
}

/// The control plane.
pub struct Api {
    pub cloud: Cloud,
    retry_tokens: HashMap<String, Used>,
}

impl Api {
    pub fn new(cloud: Cloud) -> Self {
        Self { cloud, retry_tokens: HashMap::new() }
    }

    /// Answers one request, and says which refusal that was, if it was one.
    pub fn answer(&mut self, request: &Request) -> (Answer, Option<&'static str>) {
        let result = self.remembered(request).unwrap_or_else(|| self.fresh(request));
        let number = self.cloud.next();
        let (answer, refusal) = match result {
            Ok(answer) => (answer, None),
            Err(refusal) => {
                let name = refusal.row.name;
                (Answer::from(refusal), Some(name))
            }
        };
        self.cloud.tripped.extend(refusal);
        (answer.header("opc-request-id", format!("sim-{number}")), refusal)
    }

    fn fresh(&mut self, request: &Request) -> Result<Answer, Refusal> {
        let answer = route(&mut self.cloud, request)?;
        if let (Some(token), "POST") = (&request.retry_token, request.method.as_str()) {
            let used = Used { path: request.path.clone(), content: request.content.clone(), answer: answer.clone() };
            self.retry_tokens.insert(token.clone(), used);
        }
        Ok(answer)
    }

    /// The answer that a creation with this token had: it is made once only.
    /// A token that meant another request, or something that is gone, is refused.
    fn remembered(&self, request: &Request) -> Option<Result<Answer, Refusal>> {
        let token = request.retry_token.as_ref().filter(|_| request.method == "POST")?;
        let used = self.retry_tokens.get(token)?;
        let same = used.path == request.path && used.content == request.content;
        let there = match &used.answer.content {
            Content::Json(json) => json
                .get("id")
                .and_then(serde_json::Value::as_str)
                .is_none_or(|id| self.cloud.resources.iter().any(|resource| resource.id == id && resource.alive())),
            _ => true,
        };
        Some(if same && there { Ok(used.answer.clone()) } else { Err(RETRY_TOKEN_INVALIDATED.with(&[token])) })
    }
}

fn route(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let path: Vec<&str> = request.path.split('/').skip(1).collect();
    let answer = match path.as_slice() {
        ["20160918", rest @ ..] if !rest.is_empty() => identity::answer(cloud, request, rest)
            .or_else(|| compute::answer(cloud, request, rest))
            .or_else(|| pool::answer(cloud, request, rest))
            .or_else(|| network::answer(cloud, request, rest)),
        ["20170115", rest @ ..] => balancer::answer(cloud, request, Kind::LoadBalancer, rest),
        ["20200501", rest @ ..] => balancer::answer(cloud, request, Kind::NetworkLoadBalancer, rest),
        ["20181001", rest @ ..] => pool::autoscaling::answer(cloud, request, rest),
        ["20180222", rest @ ..] => engine::answer(cloud, request, rest),
        _ => None,
    };
    answer.unwrap_or_else(|| Err(UNKNOWN_REQUEST.with(&[&request.method, &request.path])))
}
