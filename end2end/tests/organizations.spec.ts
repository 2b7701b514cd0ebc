import type { Browser, Page } from '@playwright/test';
import type { Ostiary, Person } from '../fixtures/ostiary.ts';
import { expectError, field, form, signInToAccount, submit } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// Another person's browser.
async function elsewhere(browser: Browser, ostiary: Ostiary, person: Person): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await signInToAccount(page, person);
  return page;
}

/// Founds an organisation and ends on its page; says its short name.
async function found(page: Page, name: string): Promise<string> {
  await page.goto('/organizations');
  await page.getByRole('link', { name: 'Found one' }).click();
  await field(page, 'organization_name').fill(name);
  await submit(page, 'create-organization');
  await expect(page.getByRole('status')).toContainText('The organisation is founded');
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/// The administrator makes somebody a member.
async function join(ostiary: Ostiary, slug: string, person: Person, role: string): Promise<void> {
  const admin = await ostiary.createUser(ostiary.newPerson('Ada Byrne'), { admin: true });
  const post = async (path: string, data: object, token?: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(`${ostiary.issuer}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(data) });
    expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
    const text = await answer.text();
    return text ? JSON.parse(text) : undefined;
  };
  const login = async ({ email, password }: Person): Promise<string> =>
    ((await post('/auth/login', { username: email, password })) as { token: string }).token;
  const claims = (await login(person)).split('.')[1] ?? '';
  const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string };
  await post(`/organizations/${slug}/members`, { userId: sub, role }, await login(admin));
}

/// E1, E7: an owner founds an organisation and changes what it is set to; what was typed is still there after an error.
test('an organisation is founded and set up', async ({ page, person }) => {
  await signInToAccount(page, person);
  const slug = await found(page, `Nordhavn ${person.email}`);
  await page.locator('#side').getByRole('link', { name: 'Settings' }).click();
  await field(page, 'organization_name').fill('Nordhavn Studio');
  await field(page, 'max_members').fill('0');
  await submit(page, 'edit-organization');
  await expectError(page, /room for 1 to/);
  await expect(field(page, 'organization_name')).toHaveValue('Nordhavn Studio');
  await field(page, 'max_members').fill('20');
  await field(page, 'member_invites').check();
  await submit(page, 'edit-organization');
  await expect(page.getByRole('status')).toContainText('The organisation is changed');
  await expect(field(page, 'member_invites')).toBeChecked();

  await field(page, 'require').check();
  await field(page, 'grace').fill('7');
  await submit(page, 'mfa-policy');
  await expect(page.getByRole('status')).toContainText('What signing in asks for is changed');
  await page.locator('#side').getByRole('link', { name: 'Activity' }).last().click();
  await expect(page).toHaveURL(new RegExp(`/organizations/${slug}/activity$`));
  await expect(page.locator('main')).toContainText('What signing in asks for changed');
});

/// E3, E4: a role of its own is made; the table says what it gives and through which role.
test('a role is made, and shown beside the others', async ({ page, person }) => {
  await signInToAccount(page, person);
  await found(page, `Roles of ${person.email}`);
  await page.locator('#side').getByRole('link', { name: 'Roles', exact: true }).click();
  await page.getByRole('link', { name: 'New role' }).click();
  await field(page, 'role_name').fill('Night shift');
  await page.locator('[name="permissions"][value="members:invite"]').check();
  await page.getByRole('group', { name: 'Inherits' }).getByLabel('Viewer').check();
  await submit(page, 'save-role');
  await expect(page.getByRole('status')).toContainText('The role is made');
  const row = page.getByRole('row', { name: /org:read/ });
  await expect(row.getByRole('cell').last()).toHaveText('Yes, through Viewer');
  await page.getByRole('link', { name: 'Edit Night shift' }).click();
  await expect(page.locator('[name="permissions"][value="members:invite"]')).toBeChecked();
  await page.goBack();
  await page.getByRole('link', { name: 'Delete Night shift' }).click();
  await submit(page, 'delete-role');
  await expect(page.getByRole('status')).toContainText('The role is deleted');
});

/// E2, E3, E5: a member is found, has another role, is granted something for a while and loses it again; then it is all
/// theirs, and whoever owned it leaves. E1: it is deleted, and brought back.
test('members, grants, ownership, and an end that is taken back', async ({ page, browser, ostiary, person }) => {
  const aiko = await ostiary.createUser(ostiary.newPerson('Aiko Tanabe'));
  await signInToAccount(page, person);
  const slug = await found(page, `Studio of ${person.email}`);
  await join(ostiary, slug, aiko, 'viewer');

  await page.goto(`/organizations/${slug}/members`);
  await field(page, 'q').fill(aiko.email.toUpperCase());
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('link', { name: 'Look at Aiko Tanabe' }).click();
  await field(page, 'role').selectOption({ label: 'Operator' });
  await submit(page, 'change-member-role');
  await expect(page.getByRole('status')).toContainText('The role is changed');
  await expect(page.getByRole('heading', { name: 'Role: Operator' })).toBeVisible();

  await page.getByText('Add a grant or a denial').click();
  await field(page, 'permission').selectOption('members:invite');
  await field(page, 'reason').fill('while Mara is away');
  await field(page, 'ends').fill('2020-01-01');
  await submit(page, 'add-member-entry');
  await expectError(page, /This day is over/);
  await expect(field(page, 'reason')).toHaveValue('while Mara is away');
  await field(page, 'ends').fill('2199-12-31');
  await submit(page, 'add-member-entry');
  await expect(page.getByRole('status')).toContainText('It is written down');
  const may = page.getByRole('row', { name: /members:invite/ });
  await expect(may).toContainText('Granted until 1 January 2200');
  await page.getByRole('link', { name: 'Withdraw members:invite' }).click();
  await submit(page, 'remove-member-entry');
  await expect(may).toContainText('Nothing gives it');

  await page.locator('#side').getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Hand over' }).click();
  await page.getByRole('link', { name: 'Choose Aiko Tanabe' }).click();
  await submit(page, 'hand-over');
  await expect(page.getByRole('status')).toContainText('has its new owner');
  await page.locator('main').getByRole('link', { name: 'Leave' }).click();
  await submit(page, 'leave-organization');
  await expect(page.getByRole('status')).toContainText('You have left');
  await page.goto(`/organizations/${slug}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is here');

  const hers = await elsewhere(browser, ostiary, aiko);
  await hers.goto(`/organizations/${slug}/settings`);
  await hers.getByRole('link', { name: 'Delete organisation' }).click();
  await field(hers, 'confirm').fill('something else');
  await submit(hers, 'delete-organization');
  await expectError(hers, /not its short name/);
  await field(hers, 'confirm').fill(slug);
  await submit(hers, 'delete-organization');
  await expect(hers.getByRole('status')).toContainText('The organisation is deleted');
  await submit(hers, 'restore-organization');
  await expect(hers.getByRole('status')).toContainText('The organisation is back');
  await expect(form(hers, 'restore-organization')).toHaveCount(0);
  await hers.goto(`/organizations/${slug}`);
  await expect(hers.getByRole('heading', { level: 1 })).toContainText('Studio of');
  await hers.context().close();
});
