import { addPhone, expectError, expectSignedIn, field, secondStep, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { newNumber } from '../fixtures/sms.ts';
import { expect, test } from '../fixtures/test.ts';

/// A9 B4: a number is typed, corrected, confirmed by the code that reaches it, and told by mail.
test('a phone number is added', async ({ page, ostiary, person }) => {
  const number = newNumber();
  await signInToAccount(page, person);
  await page.goto('/account/profile');
  await page.getByRole('link', { name: 'Add phone number' }).click();
  await field(page, 'phone').fill('20 12 34');
  await submit(page, 'change-phone');
  await expectError(page, /no whole number/);
  await expect(field(page, 'phone')).toBeFocused();
  await expect(field(page, 'phone')).toHaveValue('20 12 34');
  await field(page, 'phone').fill(`${number.slice(0, 3)} ${number.slice(3)}`);
  await submit(page, 'change-phone');
  await expect(page.getByRole('status')).toContainText('A message is on its way');
  await expect(field(page, 'code')).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(field(page, 'code')).toHaveAttribute('inputmode', 'numeric');
  const first = await ostiary.sms.waitFor(number);
  expect(first.host).toBe('localhost');
  await field(page, 'code').fill(first.code === '000000' ? '000001' : '000000');
  await submit(page, 'confirm-phone');
  await expectError(page, /not the code of the newest message/);
  await expect(field(page, 'code')).toBeFocused();

  await page.getByRole('button', { name: 'Send another code' }).click();
  const second = await ostiary.sms.waitFor(number, 2);
  await expect(page.getByRole('status')).toContainText('A message is on its way');
  await field(page, 'code').fill(`${second.code.slice(0, 3)} ${second.code.slice(3)}`);
  await submit(page, 'confirm-phone');
  await expect(page.getByRole('status')).toContainText('Your number is confirmed');
  await expect(page.getByText(number)).toBeVisible();
  const mail = await ostiary.mail.waitFor(person.email, /phone number .*was changed/i);
  expect(mail.text).not.toContain(number);
});

/// B4: codes by SMS are turned on, arrive, work once in the browser they were asked for in, and end with the number.
test('a code arrives by SMS', async ({ page, ostiary, person, browser }) => {
  await signInToAccount(page, person);
  const number = await addPhone(page, ostiary);
  await page.goto('/account/security');
  await page.getByRole('link', { name: 'Turn on codes by SMS' }).click();
  await expect(page.getByText('The weakest second step')).toBeVisible();
  await submit(page, 'sms-codes');
  await expect(page.getByRole('status')).toContainText('Codes by SMS are on');
  await ostiary.mail.waitFor(person.email, /codes by SMS were turned on/i);

  const other = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await other.goto('/sign-in');
  await signIn(other, person);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Check your phone');
  await expect(other.getByText(`your number ending in ${number.slice(-2)}`)).toBeVisible();
  await expect(other.getByText(number)).toHaveCount(0);
  const first = await ostiary.sms.waitFor(number, 2);
  await submit(other, 'send-code');
  await expect(other.getByRole('status')).toContainText('A code is on its way');
  const second = await ostiary.sms.waitFor(number, 3);
  if (first.code !== second.code) {
    await secondStep(other, first.code);
    await expectError(other, /not the newest code we sent/);
  }
  await secondStep(other, second.code);
  await expectSignedIn(other, person);
  await other.goto('/sign-out');
  await submit(other, 'sign-out');

  await page.goto('/account/phone');
  await page.getByRole('link', { name: 'Remove phone number' }).click();
  await expect(page.getByText('It is your only second step')).toBeVisible();
  await submit(page, 'remove-phone');
  await expect(page.getByRole('status')).toContainText('Your number is removed');
  await signInToAccount(other, person);
  await other.context().close();
});

/// A9 D5: an application that may see the number reads it.
test('a phone number reaches an application', async ({ page, rp, ostiary, person }) => {
  await signInToAccount(page, person);
  const number = await addPhone(page, ostiary);
  const state = await rp.signIn(page, { scope: 'openid phone' });
  await page.locator('input[name="scope"][value="phone"]').check();
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  const { userinfo } = await rp.claims(page, state);
  expect(userinfo).toMatchObject({ phone_number: number, phone_number_verified: true });
});
