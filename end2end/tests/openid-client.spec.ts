import * as oidc from 'openid-client';
import { authorize, PlainBrowser } from '../fixtures/plain-browser.ts';
import { refusal } from '../fixtures/refusal.ts';
import { discover, RelyingParty } from '../fixtures/relying-party.ts';
import { expect, test, type Person } from '../fixtures/test.ts';

/// The client library `openid-client`, which is not ours and is strict, against the whole protocol. No browser: the few
/// pages on the way are filled in as plain forms, so one run of this file is enough.
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'no browser is involved');

async function signedIn(rp: RelyingParty, person: Person, scope = 'openid profile email offline_access') {
  const { state, target } = await rp.prepare({ scope, prompt: 'consent' });
  const outcome = await rp.complete(state, await authorize(person, target));
  if ('error' in outcome) throw new Error(`${outcome.error}: ${outcome.description}`);
  return outcome;
}

/// D1: what the library reads before it does anything.
test('discovery describes the provider', async ({ ostiary, rp }) => {
  const metadata = rp.config.serverMetadata();
  expect(metadata).toMatchObject({
    issuer: ostiary.issuer,
    authorization_endpoint: ostiary.url('/connect/authorize'),
    token_endpoint: ostiary.url('/connect/token'),
    userinfo_endpoint: ostiary.url('/connect/userinfo'),
    introspection_endpoint: ostiary.url('/connect/introspect'),
    revocation_endpoint: ostiary.url('/connect/revocation'),
    jwks_uri: ostiary.url('/.well-known/jwks.json'),
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  });
  expect(metadata.response_modes_supported).toEqual(expect.arrayContaining(['query', 'fragment', 'form_post']));
  expect(metadata.id_token_signing_alg_values_supported).toEqual(expect.arrayContaining(['ES256', 'RS256']));
  const oauth = await oidc.discovery(new URL(ostiary.issuer), rp.client.id, rp.client.secret, undefined, {
    algorithm: 'oauth2',
    execute: [oidc.allowInsecureRequests],
  });
  expect(oauth.serverMetadata().token_endpoint).toBe(metadata.token_endpoint);
});

/// D2 D5 D6: code with PKCE; the library checks state, iss, nonce, signature, audience, times.
test('a code becomes a checked ID token, and userinfo agrees', async ({ ostiary, rp, person }) => {
  const { claims, tokens, userinfo } = await signedIn(rp, person);
  expect(claims).toMatchObject({ iss: ostiary.issuer, aud: rp.client.id, email: person.email, email_verified: true });
  expect(claims.sid).toBeTruthy();
  expect(claims.at_hash).toBeTruthy();
  expect(userinfo.sub).toBe(claims.sub);
  expect(tokens.token_type).toBe('bearer');
  const header = JSON.parse(Buffer.from(tokens.access_token.split('.')[0] ?? '', 'base64url').toString()) as object;
  expect(header).toMatchObject({ typ: 'at+jwt' });
});

/// D2: the code works once, with its own verifier; a second use takes back what the first one gave.
test('a replayed code is refused and ends the tokens it gave', async ({ rp, person }) => {
  const { state, target } = await rp.prepare({ scope: 'openid offline_access', prompt: 'consent' });
  const response = await authorize(person, target);
  const outcome = await rp.complete(state, response);
  if ('error' in outcome) throw new Error(outcome.error);
  expect(await rp.complete(state, response)).toMatchObject({ error: 'invalid_grant' });
  const refresh = outcome.tokens.refresh_token ?? '';
  expect(await refusal(oidc.refreshTokenGrant(rp.config, refresh))).toMatchObject({ error: 'invalid_grant', status: 400 });
  expect((await oidc.tokenIntrospection(rp.config, outcome.tokens.access_token)).active).toBe(false);
});

/// D2: somebody who saw the code but not the verifier has nothing.
test('a code without its verifier is worth nothing', async ({ rp, person }) => {
  const { target } = await rp.prepare();
  const response = await authorize(person, target);
  const wrong = oidc.authorizationCodeGrant(rp.config, response, {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedState: response.searchParams.get('state') ?? '',
    expectedNonce: target.searchParams.get('nonce') ?? '',
  });
  expect(await refusal(wrong)).toMatchObject({ error: 'invalid_grant' });
});

/// D2: PKCE with S256 is required, `plain` is not known.
test('a request without PKCE, or with the plain method, is refused', async ({ rp }) => {
  for (const drop of [{ code_challenge: undefined, code_challenge_method: undefined }, { code_challenge_method: 'plain' }]) {
    const { target } = await rp.prepare();
    for (const [name, value] of Object.entries(drop)) {
      if (value === undefined) target.searchParams.delete(name);
      else target.searchParams.set(name, value);
    }
    const { url } = await new PlainBrowser().open(target.href);
    expect(url.searchParams.get('error')).toBe('invalid_request');
  }
});

/// D3: rotation; the same old token again within the grace gives the same successor, so a lost answer loses nobody.
test('a repeated refresh gets the same successor', async ({ rp, person }) => {
  const { tokens } = await signedIn(rp, person);
  const old = tokens.refresh_token ?? '';
  const [first, second, third] = await Promise.all([1, 2, 3].map(() => oidc.refreshTokenGrant(rp.config, old)));
  expect(first?.refresh_token).toMatch(/^ost_rt_/);
  expect(first?.refresh_token).not.toBe(old);
  expect(second?.refresh_token).toBe(first?.refresh_token);
  expect(third?.refresh_token).toBe(first?.refresh_token);
  const next = await oidc.refreshTokenGrant(rp.config, first?.refresh_token ?? '');
  expect(next.refresh_token).not.toBe(first?.refresh_token);
});

/// D3: an old token when its successor has been used, or the grace is over, is theft: the whole family ends.
test('reuse of an old refresh token ends the family', async ({ rp, person }) => {
  const { tokens } = await signedIn(rp, person);
  const old = tokens.refresh_token ?? '';
  const next = await oidc.refreshTokenGrant(rp.config, old);
  const last = await oidc.refreshTokenGrant(rp.config, next.refresh_token ?? '');
  await new Promise((resolve) => setTimeout(resolve, 10_500));
  expect(await refusal(oidc.refreshTokenGrant(rp.config, old))).toMatchObject({ error: 'invalid_grant', status: 400 });
  expect(await refusal(oidc.refreshTokenGrant(rp.config, last.refresh_token ?? ''))).toMatchObject({ error: 'invalid_grant' });
  expect((await oidc.tokenIntrospection(rp.config, last.access_token)).active).toBe(false);
});

/// D3: fewer scopes may be asked for on refresh, more may not.
test('a refresh can narrow the scope but not widen it', async ({ rp, person }) => {
  const { tokens } = await signedIn(rp, person, 'openid email offline_access');
  const old = tokens.refresh_token ?? '';
  expect(await refusal(oidc.refreshTokenGrant(rp.config, old, { scope: 'openid profile' }))).toMatchObject({ error: 'invalid_scope' });
  const narrow = await oidc.refreshTokenGrant(rp.config, old, { scope: 'openid' });
  expect((await oidc.tokenIntrospection(rp.config, narrow.access_token)).scope).toBe('openid');
});

/// D6: introspection says what a token is, and nothing about tokens that are none.
test('introspection', async ({ ostiary, rp, person }) => {
  const { tokens, claims } = await signedIn(rp, person);
  const access = await oidc.tokenIntrospection(rp.config, tokens.access_token);
  expect(access).toMatchObject({ active: true, sub: claims.sub, client_id: rp.client.id, iss: ostiary.issuer });
  expect(access.scope?.split(' ')).toEqual(expect.arrayContaining(['openid', 'profile', 'email']));
  expect(await oidc.tokenIntrospection(rp.config, tokens.refresh_token ?? '')).toMatchObject({ active: true });
  expect(await oidc.tokenIntrospection(rp.config, 'no-such-token')).toEqual({ active: false });
  // A client that is not its owner learns nothing from a refresh token.
  const stranger = await RelyingParty.start(ostiary);
  expect(await oidc.tokenIntrospection(stranger.config, tokens.refresh_token ?? '')).toEqual({ active: false });
  await stranger.stop();
});

/// D6: revocation ends the refresh token and what came of it; unknown tokens are answered the same way (RFC 7009 2.2).
test('revocation', async ({ rp, person }) => {
  const { tokens } = await signedIn(rp, person);
  await oidc.tokenRevocation(rp.config, 'no-such-token');
  await oidc.tokenRevocation(rp.config, tokens.refresh_token ?? '');
  expect(await refusal(oidc.refreshTokenGrant(rp.config, tokens.refresh_token ?? ''))).toMatchObject({ error: 'invalid_grant' });
  expect((await oidc.tokenIntrospection(rp.config, tokens.access_token)).active).toBe(false);
  const userinfo = await refusalOfUserinfo(rp, tokens.access_token);
  expect(userinfo).toBe(401);
});

/// D4: a program without a person; each way to authenticate, the way it is not registered for, and a wrong secret.
for (const [authMethod, way, otherWay] of [
  ['client_secret_basic', oidc.ClientSecretBasic, oidc.ClientSecretPost],
  ['client_secret_post', oidc.ClientSecretPost, oidc.ClientSecretBasic],
] as const) {
  test(`client credentials with ${authMethod}`, async ({ ostiary }) => {
    const client = await ostiary.createClient({ name: 'Nightly job', grantTypes: ['client_credentials'], scopes: ['reports:read'], authMethod });
    const secret = client.secret ?? '';
    const config = await discover(ostiary, client.id, way(secret));
    const tokens = await oidc.clientCredentialsGrant(config, { scope: 'reports:read' });
    expect(tokens.refresh_token).toBeUndefined();
    expect(await oidc.tokenIntrospection(config, tokens.access_token)).toMatchObject({ active: true, client_id: client.id });
    expect(await refusal(oidc.clientCredentialsGrant(config, { scope: 'reports:write' }))).toMatchObject({ error: 'invalid_scope' });
    for (const wrongly of [way(`${secret}x`), otherWay(secret)]) {
      const wrong = await discover(ostiary, client.id, wrongly);
      expect(await refusal(oidc.clientCredentialsGrant(wrong))).toMatchObject({ error: 'invalid_client', status: 401 });
    }
  });
}

/// D4: a public client has no secret and needs none, but cannot act on its own.
test('a public client signs people in and gets nothing for itself', async ({ ostiary, person }) => {
  const rp = await RelyingParty.start(ostiary, { isPublic: true, name: 'Phone app' });
  expect(rp.client.secret).toBeUndefined();
  const { claims } = await signedIn(rp, person);
  expect(claims.email).toBe(person.email);
  const { error } = await refusal(oidc.clientCredentialsGrant(rp.config));
  expect(['unauthorized_client', 'invalid_client']).toContain(error);
  await rp.stop();
});

async function refusalOfUserinfo(rp: RelyingParty, token: string): Promise<number> {
  const answer = await fetch(rp.config.serverMetadata().userinfo_endpoint ?? '', { headers: { authorization: `Bearer ${token}` } });
  await answer.body?.cancel();
  expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
  return answer.status;
}
