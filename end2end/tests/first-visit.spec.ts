import { allow, enterCode, expectError, expectSignedIn, field, form, linkTo, register, signIn, submit, verificationMail } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// A1 A4 D2 D5 D10: from an application that nobody has an account for to a verified ID token at that application.
test('register, verify by code, sign in, consent, and the application knows who came', async ({ page, ostiary, rp }) => {
  const person = ostiary.newPerson('Ifeoma Okafor');
  const state = await rp.signIn(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Blockyard');

  await page.locator('a[href*="/register"]').first().click();
  await register(page, person);
  await expect(page).toHaveURL(/\/check-mail/);
  const mail = await verificationMail(ostiary.mail, person.email);
  expect(mail.to).toEqual([person.email]);
  expect(mail.html).toContain(mail.code);
  await enterCode(page, mail.code);

  // Whether confirming the address signs in at once or asks for the password is the page's choice; both go on.
  if (await field(page, 'password').isVisible()) await signIn(page, person);
  await expect(page.getByText(person.email).first()).toBeVisible();
  await allow(page);

  const { claims, userinfo, tokens } = await rp.claims(page, state);
  expect(claims).toMatchObject({ iss: ostiary.issuer, email: person.email, email_verified: true, name: 'Ifeoma Okafor' });
  expect(claims.auth_time).toBeGreaterThan(Date.now() / 1000 - 300);
  expect(claims.amr).toContain('pwd');
  expect(userinfo).toMatchObject({ sub: claims.sub, email: person.email, email_verified: true });
  expect(tokens.refresh_token).toBeUndefined();
});

/// A4: the link asks for a press of a button, so that a mail scanner that opens links confirms nothing.
test('the link in the mail confirms the address, in another browser too, and only once', async ({ page, ostiary, browser }) => {
  const person = ostiary.newPerson();
  await page.goto('/register');
  await register(page, person);
  const mail = await verificationMail(ostiary.mail, person.email);
  const link = linkTo(mail, '/verify');

  const elsewhere = await (await browser.newContext()).newPage();
  await elsewhere.goto(link);
  await elsewhere.goto(link);
  await expect(form(elsewhere, 'verify-link')).toBeVisible();
  await page.goto('/sign-in');
  await signIn(page, person);
  await expect(page).not.toHaveURL(/\/account$/);

  await submit(elsewhere, 'verify-link');
  await expect(elsewhere.getByRole('alert')).toHaveCount(0);
  await page.goto('/sign-in');
  await signIn(page, person);
  await expectSignedIn(page, person);

  await elsewhere.goto(link);
  if ((await form(elsewhere, 'verify-link').count()) > 0) await submit(elsewhere, 'verify-link');
  await expect(elsewhere.locator('main')).toContainText(/used|too old|already/i);
  await elsewhere.context().close();
});

/// A4: a wrong code says so, and the right one still works.
test('a wrong code is refused and the right one still works', async ({ page, ostiary }) => {
  const person = ostiary.newPerson();
  await page.goto('/register');
  await register(page, person);
  const { code } = await verificationMail(ostiary.mail, person.email);
  await enterCode(page, code === '123456' ? '654321' : '123456');
  await expectError(page, /code/i);
  await enterCode(page, `${code.slice(0, 3)} ${code.slice(3)}`);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.goto('/sign-in');
  await signIn(page, person);
  await expectSignedIn(page, person);
});

/// A4: until the address is confirmed nobody gets in, and the way on is shown.
test('sign-in waits for the address to be confirmed', async ({ page, ostiary }) => {
  const person = ostiary.newPerson();
  await page.goto('/register');
  await register(page, person);
  const first = await verificationMail(ostiary.mail, person.email);

  await page.goto('/sign-in');
  await signIn(page, person);
  await expect(page.locator('main')).toContainText(/confirm|mail/i);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/sign-in/);

  // The mail can be sent again from there, directly or over the page for the code.
  await page.goto('/sign-in');
  await signIn(page, person);
  if ((await form(page, 'resend-verification').count()) === 0) await page.locator('main a[href*="/check-mail"]').first().click();
  await submit(page, 'resend-verification');
  const sent = ostiary.mail.to(person.email).filter((mail) => mail.code === first.code);
  const second = await verificationMail(ostiary.mail, person.email, sent);
  await page.goto(linkTo(second, '/verify'));
  await submit(page, 'verify-link');
  await page.goto('/sign-in');
  await signIn(page, person);
  await expectSignedIn(page, person);
});

/// A1: the page never tells whether an address is taken; the mail tells the owner of the address.
test('registering an address that is taken looks the same and tells its owner', async ({ page, ostiary, person }) => {
  await page.goto('/register');
  await register(page, { ...ostiary.newPerson('Somebody Else'), email: person.email.toUpperCase() });
  await expect(page).toHaveURL(/\/check-mail/);
  const mail = await ostiary.mail.waitFor(person.email, /account/i);
  expect(mail.code).toBeUndefined();
  expect(mail.text).not.toContain('Somebody Else');
});

/// A2: every broken rule is named at once, and what was typed is still there, except the password.
test('a weak password names all broken rules and keeps what was typed', async ({ page, ostiary }) => {
  const person = ostiary.newPerson('Ifeoma Okafor');
  await page.goto('/register');
  await register(page, { ...person, password: 'harbour' });
  await expect(page).toHaveTitle(/^Error:/);
  await expect(page.locator('main')).toContainText(/8 characters/);
  await expect(page.locator('main')).toContainText(/capital/i);
  await expect(page.locator('main')).toContainText(/digit/i);
  await expect(field(page, 'password')).toHaveAttribute('aria-invalid', 'true');
  await expect(field(page, 'email')).toHaveValue(person.email);
  await expect(field(page, 'name')).toHaveValue('Ifeoma Okafor');
  await expect(field(page, 'password')).toHaveValue('');
  await expect(field(page, 'again')).toHaveValue('');
  expect(page.url()).not.toContain('harbour');
});

/// A1: two different passwords are noticed.
test('passwords that differ are noticed', async ({ page, ostiary }) => {
  const person = ostiary.newPerson();
  await page.goto('/register');
  await field(page, 'email').fill(person.email);
  await field(page, 'password').fill(person.password);
  await field(page, 'again').fill(`${person.password}x`);
  await submit(page, 'register');
  await expect(page).toHaveTitle(/^Error:/);
  await expect(field(page, 'again')).toHaveAttribute('aria-invalid', 'true');
  await expect(field(page, 'email')).toHaveValue(person.email);
  expect(ostiary.mail.to(person.email)).toEqual([]);
});
