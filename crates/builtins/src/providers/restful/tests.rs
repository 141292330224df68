//! Replays `exchanges/*.toml`. The cases are language-neutral: settings, inputs, the request that must be sent, the
//! canned answers, and what comes of them.

use super::Restful;
use crate::providers::{
    Call, DeclaredClaim, Exchange, Exchanged, InputValue, Note, ProfileSettings, Provider, ProviderError, Severity,
};
use crate::{DataType, Host, HostError, Secret, Value};
use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    production: bool,
    metadata: BTreeMap<String, String>,
    #[serde(default)]
    keys: BTreeMap<String, String>,
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    service_url_override: Option<String>,
    /// Seconds that the host gives all tries together.
    budget: Option<u64>,
    #[serde(default)]
    inputs: Vec<Input>,
    #[serde(default)]
    outputs: Vec<Output>,
    request: Option<Request>,
    #[serde(default)]
    responses: Vec<Response>,
    #[serde(default)]
    claims: BTreeMap<String, Json>,
    error: Option<Error>,
    #[serde(default)]
    problems: Vec<String>,
    #[serde(default)]
    blocked: bool,
    #[serde(default)]
    notes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    claim: String,
    partner: Option<String>,
    #[serde(rename = "type")]
    data_type: Option<String>,
    value: Option<String>,
    #[serde(default)]
    null: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Output {
    claim: String,
    partner: Option<String>,
    #[serde(rename = "type")]
    data_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    method: String,
    url: String,
    body: Option<String>,
    json: Option<Json>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    no_headers: Vec<String>,
    tries: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Response {
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    bytes: Vec<u8>,
    failure: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Error {
    code: String,
    message: String,
    user_message: Option<String>,
    detail: Option<String>,
}

struct FakeHost {
    budget: Duration,
    secrets: BTreeMap<String, String>,
    answers: Mutex<VecDeque<Result<http::Response<Bytes>, HostError>>>,
    requests: Mutex<Vec<http::Request<Bytes>>>,
}

#[async_trait]
impl Host for FakeHost {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }

    async fn http(&self, request: http::Request<Bytes>, timeout: Duration) -> Result<http::Response<Bytes>, HostError> {
        assert_eq!(timeout, Duration::from_secs(30).min(self.budget));
        self.requests.lock().unwrap().push(request);
        self.answers.lock().unwrap().pop_front().expect("one more answer")
    }

    fn http_budget(&self) -> Duration {
        self.budget
    }

    async fn policy_key(&self, container: &str) -> Result<Secret, HostError> {
        self.secrets.get(container).map(Secret::new).ok_or_else(|| HostError::KeyMissing(container.to_owned()))
    }
}

impl Response {
    /// A host whose patience ends waits for `after`.
    fn answer(&self, after: Duration) -> Result<http::Response<Bytes>, HostError> {
        match self.failure.as_deref() {
            Some("timeout") => return Err(HostError::Timeout { after }),
            Some("dns") => return Err(HostError::Dns),
            Some("connection") => return Err(HostError::Connection("refused".to_owned())),
            Some("not-allowed") => return Err(HostError::NotAllowed("loopback".to_owned())),
            Some(other) => panic!("unknown failure {other}"),
            None => {}
        }
        let body = if self.bytes.is_empty() { self.body.clone().into_bytes() } else { self.bytes.clone() };
        let mut answer = http::Response::builder().status(self.status.unwrap_or(200));
        for (name, value) in &self.headers {
            answer = answer.header(name, value);
        }
        Ok(answer.body(body.into()).unwrap())
    }
}

fn declared(claim: &str, partner: Option<&str>, data_type: Option<&str>) -> DeclaredClaim {
    DeclaredClaim {
        claim_type: claim.to_owned(),
        partner: partner.unwrap_or(claim).to_owned(),
        data_type: DataType::from_name(data_type.unwrap_or("string")).expect("a data type"),
        always_use_default: false,
    }
}

impl Case {
    fn settings(&self) -> ProfileSettings {
        let pairs = |map: &BTreeMap<String, String>| map.clone().into_iter().collect();
        let inputs = self.inputs.iter().map(|it| declared(&it.claim, it.partner.as_deref(), it.data_type.as_deref()));
        let outputs = self.outputs.iter().map(|it| declared(&it.claim, it.partner.as_deref(), it.data_type.as_deref()));
        ProfileSettings {
            id: "REST-X".to_owned(),
            metadata: pairs(&self.metadata),
            keys: pairs(&self.keys),
            inputs: inputs.collect(),
            outputs: outputs.collect(),
            production: self.production,
            service_url_override: self.service_url_override.clone(),
        }
    }

    fn values(&self, settings: &ProfileSettings) -> Vec<InputValue> {
        let value = |(input, declared): (&Input, &DeclaredClaim)| match &input.value {
            Some(text) => InputValue::Value(value(declared.data_type, text)),
            None if input.null => InputValue::Null,
            None => InputValue::Absent,
        };
        self.inputs.iter().zip(&settings.inputs).map(value).collect()
    }
}

/// A collection is written as its items, separated by `|`.
fn value(data_type: DataType, text: &str) -> Value {
    match data_type {
        DataType::StringCollection => Value::StringCollection(text.split('|').map(str::to_owned).collect()),
        _ => Value::parse(data_type, text).expect("a value"),
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("the fake host never waits"),
    }
}

fn replay(case: &Case) {
    let settings = case.settings();
    let found: Vec<_> = Restful.check(&settings).iter().map(|it| format!("{}: {}", it.rule, it.message)).collect();
    assert_eq!(found, case.problems, "{}: problems", case.name);
    let exchange = Restful.configure(&settings);
    assert_eq!(exchange.is_err(), case.blocked, "{}: blocked", case.name);
    let Ok(exchange) = exchange else {
        return;
    };
    let budget = case.budget.map_or(Duration::MAX, Duration::from_secs);
    let wait = Duration::from_secs(30).min(budget);
    let host = FakeHost {
        budget,
        secrets: case.secrets.clone(),
        answers: Mutex::new(case.responses.iter().map(|it| it.answer(wait)).collect()),
        requests: Mutex::default(),
    };
    let inputs = case.values(&settings);
    let call = Call { exchange_id: "Augment", step: 2, tenant: "contoso.onmicrosoft.com", inputs: &inputs };
    let exchanged = block_on(exchange.run(call, &host));
    assert!(host.answers.lock().unwrap().is_empty(), "{}: an answer is left", case.name);
    check_requests(case, &host.requests.lock().unwrap());
    check_outcome(case, &settings, &exchanged);
    check_secrecy(case, exchange.as_ref(), &exchanged);
}

fn check_requests(case: &Case, sent: &[http::Request<Bytes>]) {
    let name = &case.name;
    let Some(expected) = &case.request else {
        assert!(sent.is_empty(), "{name}: nothing may be sent");
        return;
    };
    assert_eq!(sent.len(), expected.tries.unwrap_or(1), "{name}: tries");
    for request in sent {
        assert_eq!(request.method().as_str(), expected.method, "{name}: method");
        assert_eq!(request.uri().to_string(), expected.url, "{name}: url");
        let body = std::str::from_utf8(request.body()).unwrap();
        match &expected.json {
            Some(json) => assert_eq!(&serde_json::from_str::<Json>(body).unwrap(), json, "{name}: body"),
            None => assert_eq!(body, expected.body.as_deref().unwrap_or_default(), "{name}: body"),
        }
        for (header, value) in &expected.headers {
            let found = request.headers().get(header).map(|it| it.to_str().unwrap());
            assert_eq!(found, Some(value.as_str()), "{name}: {header}");
        }
        for header in &expected.no_headers {
            assert!(!request.headers().contains_key(header), "{name}: {header}");
        }
    }
}

fn check_outcome(case: &Case, settings: &ProfileSettings, (result, notes): &Exchanged) {
    let name = &case.name;
    match (result, &case.error) {
        (Ok(returned), None) => {
            let id = |index: usize| settings.outputs[index].claim_type.clone();
            let found: BTreeMap<_, _> = returned.iter().map(|(index, value)| (id(*index), value.to_json())).collect();
            assert_eq!(found, case.claims, "{name}: claims");
        }
        (Err(ProviderError { code, message, user_message, detail }), Some(expected)) => {
            assert_eq!((*code, message), (expected.code.as_str(), &expected.message), "{name}: error");
            assert_eq!(user_message, &expected.user_message, "{name}: user message");
            assert!(expected.detail.as_ref().is_none_or(|it| it == detail), "{name}: detail {detail}");
        }
        (result, _) => panic!("{name}: {result:?}"),
    }
    let texts: Vec<_> = notes.iter().map(|it: &Note| it.text.as_str()).collect();
    assert!(case.notes.is_empty() || texts == case.notes, "{name}: notes {texts:#?}");
}

/// Secrets and claim values are in no note, detail or `Debug`; short texts and booleans would be there by chance.
fn check_secrecy(case: &Case, exchange: &dyn Exchange, (result, notes): &Exchanged) {
    let detail = result.as_ref().err().map(|it| it.detail.as_str());
    let shown = format!("{exchange:?} {notes:?} {detail:?} {:?}", result.as_ref().ok());
    let values = case.inputs.iter().filter_map(|it| it.value.as_deref());
    for text in values
        .chain(case.secrets.values().map(String::as_str))
        .filter(|it| it.len() > 3 && !matches!(*it, "true" | "false"))
    {
        assert!(!shown.contains(text), "{}: `{text}` is shown in {shown}", case.name);
    }
}

macro_rules! exchanges {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            let text = include_str!(concat!("exchanges/", stringify!($name), ".toml"));
            let file: File = toml::from_str(text).expect("a well-formed file");
            file.case.iter().for_each(replay);
        })*
    };
}

exchanges!(authentication, errors, hostile, requests, responses, settings);

#[test]
fn large_and_deep_answers_are_bounded() {
    let deep = format!("{}1{}", r#"{"a":"#.repeat(33), "}".repeat(33));
    let very_deep = "[".repeat(100_000);
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(1 << 20));
    for (body, code) in [(deep, None), (very_deep, None), (large, Some("AADB2C90075"))] {
        let case: Case = toml::from_str(
            r#"
            name = "bounded"
            metadata = { ServiceUrl = "https://api.contoso.com/x", AuthenticationType = "None" }
            outputs = [{ claim = "a" }]
            "#,
        )
        .unwrap();
        let answer = http::Response::builder().body(Bytes::from(body)).unwrap();
        let host = FakeHost {
            budget: Duration::MAX,
            secrets: BTreeMap::new(),
            answers: Mutex::new([Ok(answer)].into()),
            requests: Mutex::default(),
        };
        let exchange = Restful.configure(&case.settings()).unwrap();
        let call = Call { exchange_id: "Augment", step: 1, tenant: "t", inputs: &[] };
        let (result, _) = block_on(exchange.run(call, &host));
        assert_eq!(result.as_ref().err().map(|it| it.code), code);
        assert!(result.is_err() || result.is_ok_and(|it| it.is_empty()));
    }
}

#[test]
fn problems_carry_the_codes_of_the_service() {
    let problems = Restful.check(&ProfileSettings {
        metadata: [("AuthenticationType", "Bearer"), ("UseClaimAsBearerToken", "t"), ("debugMode", "true")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        ..ProfileSettings::default()
    });
    let found: Vec<_> = problems.iter().map(|it| (it.rule, it.code, it.blocks, it.help.is_some())).collect();
    let expected = [
        ("required-metadata", Some("AADB2C90023"), true, false),
        ("metadata-unknown-key", None, false, true),
        ("bearer-claim-absent", Some("AADB2C90194"), false, true),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_insecure_rule_is_an_error_that_stops_no_run() {
    let case: Case = toml::from_str(
        r#"
        name = "insecure"
        production = true
        metadata = { ServiceUrl = "https://api.contoso.com/x", AuthenticationType = "None" }
        "#,
    )
    .unwrap();
    let problems = Restful.check(&case.settings());
    assert_eq!(
        problems.iter().map(|it| (it.rule, it.severity, it.blocks)).collect::<Vec<_>>(),
        [("rest-insecure", Severity::Error, false)]
    );
    assert!(Restful.configure(&case.settings()).is_ok());
}

proptest::proptest! {
    #[test]
    fn any_answer_ends_in_claims_or_an_error(
        status in 200_u16..600,
        body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..64),
    ) {
        let case: Case = toml::from_str(
            r#"
            name = "any"
            metadata = { ServiceUrl = "https://api.contoso.com/x", AuthenticationType = "None", ResolveJsonPathsInJsonTokens = "true" }
            outputs = [{ claim = "a", partner = "a[0].b" }, { claim = "b", type = "int" }]
            "#,
        )
        .unwrap();
        let answer = http::Response::builder().status(status).body(Bytes::from(body)).unwrap();
        let host = FakeHost {
            budget: Duration::MAX,
            secrets: BTreeMap::new(),
            answers: Mutex::new([Ok(answer)].into()),
            requests: Mutex::default(),
        };
        let exchange = Restful.configure(&case.settings()).unwrap();
        let call = Call { exchange_id: "Augment", step: 1, tenant: "t", inputs: &[] };
        let (result, notes) = block_on(exchange.run(call, &host));
        proptest::prop_assert_eq!(result.is_err(), status >= 300);
        proptest::prop_assert!(notes.len() >= 2);
    }
}
