import type { Page } from '@playwright/test';
import { signIn } from '../fixtures/pages.ts';
import { RelyingParty } from '../fixtures/relying-party.ts';
import { Rest } from '../fixtures/rest.ts';
import { expect, test as base } from '../fixtures/test.ts';

const test = base.extend<object, { club: RelyingParty }>({
  /// An application that asks for the organisation its people act in.
  club: [
    async ({ ostiary }, use) => {
      const club = await RelyingParty.start(ostiary, { name: 'Clubhouse', scopes: ['openid', 'organization', 'offline_access'], firstParty: true });
      await use(club);
      await club.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

/// The list of the organisations one may act in.
async function choose(page: Page, name: string): Promise<void> {
  await expect(page).toHaveTitle(/^Choose an organisation/);
  await page.locator('main').getByRole('button', { name }).click();
}

/// C2, E2, E12: who belongs to several organisations says which; the application is told, and may name one itself.
test('an application learns in which organisation somebody acts', async ({ page, ostiary, club, person }) => {
  const rest = await Rest.as(ostiary, person);
  const { id, slug } = await rest.found(`Nordhavn ${person.email}`);
  const attempt = await club.signIn(page, { scope: 'openid organization' });
  await signIn(page, person);
  await choose(page, `Nordhavn ${person.email}`);
  const { claims: first, userinfo } = await club.claims(page, attempt);
  expect(userinfo).toMatchObject({ org_id: id, role: 'owner' });
  expect(first).toMatchObject({ org_id: id, org_slug: slug, role: 'owner' });
  expect(first.permissions).toContain('org:delete');

  // The one chosen last stands first, and the personal one is another.
  const again = await club.signIn(page, { scope: 'openid organization' });
  await expect(page.locator('main li').first()).toContainText('Used last time');
  await choose(page, person.name ?? '');
  expect((await club.claims(page, again)).claims.org_slug).not.toBe(slug);

  const named = await club.signIn(page, { scope: 'openid', organization: slug });
  expect((await club.claims(page, named)).claims.org_id).toBe(id);
});

/// E7: an organisation that asks for a second factor leads whoever has none to setting one up.
test('an organisation asks for a second step', async ({ page, ostiary, club, person }) => {
  const rest = await Rest.as(ostiary, person);
  const { slug } = await rest.found(`Strict ${person.email}`);
  await rest.send('PATCH', `/organizations/${slug}/mfa-policy`, { requireMfa: true, allowedMethods: ['totp', 'passkey'] });
  await club.signIn(page, { scope: 'openid', organization: slug });
  await signIn(page, person);
  await expect(page).toHaveTitle(/asks for a second step/);
  await page.getByRole('link', { name: /Authenticator app/ }).click();
  await expect(page).toHaveURL(/\/account\/authenticators\/add/);
});
