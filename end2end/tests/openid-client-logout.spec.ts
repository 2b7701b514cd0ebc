import * as oidc from 'openid-client';
import { allow, expectSignedIn, expectSignedOut, signIn } from '../fixtures/pages.ts';
import { RelyingParty } from '../fixtures/relying-party.ts';
import { expect, test } from '../fixtures/test.ts';

/// D9, OpenID Connect RP-Initiated Logout §2, §3: the application sends the person to be signed out, and gets them back.
test('an application signs the person out', async ({ page, ostiary, person }) => {
  const rp = await RelyingParty.start(ostiary);
  await ostiary.run(['client', 'update', rp.client.id, '--set', `post_logout_redirect_uris=["${rp.origin}/"]`]);
  const state = await rp.signIn(page);
  await signIn(page, person);
  await allow(page);
  const { tokens } = await rp.claims(page, state);
  await expectSignedIn(page, person);

  // An address that is not registered is not gone to, and nobody is signed out for it.
  const astray = oidc.buildEndSessionUrl(rp.config, { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: 'https://evil.example/' });
  expect((await page.goto(astray.href))?.status()).toBe(400);
  await expectSignedIn(page, person);

  const out = oidc.buildEndSessionUrl(rp.config, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: `${rp.origin}/`,
    state: 'ashore',
  });
  await page.goto(out.href);
  await page.waitForURL(`${rp.origin}/?state=ashore`);
  await expectSignedOut(page);
  await rp.stop();
});
