"""What the Python clients share: the tenants they talk to, what a token of theirs says, and how a check is told.

Every value is that of `fixtures/` or of the reference, never one that the service was asked for.
"""
import dataclasses, os, re, traceback, urllib.parse

import jwt
import requests
from requests.adapters import HTTPAdapter


@dataclasses.dataclass(frozen=True)
class Tenant:
    """A folder of `fixtures/`, served on a port of its own."""
    name: str
    id: str
    host: str
    port: int
    client_id: str
    secret: str
    principal: str
    api: str

    @property
    def scope(self):
        return f"https://{self.name}/api/.default"

    @property
    def local(self):
        """Where a client finds the tenant that needs no option of its own."""
        return f"localhost:{self.port}"


CONTOSO = Tenant(
    name="contoso.onmicrosoft.com",
    id="775527ff-9a37-4307-8b3d-cc311f58d925",
    host="contoso.b2clogin.com",
    port=int(os.environ["CONTOSO_PORT"]),
    client_id="3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521",
    secret="dev.ContosoClientCredentialsSecret000001",
    principal="9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b23",
    api="8a0b6f0e-3c5d-4d0f-9a35-2c1f7f6c1b11",
)
CHINA = Tenant(
    name="contoso.partner.onmschina.cn",
    id="b7d3c5f1-2e4a-4b6c-8d9e-0f1a2b3c4d31",
    host="contoso.b2clogin.cn",
    port=int(os.environ["CONTOSO_CN_PORT"]),
    client_id="11112222-bbbb-3333-cccc-4444dddd5555",
    secret="FyX7Q~DuPJ...",
    principal="f4d5e6f7-0819-42a3-9dc4-e5f607182935",
    api="00001111-aaaa-2222-bbbb-3333cccc4444",
)
POLICY = "B2C_1A_ClientCredentials"
# The same policy with `IssuanceClaimPattern` = `AuthorityWithTfp`; tests/clients/run makes it.
TFP_POLICY = "B2C_1A_ClientCredentialsTfp"
USER_FLOW = "B2C_1_susi"
CUSTOM_DOMAIN = "login.contoso.com"

# Where the sockets of each name really go.
PORTS = {CONTOSO.host: CONTOSO.port, CUSTOM_DOMAIN: CONTOSO.port, CHINA.host: CHINA.port}


class Resolver(HTTPAdapter):
    """requests' own way to say where a connection goes; name, certificate and `Host` stay those of the URL."""

    def build_connection_pool_key_attributes(self, request, verify, cert=None):
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        name = host["host"]
        if name not in PORTS:
            return host, pool
        return (host | {"host": "127.0.0.1", "port": PORTS[name]},
                pool | {"server_hostname": name, "assert_hostname": name})

    def add_headers(self, request, **_):
        request.headers["Host"] = urllib.parse.urlsplit(request.url).netloc


def resolving(session=None):
    """A session that finds the tenants' names on this machine."""
    session = session or requests.Session()
    session.mount("https://", Resolver())
    return session


def issuer(tenant, host, policy=POLICY):
    """Reference "tokens", 4: the host is the one that the client used."""
    if policy == TFP_POLICY:
        return f"https://{host}/tfp/{tenant.id}/{policy.lower()}/v2.0/"
    return f"https://{host}/{tenant.id}/v2.0/"


def discovery_of(host, tenant_segment, policy=POLICY):
    return f"https://{host}/{tenant_segment}/{policy}/v2.0/.well-known/openid-configuration"


def over(session):
    """The way of `verified` to a document."""
    return lambda url: session.get(url, timeout=30).json()


def verified(token, document, get):
    """The claims of a token, verified with the keys that the discovery document at `document` leads to.

    `get` answers what is at a URL, so that each client goes its own way there.
    """
    metadata = get(document)
    keys = jwt.PyJWKSet.from_dict(get(metadata["jwks_uri"]))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["RS256"], issuer=metadata["issuer"], options={
        "verify_aud": False, "require": ["aud", "iss", "exp", "nbf", "iat", "sub"]})


def expect_claims(claims, tenant, host, policy=POLICY):
    """Reference "tokens", 2, and the relying party of policies/client-credentials."""
    known = {
        "aud": tenant.api, "iss": issuer(tenant, host, policy), "sub": tenant.principal, "oid": tenant.principal,
        "tid": tenant.id, "azp": tenant.client_id, "azpacr": "1", "ver": "2.0", "scp": "app.read app.write",
    }
    others = {"iat", "nbf", "exp"}
    if policy != USER_FLOW:
        known |= {"tfp": policy, "gty": "client_credentials", "features": ["standard"]}
        others |= {"correlation_id", "ticket"}
    same({name: it for name, it in claims.items() if name not in others}, known)
    same(others - claims.keys(), set())
    if policy != USER_FLOW:
        matches(claims["correlation_id"], r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
        matches(claims["ticket"], rf"ticket-\d+@{re.escape(tenant.name)}")
    same(claims["nbf"], claims["iat"])
    same(claims["exp"] - claims["nbf"], 3600)


def same(actual, expected):
    assert actual == expected, f"{actual!r} instead of {expected!r}"


def begins(actual, expected):
    assert actual.startswith(expected), f"{actual!r} does not begin with {expected!r}"


def matches(actual, pattern):
    assert re.fullmatch(pattern, actual), f"{actual!r} is not of the form {pattern}"


def refused(kind, call, *arguments):
    """The error of that kind that the call must raise."""
    try:
        answer = call(*arguments)
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}, but {answer!r}")


def check(name, call, *arguments):
    """One line of the report; why a check failed is told below it."""
    try:
        call(*arguments)
    except Exception:
        print(f"FAILED {name}\n  " + traceback.format_exc().rstrip().replace("\n", "\n  "), flush=True)
    else:
        print(f"ok {name}", flush=True)
