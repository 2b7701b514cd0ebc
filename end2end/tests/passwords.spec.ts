import { changePassword, choosePassword, expectError, expectSignedIn, expectSignedOut, field, forgotPassword, linkTo, resetMail, signIn, signInToAccount } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// A5 A8: a reset ends every session there was, and the link works once.
test('a forgotten password is replaced, and other sessions end', async ({ page, ostiary, person, browser }) => {
  const elsewhere = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await signInToAccount(elsewhere, person);

  await forgotPassword(page, person.email);
  const link = linkTo(await resetMail(ostiary.mail, person.email), '/reset-password');
  const next = `${person.password}-new`;
  await page.goto(link);
  await choosePassword(page, next);
  await expect(page.getByRole('alert')).toHaveCount(0);

  await expectSignedOut(elsewhere);
  await elsewhere.goto('/sign-in');
  await signIn(elsewhere, person);
  await expectError(elsewhere, /not right/);
  await signIn(elsewhere, { email: person.email, password: next });
  await expectSignedIn(elsewhere, person);

  await page.goto(link);
  if ((await field(page, 'password').count()) > 0 && (await field(page, 'again').count()) > 0) {
    await choosePassword(page, `${next}-again`);
  }
  await expect(page.locator('main')).toContainText(/used|older/i);
  await elsewhere.context().close();
});

/// A5: known or not, the page answers the same; only the owner of an account gets a mail.
test('asking for a new password does not tell who has an account', async ({ page, ostiary, person }) => {
  const answers: string[] = [];
  const stranger = ostiary.newPerson().email;
  for (const email of [person.email, stranger]) {
    await forgotPassword(page, email);
    await expect(page.getByText(/on its way/)).toBeVisible();
    answers.push((await page.locator('main').innerText()).replaceAll(email, '…'));
  }
  expect(answers[0]).toBe(answers[1]);
  await resetMail(ostiary.mail, person.email);
  expect(ostiary.mail.to(stranger)).toEqual([]);
});

/// A2 A5: a new password that is too weak does not use up the link.
test('a weak or mistyped new password can be corrected', async ({ page, ostiary, person }) => {
  await forgotPassword(page, person.email);
  await page.goto(linkTo(await resetMail(ostiary.mail, person.email), '/reset-password'));
  await choosePassword(page, 'harbour');
  await expect(page).toHaveTitle(/^Error:/);
  await choosePassword(page, `${person.password}-new`, `${person.password}-other`);
  await expect(page).toHaveTitle(/^Error:/);
  await choosePassword(page, `${person.password}-new`);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.goto('/sign-in');
  await signIn(page, { email: person.email, password: `${person.password}-new` });
  await expectSignedIn(page, person);
});

/// A6 A8: the current password is asked for; this session stays, the others end.
test('changing the password keeps this session and ends the others', async ({ page, ostiary, person, browser }) => {
  const elsewhere = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await signInToAccount(elsewhere, person);
  await signInToAccount(page, person);
  const next = `${person.password}-new`;

  await changePassword(page, 'Not-the-password-1', next);
  await expectError(page, /present password/i);
  await expect(field(page, 'current')).toHaveValue('');
  await changePassword(page, person.password, person.password);
  await expect(page).toHaveTitle(/^Error:/);
  await changePassword(page, person.password, next, `${next}x`);
  await expect(page).toHaveTitle(/^Error:/);
  await changePassword(page, person.password, next);
  await expect(page.getByRole('status')).toBeVisible();

  await expectSignedIn(page, person);
  await expectSignedOut(elsewhere);
  await elsewhere.goto('/sign-in');
  await signIn(elsewhere, { email: person.email, password: next });
  await expectSignedIn(elsewhere, person);
  await elsewhere.context().close();
});
