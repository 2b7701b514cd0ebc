import { expectError, expectSignedIn, expectSignedOut, field, form, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

test('the front door leads to sign-in, and to the account of who is signed in', async ({ page, person }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/sign-in$/);
  await signIn(page, person);
  await expect(page).toHaveURL(/\/account$/);
  await page.goto('/');
  await expect(page).toHaveURL(/\/account$/);
});

/// A7: the same words for a wrong password and an unknown account; the address is still there, the password is not.
test('a wrong password and an unknown account get the same answer', async ({ page, ostiary, person }) => {
  const answers: string[] = [];
  for (const email of [person.email, ostiary.newPerson().email]) {
    await page.goto('/sign-in');
    await signIn(page, { email, password: 'Not-the-password-1' });
    await expectError(page, /not right/);
    await expect(field(page, 'username')).toHaveValue(email);
    await expect(field(page, 'password')).toHaveValue('');
    await expect(field(page, 'password')).toBeFocused();
    expect(page.url()).not.toContain('Not-the-password');
    answers.push((await page.locator('main').innerText()).replaceAll(email, '…'));
  }
  expect(answers[0]).toBe(answers[1]);
  await signIn(page, person);
  await expectSignedIn(page, person);
});

/// A7: five failures pause sign-in; the right password is refused like a wrong one, and the owner is told by mail.
test('five wrong passwords lock the account without saying so', async ({ page, ostiary, person }) => {
  await page.goto('/sign-in');
  for (let n = 0; n < 5; n += 1) {
    await signIn(page, { email: person.email, password: `Wrong-password-${n}` });
    await expectError(page, /not right/);
  }
  const wrong = await page.locator('main').innerText();
  await signIn(page, person);
  await expectError(page, /not right/);
  expect(await page.locator('main').innerText()).toBe(wrong);
  await expectSignedOut(page);
  const mail = await ostiary.mail.waitFor(person.email, /sign-in|paused|locked/i);
  expect(mail.text).not.toContain('Wrong-password');
});

/// A1: the username works too, in any case.
test('a username signs in as well as an address', async ({ page, ostiary }) => {
  const tag = Math.random().toString(36).slice(2, 8);
  const person = await ostiary.createUser({ ...ostiary.newPerson(), username: `mara-${tag}` });
  await page.goto('/sign-in');
  await signIn(page, { email: `Mara-${tag.toUpperCase()}`, password: person.password });
  await expectSignedIn(page, person);
});

test('an empty form says what is missing', async ({ page }) => {
  await page.goto('/sign-in');
  await form(page, 'sign-in').evaluate((f) => f.setAttribute('novalidate', ''));
  await submit(page, 'sign-in');
  await expect(page).toHaveTitle(/^Error:/);
});

/// Nothing but keys: the order of the Tab key is the order of the form, and Enter sends it.
test('the keyboard is enough', async ({ page, person }) => {
  await page.goto('/sign-in');
  const reach = async (name: string): Promise<void> => {
    for (let n = 0; n < 12; n += 1) {
      if (await field(page, name).evaluate((e) => e === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach ${name}`);
  };
  await reach('username');
  await page.keyboard.type(person.email);
  await page.keyboard.press('Tab');
  await expect(field(page, 'password')).toBeFocused();
  await page.keyboard.type(person.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/account$/);
});

/// The one cookie that a script may read: it says that something changed, not who is signed in (D9).
const STATE = 'ostiary-state';

/// C1: the cookie is out of the reach of scripts; "stay signed in" outlives the browser, the other one does not. What a browser is known by
/// (B9) always does: it opens nothing.
test('the session cookie lives as long as was asked for', async ({ page, context, person, browser, ostiary }) => {
  await signInToAccount(page, person);
  const known = 'ostiary-browser';
  const all = await context.cookies();
  const cookies = all.filter((cookie) => cookie.name !== known);
  expect(all.find((cookie) => cookie.name === known)).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(cookies.map((cookie) => cookie.name)).toContain(STATE);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: cookie.name !== STATE, sameSite: 'Lax', path: '/', expires: -1 });
  }
  const second = await browser.newContext({ baseURL: ostiary.issuer });
  const other = await second.newPage();
  await other.goto('/sign-in');
  await signIn(other, person, { stay: true });
  await expect(other).toHaveURL(/\/account$/);
  const lasting = (await second.cookies()).filter((cookie) => cookie.expires > Date.now() / 1000 + 86_400);
  expect(lasting.map((cookie) => cookie.name).sort()).toEqual(['ostiary', known, STATE]);
  for (const cookie of lasting) expect(cookie).toMatchObject({ httpOnly: cookie.name !== STATE, sameSite: 'Lax' });
  await second.close();
});

/// C1: whoever planted a cookie before sign-in has nothing of it afterwards.
test('the session id changes with sign-in', async ({ page, context, person }) => {
  await page.goto('/sign-in');
  const before = (await context.cookies()).map((cookie) => cookie.value);
  await signIn(page, person);
  await expect(page).toHaveURL(/\/account$/);
  for (const cookie of await context.cookies()) expect(before).not.toContain(cookie.value);
});

test('pressing the button twice signs in once', async ({ page, person }) => {
  await page.goto('/sign-in');
  await field(page, 'username').fill(person.email);
  await field(page, 'password').fill(person.password);
  await form(page, 'sign-in').getByRole('button').last().dblclick();
  await expect(page).toHaveURL(/\/account$/);
  await page.goto('/account/sessions');
  await expect(page.locator('form[action$="/do/end-session"], a[href*="/account/sessions/end?"]')).toHaveCount(0);
});

test('the back button after sign-in shows no error', async ({ page, person }) => {
  await signInToAccount(page, person);
  await page.goBack();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expectSignedIn(page, person);
});

test('sign out asks first, ends the session, and the back button shows nothing personal', async ({ page, person }) => {
  await signInToAccount(page, person);
  await page.goto('/sign-out');
  await submit(page, 'sign-out');
  await expect(page).toHaveURL(/\/signed-out/);
  await page.goBack();
  await page.reload();
  await expect(page.getByText(person.email)).toHaveCount(0);
  await expectSignedOut(page);
});

/// DESIGN: sign-in page ≤ 8 KiB of HTML, ≤ 3 KiB compressed, one stylesheet, nothing from elsewhere.
test('the sign-in page is small', async ({ page, ostiary, request }) => {
  const asked: string[] = [];
  page.on('request', (r) => asked.push(r.url()));
  await page.goto('/sign-in');
  for (const url of asked) expect(url.startsWith(ostiary.issuer)).toBe(true);
  const plain = await request.get('/sign-in', { headers: { 'accept-encoding': 'identity' } });
  expect((await plain.body()).length).toBeLessThanOrEqual(8 * 1024);
  for (const encoding of ['gzip', 'br']) {
    const answer = await request.fetch('/sign-in', { headers: { 'accept-encoding': encoding } });
    expect(answer.headers()['content-encoding']).toBe(encoding);
    const { responseBodySize } = await sizes(ostiary.url('/sign-in'), encoding);
    expect(responseBodySize).toBeLessThanOrEqual(3 * 1024);
  }
});

async function sizes(url: string, encoding: string): Promise<{ responseBodySize: number }> {
  const { get } = await import('node:http');
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': encoding } }, (response) => {
      let responseBodySize = 0;
      response.on('data', (part: Buffer) => {
        responseBodySize += part.length;
      });
      response.on('end', () => resolve({ responseBodySize }));
    }).on('error', reject);
  });
}
