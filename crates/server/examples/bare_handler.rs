//! The least that a token endpoint costs: axum, a form, one RS256 signature with aws-lc-rs by a key that was parsed once.
//! No policy, no tenant, no checks beyond the secret. `tests/load/run` holds `wayfarer serve` against it.
//!
//! `bare_handler ADDRESS inline|pool|threads` listens there and prints where. `inline` signs on the thread that serves
//! the connections; `pool` in tokio's blocking threads, as many at a time as there are cores; `threads` in that many
//! threads of their own, behind a bounded queue.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use bytes::Bytes;
use http::{HeaderName, StatusCode, header};
use percent_encoding::percent_decode;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::{Semaphore, mpsc, oneshot};

type Answer = (StatusCode, [(HeaderName, &'static str); 2], String);

/// What the service would know of its client.
const SECRET: &[u8] = b"dev.ContosoClientCredentialsSecret000001";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(mode)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bare_handler ADDRESS inline|pool|threads".into());
    };
    let bare = Arc::new(Bare::new(&mode)?);
    let app = Router::new().route("/token", post(token)).route("/discovery", get(discovery)).with_state(bare);
    // One reactor thread, so that `inline` means what it says.
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        announce(&format!("http://{}", listener.local_addr()?));
        Ok(axum::serve(listener, app).await?)
    })
}

#[expect(clippy::print_stdout, reason = "the address is this program's one result")]
fn announce(origin: &str) {
    println!("listening on {origin}");
}

struct Bare {
    key: Arc<KeyPair>,
    signing: Signing,
}

enum Signing {
    Inline,
    Pool(Semaphore),
    Threads(mpsc::Sender<Job>),
}

struct Job {
    payload: String,
    signed: oneshot::Sender<Option<String>>,
}

impl Bare {
    fn new(mode: &str) -> Result<Self, Box<dyn Error>> {
        // As a service has it: read from PKCS#8, once.
        let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(&KeyPair::generate(KeySize::Rsa2048)?)?;
        let key = Arc::new(KeyPair::from_pkcs8(pkcs8.as_ref())?);
        let cores = std::thread::available_parallelism()?.get();
        let signing = match mode {
            "inline" => Signing::Inline,
            "pool" => Signing::Pool(Semaphore::new(cores)),
            "threads" => Signing::Threads(threads(cores, &key)),
            other => return Err(format!("`{other}` is none of inline, pool, threads").into()),
        };
        Ok(Self { key, signing })
    }

    async fn sign(&self, payload: String) -> Option<String> {
        match &self.signing {
            Signing::Inline => jws(&self.key, &payload),
            Signing::Pool(permits) => {
                let _permit = permits.acquire().await.ok()?;
                let key = Arc::clone(&self.key);
                tokio::task::spawn_blocking(move || jws(&key, &payload)).await.ok()?
            }
            Signing::Threads(queue) => {
                let (signed, answer) = oneshot::channel();
                queue.send(Job { payload, signed }).await.ok()?;
                answer.await.ok()?
            }
        }
    }
}

fn threads(count: usize, key: &Arc<KeyPair>) -> mpsc::Sender<Job> {
    let (queue, jobs) = mpsc::channel::<Job>(1024);
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..count {
        let (jobs, key) = (Arc::clone(&jobs), Arc::clone(key));
        std::thread::spawn(move || {
            // The lock is held while waiting for a job, not while signing.
            let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
            let mut count = 0_u32;
            while let Some(job) = next() {
                let _ = job.signed.send(jws(&key, &job.payload));
                // The reactor may share this core: it is not to wait for the rest of the queue.
                count = count.wrapping_add(1);
                if count.is_multiple_of(4) {
                    std::thread::yield_now();
                }
            }
        });
    }
    queue
}

fn jws(key: &KeyPair, payload: &str) -> Option<String> {
    let header = r#"{"typ":"JWT","alg":"RS256","kid":"OZX_wHHbDncoxF0eVGb1AJdoRSeHFBLPehQ5IrIjuBI"}"#;
    let mut token = BASE64_URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(payload, &mut token);
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature).ok()?;
    token.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
    Some(token)
}

async fn token(State(bare): State<Arc<Bare>>, body: Bytes) -> Answer {
    let field = |name: &str| {
        let pairs = body.split(|it| *it == b'&');
        pairs.filter_map(|it| it.strip_prefix(name.as_bytes())?.strip_prefix(b"=")).next()
    };
    let secret = field("client_secret").map(|it| percent_decode(it).collect::<Vec<u8>>());
    let known = secret.is_some_and(|it| aws_lc_rs::constant_time::verify_slices_are_equal(&it, SECRET).is_ok());
    if field("grant_type") != Some(b"client_credentials") || !known {
        return json(StatusCode::BAD_REQUEST, r#"{"error":"invalid_request"}"#.to_owned());
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    match bare.sign(payload(now)).await {
        Some(token) => json(StatusCode::OK, response(&token, now)),
        None => json(StatusCode::INTERNAL_SERVER_ERROR, r#"{"error":"server_error"}"#.to_owned()),
    }
}

/// Members and lengths are those of the token that `policies/client-credentials` gives.
fn payload(now: u64) -> String {
    format!(
        r#"{{"aud":"8a0b6f0e-3c5d-4d0f-9a35-2c1f7f6c1b11","iss":"http://127.0.0.1:8464/775527ff-9a37-4307-8b3d-cc311f58d925/v2.0/","exp":{},"nbf":{now},"tid":"775527ff-9a37-4307-8b3d-cc311f58d925","tfp":"B2C_1A_ClientCredentials","gty":"client_credentials","correlation_id":"fb968418-3854-4d3a-903c-05d718cba0ff","ticket":"ticket-6729@contoso.onmicrosoft.com","features":["standard"],"sub":"5f0c9a3e-1d7b-4c22-8e61-90ab37d4c5f2","scp":"app.read app.write","azpacr":"1","oid":"5f0c9a3e-1d7b-4c22-8e61-90ab37d4c5f2","ver":"2.0","azp":"3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521","iat":{now}}}"#,
        now + 3600
    )
}

fn response(token: &str, now: u64) -> String {
    format!(
        r#"{{"access_token":"{token}","token_type":"Bearer","not_before":{now},"expires_in":3600,"expires_on":{},"resource":"8a0b6f0e-3c5d-4d0f-9a35-2c1f7f6c1b11"}}"#,
        now + 3600
    )
}

async fn discovery() -> Answer {
    json(StatusCode::OK, r#"{"issuer":"http://127.0.0.1:8464/775527ff-9a37-4307-8b3d-cc311f58d925/v2.0/"}"#.to_owned())
}

fn json(status: StatusCode, body: String) -> Answer {
    let headers = [(header::CONTENT_TYPE, "application/json; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body)
}
