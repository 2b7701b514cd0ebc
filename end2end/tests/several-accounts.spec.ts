import { field, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// C2: two people share a browser, turn from one to the other, and sign out one by one.
test('several accounts in one browser', async ({ page, ostiary, person }) => {
  const other = await ostiary.createUser(ostiary.newPerson('Aiko Tanabe'));
  await signInToAccount(page, person);
  await page.goto('/sign-in/choose');
  await page.getByRole('link', { name: 'Use another account' }).click();
  await field(page, 'username').fill(other.email);
  await field(page, 'password').fill('Not-the-password-1');
  await submit(page, 'sign-in');
  await expect(page.getByText('You are not signed in yet')).toBeVisible();
  await signIn(page, other);
  await expect(page).toHaveURL(/\/account$/);

  await page.goto('/sign-in/choose');
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await expect(page.getByRole('listitem').getByRole('button', { name: /^Sign out / })).toHaveCount(2);
  await page.getByRole('button', { name: new RegExp(person.email) }).first().click();
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.locator('main')).toContainText(person.email);

  await page.goto('/sign-out');
  await submit(page, 'sign-out');
  await expect(page.locator('main')).toContainText('Other accounts are still signed in here.');
  await page.getByRole('link', { name: 'Choose an account' }).click();
  await page.getByRole('button', { name: new RegExp(other.email) }).first().click();
  await expect(page.locator('main')).toContainText(other.email);
});

/// C2, OIDC Core 3.1.2.1: an application asks which account it is to be, and gets the one that was chosen.
test('an application asks which account', async ({ page, ostiary, rp, person }) => {
  const other = await ostiary.createUser(ostiary.newPerson('Aiko Tanabe'));
  await signInToAccount(page, person);
  await page.goto('/sign-in?another=1');
  await signIn(page, other);
  await expect(page).toHaveURL(/\/account$/);
  const state = await rp.signIn(page, { prompt: 'select_account' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose an account');
  await page.getByRole('button', { name: new RegExp(person.email) }).first().click();
  await expect(page.locator('main')).toContainText(person.email);
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  expect((await rp.claims(page, state)).claims.email).toBe(person.email);

  // A hint of the other one leads to the choice, too.
  await rp.signIn(page, { login_hint: other.email });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose an account');
  await expect(page.getByRole('listitem').first()).toContainText(other.email);
});
