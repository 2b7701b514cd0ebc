import * as oidc from 'openid-client';
import { signingKey } from '../fixtures/keys.ts';
import { authorize, PlainBrowser } from '../fixtures/plain-browser.ts';
import { refusal } from '../fixtures/refusal.ts';
import { discover, RelyingParty } from '../fixtures/relying-party.ts';
import { expect, test } from '../fixtures/test.ts';

/// `openid-client` with everything that makes a client, its requests and its tokens harder to imitate.
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'no browser is involved');

const SCOPE = 'openid profile email offline_access';

/// D4, RFC 7523: the client signs with its own key; a stranger's key under the same name is worth nothing.
test('private_key_jwt', async ({ ostiary, person }) => {
  const key = await signingKey();
  const settings = { auth_method: 'private_key_jwt', jwks: key.jwks };
  const rp = await RelyingParty.start(ostiary, { settings }, () => oidc.PrivateKeyJwt(key));
  const { state, target } = await rp.prepare({ scope: SCOPE });
  const outcome = await rp.complete(state, await authorize(person, target));
  if ('error' in outcome) throw new Error(`${outcome.error}: ${outcome.description}`);
  await oidc.refreshTokenGrant(rp.config, outcome.tokens.refresh_token ?? '');
  const stranger = await signingKey();
  const wrong = await discover(ostiary, rp.client.id, oidc.PrivateKeyJwt({ key: stranger.key, kid: key.kid }));
  expect(await refusal(oidc.refreshTokenGrant(wrong, outcome.tokens.refresh_token ?? ''))).toEqual({ error: 'invalid_client', status: 401 });
  await rp.stop();
});

/// D4, OIDC Core §9: the secret signs and never travels.
test('client_secret_jwt', async ({ ostiary }) => {
  const client = await ostiary.createClient({
    grantTypes: ['client_credentials'],
    scopes: ['reports:read'],
    settings: { auth_method: 'client_secret_jwt' },
  });
  const secret = client.secret ?? '';
  const config = await discover(ostiary, client.id, oidc.ClientSecretJwt(secret));
  expect((await oidc.clientCredentialsGrant(config, { scope: 'reports:read' })).access_token).toBeTruthy();
  for (const way of [oidc.ClientSecretJwt(`${secret}x`), oidc.ClientSecretBasic(secret)]) {
    const wrong = await discover(ostiary, client.id, way);
    expect(await refusal(oidc.clientCredentialsGrant(wrong))).toEqual({ error: 'invalid_client', status: 401 });
  }
});

/// D8, RFC 9126: the request is handed in beforehand, and nothing of it is in the browser's address.
test('pushed authorization requests', async ({ ostiary, person }) => {
  const rp = await RelyingParty.start(ostiary, { settings: { require_pushed_authorization_requests: true } });
  const { state, target } = await rp.prepare({ scope: SCOPE });
  const pushed = await oidc.buildAuthorizationUrlWithPAR(rp.config, target.searchParams);
  expect([...pushed.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
  const outcome = await rp.complete(state, await authorize(person, pushed));
  expect(outcome).toMatchObject({ claims: { email: person.email } });
  // Used once, and never without.
  for (const again of [pushed, target]) {
    const { url, status } = await new PlainBrowser().open(again.href);
    expect(url.searchParams.get('code')).toBeNull();
    expect(url.searchParams.get('error') ?? String(status)).toMatch(/invalid_request|400/);
  }
  await rp.stop();
});

/// D8, RFC 9449: tokens are bound to a key, from the pushed request to userinfo and refresh; without it they open nothing.
test('DPoP', async ({ ostiary, person }) => {
  const settings = { dpop_bound_access_tokens: true };
  const rp = await RelyingParty.start(ostiary, { settings });
  rp.dpop = oidc.getDPoPHandle(rp.config, await oidc.randomDPoPKeyPair('ES256'));
  const bound = { DPoP: rp.dpop };
  const { state, target } = await rp.prepare({ scope: SCOPE });
  const pushed = await oidc.buildAuthorizationUrlWithPAR(rp.config, target.searchParams, bound);
  const outcome = await rp.complete(state, await authorize(person, pushed));
  if ('error' in outcome) throw new Error(`${outcome.error}: ${outcome.description}`);
  expect(outcome.tokens.token_type).toBe('dpop');
  expect(outcome.userinfo.sub).toBe(outcome.claims.sub);
  const fresh = await oidc.refreshTokenGrant(rp.config, outcome.tokens.refresh_token ?? '', undefined, bound);
  expect(fresh.token_type).toBe('dpop');
  // Stolen, as a bearer token, and with a key of the thief's own.
  const thief = oidc.getDPoPHandle(rp.config, await oidc.randomDPoPKeyPair('ES256'));
  const userinfo = rp.config.serverMetadata().userinfo_endpoint ?? '';
  const bearer = await fetch(userinfo, { headers: { authorization: `Bearer ${fresh.access_token}` } });
  expect(bearer.status).toBe(401);
  await expect(oidc.fetchUserInfo(rp.config, fresh.access_token, outcome.claims.sub, { DPoP: thief })).rejects.toThrow();
  await oidc.fetchUserInfo(rp.config, fresh.access_token, outcome.claims.sub, bound);
  expect(await refusal(oidc.refreshTokenGrant(rp.config, fresh.refresh_token ?? ''))).toMatchObject({ status: 400 });
  await rp.stop();
});

/// D2, JARM: the answer is a signed JWT, good news or bad.
test('signed authorization responses', async ({ ostiary, person }) => {
  const rp = await RelyingParty.start(ostiary);
  oidc.useJwtResponseMode(rp.config);
  const { state, target } = await rp.prepare({ scope: SCOPE });
  const answer = await authorize(person, target);
  expect([...answer.searchParams.keys()]).toEqual(['response']);
  expect(await rp.complete(state, answer)).toMatchObject({ claims: { email: person.email } });
  const silent = await rp.prepare({ prompt: 'none' });
  const { url } = await new PlainBrowser().open(silent.target.href);
  expect(await rp.complete(silent.state, url)).toMatchObject({ error: 'login_required' });
  await rp.stop();
});
