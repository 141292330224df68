//! Names: what they resolve to is judged, once, and nothing else is connected to.

use super::server::{Canary, Server};
use super::{allowed, guarded};
use crate::outbound::client::OutboundClient;
use crate::outbound::policy::Refusal;
use crate::outbound::resolver::{GuardedResolver, Lookup};
use crate::outbound::{Loopback, Outbound};
use async_trait::async_trait;
use bytes::Bytes;
use reqwest::dns::{Name, Resolve};
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wayfarer_builtins::HostError;

/// A name server that gives each of these answers once, whatever it is asked for.
#[derive(Debug)]
struct Answers(Mutex<VecDeque<Vec<SocketAddr>>>);

impl Answers {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let addresses = |it: &&[&str]| it.iter().map(|it| SocketAddr::new(it.parse().unwrap(), 0)).collect();
        Arc::new(Self(Mutex::new(answers.iter().map(addresses).collect())))
    }

    fn left(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

#[async_trait]
impl Lookup for Answers {
    async fn addresses(&self, _: &str) -> io::Result<Vec<SocketAddr>> {
        self.0.lock().unwrap().pop_front().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// What is left of one answer.
async fn resolved(entries: &[&str], port: Option<u16>, answer: &[&str]) -> Result<Vec<String>, Refusal> {
    let resolver = GuardedResolver { policy: Arc::new(guarded(entries)), port, lookup: Answers::new(&[answer]) };
    let name: Name = "api.contoso.com".parse().unwrap();
    match resolver.resolve(name).await {
        Ok(addresses) => Ok(addresses.map(|it| it.ip().to_string()).collect()),
        Err(error) => Err(*error.downcast().unwrap()),
    }
}

async fn call(client: &OutboundClient, url: &str) -> Result<http::Response<Bytes>, HostError> {
    client.send(http::Request::get(url).body(Bytes::new()).unwrap(), Duration::from_secs(30)).await
}

fn client(entries: &[&str], lookup: Arc<Answers>) -> OutboundClient {
    OutboundClient::new(Outbound::guarded(Loopback::Refused, allowed(entries)), lookup)
}

const CLOSING: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

#[tokio::test]
async fn only_allowed_addresses_of_an_answer_are_left() {
    let both = ["10.0.0.1", "8.8.8.8", "fd12::7", "2001:4860:4860::8888", "127.0.0.1"];
    let public = ["8.8.8.8", "2001:4860:4860::8888"].map(str::to_owned).to_vec();
    assert_eq!(resolved(&[], None, &both).await, Ok(public));
    assert_eq!(resolved(&[], None, &["10.0.0.1", "169.254.169.254"]).await, Err(Refusal::Private), "the first reason");
    assert_eq!(resolved(&["api.contoso.com"], None, &["10.0.0.1"]).await, Ok(vec!["10.0.0.1".to_owned()]));
    // An entry with a port is for the calls of that port.
    let entries = ["10.0.0.1:8443"];
    assert_eq!(resolved(&entries, Some(8443), &["10.0.0.1"]).await, Ok(vec!["10.0.0.1".to_owned()]));
    assert_eq!(resolved(&entries, None, &["10.0.0.1"]).await, Err(Refusal::Private));
}

/// Battery S1: the second answer is private. Nothing is asked for twice in a call, and every connection is judged.
#[tokio::test]
async fn a_name_that_is_bound_anew() {
    let server = Server::answering(CLOSING);
    let lookup = Answers::new(&[&["127.0.0.1"], &["10.0.0.1"]]);
    let client = client(&["127.0.0.1"], lookup.clone());
    let url = format!("http://rebinding.example:{}/", server.port);
    assert_eq!(call(&client, &url).await.unwrap().status(), 200);
    assert_eq!(lookup.left(), 1, "one call, one question");
    let head = server.ended().await;
    assert!(head.to_lowercase().contains("host: rebinding.example:"), "{head}");
    assert_not_allowed(&call(&client, &url).await);
    assert_eq!(lookup.left(), 0);
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_leaves_it_untouched() {
    let canary = Canary::new();
    for answer in ["127.0.0.1", "::ffff:127.0.0.1", "::1", "0.0.0.0", "::"] {
        let client = client(&[], Answers::new(&[&[answer]]));
        assert_not_allowed(&call(&client, &format!("http://api.contoso.com:{}/", canary.port())).await);
    }
    // The port of an entry reaches the resolver: another host's entry opens nothing.
    let other = format!("api.fabrikam.com:{}", canary.port());
    let client = client(&[&other], Answers::new(&[&["127.0.0.1"]]));
    assert_not_allowed(&call(&client, &format!("http://api.contoso.com:{}/", canary.port())).await);
    canary.is_untouched();
}

#[tokio::test]
async fn an_entry_with_a_port_lets_a_name_through() {
    let server = Server::answering(CLOSING);
    let entry = format!("api.contoso.com:{}", server.port);
    let client = client(&[&entry], Answers::new(&[&["127.0.0.1"]]));
    assert_eq!(call(&client, &format!("http://api.contoso.com:{}/", server.port)).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_name_that_nobody_knows() {
    let client = client(&[], Answers::new(&[]));
    assert_eq!(call(&client, "https://api.contoso.com/").await.unwrap_err(), HostError::Dns);
}

#[track_caller]
fn assert_not_allowed(result: &Result<http::Response<Bytes>, HostError>) {
    assert!(matches!(result, Err(HostError::NotAllowed(_))), "{result:?}");
}
