import * as oauth from 'oauth4webapi';
import { type SigningKey, signingKey } from '../fixtures/keys.ts';
import type { Ostiary, Person } from '../fixtures/ostiary.ts';
import { authorize, PlainBrowser } from '../fixtures/plain-browser.ts';
import { expect, test } from '../fixtures/test.ts';

/// A bank's application, built on `oauth4webapi`, which is not ours and checks every answer, against the profiles of FAPI 2.0
/// as a whole. The library does nothing by itself, so what travels can be seen here step by step.
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'no browser is involved');

const CALLBACK = 'https://bank.example/callback';
/// The library refuses plain http otherwise, as it should.
const plain = { [oauth.allowInsecureRequests]: true };

class Bank {
  readonly as: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly key: SigningKey;
  readonly auth: oauth.ClientAuth;
  readonly dpop: oauth.DPoPHandle;
  readonly verifier = oauth.generateRandomCodeVerifier();
  readonly state = oauth.generateRandomState();
  readonly nonce = oauth.generateRandomNonce();

  private constructor(as: oauth.AuthorizationServer, client: oauth.Client, key: SigningKey, pair: oauth.CryptoKeyPair) {
    this.as = as;
    this.client = client;
    this.key = key;
    this.auth = oauth.PrivateKeyJwt(key);
    this.dpop = oauth.DPoP(client, pair);
  }

  static async open(ostiary: Ostiary, profile: 'fapi2_security' | 'fapi2_message_signing'): Promise<Bank> {
    const key = await signingKey();
    const { id } = await ostiary.createClient({
      name: 'Nordhavn Bank',
      redirectUris: [CALLBACK],
      grantTypes: ['authorization_code', 'refresh_token'],
      scopes: ['openid', 'email', 'offline_access'],
      settings: { auth_method: 'private_key_jwt', jwks: key.jwks, profile, dpop_bound_access_tokens: true },
    });
    const issuer = new URL(ostiary.issuer);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain));
    return new Bank(as, { client_id: id }, key, await oauth.generateKeyPair('ES256'));
  }

  /// What it asks for; `extra` adds to it, or takes away with `undefined`.
  async request(extra: Record<string, string | undefined> = {}): Promise<Record<string, string>> {
    const parameters: Record<string, string | undefined> = {
      client_id: this.client.client_id,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid email offline_access',
      state: this.state,
      nonce: this.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(this.verifier),
      code_challenge_method: 'S256',
      ...extra,
    };
    return Object.fromEntries(Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined));
  }

  /// Signs a request (RFC 9101).
  async sign(parameters: Record<string, string>, key = this.key): Promise<Record<string, string>> {
    return { request: await oauth.issueRequestObject(this.as, this.client, parameters, key) };
  }

  /// Hands a request in (RFC 9126); gives the address that the person is sent to.
  async push(parameters: Record<string, string>): Promise<URL> {
    const options = { ...plain, DPoP: this.dpop };
    const answer = await oauth.pushedAuthorizationRequest(this.as, this.client, this.auth, parameters, options);
    const { request_uri } = await oauth.processPushedAuthorizationResponse(this.as, this.client, answer);
    const target = new URL(this.as.authorization_endpoint ?? '');
    target.searchParams.set('client_id', this.client.client_id);
    target.searchParams.set('request_uri', request_uri);
    return target;
  }

  /// Trades a code.
  async redeem(parameters: URLSearchParams, options: oauth.TokenEndpointRequestOptions = { DPoP: this.dpop }): Promise<oauth.TokenEndpointResponse> {
    const answer = await oauth.authorizationCodeGrantRequest(this.as, this.client, this.auth, parameters, CALLBACK, this.verifier, {
      ...plain,
      ...options,
    });
    const checks = { expectedNonce: this.nonce, requireIdToken: true };
    const tokens = await oauth.processAuthorizationCodeResponse(this.as, this.client, answer, checks);
    // Signed by a key that the provider publishes.
    await oauth.validateApplicationLevelSignature(this.as, answer, plain);
    return tokens;
  }

  /// Userinfo and refresh with the bound tokens.
  async use(tokens: oauth.TokenEndpointResponse, person: Person): Promise<void> {
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    const options = { ...plain, DPoP: this.dpop };
    const info = await oauth.userInfoRequest(this.as, this.client, tokens.access_token, options);
    expect(await oauth.processUserInfoResponse(this.as, this.client, claims?.sub ?? '', info)).toMatchObject({ email: person.email });
    const refreshed = await oauth.refreshTokenGrantRequest(this.as, this.client, this.auth, tokens.refresh_token ?? '', options);
    const fresh = await oauth.processRefreshTokenResponse(this.as, this.client, refreshed);
    expect(fresh).toMatchObject({ token_type: 'dpop' });
    expect(fresh.access_token).not.toBe(tokens.access_token);
  }
}

/// What a call that has to fail was answered.
async function refused(call: Promise<unknown>): Promise<string> {
  const failed = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failed instanceof oauth.ResponseBodyError) return failed.error;
  if (failed instanceof oauth.WWWAuthenticateChallengeError) return ((await failed.response.json()) as { error: string }).error;
  throw new Error(`expected an OAuth error, got ${String(failed)}`);
}

/// D8, FAPI 2.0 Security Profile: pushed request, client assertion, PKCE, bound code and tokens, `iss` in the answer.
test('FAPI 2.0 Security Profile', async ({ ostiary, person }) => {
  const bank = await Bank.open(ostiary, 'fapi2_security');
  const target = await bank.push(await bank.request());
  const answer = await authorize(person, target);
  const parameters = oauth.validateAuthResponse(bank.as, bank.client, answer, bank.state);
  const tokens = await bank.redeem(parameters);
  expect(tokens.token_type).toBe('dpop');
  await bank.use(tokens, person);
  // The code is used up, and so is the request.
  expect(await refused(bank.redeem(parameters))).toBe('invalid_grant');
  const again = await new PlainBrowser().open(target.href);
  expect(again.url.searchParams.get('code')).toBeNull();
});

/// D8, FAPI 2.0 Security Profile §5.3.2.1, §5.3.2.2: none of its rules can be left out.
test('FAPI 2.0 Security Profile: what is left out is refused', async ({ ostiary, person }) => {
  const bank = await Bank.open(ostiary, 'fapi2_security');
  // Not pushed.
  const direct = new URL(bank.as.authorization_endpoint ?? '');
  for (const [name, value] of Object.entries(await bank.request())) direct.searchParams.set(name, value);
  const { url, status } = await new PlainBrowser().open(direct.href);
  expect(url.searchParams.get('error') ?? String(status)).toMatch(/invalid_request|400/);
  // Without PKCE, with the plain method, without or with a foreign redirect URI.
  for (const extra of [
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge_method: 'plain' },
    { redirect_uri: undefined },
    { redirect_uri: 'https://evil.example/callback' },
  ]) {
    expect(await refused(bank.request(extra).then((request) => bank.push(request)))).toBe('invalid_request');
  }
  // A code in the hands of somebody with another key, or with none.
  const parameters = oauth.validateAuthResponse(bank.as, bank.client, await authorize(person, await bank.push(await bank.request())), bank.state);
  const thief = oauth.DPoP(bank.client, await oauth.generateKeyPair('ES256'));
  expect(await refused(bank.redeem(parameters, { DPoP: thief }))).toMatch(/invalid_grant|invalid_dpop_proof/);
});

/// D8, FAPI 2.0 Message Signing: the request is signed by the application and the answer by us.
test('FAPI 2.0 Message Signing', async ({ ostiary, person }) => {
  const bank = await Bank.open(ostiary, 'fapi2_message_signing');
  const signed = await bank.sign(await bank.request({ response_mode: 'jwt' }));
  const answer = await authorize(person, await bank.push(signed));
  expect([...answer.searchParams.keys()]).toEqual(['response']);
  const parameters = await oauth.validateJwtAuthResponse(bank.as, bank.client, answer, bank.state, plain);
  await bank.use(await bank.redeem(parameters), person);

  expect(await refused(bank.request({ response_mode: 'jwt' }).then((request) => bank.push(request)))).toMatch(/invalid_request/);
  const stranger = await signingKey();
  const forged = await bank.sign(await bank.request({ response_mode: 'jwt' }), { ...stranger, kid: bank.key.kid });
  expect(await refused(bank.push(forged))).toBe('invalid_request_object');
});
