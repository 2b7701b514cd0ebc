import type { Page } from '@playwright/test';
import { Apache } from '../fixtures/apache.ts';
import { allow, expectSignedIn, expectSignedOut, field, signIn, submit } from '../fixtures/pages.ts';
import { expect, test as base } from '../fixtures/test.ts';

const test = base.extend<{ apache: Apache }>({
  apache: async ({ ostiary }, use, testInfo) => {
    const apache = await Apache.start(ostiary);
    await use(apache);
    if (testInfo.status !== testInfo.expectedStatus) console.log(`--- log of Apache\n${await apache.log()}---`);
    await apache.stop();
  },
});

/// The Apache module `mod_auth_openidc`, which is not ours and is certified as a relying party, guards a page.
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'the web server is what is tested, once is enough');

interface Info {
  access_token: string;
  refresh_token: string;
  id_token: Record<string, unknown>;
  userinfo: Record<string, unknown>;
}

/// What the module holds for the session of this browser.
async function info(page: Page, apache: Apache): Promise<Info> {
  return (await (await page.request.get(`${apache.board}redirect?info=json`)).json()) as Info;
}

/// D2 D3 D5 D6: the page opens for whoever signs in, and the application behind it is told who that is.
test('a page behind mod_auth_openidc opens for whoever signs in', async ({ page, ostiary, apache, person }) => {
  await page.goto(apache.board);
  expect(page.url().startsWith(ostiary.issuer)).toBe(true);
  await signIn(page, person);
  await allow(page, ['offline_access']);
  await expect(page).toHaveURL(apache.board);
  await expect(page.locator('#email')).toHaveText(person.email);
  await expect(page.locator('#name')).toHaveText(person.name ?? '');

  const held = await info(page, apache);
  expect(held.id_token).toMatchObject({ iss: ostiary.issuer, email: person.email });
  expect(held.userinfo).toMatchObject({ sub: held.id_token.sub, email_verified: true });
  await expect(page.locator('#user')).toHaveText(String(held.id_token.sub));

  // The module trades its refresh token when the application asks it to.
  const query = new URLSearchParams({ refresh: apache.board, access_token: held.access_token });
  await page.goto(`${apache.board}redirect?${query}`);
  await expect(page).toHaveURL(apache.board);
  const fresh = await info(page, apache);
  expect(fresh.refresh_token).toMatch(/^ost_rt_/);
  expect(fresh.refresh_token).not.toBe(held.refresh_token);
  expect(fresh.access_token).not.toBe(held.access_token);
});

/// D9, OpenID Connect RP-Initiated Logout: the module ends its session and ours, and shows its own page.
test('mod_auth_openidc signs the person out', async ({ page, apache, person }) => {
  await page.goto(apache.board);
  await signIn(page, person);
  await allow(page);
  await expect(page).toHaveURL(apache.board);
  await page.goto(`${apache.board}redirect?logout=${encodeURIComponent(`${apache.origin}/out.html`)}`);
  await expect(page).toHaveURL(`${apache.origin}/out.html`);
  await expectSignedOut(page);
});

/// D9, OpenID Connect Back-Channel Logout: the person signs out here, and the module believes our logout token.
test('mod_auth_openidc is told at the back that the person signed out', async ({ page, apache, person }) => {
  const held = async (): Promise<number> => (await page.request.get(`${apache.board}redirect?info=json`)).status();
  await page.goto(apache.board);
  await signIn(page, person);
  await allow(page);
  await expect(page).toHaveURL(apache.board);
  expect(await held()).toBe(200);
  await expectSignedIn(page, person);
  await page.goto('/sign-out');
  await submit(page, 'sign-out');
  await expectSignedOut(page);
  await expect.poll(held, { timeout: 15_000 }).toBe(401);
  await page.goto(apache.board);
  await expect(field(page, 'password')).toBeVisible();
});
