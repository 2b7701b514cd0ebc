import { choosePassword, enterCode, expectError, field, forgotPassword, form, linkTo, register, resetMail, submit, verificationMail } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ ostiaryOptions: { verificationTtl: 2, resetTtl: 2 } });

const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2_500));

/// A4: a link and a code that are too old say so and offer a new mail.
test('an old verification link and code are refused, and a new mail works', async ({ page, ostiary }) => {
  const person = ostiary.newPerson();
  await page.goto('/register');
  await register(page, person);
  const mail = await verificationMail(ostiary.mail, person.email);
  const waiting = page.url();
  await wait();
  await enterCode(page, mail.code);
  await expectError(page, /too old/);

  await page.goto(linkTo(mail, '/verify'));
  if ((await form(page, 'verify-link').count()) > 0) await submit(page, 'verify-link');
  await expect(page.locator('main')).toContainText(/too old|older/i);

  await page.goto(waiting);
  await submit(page, 'resend-verification');
  const fresh = await verificationMail(ostiary.mail, person.email, ostiary.mail.to(person.email).filter((m) => m.code === mail.code));
  await page.goto(linkTo(fresh, '/verify'));
  await submit(page, 'verify-link');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

/// A5: a link to choose a new password that is too old says so and leads to a new one.
test('an old reset link is refused and leads to a new one', async ({ page, ostiary, person }) => {
  await forgotPassword(page, person.email);
  const link = linkTo(await resetMail(ostiary.mail, person.email), '/reset-password');
  await wait();
  await page.goto(link);
  if ((await field(page, 'again').count()) > 0) await choosePassword(page, `${person.password}-new`);
  await expect(page.locator('main')).toContainText(/older than/);
  await page.locator('main a[href*="/forgot-password"]').click();
  await expect(form(page, 'forgot-password')).toBeVisible();
});
