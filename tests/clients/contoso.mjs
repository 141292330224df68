// What the Node clients share: the tenants they talk to, what a token of theirs says, and how a check is told.
// Every value is that of `fixtures/` or of the reference, never one that the service was asked for.
import assert from "node:assert/strict";
import { Agent, buildConnector } from "undici";

const tenant = (name, id, host, port, clientId, secret, principal, api) => ({
  name, id, host, port: Number(port), clientId, secret, principal, api,
  scope: `https://${name}/api/.default`,
  // Where a client finds the tenant that needs no option of its own.
  local: `localhost:${port}`,
});

export const CONTOSO = tenant(
  "contoso.onmicrosoft.com", "775527ff-9a37-4307-8b3d-cc311f58d925", "contoso.b2clogin.com", process.env.CONTOSO_PORT,
  "3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521", "dev.ContosoClientCredentialsSecret000001",
  "9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b23", "8a0b6f0e-3c5d-4d0f-9a35-2c1f7f6c1b11");
export const CHINA = tenant(
  "contoso.partner.onmschina.cn", "b7d3c5f1-2e4a-4b6c-8d9e-0f1a2b3c4d31", "contoso.b2clogin.cn",
  process.env.CONTOSO_CN_PORT, "11112222-bbbb-3333-cccc-4444dddd5555", "FyX7Q~DuPJ...",
  "f4d5e6f7-0819-42a3-9dc4-e5f607182935", "00001111-aaaa-2222-bbbb-3333cccc4444");
export const POLICY = "B2C_1A_ClientCredentials";
// The same policy with `IssuanceClaimPattern` = `AuthorityWithTfp`; tests/clients/run makes it.
export const TFP_POLICY = "B2C_1A_ClientCredentialsTfp";
export const USER_FLOW = "B2C_1_susi";
export const CUSTOM_DOMAIN = "login.contoso.com";

// Where the sockets of each name really go.
const ports = { [CONTOSO.host]: CONTOSO.port, [CUSTOM_DOMAIN]: CONTOSO.port, [CHINA.host]: CHINA.port };

// undici's own way to say where a connection goes (undici is Node's `fetch`); name and certificate stay the URL's.
const connect = buildConnector({});
export const resolver = new Agent({
  connect(options, callback) {
    const port = ports[options.hostname];
    const there = port ? { hostname: "127.0.0.1", port, servername: options.hostname } : {};
    connect({ ...options, ...there }, callback);
  },
});

export const discoveryOf = (host, segment, policy = POLICY) =>
  new URL(`https://${host}/${segment}/${policy}/v2.0/.well-known/openid-configuration`);

// Reference "tokens", 4: the host is the one that the client used.
export const issuerOf = (tenant, host, policy = POLICY) =>
  policy === TFP_POLICY
    ? `https://${host}/tfp/${tenant.id}/${policy.toLowerCase()}/v2.0/`
    : `https://${host}/${tenant.id}/v2.0/`;

// Reference "tokens", 2, and the relying party of policies/client-credentials.
export function expectClaims(claims, tenant, host, policy = POLICY) {
  const { iat, nbf, exp, correlation_id, ticket, ...known } = claims;
  const journey = { tfp: policy, gty: "client_credentials", features: ["standard"] };
  assert.deepEqual(known, {
    aud: tenant.api, iss: issuerOf(tenant, host, policy), sub: tenant.principal, oid: tenant.principal,
    tid: tenant.id, azp: tenant.clientId, azpacr: "1", ver: "2.0", scp: "app.read app.write",
    ...(policy === USER_FLOW ? {} : journey),
  });
  assert.equal(nbf, iat);
  assert.equal(exp - nbf, 3600);
  if (policy !== USER_FLOW) {
    assert.match(correlation_id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match(ticket, new RegExp(`^ticket-\\d+@${tenant.name}$`));
  }
}

// The error that the call must throw.
export async function refused(kind, call) {
  const answer = await call().catch((error) => error);
  assert.ok(answer instanceof kind, `no ${kind.name}, but ${answer?.stack ?? JSON.stringify(answer)}`);
  return answer;
}

// One line of the report; why a check failed is told below it.
export async function check(name, call) {
  try {
    await call();
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`FAILED ${name}\n  ${(error?.stack ?? String(error)).replaceAll("\n", "\n  ")}`);
  }
}
