import { allow, expectError, field, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// A9: what people say of themselves is kept, shown again after an error, and read by applications they allow it to.
test('a profile is filled in and reaches an application', async ({ page, rp, person }) => {
  await signInToAccount(page, person);
  await page.getByRole('link', { name: 'Edit profile' }).click();
  await field(page, 'given_name').fill('Mara');
  await field(page, 'locale').fill('English');
  await field(page, 'zone').fill('Europe/Copenhagen');
  await submit(page, 'profile');
  await expectError(page, /language/i);
  await expect(field(page, 'given_name')).toHaveValue('Mara');
  await expect(field(page, 'locale')).toBeFocused();
  await field(page, 'locale').fill('en-GB');
  await submit(page, 'profile');
  await expect(page).toHaveURL(/\/account\/profile$/);
  await expect(page.getByRole('status')).toContainText('Your profile is saved');
  await expect(field(page, 'zone')).toHaveValue('Europe/Copenhagen');

  const state = await rp.signIn(page);
  await allow(page);
  const { userinfo } = await rp.claims(page, state);
  expect(userinfo).toMatchObject({ given_name: 'Mara', locale: 'en-GB', zoneinfo: 'Europe/Copenhagen' });
  expect(userinfo).not.toHaveProperty('family_name');
});

/// A9: strangers are led to sign-in and back.
test('a profile is for its owner', async ({ page, person }) => {
  await page.goto('/account/profile');
  await signIn(page, person);
  await expect(page).toHaveURL(/\/account\/profile$/);
  await expect(page.getByText(person.email)).toBeVisible();
});
