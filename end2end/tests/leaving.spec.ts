import { readFile } from 'node:fs/promises';
import { expectSignedOut, linkTo, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// A10: a person takes a copy of their data along, as a file.
test('data is taken along', async ({ page, person }) => {
  await signInToAccount(page, person);
  await page.getByRole('link', { name: 'Your data' }).click();
  const started = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  const download = await started;
  expect(download.suggestedFilename()).toBe('account.json');
  const text = await readFile(await download.path(), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ account: { email: person.email }, applications: [] });
  expect(text).not.toMatch(/argon2|ost_/);
});

/// A10: a deactivated account is shut, and opened again by the link of the mail.
test('an account is deactivated and comes back', async ({ page, ostiary, person }) => {
  await signInToAccount(page, person);
  await page.goto('/account/data');
  await page.getByRole('link', { name: 'Deactivate account' }).click();
  await page.getByRole('link', { name: 'Stay' }).click();
  await page.getByRole('link', { name: 'Deactivate account' }).click();
  await submit(page, 'deactivate');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account is deactivated');
  await expectSignedOut(page);
  await signIn(page, person);
  await expect(page.getByRole('alert')).toContainText('is not right');
  await page.goto(linkTo(await ostiary.mail.waitFor(person.email, /deactivated/i), '/come-back'));
  await submit(page, 'come-back');
  await expect(page.getByText('Your account is active again')).toBeVisible();
  await signInToAccount(page, person);
});

/// A10: an account that is to be erased is offered to whoever signs in to it, and kept.
test('a deletion is asked for and taken back', async ({ page, browser, ostiary, person }) => {
  const elsewhere = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await signInToAccount(elsewhere, person);
  await signInToAccount(page, person);
  await page.goto('/account/data');
  await page.getByRole('link', { name: 'Delete account' }).click();
  await submit(page, 'delete-account');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account will be erased');
  await expectSignedOut(elsewhere);
  await ostiary.mail.waitFor(person.email, /will be erased/i);
  await signInToAccount(page, person);
  await expect(page.getByText('Your account will be erased on')).toBeVisible();
  await page.getByRole('button', { name: 'Keep my account' }).click();
  await expect(page.getByRole('status')).toContainText('Your account is kept');
  await page.goto('/account');
  await expect(page.getByText('Your account will be erased')).toHaveCount(0);
  await elsewhere.context().close();
});
