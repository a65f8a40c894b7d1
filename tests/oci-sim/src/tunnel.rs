//! HTTPS by way of a proxy. One client of the real provider, that for the work
//! requests of compute, has an address that nothing overrides: whoever sets the
//! simulator as its HTTPS proxy gets every such call answered here.

use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// Who stands in for every host: with a certificate of its own making, which a
/// client has to accept as it is.
pub fn acceptor() -> TlsAcceptor {
    let names = vec!["oraclecloud.com".to_owned()];
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a certificate and its key");
    TlsAcceptor::from(Arc::new(config))
}

/// Whether a request asks for a way to another host.
pub fn is_wanted(request: &Request<Incoming>) -> bool {
    request.method() == Method::CONNECT
}

/// Opens the way, which ends here: `serve` answers what comes on it.
pub fn open<S>(acceptor: TlsAcceptor, request: Request<Incoming>, serve: S) -> Response<Full<Bytes>>
where
    S: AsyncFn(Request<Incoming>) -> std::io::Result<Response<Full<Bytes>>> + Clone + 'static,
{
    tokio::task::spawn_local(async move {
        let Ok(upgraded) = hyper::upgrade::on(request).await else { return };
        let Ok(stream) = acceptor.accept(TokioIo::new(upgraded)).await else { return };
        let service = hyper::service::service_fn(move |request| {
            let serve = serve.clone();
            async move { serve(request).await }
        });
        let connection = hyper::server::conn::http1::Builder::new();
        connection.serve_connection(TokioIo::new(stream), service).await.ok();
    });
    Response::new(Full::new(Bytes::new()))
}
