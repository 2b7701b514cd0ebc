import { expect, test } from '../fixtures/test.ts';

/// The other tests rely on the watch; it has to see a violation of the content security policy, scripts or not.
test('a page that breaks its own security policy is noticed', async ({ page, rp, watch }) => {
  await page.goto(`${rp.origin}/broken`);
  await expect.poll(() => watch.problems.length).toBeGreaterThan(0);
  expect(watch.problems.join()).toContain('Content Security Policy');
  watch.problems.length = 0;
});

/// A context that a test opens by itself follows its project: no scripts where scripts are off.
test('a second browser has scripts exactly when the project has', async ({ browser, javaScriptEnabled }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto('data:text/html,<title>without</title><script>document.title="with"</script>');
  await expect(page).toHaveTitle(javaScriptEnabled ? 'with' : 'without');
  await context.close();
});
