import * as oidc from 'openid-client';
import { allow, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// C4: what a person let in is listed with what it may do, and taking it back ends its tokens and its consent.
test('an application is taken back what it may do', async ({ page, rp, person }) => {
  const state = await rp.signIn(page, { scope: 'openid profile email offline_access' });
  await signIn(page, person);
  await page.locator('input[name="remember"]').check();
  await allow(page, ['offline_access']);
  const outcome = await rp.outcome(page, state);
  if (!('tokens' in outcome)) throw new Error(outcome.error);
  const { refresh_token: refresh = '' } = outcome.tokens;

  await page.goto('/account');
  await page.getByRole('link', { name: 'Applications', exact: true }).first().click();
  const row = page.getByRole('listitem').filter({ hasText: 'Blockyard' });
  await expect(row).toContainText('Name and profile, e-mail address, 1 permission');
  await row.locator('summary').click();
  await expect(row.getByText('Keep working while you are away')).toBeVisible();

  await row.getByRole('link', { name: 'Revoke Blockyard' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Take back what Blockyard may do?');
  await page.getByRole('link', { name: 'Keep it' }).click();
  await row.getByRole('link', { name: 'Revoke Blockyard' }).click();
  await submit(page, 'revoke-application');
  await expect(page).toHaveURL(/\/account\/applications$/);
  await expect(page.getByRole('status')).toContainText('may do nothing more');
  await expect(page.getByText('Blockyard')).toHaveCount(0);
  await expect(oidc.refreshTokenGrant(rp.config, refresh)).rejects.toThrow();

  await rp.signIn(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Allow Blockyard to use your account?');
});

/// C4: nobody takes anything back for somebody else.
test('what somebody else let in is not there', async ({ page, browser, ostiary, rp, person }) => {
  const state = await rp.signIn(page);
  await signIn(page, person);
  await allow(page);
  await rp.outcome(page, state);
  const context = await browser.newContext({ baseURL: ostiary.issuer });
  const other = await context.newPage();
  await signInToAccount(other, await ostiary.createUser());
  await other.goto('/account/applications');
  await expect(other.getByText('Blockyard')).toHaveCount(0);
  const answer = await other.goto(`/account/applications/revoke?id=${rp.client.id}`);
  expect(answer?.status()).toBe(404);
  await page.goto('/account/applications');
  await expect(page.getByText('Blockyard').first()).toBeVisible();
  await context.close();
});
