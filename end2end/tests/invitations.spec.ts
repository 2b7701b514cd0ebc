import { field, form, foundOrganization, linkTo, register, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// E6: an owner invites three people, one of them without an account; one joins from the account, one declines by the link
/// without signing in, and the third makes an account by the link. The owner sees what became of each.
test('people are invited into an organisation', async ({ page, ostiary, person, browser }) => {
  test.setTimeout(120_000);
  const leo = await ostiary.createUser(ostiary.newPerson('Leo Brandt'));
  const ida = await ostiary.createUser(ostiary.newPerson('Ida Holm'));
  const newcomer = ostiary.newPerson('Samira Aziz');
  const visitor = async () => (await browser.newContext({ baseURL: ostiary.issuer })).newPage();

  await signInToAccount(page, person);
  const name = `Fjord ${Date.now()}`;
  await foundOrganization(page, name);
  await page.getByRole('link', { name: 'Invitations', exact: true }).last().click();
  await expect(page.getByText('Nobody is invited yet')).toBeVisible();

  await field(page, 'emails').fill(`Leo Brandt <${leo.email}>, ${newcomer.email}\nnobody`);
  await field(page, 'note').fill('See you on Monday');
  await submit(page, 'invite-members');
  await expect(page.getByRole('status')).toContainText('Invited: 2 of 3');
  await expect(page.getByRole('status')).toContainText('Is no address');
  await expect(field(page, 'emails')).toHaveValue('nobody');
  await field(page, 'emails').fill(ida.email);
  await submit(page, 'invite-members');
  await expect(page.getByRole('status')).toContainText('The invitation is on its way');
  await expect(page.getByRole('row')).toHaveCount(4);

  const other = await visitor();
  await signInToAccount(other, leo);
  await other.goto('/account/invitations');
  await expect(other.getByText('See you on Monday')).toBeVisible();
  await other.getByRole('button', { name: 'Accept' }).click();
  await expect(other.getByRole('status')).toContainText('You are a member now');
  const toIda = await ostiary.mail.waitFor(ida.email, /you are invited/i);
  expect(toIda.text).toContain(person.email);
  expect(toIda.text).not.toContain('Monday');
  await other.goto(linkTo(toIda, '/invitation'));
  await expect(other.getByText('This is for another account')).toBeVisible();
  await other.context().close();

  const decliner = await visitor();
  await decliner.goto(linkTo(toIda, '/invitation'));
  await expect(decliner.getByRole('heading', { level: 1 })).toHaveText(`Join ${name}?`);
  await decliner.getByRole('button', { name: 'Decline without signing in' }).click();
  await expect(decliner.getByRole('heading', { level: 1 })).toHaveText('This invitation was declined');
  await decliner.context().close();

  const stranger = await visitor();
  const mail = await ostiary.mail.waitFor(newcomer.email, /you are invited/i);
  await stranger.goto(linkTo(mail, '/invitation'));
  await stranger.getByRole('link', { name: 'Create an account' }).click();
  await expect(field(stranger, 'email')).toHaveValue(newcomer.email);
  await register(stranger, newcomer);
  await expect(field(stranger, 'username')).toHaveValue(newcomer.email);
  await signIn(stranger, newcomer);
  await expect(stranger).toHaveURL(/\/invitation$/);
  await stranger.getByRole('button', { name: 'Accept' }).click();
  await expect(stranger.getByRole('status')).toContainText('You are a member now');
  await stranger.goto(linkTo(mail, '/invitation'));
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('You have joined already');
  await stranger.context().close();

  await page.reload();
  await expect(page.getByRole('row').filter({ hasText: leo.email })).toContainText('Accepted');
  await expect(page.getByRole('row').filter({ hasText: ida.email })).toContainText('Declined');
  await expect(page.getByRole('row').filter({ hasText: newcomer.email })).toContainText('Accepted');
});

/// E6: an invitation is sent again, its first link is dead; taken back after a question, its new link says so.
test('an invitation is sent again and taken back', async ({ page, ostiary, person }) => {
  await signInToAccount(page, person);
  await foundOrganization(page, `Harbour ${Date.now()}`);
  await page.getByRole('link', { name: 'Invitations', exact: true }).last().click();
  const invited = ostiary.newPerson();
  await field(page, 'emails').fill(invited.email);
  await submit(page, 'invite-members');
  const first = await ostiary.mail.waitFor(invited.email, /you are invited/i);
  await submit(page, 'resend-invitation');
  await expect(page.getByRole('status')).toContainText('The invitation is sent again');
  const mail = await ostiary.mail.waitFor(invited.email, /you are invited/i, [first]);
  await page.getByRole('link', { name: `Withdraw the invitation of ${invited.email}` }).click();
  await expect(form(page, 'withdraw-invitation')).toBeVisible();
  await submit(page, 'withdraw-invitation');
  await expect(page.getByRole('status')).toContainText('The invitation is taken back');
  await page.goto(linkTo(mail, '/invitation'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This invitation was taken back');
  await page.goto(linkTo(first, '/invitation'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link does not work');
});
