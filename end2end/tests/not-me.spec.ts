import { addAuthenticator, choosePassword, expectSignedIn, expectSignedOut, linkTo, signInToAccount, submit } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// B9: a sign-in in a browser that was not there before is told, with what shuts everybody out; the owner goes on with a new password.
test('somebody else is told of, and shut out', async ({ page, ostiary, person, browser }) => {
  await signInToAccount(page, person);
  const thief = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await signInToAccount(thief, person);
  const told = await ostiary.mail.waitFor(person.email, /new sign-in/i);
  await addAuthenticator(thief);
  await expectSignedIn(thief, person);

  await page.goto(linkTo(told, '/not-me'));
  await expect(page.getByText(person.email)).toBeVisible();
  await submit(page, 'not-me');
  await expectSignedOut(thief);
  const chosen = 'Nine-gulls-at-9';
  await choosePassword(page, chosen);
  await signInToAccount(page, { ...person, password: chosen });
  await page.goto(linkTo(told, '/not-me'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link no longer works');
  await thief.context().close();
});

/// B9: the same browser is told of once.
test('a known browser is not told of', async ({ page, ostiary, person, browser }) => {
  await signInToAccount(page, person);
  const other = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  for (let round = 0; round < 2; round += 1) {
    await signInToAccount(other, person);
    await other.goto('/sign-out');
    await submit(other, 'sign-out');
  }
  // A mail that is sure to come later than a second one would have.
  await addAuthenticator(page);
  await ostiary.mail.waitFor(person.email, /authenticator app was added/i);
  expect(ostiary.mail.to(person.email).filter((mail) => /new sign-in/i.test(mail.subject))).toHaveLength(1);
  await other.context().close();
});
