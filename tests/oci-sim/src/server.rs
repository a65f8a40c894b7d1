//! HTTP: one thread that serves every connection on a loopback port, strikes
//! faults and keeps the log. Knows nothing of OCI but the shape of an error.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request as HttpRequest, Response};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::api::Api;
use crate::fault::{Effect, Fault};
use crate::tunnel;
use crate::wire::{Answer, Content, Request};
use crate::{Logged, UNKNOWN};

/// What the server and the test share.
pub struct Shared {
    pub api: Api,
    pub faults: Vec<Fault>,
    pub log: Vec<Logged>,
}

/// A running server; it ends when this is dropped.
pub struct Server {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

/// The shared state, also after a panic in another thread: a test that fails
/// is to say why it failed, not this.
pub fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens on a loopback port that nobody has.
pub fn start(shared: Arc<Mutex<Shared>>) -> io::Result<Server> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, mut stopped) = oneshot::channel::<Infallible>();
    let acceptor = tunnel::acceptor();
    let thread = std::thread::spawn(move || {
        let answering = async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener of this runtime");
            loop {
                tokio::select! {
                    _ = &mut stopped => return,
                    accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                        let (shared, acceptor) = (shared.clone(), acceptor.clone());
                        let service = service_fn(move |request| proxy(shared.clone(), acceptor.clone(), request));
                        let connection = hyper::server::conn::http1::Builder::new();
                        let connection = connection.serve_connection(TokioIo::new(stream), service).with_upgrades();
                        // An error is a client that went away, or a connection ended for a fault.
                        tokio::task::spawn_local(async move { connection.await.ok() });
                    }
                }
            }
        };
        // One thread: a tunnel is served where it was opened.
        runtime.block_on(tokio::task::LocalSet::new().run_until(answering));
    });
    Ok(Server { address, stop: Some(stop), thread: Some(thread) })
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Answers one request, or opens a tunnel to where others are answered alike.
async fn proxy(
    shared: Arc<Mutex<Shared>>,
    acceptor: TlsAcceptor,
    http: HttpRequest<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    if tunnel::is_wanted(&http) {
        return Ok(tunnel::open(acceptor, http, async move |http| serve(shared.clone(), http).await));
    }
    serve(shared, http).await
}

/// Answers one request. An error ends the connection without an answer.
async fn serve(shared: Arc<Mutex<Shared>>, http: HttpRequest<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    let header = |name| http.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut request = Request {
        method: http.method().to_string(),
        path: decode(http.uri().path()),
        query: http.uri().query().map(pairs).unwrap_or_default(),
        if_match: header("if-match"),
        retry_token: header("opc-retry-token"),
        content: Vec::new(),
    };
    request.content = http.into_body().collect().await.map_err(io::Error::other)?.to_bytes().to_vec();

    let effect = {
        let faults = &mut lock(&shared).faults;
        faults.iter_mut().find_map(|fault| fault.strike(&request.method, &request.path))
    };
    let note = |status: u16, refusal| {
        let (method, path) = (request.method.clone(), request.path.clone());
        lock(&shared).log.push(Logged { method, path, status, refusal });
    };
    match &effect {
        Some(Effect::Status { status, retry_after }) => {
            note(*status, None);
            return Ok(respond(faulty(*status, *retry_after)));
        }
        Some(Effect::Drop) => {
            note(0, None);
            return Err(io::Error::other("a fault"));
        }
        Some(Effect::Delay(time)) => tokio::time::sleep(*time).await,
        Some(Effect::FailWork) => lock(&shared).api.cloud.fail_next_work = true,
        Some(Effect::DropAfter) | None => {}
    }
    let (answer, refusal) = {
        let api = &mut lock(&shared).api;
        let answered = api.answer(&request);
        api.cloud.fail_next_work = false;
        answered
    };
    if effect == Some(Effect::DropAfter) {
        note(0, refusal);
        return Err(io::Error::other("a fault"));
    }
    note(answer.status, refusal);
    if refusal == Some(UNKNOWN) {
        eprintln!("oci-sim: unknown request: {} {}", request.method, request.path);
    }
    Ok(respond(answer))
}

/// The answer of a fault, in the words that OCI has for its status.
fn faulty(status: u16, retry_after: Option<u32>) -> Answer {
    let code = match status {
        400 => "InvalidParameter",
        401 => "NotAuthenticated",
        404 => "NotAuthorizedOrNotFound",
        409 => "IncorrectState",
        412 => "NoEtagMatch",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "InternalServerError",
    };
    let json = serde_json::json!({ "code": code, "message": "A fault that the test asked for" });
    let answer = Answer { status, headers: Vec::new(), content: Content::Json(json) };
    match retry_after {
        Some(seconds) => answer.header("retry-after", seconds.to_string()),
        None => answer,
    }
}

fn respond(answer: Answer) -> Response<Full<Bytes>> {
    let (kind, bytes) = match answer.content {
        Content::Empty => (None, Bytes::new()),
        Content::Json(json) => (Some("application/json"), json.to_string().into()),
        Content::Yaml(text) => (Some("application/x-yaml"), text.into()),
    };
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    if let Some(kind) = kind {
        response = response.header("content-type", kind);
    }
    response.body(Full::new(bytes)).expect("headers of our own making")
}

/// The pairs of a query.
fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |part: &str| part.split_once('=').map(|(key, value)| (decode(key), decode(&value.replace('+', " "))));
    query.split('&').filter_map(pair).collect()
}

/// Percent-decoding; what is not valid stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut decoded, mut index) = (Vec::new(), 0);
    while index < bytes.len() {
        let hex = bytes.get(index + 1..index + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match (bytes[index], hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                index += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
