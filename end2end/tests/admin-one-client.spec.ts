import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Ostiary } from '../fixtures/ostiary.ts';
import { field, form, signIn, submit } from '../fixtures/pages.ts';
import { expect, test as base } from '../fixtures/test.ts';

/// An instance of its own, with an administrator who is signed in at the list of applications.
const test = base.extend<{ house: Ostiary }>({
  house: async ({ page }, use) => {
    const house = await Ostiary.start();
    const admin = await house.createUser(house.newPerson('Aiko Tanaka'), { admin: true });
    await page.goto(house.url('/admin/clients'));
    await signIn(page, admin);
    await expect(page).toHaveURL(/\/admin\/clients$/);
    await use(house);
    await house.stop();
  },
});

/// The secret that the page shows this once.
async function shownSecret(page: Page): Promise<string> {
  return (await page.locator('code.select-all').innerText()).trim();
}

/// What the token endpoint says to an application that asks for itself.
async function asks(house: Ostiary, id: string, secret: string, scope?: string): Promise<{ status: number; error?: string; scope?: string }> {
  const response = await fetch(house.url('/connect/token'), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) }),
  });
  const { error, scope: given } = (await response.json()) as { error?: string; scope?: string };
  return { status: response.status, error, scope: given };
}

async function makeMachine(page: Page, house: Ostiary, id: string): Promise<string> {
  await page.getByRole('link', { name: 'New application' }).click();
  await field(page, 'client_name').fill('Night shift');
  await page.getByText('A program without people.').click();
  await field(page, 'client_id').fill(id);
  await submit(page, 'create-client');
  await expect(page).toHaveURL(house.url(`/admin/clients/client?id=${id}`));
  return shownSecret(page);
}

/// D11: an application is made, its secrets change without a gap, it is turned off and on, and deleted; each step is true
/// at the token endpoint at once.
test('the life of an application, at the token endpoint', async ({ page, house }) => {
  test.slow(true, 'a provider of its own, and twenty pages one after the other');
  const first = await makeMachine(page, house, 'night-shift');
  expect((await asks(house, 'night-shift', first)).status).toBe(200);
  await page.reload();
  await expect(page.locator('code.select-all')).toHaveCount(0);

  await page.getByRole('link', { name: 'Make another' }).click();
  await submit(page, 'new-client-secret');
  const second = await shownSecret(page);
  expect((await asks(house, 'night-shift', first)).status).toBe(200);
  expect((await asks(house, 'night-shift', second)).status).toBe(200);
  await page.getByRole('link', { name: `End the secret …${first.slice(-4)}` }).click();
  await submit(page, 'end-client-secret');
  expect(await asks(house, 'night-shift', first)).toMatchObject({ status: 401, error: 'invalid_client' });
  expect((await asks(house, 'night-shift', second)).status).toBe(200);

  await page.getByRole('link', { name: 'Turn off' }).click();
  await submit(page, 'turn-client');
  expect(await asks(house, 'night-shift', second)).toMatchObject({ status: 401, error: 'invalid_client' });
  await page.getByRole('link', { name: 'Turn on' }).click();
  await submit(page, 'turn-client');
  expect((await asks(house, 'night-shift', second)).status).toBe(200);

  await page.getByRole('link', { name: 'Delete' }).click();
  await submit(page, 'delete-client');
  await expect(page).toHaveURL(/\/admin\/clients$/);
  await expect(page.getByText('The application is deleted')).toBeVisible();
  expect(await asks(house, 'night-shift', second)).toMatchObject({ status: 401, error: 'invalid_client' });
  await page.goBack();
  await page.reload();
  await expect(page.getByText('Night shift')).toHaveCount(0);
});

/// D11: what is changed in the form is what the application gets; a mistake keeps everything typed.
test('an application is changed', async ({ page, house }) => {
  const secret = await makeMachine(page, house, 'night-shift');
  await house.run(['scope', 'set', 'stock:read', '--description', 'Read the stock']);
  expect(await asks(house, 'night-shift', secret, 'stock:read')).toMatchObject({ status: 400, error: 'invalid_scope' });
  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await field(page, 'scopes').fill('stock:read');
  await field(page, 'access_token_ttl_secs').fill('5');
  await submit(page, 'edit-client');
  await expect(page.getByText('must be between 10 seconds and 24 hours').first()).toBeVisible();
  await expect(field(page, 'scopes')).toHaveValue('stock:read');
  expect((await asks(house, 'night-shift', secret, 'stock:read')).status).toBe(400);
  await field(page, 'access_token_ttl_secs').fill('60');
  await submit(page, 'edit-client');
  await expect(page.getByText('The application is changed')).toBeVisible();
  expect(await asks(house, 'night-shift', secret, 'stock:read')).toEqual({ status: 200, scope: 'stock:read' });
});

/// D11: of two administrators who change the same application, the later one is told, and decides.
test('a second tab does not overwrite the first unseen', async ({ page, house, context }) => {
  await makeMachine(page, house, 'night-shift');
  const edit = house.url('/admin/clients/edit?id=night-shift');
  const other = await context.newPage();
  await other.goto(edit);
  await page.goto(edit);
  await field(page, 'client_name').fill('Day shift');
  await submit(page, 'edit-client');
  await field(other, 'client_name').fill('Late shift');
  await submit(other, 'edit-client');
  await expect(other.getByText('Somebody changed it since you opened this')).toBeVisible();
  await expect(field(other, 'client_name')).toHaveValue('Late shift');
  await expect(form(other, 'edit-client')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Day shift');
  await submit(other, 'edit-client');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Late shift');
});

/// I11: axe-core finds nothing serious or critical on the pages of an application, in both themes.
for (const colorScheme of ['light', 'dark'] as const) {
  test(`the pages of an application, ${colorScheme}: axe finds nothing @needs-scripts`, async ({ page, house }) => {
    test.slow(true, 'a provider of its own, and six pages looked through one after the other');
    await page.emulateMedia({ colorScheme });
    await makeMachine(page, house, 'night-shift');
    for (const path of ['client?id=night-shift', 'edit?id=night-shift', 'new', 'new-secret?id=night-shift', 'turn?id=night-shift', 'delete?id=night-shift']) {
      await page.goto(house.url(`/admin/clients/${path}`));
      await expect(page.locator('h1')).toBeVisible();
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
      expect(serious.map((v) => `${path} ${v.id}: ${v.help} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
    }
  });
}
