import { allow, deny, enterCode, field, register, signIn } from '../fixtures/pages.ts';
import { startDemo } from '../fixtures/demo.ts';
import { expect, test } from '../fixtures/test.ts';

/// The ports of the demo are fixed, so one project plays it, with scripts on and off.
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'played once, both ways');

/// The steps that the demo prints, one after the other; and its application is not ours either: it uses `openidconnect`.
test('the demo works as it says, scripts on and off', async ({ browser }) => {
  test.setTimeout(120_000);
  const demo = await startDemo();
  try {
    for (const javaScriptEnabled of [true, false]) {
      const context = await browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      await page.goto(demo.application);
      await page.getByRole('link', { name: 'Sign in with Ostiary' }).click();
      await signIn(page, demo.person);
      await deny(page);
      await expect(page.locator('#refused')).toContainText('access_denied');
      await page.getByRole('link', { name: 'Try again' }).click();
      await allow(page);
      await expect(page.locator('#claims')).toContainText(demo.person.email);
      // Without the optional permission there is nothing to refresh with, and nothing is offered that would fail.
      await expect(page.locator('main')).toContainText('no refresh token');
      await expect(page.getByRole('button', { name: 'Refresh the tokens' })).toHaveCount(0);

      await page.goto(`${demo.application}/sign-in`);
      await page.locator('input[name="scope"][value="offline_access"]').check();
      await allow(page);
      await page.getByRole('button', { name: 'Refresh the tokens' }).click();
      await expect(page.locator('main')).toContainText('refreshed once');
      await page.getByRole('button', { name: 'Ask userinfo' }).click();
      await expect(page.locator('#userinfo')).toContainText(demo.person.email);
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('signed out');
      await page.goto(`${demo.application}/sign-in`);
      await expect(field(page, 'password')).toBeVisible();
      await context.close();
    }

    // "Or register an account of your own": its mail is a file, which the log names.
    const context = await browser.newContext();
    const page = await context.newPage();
    const own = { email: 'ifeoma@nordhavn.example', name: 'Ifeoma Okafor', password: 'Kvarteret-bakom-9' };
    await page.goto(demo.application);
    await page.getByRole('link', { name: 'Sign in with Ostiary' }).click();
    await page.locator('a[href*="/register"]').first().click();
    await register(page, own);
    await expect(page).toHaveURL(/\/check-mail/);
    let code: string | undefined;
    await expect
      .poll(async () => {
        const mail = (await demo.mails()).find((text) => text.includes(own.email));
        code = /^\s*(\d{3}) ?(\d{3})\s*$/m.exec(mail ?? '')?.slice(1).join('');
        return code;
      })
      .toBeTruthy();
    expect(demo.output).toContain('.eml');
    await enterCode(page, code ?? '');
    if (await field(page, 'password').isVisible()) await signIn(page, own);
    await allow(page);
    await expect(page.locator('#claims')).toContainText(own.email);
    await context.close();
  } finally {
    await demo.stop();
  }
});
