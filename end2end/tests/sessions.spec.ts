import type { Page } from '@playwright/test';
import { expectSignedIn, expectSignedOut, signInToAccount, submit } from '../fixtures/pages.ts';
import { expect, test, type Person } from '../fixtures/test.ts';
import type { Ostiary } from '../fixtures/ostiary.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0';
const SAFARI = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';

/// C3: the list says which browser is which, and ending one works at once.
test('a session that is ended elsewhere is over at once', async ({ page, browser, ostiary, person }) => {
  const firefox = await signedIn(browser, ostiary, person, FIREFOX);
  const safari = await signedIn(browser, ostiary, person, SAFARI);
  await signInToAccount(page, person);
  await page.goto('/account/sessions');
  await expect(page.getByText('You are here')).toHaveCount(1);
  const row = page.getByRole('listitem').filter({ hasText: 'Firefox' });
  await expect(row).toContainText('Windows');
  await expect(page.getByRole('listitem').filter({ hasText: 'Safari' })).toContainText(/iPhone|iOS/);

  await row.locator('a[href*="/account/sessions/end?"]').click();
  await submit(page, 'end-session');
  await expect(page).toHaveURL(/\/account\/sessions/);
  await expect(page.getByText('Firefox')).toHaveCount(0);
  await expectSignedOut(firefox);
  await expectSignedIn(safari, person);
  await expectSignedIn(page, person);
  await firefox.context().close();
  await safari.context().close();
});

/// C3: all others at once, this one stays.
test('ending all other sessions leaves this one', async ({ page, browser, ostiary, person }) => {
  const others = [await signedIn(browser, ostiary, person, FIREFOX), await signedIn(browser, ostiary, person, SAFARI)];
  await signInToAccount(page, person);
  await page.goto('/account/sessions');
  await page.locator('a[href$="/account/sessions/end-others"]').click();
  await submit(page, 'end-other-sessions');
  await expect(page).toHaveURL(/\/account\/sessions/);
  await expectSignedIn(page, person);
  for (const other of others) {
    await expectSignedOut(other);
    await other.context().close();
  }
});

/// C3: an id of somebody else's session ends nothing and tells nothing.
test('nobody ends a session of somebody else', async ({ page, browser, ostiary, person }) => {
  const stranger = await ostiary.createUser();
  const theirs = await signedIn(browser, ostiary, stranger, FIREFOX);
  await signedIn(browser, ostiary, stranger, SAFARI).then(async (other) => {
    await other.goto('/account/sessions');
    const link = other.locator('a[href*="/account/sessions/end?"]').first();
    const target = await link.getAttribute('href');
    await signInToAccount(page, person);
    const answer = await page.goto(target ?? '');
    expect(answer?.status()).toBe(404);
    await other.context().close();
  });
  await expectSignedIn(theirs, stranger);
  await theirs.context().close();
});

async function signedIn(browser: import('@playwright/test').Browser, ostiary: Ostiary, person: Person, userAgent: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: ostiary.issuer, userAgent });
  const page = await context.newPage();
  await signInToAccount(page, person);
  return page;
}
