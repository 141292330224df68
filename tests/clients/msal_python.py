"""MSAL for Python: tenant discovery, `client_info=1`, the token cache, and errors as a dictionary."""
import msal
import requests

from contoso import (CHINA, CONTOSO, CUSTOM_DOMAIN, POLICY, TFP_POLICY, USER_FLOW, begins, check, discovery_of,
                     expect_claims, over, refused, resolving, same, verified)


def application(tenant, authority, secret=None, session=None):
    return msal.ConfidentialClientApplication(
        tenant.client_id, authority=authority, client_credential=secret or tenant.secret,
        http_client=session or resolving())


def token(tenant, host, path, policy=POLICY):
    app = application(tenant, f"https://{host}/{path}")
    result = app.acquire_token_for_client([tenant.scope])
    same({name: result.get(name) for name in ("error", "token_type", "expires_in", "resource", "token_source")}, {
        "error": None, "token_type": "Bearer", "expires_in": 3600, "resource": tenant.api,
        "token_source": "identity_provider"})
    claims = verified(result["access_token"], discovery_of(host, tenant.name, policy), over(resolving()))
    expect_claims(claims, tenant, host, policy)
    again = app.acquire_token_for_client([tenant.scope])
    same((again["token_source"], again["access_token"]), ("cache", result["access_token"]))


def token_without_any_option():
    """MSAL's own HTTP client, which nobody told anything."""
    app = msal.ConfidentialClientApplication(
        CONTOSO.client_id, authority=f"https://{CONTOSO.local}/{CONTOSO.name}/{POLICY}",
        client_credential=CONTOSO.secret)
    result = app.acquire_token_for_client([CONTOSO.scope])
    claims = verified(result["access_token"], discovery_of(CONTOSO.local, CONTOSO.name), over(requests))
    expect_claims(claims, CONTOSO, CONTOSO.local)


def error(tenant, expected, code, secret=None, scope=None):
    app = application(tenant, f"https://{tenant.host}/{tenant.name}/{POLICY}", secret)
    result = app.acquire_token_for_client([scope or tenant.scope])
    same(result.get("error"), expected)
    begins(result["error_description"], code)


def unknown_policy():
    raised = refused(ValueError, application, CONTOSO, f"https://{CONTOSO.host}/{CONTOSO.name}/B2C_1A_Nobody")
    begins(str(raised), "Unable to get authority configuration")


for name, arguments in {
    "tenant/policy": (CONTOSO, CONTOSO.host, f"{CONTOSO.name}/{POLICY}"),
    "tfp/tenant/policy": (CONTOSO, CONTOSO.host, f"tfp/{CONTOSO.name}/{POLICY}"),
    "GUID/policy": (CONTOSO, CONTOSO.host, f"{CONTOSO.id}/{POLICY}"),
    "tenant?p=policy": (CONTOSO, CONTOSO.host, f"{CONTOSO.name}?p={POLICY}"),
    "AuthorityWithTfp": (CONTOSO, CONTOSO.host, f"tfp/{CONTOSO.name}/{TFP_POLICY}", TFP_POLICY),
    "a user flow": (CONTOSO, CONTOSO.host, f"{CONTOSO.name}/{USER_FLOW}", USER_FLOW),
    "a custom domain": (CONTOSO, CUSTOM_DOMAIN, f"{CONTOSO.name}/{POLICY}"),
    "b2clogin.cn": (CHINA, CHINA.host, f"{CHINA.name}/{POLICY}"),
    "b2clogin.cn, tfp/tenant/policy": (CHINA, CHINA.host, f"tfp/{CHINA.name}/{POLICY}"),
}.items():
    check(f"MSAL Python: a token, then the cache, {name}", token, *arguments)
check("MSAL Python: a token with no option at all, as localhost", token_without_any_option)
for tenant in (CONTOSO, CHINA):
    check(f"MSAL Python: a wrong secret, {tenant.host}", error, tenant, "invalid_client", "AADB2C90081: ", "wrong")
    check(f"MSAL Python: an unknown scope, {tenant.host}", error, tenant, "invalid_request", "AADB2C90117: ", None,
          f"https://{tenant.name}/nobody/.default")
check("MSAL Python: an unknown policy", unknown_policy)
