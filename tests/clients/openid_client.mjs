// openid-client: it compares the issuer with where it asked, but for `*.b2clogin.com`, whose default pattern never
// agrees. Elsewhere a policy with `AuthorityWithTfp` is needed, as at Azure.
import { createRemoteJWKSet, customFetch as joseFetch, jwtVerify } from "jose";
import assert from "node:assert/strict";
import * as client from "openid-client";
import { fetch as undiciFetch } from "undici";
import {
  CHINA, CONTOSO, CUSTOM_DOMAIN, POLICY, TFP_POLICY, check, discoveryOf, expectClaims, issuerOf, refused, resolver,
} from "./contoso.mjs";

// Both libraries let one hand them the `fetch` they use.
const resolving = (url, options) => undiciFetch(url, { ...options, dispatcher: resolver });

const discovered = (tenant, url, { authentication, secret = tenant.secret, through = resolving } = {}) =>
  client.discovery(new URL(url), tenant.clientId, secret, authentication?.(secret), { [client.customFetch]: through });

async function token(tenant, host, url, { policy = POLICY, ...options } = {}) {
  const config = await discovered(tenant, url, options);
  const metadata = config.serverMetadata();
  assert.equal(metadata.issuer, issuerOf(tenant, host, policy));
  const answer = await client.clientCredentialsGrant(config, { scope: tenant.scope });
  assert.deepEqual([answer.token_type, answer.expires_in, answer.resource], ["bearer", 3600, tenant.api]);
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri), { [joseFetch]: options.through ?? resolving });
  const { payload } = await jwtVerify(answer.access_token, keys, {
    issuer: metadata.issuer, audience: tenant.api, algorithms: metadata.id_token_signing_alg_values_supported,
  });
  expectClaims(payload, tenant, host, policy);
}

async function error(expected, aadb2c, { scope = CONTOSO.scope, ...options }) {
  const config = await discovered(CONTOSO, discoveryOf(CONTOSO.host, CONTOSO.name), options);
  const thrown = await refused(client.ResponseBodyError, () => client.clientCredentialsGrant(config, { scope }));
  assert.deepEqual([thrown.status, thrown.error], [400, expected]);
  assert.ok(thrown.error_description.startsWith(`${aadb2c}: `), thrown.error_description);
}

async function errorOfBasic() {
  const options = { authentication: client.ClientSecretBasic, secret: "wrong" };
  const config = await discovered(CONTOSO, discoveryOf(CONTOSO.host, CONTOSO.name), options);
  const thrown = await refused(client.WWWAuthenticateChallengeError, () =>
    client.clientCredentialsGrant(config, { scope: CONTOSO.scope }));
  assert.equal(thrown.status, 401);
  assert.equal(thrown.cause[0].scheme, "basic");
}

async function issuerDiffers(tenant, url) {
  const thrown = await refused(client.ClientError, () => discovered(tenant, url));
  assert.equal(thrown.code, "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED");
  assert.equal(thrown.cause.attribute, "issuer");
}

const authority = (tenant, host, policy = POLICY) => `https://${host}/${tenant.name}/${policy}/v2.0/`;

for (const [name, ...given] of [
  ["an authority on b2clogin.com", CONTOSO, CONTOSO.host, authority(CONTOSO, CONTOSO.host)],
  ["the document itself", CONTOSO, CONTOSO.host, discoveryOf(CONTOSO.host, CONTOSO.name)],
  ["GUID/policy", CONTOSO, CONTOSO.host, discoveryOf(CONTOSO.host, CONTOSO.id)],
  ["?p=policy", CONTOSO, CONTOSO.host,
    `https://${CONTOSO.host}/${CONTOSO.name}/v2.0/.well-known/openid-configuration?p=${POLICY}`],
  ["client_secret_basic", CONTOSO, CONTOSO.host, authority(CONTOSO, CONTOSO.host),
    { authentication: client.ClientSecretBasic }],
  ["the issuer of AuthorityWithTfp", CONTOSO, CONTOSO.host, issuerOf(CONTOSO, CONTOSO.host, TFP_POLICY),
    { policy: TFP_POLICY }],
  ["the issuer of AuthorityWithTfp, custom domain", CONTOSO, CUSTOM_DOMAIN,
    issuerOf(CONTOSO, CUSTOM_DOMAIN, TFP_POLICY), { policy: TFP_POLICY }],
  ["the issuer of AuthorityWithTfp, b2clogin.cn", CHINA, CHINA.host, issuerOf(CHINA, CHINA.host, TFP_POLICY),
    { policy: TFP_POLICY }],
  ["the issuer of AuthorityWithTfp, localhost and Node's own fetch", CONTOSO, CONTOSO.local,
    issuerOf(CONTOSO, CONTOSO.local, TFP_POLICY), { policy: TFP_POLICY, through: fetch }],
]) {
  await check(`openid-client: a token, ${name}`, () => token(...given));
}
await check("openid-client: the issuer of the default pattern is compared, custom domain", () =>
  issuerDiffers(CONTOSO, authority(CONTOSO, CUSTOM_DOMAIN)));
await check("openid-client: the issuer of the default pattern is compared, b2clogin.cn", () =>
  issuerDiffers(CHINA, authority(CHINA, CHINA.host)));
await check("openid-client: a wrong secret", () => error("invalid_client", "AADB2C90081", { secret: "wrong" }));
await check("openid-client: a wrong secret in the header", errorOfBasic);
await check("openid-client: an unknown scope", () =>
  error("invalid_request", "AADB2C90117", { scope: `https://${CONTOSO.name}/nobody/.default` }));
