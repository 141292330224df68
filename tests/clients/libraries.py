"""Python's JOSE libraries, and two verifications by hand: each takes our token, and none takes a wrong one."""
import base64, functools, json, pathlib, subprocess, tempfile, time

import jose.jwt
import joserfc.errors, joserfc.jwk, joserfc.jwt
import jwcrypto.common, jwcrypto.jwk, jwcrypto.jwt
import jwt
import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from contoso import CONTOSO, POLICY, USER_FLOW, check, discovery_of, expect_claims, issuer, over, same

ISSUER = issuer(CONTOSO, CONTOSO.local)


@functools.cache
def token_of(policy=POLICY):
    url = f"https://{CONTOSO.local}/{CONTOSO.name}/{policy}/oauth2/v2.0/token"
    form = {"grant_type": "client_credentials", "client_id": CONTOSO.client_id, "client_secret": CONTOSO.secret,
            "scope": CONTOSO.scope}
    return requests.post(url, form, timeout=30).json()["access_token"]


@functools.cache
def metadata():
    return over(requests)(discovery_of(CONTOSO.local, CONTOSO.name))


@functools.cache
def keys():
    return over(requests)(metadata()["jwks_uri"])


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def with_pyjwt(token, issuer, audience):
    key = jwt.PyJWKClient(metadata()["jwks_uri"]).get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=["RS256"], issuer=issuer, audience=audience)


def with_joserfc(token, issuer, audience):
    decoded = joserfc.jwt.decode(token, joserfc.jwk.KeySet.import_key_set(keys()), algorithms=["RS256"])
    required = {name: {"essential": True, "value": it} for name, it in (("iss", issuer), ("aud", audience))}
    joserfc.jwt.JWTClaimsRegistry(**required).validate(decoded.claims)
    return decoded.claims


def with_python_jose(token, issuer, audience):
    return jose.jwt.decode(token, keys(), algorithms=["RS256"], issuer=issuer, audience=audience)


def with_jwcrypto(token, issuer, audience):
    read = jwcrypto.jwt.JWT(check_claims={"iss": issuer, "aud": audience, "exp": None}, algs=["RS256"])
    read.deserialize(token, jwcrypto.jwk.JWKSet.from_json(json.dumps(keys())))
    return json.loads(read.claims)


def by_hand(check_signature, token, issuer, audience):
    """RFC 7515 §5.2 and RFC 7519 §7.2, step by step."""
    header, payload, signature = token.split(".")
    members = json.loads(decoded(header))
    same((members["alg"], members["typ"]), ("RS256", "JWT"))
    [key] = [it for it in keys()["keys"] if it["kid"] == members["kid"]]
    n, e = (int.from_bytes(decoded(key[name]), "big") for name in ("n", "e"))
    check_signature(n, e, f"{header}.{payload}".encode(), decoded(signature))
    claims = json.loads(decoded(payload))
    same((claims["iss"], claims["aud"]), (issuer, audience))
    assert claims["nbf"] <= time.time() < claims["exp"]
    return claims


def cryptography_verifies(n, e, signed, signature):
    key = rsa.RSAPublicNumbers(e, n).public_key()
    key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())


def openssl_verifies(n, e, signed, signature):
    """The key is written as X.509 writes it (RFC 8017 A.1), and `openssl dgst` does the rest."""
    key = (f"asn1=SEQUENCE:info\n[info]\nalgorithm=SEQUENCE:algorithm\nkey=BITWRAP,SEQUENCE:key\n"
           f"[algorithm]\nid=OID:rsaEncryption\nparameters=NULL\n[key]\nn=INTEGER:{n:#x}\ne=INTEGER:{e:#x}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for file, data in {"key.conf": key.encode(), "signed": signed, "signature": signature}.items():
            (folder / file).write_bytes(data)
        openssl = functools.partial(subprocess.run, cwd=folder, check=True, capture_output=True)
        openssl(["openssl", "asn1parse", "-genconf", "key.conf", "-noout", "-out", "key.der"])
        openssl(["openssl", "pkey", "-pubin", "-inform", "DER", "-in", "key.der", "-out", "key.pem"])
        openssl(["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "signed"])


def accepts(verify):
    expect_claims(verify(token_of(), ISSUER, CONTOSO.api), CONTOSO, CONTOSO.local)


def refuses(verify, kinds, token, issuer=ISSUER, audience=CONTOSO.api):
    """The library's own error; any other would be a mistake of ours."""
    try:
        verify(token, issuer, audience)
    except kinds:
        return
    raise AssertionError("the token was accepted")


def with_payload(token, **claims):
    header, payload, signature = token.split(".")
    return f"{header}.{encoded(json.dumps(json.loads(decoded(payload)) | claims).encode())}.{signature}"


def unsigned(token):
    _, payload, _ = token.split(".")
    return f'{encoded(json.dumps({"alg": "none", "typ": "JWT"}).encode())}.{payload}.'


def another_kid(token):
    """Our own header on another policy's token: the key is found, and the signature is none of its own."""
    return ".".join([token_of().split(".")[0], *token.split(".")[1:]])


BY_HAND = (AssertionError, ValueError, InvalidSignature, subprocess.CalledProcessError)
for name, (verify, *kinds) in {
    "PyJWT": (with_pyjwt, jwt.PyJWTError),
    "joserfc": (with_joserfc, joserfc.errors.JoseError),
    "python-jose": (with_python_jose, jose.JOSEError),
    "jwcrypto": (with_jwcrypto, jwcrypto.common.JWException),
    "cryptography, by hand": (functools.partial(by_hand, cryptography_verifies), *BY_HAND),
    "openssl, by hand": (functools.partial(by_hand, openssl_verifies), *BY_HAND),
}.items():
    wrong = functools.partial(refuses, verify, tuple(kinds))
    check(f"{name}: accepts a token", accepts, verify)
    check(f"{name}: refuses another issuer", lambda: wrong(token_of(), "https://localhost/v2.0/"))
    check(f"{name}: refuses another audience", lambda: wrong(token_of(), ISSUER, CONTOSO.client_id))
    check(f"{name}: refuses a changed payload", lambda: wrong(with_payload(token_of(), scp="app.admin")))
    check(f"{name}: refuses `alg` none", lambda: wrong(unsigned(token_of())))
    check(f"{name}: refuses a token of another key", lambda: wrong(token_of(USER_FLOW)))
    check(f"{name}: refuses another key's signature", lambda: wrong(another_kid(token_of(USER_FLOW))))
