import { expectError, signIn } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ ostiaryOptions: { rateLimits: true } });

/// I5: the sixth sign-in within a minute waits, and the page says for how long.
test('too many sign-ins from one place are told to wait', async ({ page, ostiary }) => {
  const { email } = ostiary.newPerson();
  await page.goto('/sign-in');
  for (let n = 0; n < 5; n += 1) {
    await signIn(page, { email, password: `Wrong-password-${n}` });
    await expectError(page, /not right/);
  }
  await signIn(page, { email, password: 'Wrong-password-6' });
  await expect(page.locator('main')).toContainText(/Too many tries/);
});

/// I5 I8: the REST API says it with a status and a header.
test('REST answers 429 with Retry-After', async ({ ostiary, request }) => {
  const { email } = ostiary.newPerson();
  const answers: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    const answer = await request.post('/api/v1/auth/login', { data: { username: email, password: `Wrong-password-${n}` } });
    answers.push(answer.status());
    if (answer.status() === 429) {
      expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(0);
      expect(answer.headers()['content-type']).toContain('application/problem+json');
    }
  }
  expect(answers.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
  expect(answers.at(-1)).toBe(429);
});
