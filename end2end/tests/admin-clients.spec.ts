import { AxeBuilder } from '@axe-core/playwright';
import { Ostiary } from '../fixtures/ostiary.ts';
import { signIn } from '../fixtures/pages.ts';
import { expect, test as base } from '../fixtures/test.ts';

/// An instance of its own: the set-up link that other tests look at ends with the first administrator.
const test = base.extend<{ house: Ostiary }>({
  house: async ({}, use) => {
    const house = await Ostiary.start();
    await use(house);
    await house.stop();
  },
});

/// D11: an administrator finds an application by its name, by keyboard and at phone width too.
test('an administrator looks an application up', async ({ page, house }) => {
  const admin = await house.createUser(house.newPerson('Aiko Tanaka'), { admin: true });
  const { id } = await house.createClient({ name: 'Blockyard', redirectUris: ['https://blockyard.example/callback'] });
  await house.createClient({ name: 'Night shift', grantTypes: ['client_credentials'] });
  await page.goto(house.url('/admin/clients'));
  await signIn(page, admin);
  await expect(page).toHaveURL(/\/admin\/clients$/);
  await expect(page.getByText('2 applications in all')).toBeVisible();
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.getByLabel('Name or client id').fill('block');
  await page.keyboard.press('Enter');
  await expect(page.getByText(id)).toBeVisible();
  await expect(page.getByText('Night shift')).toHaveCount(0);
});

/// D11: the menu of somebody who does not administer the instance leads to none of it.
test('other people find no administration', async ({ page, house }) => {
  const person = await house.createUser();
  await page.goto(house.url('/account'));
  await signIn(page, person);
  await expect(page.locator('a[href*="/admin/"]')).toHaveCount(0);
});

/// I11: axe-core finds nothing serious or critical, in both themes.
for (const colorScheme of ['light', 'dark'] as const) {
  test(`the list of applications, ${colorScheme}: axe finds nothing @needs-scripts`, async ({ page, house }, testInfo) => {
    const admin = await house.createUser(house.newPerson('Aiko Tanaka'), { admin: true });
    await house.createClient({ name: 'Blockyard', redirectUris: ['https://blockyard.example/callback'] });
    await page.emulateMedia({ colorScheme });
    await page.goto(house.url('/admin/clients'));
    await signIn(page, admin);
    await expect(page).toHaveURL(/\/admin\/clients$/);
    await testInfo.attach('page', { body: await page.screenshot({ fullPage: true }), contentType: 'image/png' });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
    expect(serious.map((v) => `${v.id}: ${v.help} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
  });
}
