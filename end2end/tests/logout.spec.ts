import type { Page } from '@playwright/test';
import * as oidc from 'openid-client';
import { allow, expectSignedIn, expectSignedOut, signIn, submit } from '../fixtures/pages.ts';
import { RelyingParty } from '../fixtures/relying-party.ts';
import { expect, test } from '../fixtures/test.ts';

/// The claims of a logout token, as far as this file looks.
function claims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}

/// The address that an application sends people to, as `openid-client` makes it.
function leave(rp: RelyingParty, parameters: Record<string, string>): string {
  return oidc.buildEndSessionUrl(rp.config, { post_logout_redirect_uri: `${rp.origin}/bye`, ...parameters }).href;
}

/// D9: an application that holds the session's ID token signs people out at once. The page that the browser is left on
/// tells it, the provider calls it, and the way leads back: by itself with scripts, by a button without.
test('an application signs its person out, and is told in both ways', async ({ page, ostiary, person, javaScriptEnabled }) => {
  const rp = await RelyingParty.start(ostiary, {}, undefined, { hears: true });
  const state = await rp.signIn(page);
  await signIn(page, person);
  await allow(page);
  const { claims: known, tokens } = await rp.claims(page, state);
  await page.goto(leave(rp, { id_token_hint: tokens.id_token ?? '', state: 'back' }));
  if (javaScriptEnabled === false) {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out');
    await page.getByRole('link', { name: 'Return to Blockyard' }).click();
  }
  await page.waitForURL(`${rp.origin}/bye?state=back`);
  await expect.poll(() => rp.loggedOut.length).toBe(1);
  expect(rp.loggedOut[0]?.searchParams.get('sid')).toBe(known.sid);
  expect(rp.loggedOut[0]?.searchParams.get('iss')).toBe(ostiary.issuer);
  await expect.poll(() => rp.logoutTokens.length).toBe(1);
  expect(claims(rp.logoutTokens[0] ?? '')).toMatchObject({ sub: known.sub, sid: known.sid, aud: rp.client.id });
  await expectSignedOut(page);
  await rp.stop();
});

/// D9: without the token the person is asked, may stay, and may go.
test('an application without proof can only ask', async ({ page, ostiary, person }) => {
  const asking = await RelyingParty.start(ostiary, {}, undefined, { hears: true });
  const state = await asking.signIn(page);
  await signIn(page, person);
  await allow(page);
  await asking.claims(page, state);
  const to = leave(asking, { client_id: asking.client.id, state: 'asked' });
  await page.goto(to);
  await expect(page.locator('main')).toContainText('Blockyard asks for it');
  await expect(page.locator('main')).toContainText(person.email);
  await page.getByRole('link', { name: 'Stay signed in' }).click();
  await page.waitForURL((url) => url.origin === asking.origin);
  await expectSignedIn(page, person);
  await page.goto(to);
  await submit(page, 'sign-out');
  if (test.info().project.name === 'scripts-off') await page.getByRole('link', { name: 'Return to Blockyard' }).click();
  await page.waitForURL(`${asking.origin}/bye?state=asked`);
  await expectSignedOut(page);
  await asking.stop();
});

/// What the check-session page answers to the page it is in.
async function ask(page: Page, message: string): Promise<unknown> {
  return page.evaluate(async (message) => {
    const frame = document.querySelector('iframe')?.contentWindow;
    const heard = new Promise((resolve) => addEventListener('message', (event) => resolve(event.data), { once: true }));
    frame?.postMessage(message, '*');
    return heard;
  }, message);
}

/// D9, Session Management: the page inside of the application's says when the session has changed. The application is on
/// the provider's own site here; browsers keep the state from others.
test('an application sees in the browser that the session ended', async ({ page, ostiary, person, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, 'this is done by scripts');
  const rp = await RelyingParty.start(ostiary, {}, undefined, { host: 'localhost' });
  const state = await rp.signIn(page);
  await signIn(page, person);
  await allow(page);
  await rp.claims(page, state);
  const sessionState = new URL(page.url()).searchParams.get('session_state') ?? '';
  expect(sessionState).not.toBe('');
  const watching = await page.context().newPage();
  await watching.goto(`${rp.origin}/watch`);
  expect(await ask(watching, `${rp.client.id} ${sessionState}`)).toBe('unchanged');
  expect(await ask(watching, `${rp.client.id} x${sessionState}`)).toBe('changed');
  expect(await ask(watching, 'nonsense')).toBe('error');
  await page.goto(ostiary.url('/sign-out'));
  await submit(page, 'sign-out');
  expect(await ask(watching, `${rp.client.id} ${sessionState}`)).toBe('changed');
  await rp.stop();
});
