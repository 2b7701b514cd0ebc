import type { Page } from '@playwright/test';
import { AuthlibApp } from '../fixtures/authlib.ts';
import { allow, deny, expectSignedOut, signIn } from '../fixtures/pages.ts';
import { expect, test as base } from '../fixtures/test.ts';

type Method = 'client_secret_basic' | 'client_secret_post';

const test = base.extend<{ authMethod: Method; app: AuthlibApp }>({
  authMethod: ['client_secret_basic', { option: true }],
  app: async ({ ostiary, authMethod }, use, testInfo) => {
    const app = await AuthlibApp.start(ostiary, authMethod);
    await use(app);
    if (testInfo.status !== testInfo.expectedStatus) console.log(`--- output of the application\n${app.log}---`);
    await app.stop();
  },
});

/// Python's Authlib, a client library that is not ours, in a web application that people sign in to.
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'the application is what is tested, once is enough');

/// What the application shows in the element of this id.
async function shown(page: Page, id: string): Promise<Record<string, unknown>> {
  return JSON.parse(await page.locator(`#${id}`).innerText()) as Record<string, unknown>;
}

/// D2 D3 D5 D6: discovery, code with PKCE and nonce, the ID token checked against our keys, userinfo, refresh.
for (const authMethod of ['client_secret_basic', 'client_secret_post'] as const) {
  test.describe(authMethod, () => {
    test.use({ authMethod });

    test('Authlib signs a person in and refreshes', async ({ page, ostiary, app, person }) => {
      await page.goto(app.origin);
      await page.getByRole('link', { name: 'Sign in with Ostiary' }).click();
      await signIn(page, person);
      await allow(page, ['offline_access']);
      const { claims, userinfo } = (await shown(page, 'claims')) as Record<string, Record<string, unknown>>;
      expect(claims).toMatchObject({ iss: ostiary.issuer, email: person.email, email_verified: true });
      expect(claims?.nonce).toBeTruthy();
      expect(userinfo).toMatchObject({ sub: claims?.sub, email: person.email, name: person.name });

      await page.getByRole('link', { name: 'Refresh' }).click();
      expect(await shown(page, 'refreshed')).toMatchObject({
        changed: ['access_token', 'refresh_token'],
        userinfo: { sub: claims?.sub },
      });
    });
  });
}

/// D10 D13: the library understands how we say no.
test('Authlib is told of a denial, and of a sign-in that needs a page', async ({ page, app, person }) => {
  await page.goto(`${app.origin}/login?prompt=none`);
  expect(await shown(page, 'error')).toMatchObject({ error: 'login_required' });
  await page.getByRole('link', { name: 'Sign in with Ostiary' }).click();
  await signIn(page, person);
  await deny(page);
  expect(await shown(page, 'error')).toMatchObject({ error: 'access_denied' });
});

/// D9: the application signs the person out here as well, and gets them back with the state it sent.
test('Authlib signs the person out', async ({ page, app, person }) => {
  await page.goto(`${app.origin}/login`);
  await signIn(page, person);
  await allow(page);
  await shown(page, 'claims');
  await page.getByRole('link', { name: 'Sign out' }).click();
  expect(await shown(page, 'signed-out')).toEqual({ post_logout_redirect_uri: `${app.origin}/signed-out` });
  await expectSignedOut(page);
});
