"""curl: the article's script as it stands, and curl's other ways of sending a form.

Where names lead is in the `.curlrc` that tests/clients/run writes.
"""
import json, pathlib, subprocess, tempfile

from contoso import CHINA, CONTOSO, CUSTOM_DOMAIN, POLICY, begins, check, discovery_of, expect_claims, same, verified

ARTICLE = (pathlib.Path(__file__).parent / "article" / "token.sh").read_text()
MEMBERS = ["access_token", "token_type", "not_before", "expires_in", "expires_on", "resource"]


def curl(*arguments):
    """What the service answers, and the status."""
    done = subprocess.run(["curl", "--write-out", "\n%{http_code}", *arguments],
                          check=True, capture_output=True, text=True)
    body, _, status = done.stdout.rpartition("\n")
    return json.loads(body), int(status)


def expect_token(answer, tenant, host, options=()):
    same(list(answer), MEMBERS)
    same(answer["token_type"], "Bearer")
    same(answer["expires_on"] - answer["not_before"], answer["expires_in"])
    same(answer["resource"], tenant.api)
    claims = verified(answer["access_token"], discovery_of(host, tenant.name), lambda url: curl(*options, url)[0])
    expect_claims(claims, tenant, host)


def filled(secret=CHINA.secret, uri=f"https://{CHINA.name}/api"):
    """The article's script, its placeholders replaced as it tells to."""
    script = ARTICLE
    values = {"<your-tenant>": "contoso", "<policy>": POLICY, "<client ID>": CHINA.client_id,
              "<client secret>": secret, "<Your API id uri>": uri}
    for placeholder, value in values.items():
        assert placeholder in script, f"the script has no {placeholder}"
        script = script.replace(placeholder, value)
    return script


def run_article(**values):
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as script:
        script.write(filled(**values))
        script.flush()
        done = subprocess.run(["bash", script.name], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def article():
    expect_token(run_article(), CHINA, CHINA.host)


def article_refused(values, error, code):
    answer = run_article(**values)
    same(list(answer), ["error", "error_description"])
    same(answer["error"], error)
    begins(answer["error_description"], code)


def form(tenant):
    return ["--data", "grant_type=client_credentials", "--data-urlencode", f"scope={tenant.scope}"]


def in_body(tenant):
    return [*form(tenant), "--data", f"client_id={tenant.client_id}", "--data-urlencode",
            f"client_secret={tenant.secret}"]


def in_header(tenant, secret=None):
    return [*form(tenant), "--user", f"{tenant.client_id}:{secret or tenant.secret}"]


def multipart(tenant):
    values = {"grant_type": "client_credentials", "client_id": tenant.client_id, "client_secret": tenant.secret,
              "scope": tenant.scope}
    return [part for name, value in values.items() for part in ("--form-string", f"{name}={value}")]


def token(tenant, host, path, body, options=()):
    answer, status = curl(*options, *body, f"https://{host}/{path}")
    same(status, 200)
    expect_token(answer, tenant, host, options)


def refused_in_header():
    endpoint = f"https://{CONTOSO.host}/{CONTOSO.name}/{POLICY}/oauth2/v2.0/token"
    answer, status = curl(*in_header(CONTOSO, "wrong"), endpoint)
    same((status, answer["error"]), (401, "invalid_client"))


check("curl: the article's script", article)
check("curl: the article's script with a wrong secret", article_refused, {"secret": "wrong"}, "invalid_client",
      "AADB2C90081: ")
check("curl: the article's script with an unknown scope", article_refused, {"uri": f"https://{CHINA.name}/nobody"},
      "invalid_request", "AADB2C90117: ")
with_port = f"{CONTOSO.host}:{CONTOSO.port}"
for name, arguments in {
    "urlencoded": (CONTOSO, CONTOSO.host, f"{CONTOSO.name}/{POLICY}/oauth2/v2.0/token", in_body(CONTOSO)),
    "--user": (CONTOSO, CONTOSO.host, f"{CONTOSO.name}/{POLICY}/oauth2/v2.0/token", in_header(CONTOSO)),
    "multipart": (CONTOSO, CONTOSO.host, f"{CONTOSO.name}/{POLICY}/oauth2/v2.0/token", multipart(CONTOSO)),
    "?p=policy": (CONTOSO, CONTOSO.host, f"{CONTOSO.name}/oauth2/v2.0/token?p={POLICY}", in_body(CONTOSO)),
    "tfp/GUID/policy": (CONTOSO, CONTOSO.host, f"tfp/{CONTOSO.id}/{POLICY}/oauth2/v2.0/token", in_body(CONTOSO)),
    "a custom domain": (CONTOSO, CUSTOM_DOMAIN, f"{CONTOSO.name}/{POLICY}/oauth2/v2.0/token", in_body(CONTOSO)),
    "b2clogin.cn": (CHINA, CHINA.host, f"{CHINA.name}/{POLICY}/oauth2/v2.0/token", in_body(CHINA)),
    "localhost": (CONTOSO, CONTOSO.local, f"{CONTOSO.name}/{POLICY}/oauth2/v2.0/token", in_body(CONTOSO)),
    # `--resolve` keeps the port in the URL, so the service's URLs and the issuer have it too.
    "--resolve": (CONTOSO, with_port, f"{CONTOSO.name}/{POLICY}/oauth2/v2.0/token", in_body(CONTOSO),
                  ["--resolve", f"{with_port}:127.0.0.1"]),
}.items():
    check(f"curl: a token, {name}", token, *arguments)
check("curl: a wrong secret in the header", refused_in_header)
