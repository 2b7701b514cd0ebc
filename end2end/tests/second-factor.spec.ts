import { addAuthenticator, expectError, expectSignedIn, expectSignedOut, field, secondStep, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { PlainBrowser } from '../fixtures/plain-browser.ts';
import { expect, test } from '../fixtures/test.ts';
import { Authenticator } from '../fixtures/totp.ts';

/// B2 B9: from the QR code to the first sign-in that asks for six digits.
test('an authenticator app is added, asked for, and told by mail', async ({ page, ostiary, person, browser }) => {
  const elsewhere = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await signInToAccount(elsewhere, person);
  await signInToAccount(page, person);
  await page.goto('/account/security');
  await page.getByRole('link', { name: 'Add an authenticator app' }).click();
  await field(page, 'label').fill('Work phone');
  await submit(page, 'add-authenticator');
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  const app = new Authenticator(await page.locator('code').innerText());
  await field(page, 'code').fill('000000');
  await submit(page, 'confirm-authenticator');
  await expectError(page, /not the code of this moment/);
  await field(page, 'code').fill(await app.next());
  await submit(page, 'confirm-authenticator');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Keep these ten codes');
  await expect(page.getByRole('list', { name: 'Recovery codes', exact: true }).locator('li')).toHaveCount(10);
  await page.getByRole('link', { name: 'I have put them somewhere safe' }).click();
  await expect(page.getByText('Work phone')).toBeVisible();
  await ostiary.mail.waitFor(person.email, /authenticator app was added/i);
  await expectSignedIn(page, person);
  await expectSignedOut(elsewhere);

  await elsewhere.goto('/sign-in');
  await signIn(elsewhere, person);
  await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('Enter the code');
  await elsewhere.goto('/account');
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  await elsewhere.goto('/sign-in/second-factor');
  await secondStep(elsewhere, '000000');
  await expectError(elsewhere, /was used, is too old, or has a mistake/);
  const code = await app.next();
  await secondStep(elsewhere, `${code.slice(0, 3)} ${code.slice(3)}`);
  await expectSignedIn(elsewhere, person);

  // The very same code once more.
  const third = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await third.goto('/sign-in');
  await signIn(third, person);
  await secondStep(third, code);
  await expectError(third, /was used/);
  for (const each of [elsewhere, third]) await each.context().close();
});

/// B3 B9: another way is always there; a recovery code works once and is told by mail.
test('a recovery code stands in for the app, once', async ({ page, ostiary, person, browser }) => {
  await signInToAccount(page, person);
  const { codes } = await addAuthenticator(page);
  const other = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  for (const again of [false, true]) {
    await other.goto('/sign-in');
    await signIn(other, person);
    await other.getByRole('link', { name: 'Try another way' }).click();
    await other.getByRole('link', { name: /Recovery code/ }).click();
    await secondStep(other, (codes[0] ?? '').toUpperCase().replace('-', ' '), 'recovery_code');
    if (again) await expectError(other, /used before/);
    else {
      await expectSignedIn(other, person);
      await ostiary.mail.waitFor(person.email, /recovery code .*was used/i);
      await other.goto('/sign-out');
      await submit(other, 'sign-out');
    }
  }
  await other.context().close();
  await page.goto('/account/security');
  await expect(page.getByText('9 of 10 left')).toBeVisible();
  await page.getByRole('link', { name: 'Make new codes' }).click();
  await submit(page, 'recovery-codes');
  const fresh = await page.getByRole('list', { name: 'Recovery codes', exact: true }).locator('li').allInnerTexts();
  expect(fresh).toHaveLength(10);
  expect(fresh.filter((code) => codes.includes(code))).toEqual([]);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Make new recovery codes?');
});

/// B2: apps are renamed and removed; after the last one the password is enough again.
test('an app is renamed and removed', async ({ page, ostiary, person, browser }) => {
  await signInToAccount(page, person);
  await addAuthenticator(page);
  await page.goto('/account/security');
  await page.getByRole('link', { name: 'Rename Phone' }).click();
  await field(page, 'label').fill('Old phone');
  await submit(page, 'rename-authenticator');
  await expect(page.getByRole('status')).toBeVisible();
  await page.getByRole('link', { name: 'Remove Old phone' }).click();
  await submit(page, 'remove-authenticator');
  await expect(page.getByRole('status')).toContainText('removed');
  await ostiary.mail.waitFor(person.email, /was removed/i);
  const other = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await signInToAccount(other, person);
  await other.context().close();
});

/// B4 B9: codes by e-mail are turned on, arrive, are sent again, and work once, in the browser they were asked for in.
test('a code arrives by mail', async ({ page, ostiary, person, browser }) => {
  await signInToAccount(page, person);
  await page.goto('/account/security');
  await page.getByRole('link', { name: 'Turn on codes by e-mail' }).click();
  await submit(page, 'email-codes');
  await expect(page.getByRole('status')).toContainText('Codes by e-mail are on');
  await ostiary.mail.waitFor(person.email, /codes by e-mail were turned on/i);

  const other = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await other.goto('/sign-in');
  await signIn(other, person);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Check your mail');
  const first = await ostiary.mail.waitFor(person.email, /your code/i);
  await submit(other, 'send-code');
  await expect(other.getByRole('status')).toContainText('A code is on its way');
  const second = await ostiary.mail.waitFor(person.email, /your code/i, [first]);
  await secondStep(other, first.code ?? '');
  await expectError(other, /not the newest code we sent/);
  await other.getByRole('link', { name: 'Try another way' }).click();
  await other.getByRole('link', { name: /Code by e-mail/ }).click();
  await secondStep(other, second.code ?? '');
  await expectSignedIn(other, person);
  await other.context().close();
});

/// B4: beside an app the mail is another way, chosen with one press.
test('the mail is another way', async ({ page, ostiary, person, browser }) => {
  await signInToAccount(page, person);
  await addAuthenticator(page);
  await page.goto('/account/email-codes');
  await submit(page, 'email-codes');
  const other = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await other.goto('/sign-in');
  await signIn(other, person);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Enter the code');
  await other.getByRole('link', { name: 'Try another way' }).click();
  await other.getByRole('button', { name: /Code by e-mail/ }).click();
  const mail = await ostiary.mail.waitFor(person.email, /your code/i);
  await secondStep(other, mail.code ?? '');
  await expectSignedIn(other, person);
  // What was used last comes first the next time.
  await other.goto('/sign-out');
  await submit(other, 'sign-out');
  await other.goto('/sign-in');
  await signIn(other, person);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Check your mail');
  await other.context().close();
});

/// B6: an application that asks for two factors gets somebody who showed two, through all of the pages: who signed in with
/// the password a moment ago is asked for the second one alone.
test('an application asks for two factors', async ({ page, rp, person }) => {
  const mfa = 'urn:ostiary:acr:mfa';
  const claims = JSON.stringify({ id_token: { acr: { essential: true, value: mfa } } });
  await signInToAccount(page, person);
  const { app } = await addAuthenticator(page);
  await rp.signIn(page, { scope: 'openid', claims, prompt: 'consent' });
  await expect(page).toHaveURL(/\/sign-in\/second-factor/);
  await secondStep(page, await app.next());
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`^${rp.origin}`));
});

/// B6: what `openid-client` reads of it: wishes, `max_age=0`, and a context that cannot be reached.
test('acr, amr and auth_time are told truthfully', async ({ page, rp, ostiary, person, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, 'no browser is involved but for setting up');
  const mfa = 'urn:ostiary:acr:mfa';
  expect(rp.config.serverMetadata().acr_values_supported).toEqual(expect.arrayContaining([mfa, 'urn:ostiary:acr:pwd']));
  await signInToAccount(page, person);
  const { app } = await addAuthenticator(page);

  const browser = new PlainBrowser();
  const before = Math.floor(Date.now() / 1000);
  const { state, target } = await rp.prepare({ scope: 'openid', acr_values: mfa, max_age: 0, prompt: 'consent' });
  const password = await browser.send(await browser.open(target.href), 'sign-in', { username: person.email, password: person.password });
  const consent = await browser.send(password, 'second-factor', { code: await app.next() });
  const end = await browser.send(consent, 'consent', { decision: 'allow' });
  const outcome = await rp.complete(state, end.url);
  if ('error' in outcome) throw new Error(`${outcome.error}: ${outcome.description}`);
  expect(outcome.claims).toMatchObject({ acr: mfa, amr: ['pwd', 'otp', 'mfa'] });
  expect(Number(outcome.claims.auth_time)).toBeGreaterThanOrEqual(before - 1);

  // A session of the password alone: a wish is met by the second factor on top of it, and `auth_time` stays that of the
  // password; `max_age=0` asks for both.
  const late = await ostiary.createUser();
  await page.goto('/sign-out');
  await submit(page, 'sign-out');
  await signInToAccount(page, late);
  const { app: lateApp } = await addAuthenticator(page);
  for (const extra of [{}, { max_age: 0 }]) {
    const state = await rp.signIn(page, { scope: 'openid', acr_values: mfa, prompt: 'consent', ...extra });
    if ('max_age' in extra) {
      await field(page, 'password').fill(late.password);
      await submit(page, 'sign-in');
    }
    await secondStep(page, await lateApp.next());
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    const told = await rp.claims(page, state);
    expect(told.claims).toMatchObject({ acr: mfa, amr: ['pwd', 'otp', 'mfa'] });
  }

  const plain = await ostiary.createUser();
  const claims = JSON.stringify({ id_token: { acr: { essential: true, value: mfa } } });
  const attempt = await rp.prepare({ scope: 'openid', claims });
  const other = new PlainBrowser();
  const refused = await other.send(await other.open(attempt.target.href), 'sign-in', { username: plain.email, password: plain.password });
  expect(refused.url.searchParams.get('error')).toBe('unmet_authentication_requirements');
});

/// B7 B9: a browser that is trusted is not asked again, until that is ended on the list.
test('a trusted browser is not asked again', async ({ page, ostiary, person, browser }) => {
  await signInToAccount(page, person);
  const { app } = await addAuthenticator(page);
  const other = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await other.goto('/sign-in');
  await signIn(other, person);
  await other.locator('[name="trust"]').check();
  await secondStep(other, await app.next());
  await expectSignedIn(other, person);
  await ostiary.mail.waitFor(person.email, /browser is trusted/i);
  for (const asked of [false, true]) {
    await other.goto('/sign-out');
    await submit(other, 'sign-out');
    await other.goto('/sign-in');
    await signIn(other, person);
    if (asked) await expect(other).toHaveURL(/second-factor/);
    else {
      await other.goto('/account/security');
      await expect(other.getByText('This browser')).toBeVisible();
      await submit(other, 'end-trust');
      await expect(other.getByRole('status')).toContainText('asked again');
    }
  }
  await other.context().close();
});
