import { Nginx } from '../fixtures/nginx.ts';
import { signIn } from '../fixtures/pages.ts';
import { Rest } from '../fixtures/rest.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ ostiaryOptions: { forwardAuth: true } });

/// I7: a real nginx guards pages; whoever is signed in and may comes through, and nobody under a name of their own making.
test('a page behind nginx opens for whoever may, under their own name only', async ({ page, ostiary, person }) => {
  const rest = await Rest.as(ostiary, person);
  const { id, slug } = await rest.found(`Wiki ${person.email}`);
  const nginx = await Nginx.start(ostiary, {
    wiki: `organization=${slug}&require=members:read`,
    moon: `organization=${slug}&require=moon:walk`,
  });
  try {
    const forged = { 'X-User-Id': 'root', 'X-User-Roles': 'owner', 'X-Authenticated': 'true', 'X-Org-Id': 'x', 'X-User-Permissions': 'moon:walk' };
    // Nobody comes through, whoever they say they are.
    const nobody = await fetch(`${nginx.origin}/wiki/`, { headers: forged, redirect: 'manual' });
    expect(nobody.status).toBe(302);

    await page.goto(`${nginx.origin}/wiki/page?a=1&b=2`);
    expect(page.url().startsWith(ostiary.issuer)).toBe(true);
    await signIn(page, person);
    await expect(page).toHaveURL(`${nginx.origin}/wiki/page?a=1&b=2`);
    await expect(page.locator('#x-authenticated')).toHaveText('true');
    await expect(page.locator('#x-user-id')).toHaveText(rest.userId);
    await expect(page.locator('#x-org-id')).toHaveText(id);
    await expect(page.locator('#x-user-roles')).toHaveText('owner');
    await expect(page.locator('#x-user-permissions')).toContainText('org:delete');

    const cookies = (await page.context().cookies(ostiary.issuer)).map(({ name, value }) => `${name}=${value}`).join('; ');
    const through = await fetch(`${nginx.origin}/wiki/`, { headers: { ...forged, cookie: cookies } });
    expect(await through.text()).toContain(rest.userId);
    const refused = await fetch(`${nginx.origin}/moon/`, { headers: { ...forged, cookie: cookies } });
    expect(refused.status).toBe(403);
  } finally {
    await nginx.stop();
  }
});
