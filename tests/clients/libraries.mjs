// npm's JOSE libraries: each takes our token by way of discovery and JWKS, and none takes a wrong one.
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";
import jwksRsa from "jwks-rsa";
import assert from "node:assert/strict";
import https from "node:https";
import {
  CONTOSO, POLICY, USER_FLOW, check, discoveryOf, expectClaims, issuerOf, refused,
} from "./contoso.mjs";

// `lookup` says where a name leads and leaves the port to the URL, which the issuer therefore has too.
const host = `${CONTOSO.host}:${CONTOSO.port}`;
const agent = new https.Agent({
  keepAlive: true,
  lookup: (_, { all }, callback) =>
    all ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4),
});

const ask = (url, { body, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const request = https.request(url, { agent, ...options }, async (response) => {
      try {
        resolve(JSON.parse(Buffer.concat(await response.toArray()).toString()));
      } catch (error) {
        reject(error);
      }
    });
    request.on("error", reject).end(body);
  });

async function tokenOf(policy) {
  const { token_endpoint } = await ask(discoveryOf(host, CONTOSO.name, policy));
  const body = new URLSearchParams({
    grant_type: "client_credentials", client_id: CONTOSO.clientId, client_secret: CONTOSO.secret, scope: CONTOSO.scope,
  }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return (await ask(token_endpoint, { method: "POST", headers, body })).access_token;
}

const { jwks_uri } = await ask(discoveryOf(host, CONTOSO.name));

// jose over its own cache of the key set; its `customFetch` is handed the requests of this agent.
const remoteKeys = jose.createRemoteJWKSet(new URL(jwks_uri), {
  [jose.customFetch]: async (url) => Response.json(await ask(url)),
});
const withJose = async (token, issuer, audience) =>
  (await jose.jwtVerify(token, remoteKeys, { issuer, audience, algorithms: ["RS256"], typ: "JWT" })).payload;

// jsonwebtoken with jwks-rsa, as its documentation joins them.
const client = jwksRsa({ jwksUri: jwks_uri, requestAgent: agent });
const keyOf = (header, callback) =>
  client.getSigningKey(header.kid).then((key) => callback(null, key.getPublicKey()), callback);
const withJsonwebtoken = (token, issuer, audience) =>
  new Promise((resolve, reject) => {
    const options = { algorithms: ["RS256"], issuer, audience };
    jsonwebtoken.verify(token, keyOf, options, (error, claims) => (error ? reject(error) : resolve(claims)));
  });

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const [token, anothers] = await Promise.all([tokenOf(POLICY), tokenOf(USER_FLOW)]);
const [header, payload, signature] = token.split(".");
const claims = JSON.parse(Buffer.from(payload, "base64url"));
const wrong = {
  "a changed payload": `${header}.${encoded({ ...claims, scp: "app.admin" })}.${signature}`,
  "`alg` none": `${encoded({ alg: "none", typ: "JWT" })}.${payload}.`,
  "a token of another key": anothers,
  "another key's signature": [header, ...anothers.split(".").slice(1)].join("."),
};

const issuer = issuerOf(CONTOSO, host);
for (const [name, verify, kind] of [
  ["jose", withJose, jose.errors.JOSEError],
  ["jsonwebtoken", withJsonwebtoken, jsonwebtoken.JsonWebTokenError],
]) {
  await check(`${name}: accepts a token`, async () =>
    expectClaims(await verify(token, issuer, CONTOSO.api), CONTOSO, host));
  await check(`${name}: refuses another issuer`, () =>
    refused(kind, () => verify(token, issuerOf(CONTOSO, CONTOSO.host), CONTOSO.api)));
  await check(`${name}: refuses another audience`, () => refused(kind, () => verify(token, issuer, CONTOSO.clientId)));
  for (const [what, it] of Object.entries(wrong)) {
    await check(`${name}: refuses ${what}`, () => refused(kind, () => verify(it, issuer, CONTOSO.api)));
  }
}
agent.destroy();
