import * as oidc from 'openid-client';
import { authorize } from '../fixtures/plain-browser.ts';
import { expect, test } from '../fixtures/test.ts';

/// `openid-client` registers itself (RFC 7591) where the operator gives out tokens for that.
test.use({ ostiaryOptions: { clientRegistration: 'token' } });
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'no browser is involved');

const CALLBACK = 'https://quay.example/callback';
const METADATA = {
  client_name: 'Quay',
  redirect_uris: [CALLBACK],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_post',
  scope: 'openid email offline_access',
};

/// D8, RFC 7591 §3, RFC 7592 §2.1: registered with a token that is good once, and then a client like any other.
test('a client registers itself and signs people in', async ({ ostiary, person }) => {
  const { token } = JSON.parse(await ostiary.run(['client', 'initial-token', 'create', '--uses', '1', '--json'])) as { token: string };
  const register = (initialAccessToken: string | undefined): Promise<oidc.Configuration> =>
    oidc.dynamicClientRegistration(new URL(ostiary.issuer), METADATA, undefined, {
      ...(initialAccessToken === undefined ? {} : { initialAccessToken }),
      execute: [oidc.allowInsecureRequests],
    });
  await expect(register(undefined)).rejects.toThrow();
  const config = await register(token);
  await expect(register(token)).rejects.toThrow();

  const registered = config.clientMetadata();
  expect(registered).toMatchObject({ ...METADATA, scope: expect.any(String), id_token_signed_response_alg: 'RS256' });
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const target = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid email offline_access',
    state,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const answer = await authorize(person, target);
  const tokens = await oidc.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true });
  expect(tokens.claims()).toMatchObject({ aud: registered.client_id, email: person.email });
  await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');

  // It looks after its own registration, with its own token and no other.
  const { registration_client_uri: uri, registration_access_token: own } = registered as unknown as Record<string, string>;
  const read = (bearer: string): Promise<Response> => fetch(uri ?? '', { headers: { authorization: `Bearer ${bearer}` } });
  expect(await (await read(own ?? '')).json()).toMatchObject({ client_id: registered.client_id, client_name: 'Quay' });
  expect((await read(token)).status).toBe(401);
});
