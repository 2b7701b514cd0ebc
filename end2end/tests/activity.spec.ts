import { open } from '../fixtures/gallery.ts';
import { signIn } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// C5: what happened is told in words, the newest first, page by page.
test('a person reads what happened to their account', async ({ page, ostiary, rp, person }) => {
  await open('activity', { page, ostiary, rp, person });
  const rows = page.getByRole('list', { name: 'Your activity, the newest first' }).getByRole('listitem');
  await expect(rows).toHaveCount(25);
  await expect(rows.first()).toContainText('Profile changed');
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(rows.filter({ hasText: 'Signed in with the password' })).toContainText(/Chrom.* · (127\.0\.0\.1|::1)/);
  await expect(rows.filter({ hasText: 'Somebody typed a wrong password' })).toContainText('Refused');
  await expect(rows.last()).toContainText('Account made');
  await expect(rows.last()).toContainText('by an administrator');
  await page.getByRole('link', { name: 'The newest' }).click();
  await expect(rows).toHaveCount(25);
});

/// C5: the list belongs to whoever is signed in.
test('activity leads strangers to sign-in and back', async ({ page, person }) => {
  await page.goto('/account/activity');
  await expect(page).toHaveURL(/\/sign-in\?next=activity$/);
  await signIn(page, person);
  await expect(page).toHaveURL(/\/account\/activity$/);
  await expect(page.getByRole('listitem').filter({ hasText: 'Signed in' })).toHaveCount(1);
});
