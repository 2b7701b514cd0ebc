import { choosePassword, expectError, expectSignedOut, field, linkTo, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// A9: a new address is proved by the code of the mail to it; the person stays signed in and signs in with it from then on.
test('an address is changed by code', async ({ page, ostiary, person }) => {
  const { email } = ostiary.newPerson();
  await signInToAccount(page, person);
  await page.goto('/account/profile');
  await page.getByRole('link', { name: 'Change e-mail' }).click();
  await field(page, 'email').fill(person.email);
  await submit(page, 'change-email');
  await expectError(page, /the address you have/);
  await field(page, 'email').fill(email);
  await submit(page, 'change-email');
  await expect(page.getByRole('status')).toContainText('A mail is on its way');
  const { code } = await ostiary.mail.waitFor(email, /confirm/i);
  await field(page, 'code').fill(code === '000000' ? '000001' : '000000');
  await submit(page, 'confirm-email');
  await expectError(page, /not the code/);
  await field(page, 'code').fill(code ?? '');
  await submit(page, 'confirm-email');
  await expect(page.getByRole('status')).toContainText('Your address is changed');
  await expect(page.getByText(email).first()).toBeVisible();

  await page.goto('/sign-out');
  await submit(page, 'sign-out');
  await signInToAccount(page, { email, password: person.password });
});

/// A9, B9: somebody else changes the address; its owner undoes that by the link of the warning, and everybody is out.
test('the owner of the old address takes it back', async ({ page, browser, ostiary, person }) => {
  const thief = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  const { email } = ostiary.newPerson();
  await signInToAccount(thief, person);
  await thief.goto('/account/email');
  await field(thief, 'email').fill(email);
  await submit(thief, 'change-email');
  const proof = await ostiary.mail.waitFor(email, /confirm/i);
  await thief.goto(linkTo(proof, '/account/email/confirm'));
  await submit(thief, 'confirm-email-link');
  await expect(thief.getByRole('status')).toContainText('Your address is changed');

  await page.goto(linkTo(await ostiary.mail.waitFor(person.email, /was changed/i), '/undo-email'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Undo the change of your address?');
  await page.getByRole('button', { name: 'It was not me' }).click();
  await expect(page).toHaveURL(/\/reset-password/);
  const password = `${person.password}-mine`;
  await choosePassword(page, password);
  await expectSignedOut(thief);
  await page.goto('/sign-in');
  await signIn(page, { email: person.email, password });
  await expect(page).toHaveURL(/\/account$/);
  await thief.context().close();
});
