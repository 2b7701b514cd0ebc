import { addAuthenticator, expectError, expectSignedIn, expectSignedOut, field, linkTo, secondStep, submit } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

/// B5: without a password, by the code of a mail; what is mistyped costs nothing but another try.
test('a mailed code signs in', async ({ page, ostiary, person }) => {
  await page.goto('/account/security');
  await page.getByRole('link', { name: 'Sign in by e-mail' }).click();
  await field(page, 'email').fill(person.email);
  await submit(page, 'sign-in-mail');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your mail');
  const mail = await ostiary.mail.waitFor(person.email, /^Sign in to/);
  expect(mail.subject).not.toContain(mail.code ?? 'no code');
  await field(page, 'code').fill(mail.code === '000000' ? '000001' : '000000');
  await submit(page, 'sign-in-code');
  await expectError(page, /not the code of the newest mail/);
  await expectSignedOut(page);
  await page.goto('/sign-in/mail/code?next=security');
  await field(page, 'code').fill(mail.code ?? '');
  await submit(page, 'sign-in-code');
  await expect(page).toHaveURL(/\/account\/security$/);
  await expectSignedIn(page, person);
});

/// B5: the link does the same, in whichever browser it is opened, once; the application waits meanwhile.
test('a mailed link leads back to the application', async ({ page, ostiary, person, rp, browser }) => {
  await rp.signIn(page);
  await page.getByRole('link', { name: 'Sign in by e-mail' }).click();
  await field(page, 'email').fill(person.email);
  await submit(page, 'sign-in-mail');
  const link = linkTo(await ostiary.mail.waitFor(person.email, /^Sign in to/), '/sign-in/link');
  await page.goto(link);
  await expect(page.getByText(person.email)).toBeVisible();
  await submit(page, 'sign-in-link');
  await expect(page.getByRole('button', { name: 'Allow' })).toBeVisible();
  const late = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await late.goto(link);
  await expect(late.getByRole('heading', { level: 1 })).toHaveText('This link no longer works');
  await late.context().close();
});

/// B5 B2: the second factor is still asked for, and the mailbox is not it.
test('a mailed link does not stand in for the second factor', async ({ page, ostiary, person, browser }) => {
  await page.goto('/sign-in/mail');
  await field(page, 'email').fill(person.email);
  await submit(page, 'sign-in-mail');
  const first = await ostiary.mail.waitFor(person.email, /^Sign in to/);
  await page.goto(linkTo(first, '/sign-in/link'));
  await submit(page, 'sign-in-link');
  const { app } = await addAuthenticator(page);
  const other = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await other.goto('/sign-in/mail');
  await field(other, 'email').fill(person.email);
  await submit(other, 'sign-in-mail');
  await other.goto(linkTo(await ostiary.mail.waitFor(person.email, /^Sign in to/, [first]), '/sign-in/link'));
  await submit(other, 'sign-in-link');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Enter the code');
  await expectSignedOut(other);
  await other.goto('/sign-in/second-factor');
  await secondStep(other, await app.next());
  await expectSignedIn(other, person);
  await other.context().close();
});
