"""requests-oauthlib (oauthlib's backend application): both ways a client authenticates, and the errors it raises."""
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from contoso import (CHINA, CONTOSO, CUSTOM_DOMAIN, POLICY, TFP_POLICY, begins, check, discovery_of, expect_claims,
                     over, refused, resolving, same, verified)


def session_of(tenant, scope=None):
    client = BackendApplicationClient(tenant.client_id, scope=[scope or tenant.scope])
    return resolving(OAuth2Session(client=client))


def by_post(tenant, secret=None):
    return {"client_secret": secret or tenant.secret, "include_client_id": True}


def by_basic(tenant, secret=None):
    return {"auth": HTTPBasicAuth(tenant.client_id, secret or tenant.secret)}


def token(tenant, host, document, authentication, policy=POLICY):
    with session_of(tenant) as session:
        endpoint = resolving().get(document, timeout=30).json()["token_endpoint"]
        answer = session.fetch_token(endpoint, **authentication)
        same((answer["token_type"], answer["expires_in"], answer["resource"]), ("Bearer", 3600, tenant.api))
        expect_claims(verified(answer["access_token"], document, over(resolving())), tenant, host, policy)


def error(expected, code, status, authentication, scope=None):
    endpoint = f"https://{CONTOSO.host}/{CONTOSO.name}/{POLICY}/oauth2/v2.0/token"
    answers = []
    with session_of(CONTOSO, scope) as session:
        session.register_compliance_hook("access_token_response", lambda it: answers.append(it) or it)
        raised = refused(OAuth2Error, lambda: session.fetch_token(endpoint, **authentication))
    same(raised.error, expected)
    begins(raised.description, code)
    same(answers[0].status_code, status)
    return answers[0]


def error_of_basic():
    """RFC 6749 §5.2: who came with `Authorization` is told the scheme."""
    answer = error("invalid_client", "AADB2C90081: ", 401, by_basic(CONTOSO, "wrong"))
    begins(answer.headers["WWW-Authenticate"], "Basic")


query_style = f"https://{CONTOSO.host}/{CONTOSO.name}/v2.0/.well-known/openid-configuration?p={POLICY}"
for name, (tenant, host, document, authentication, *policy) in {
    "client_secret_post": (CONTOSO, CONTOSO.host, discovery_of(CONTOSO.host, CONTOSO.name), by_post),
    "client_secret_basic": (CONTOSO, CONTOSO.host, discovery_of(CONTOSO.host, CONTOSO.name), by_basic),
    "?p=policy": (CONTOSO, CONTOSO.host, query_style, by_post),
    "GUID in the path": (CONTOSO, CONTOSO.host, discovery_of(CONTOSO.host, CONTOSO.id), by_post),
    "AuthorityWithTfp": (CONTOSO, CONTOSO.host, discovery_of(CONTOSO.host, CONTOSO.name, TFP_POLICY), by_post,
                         TFP_POLICY),
    "a custom domain": (CONTOSO, CUSTOM_DOMAIN, discovery_of(CUSTOM_DOMAIN, CONTOSO.name), by_basic),
    "localhost": (CONTOSO, CONTOSO.local, discovery_of(CONTOSO.local, CONTOSO.name), by_post),
    "b2clogin.cn, client_secret_post": (CHINA, CHINA.host, discovery_of(CHINA.host, CHINA.name), by_post),
    "b2clogin.cn, client_secret_basic": (CHINA, CHINA.host, discovery_of(CHINA.host, CHINA.name), by_basic),
}.items():
    check(f"requests-oauthlib: a token, {name}", token, tenant, host, document, authentication(tenant), *policy)
check("requests-oauthlib: a wrong secret in the body", error, "invalid_client", "AADB2C90081: ", 400,
      by_post(CONTOSO, "wrong"))
check("requests-oauthlib: a wrong secret in the header", error_of_basic)
check("requests-oauthlib: an unknown scope", error, "invalid_request", "AADB2C90117: ", 400, by_post(CONTOSO),
      f"https://{CONTOSO.name}/nobody/.default")
