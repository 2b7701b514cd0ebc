import type { Page } from '@playwright/test';
import * as oidc from 'openid-client';
import { signIn, signInToAccount } from '../fixtures/pages.ts';
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

/// The accounts of the browser with the organisations each may act in.
async function choose(page: Page, name: string): Promise<void> {
  await expect(page).toHaveTitle(/^Continue as/);
  await page.getByRole('form').getByRole('button', { name }).click();
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

/// C2: one choice says account and organisation, whichever of the accounts was used last.
test('account and organisation are chosen together', async ({ page, ostiary, club, person }) => {
  const other = await ostiary.createUser(ostiary.newPerson('Aiko Tanabe'));
  const { id } = await (await Rest.as(ostiary, person)).found(`Nordhavn ${person.email}`);
  await (await Rest.as(ostiary, other)).found(`Birch ${other.email}`);
  await signInToAccount(page, person);
  await page.goto('/sign-in?another=1');
  await signIn(page, other);
  await expect(page).toHaveURL(/\/account$/);

  const attempt = await club.signIn(page, { scope: 'openid organization' });
  await expect(page.getByRole('form')).toHaveCount(2);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.getByRole('button', { name: `Nordhavn ${person.email}` }).click();
  const { claims, userinfo } = await club.claims(page, attempt);
  expect(claims).toMatchObject({ org_id: id, role: 'owner' });
  expect(userinfo.sub).toBe(claims.sub);

  // Signing one of them out leaves the others, and the way back.
  await club.signIn(page, { scope: 'openid organization' });
  await page.getByRole('button', { name: /^Sign out Aiko Tanabe/ }).click();
  await expect(page.getByRole('form')).toHaveCount(1);
  await expect(page.locator('main')).not.toContainText(`Birch ${other.email}`);
});

/// E5, E10: a denial bites at the next refresh, and a grant is over when its time is.
test('what a member may do is worked out anew at each refresh', async ({ page, ostiary, club, person }) => {
  const owner = await Rest.as(ostiary, await ostiary.createUser(ostiary.newPerson('Aiko Tanabe')));
  const { id, slug } = await owner.found(`Refresh ${person.email}`);
  const member = await Rest.as(ostiary, person);
  await (await Rest.asAdmin(ostiary)).send('POST', `/organizations/${id}/members`, { userId: member.userId, role: 'admin' });
  const attempt = await club.signIn(page, { scope: 'openid offline_access', organization: slug });
  await signIn(page, person);
  const { claims, tokens } = await club.claims(page, attempt);
  expect(claims.permissions).toContain('members:invite');

  let refresh = tokens.refresh_token ?? '';
  const permissions = async (): Promise<unknown> => {
    const answer = await oidc.refreshTokenGrant(club.config, refresh);
    refresh = answer.refresh_token ?? '';
    return (await oidc.fetchUserInfo(club.config, answer.access_token, claims.sub)).permissions;
  };
  const entries = `/organizations/${id}/members/${member.userId}/entries`;
  await owner.send('POST', entries, { effect: 'denial', permission: 'members:invite' });
  const expiresAt = new Date(Date.now() + 5000).toISOString();
  await owner.send('POST', entries, { effect: 'grant', permission: 'org:billing', expiresAt });
  const now = await permissions();
  expect(now).not.toContain('members:invite');
  expect(now).toContain('org:billing');
  await expect.poll(permissions, { timeout: 15_000 }).not.toContain('org:billing');
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
