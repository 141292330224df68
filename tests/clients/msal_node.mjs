// MSAL for Node: discovery with its judgement of the issuer, the token cache, and errors as `ServerError`.
// MSAL calls Node's `fetch`, and what `fetch` offers is its dispatcher: MSAL itself is told nothing.
import { ClientAuthError, ClientAuthErrorCodes, ConfidentialClientApplication, ServerError } from "@azure/msal-node";
import { createRemoteJWKSet, customFetch, jwtVerify } from "jose";
import assert from "node:assert/strict";
import { setGlobalDispatcher } from "undici";
import {
  CHINA, CONTOSO, CUSTOM_DOMAIN, POLICY, TFP_POLICY, USER_FLOW, check, discoveryOf, expectClaims, refused, resolver,
} from "./contoso.mjs";

const application = (tenant, host, path, secret = tenant.secret) =>
  new ConfidentialClientApplication({
    auth: {
      clientId: tenant.clientId, clientSecret: secret, authority: `https://${host}/${path}`, knownAuthorities: [host],
    },
  });

async function token(tenant, host, path, policy = POLICY) {
  const app = application(tenant, host, path);
  const ask = () => app.acquireTokenByClientCredential({ scopes: [tenant.scope] });
  const result = await ask();
  assert.deepEqual([result.tokenType, result.fromCache], ["Bearer", false]);
  const seconds = (result.expiresOn - Date.now()) / 1000;
  // MSAL rounds its own clock to seconds.
  assert.ok(seconds > 3500 && seconds < 3601, `expires in ${seconds} s`);
  const metadata = await (await fetch(discoveryOf(host, tenant.name, policy))).json();
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri), { [customFetch]: fetch });
  const { payload } = await jwtVerify(result.accessToken, keys, { issuer: metadata.issuer, audience: tenant.api });
  expectClaims(payload, tenant, host, policy);
  const again = await ask();
  assert.deepEqual([again.fromCache, again.accessToken], [true, result.accessToken]);
}

async function error(tenant, code, aadb2c, { secret, scope = tenant.scope }) {
  const app = application(tenant, tenant.host, `${tenant.name}/${POLICY}`, secret);
  const thrown = await refused(ServerError, () => app.acquireTokenByClientCredential({ scopes: [scope] }));
  assert.equal(thrown.errorCode, code);
  assert.equal(thrown.status, 400);
  assert.match(thrown.errorMessage, new RegExp(`Description: ${aadb2c}: `));
}

// Before anything is said to `fetch`: the name leads here by itself.
await check("MSAL Node: a token with no option at all, as localhost", () =>
  token(CONTOSO, CONTOSO.local, `${CONTOSO.name}/${POLICY}`));

setGlobalDispatcher(resolver);
for (const [name, tenant, host, path, policy] of [
  ["tenant/policy", CONTOSO, CONTOSO.host, `${CONTOSO.name}/${POLICY}`],
  ["tfp/tenant/policy", CONTOSO, CONTOSO.host, `tfp/${CONTOSO.name}/${POLICY}`],
  ["GUID/policy", CONTOSO, CONTOSO.host, `${CONTOSO.id}/${POLICY}`],
  ["AuthorityWithTfp", CONTOSO, CONTOSO.host, `tfp/${CONTOSO.name}/${TFP_POLICY}`, TFP_POLICY],
  ["a user flow", CONTOSO, CONTOSO.host, `${CONTOSO.name}/${USER_FLOW}`, USER_FLOW],
  ["a custom domain", CONTOSO, CUSTOM_DOMAIN, `${CONTOSO.name}/${POLICY}`],
  ["b2clogin.cn", CHINA, CHINA.host, `${CHINA.name}/${POLICY}`],
  ["b2clogin.cn, tfp/tenant/policy", CHINA, CHINA.host, `tfp/${CHINA.name}/${POLICY}`],
]) {
  await check(`MSAL Node: a token, then the cache, ${name}`, () => token(tenant, host, path, policy));
}
for (const tenant of [CONTOSO, CHINA]) {
  await check(`MSAL Node: a wrong secret, ${tenant.host}`, () =>
    error(tenant, "invalid_client", "AADB2C90081", { secret: "wrong" }));
  await check(`MSAL Node: an unknown scope, ${tenant.host}`, () =>
    error(tenant, "invalid_request", "AADB2C90117", { scope: `https://${tenant.name}/nobody/.default` }));
}
await check("MSAL Node: an unknown policy", async () => {
  const app = application(CONTOSO, CONTOSO.host, `${CONTOSO.name}/B2C_1A_Nobody`);
  const thrown = await refused(ClientAuthError, () => app.acquireTokenByClientCredential({ scopes: [CONTOSO.scope] }));
  assert.equal(thrown.errorCode, ClientAuthErrorCodes.endpointResolutionError);
});
