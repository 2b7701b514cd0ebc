import { expect, test } from '../fixtures/test.ts';

/// I8: the API can be read without a script and without a request to anybody else, and a link leads to one operation.
test('people read what the REST API does', async ({ page, ostiary }) => {
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(ostiary.issuer)) elsewhere.push(request.url());
  });
  await page.goto('/api/docs');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('REST API');
  const login = page.locator('#login');
  await expect(login.getByRole('heading', { name: 'Answers' })).toBeHidden();
  await login.locator('summary').click();
  await expect(login.locator('pre')).toContainText(`curl -X POST '${ostiary.issuer}/api/v1/auth/login'`);
  await expect(login.getByText('urn:ostiary:problem:credentials')).toBeVisible();
  expect(elsewhere).toEqual([]);

  await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Clients' }).click();
  await expect(page).toHaveURL(/#clients$/);
});

/// I8: the example of the page is one that works.
test('the example of the page works', async ({ page, ostiary, person }) => {
  await page.goto('/api/docs');
  await page.locator('#login > summary').click();
  const command = await page.locator('#login pre').innerText();
  const body = /--json '(.*)'/.exec(command)?.[1] ?? '';
  const answer = await fetch(/'(http[^']*)'/.exec(command)?.[1] ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...(JSON.parse(body) as object), email: person.email, password: person.password }),
  });
  expect(answer.status).toBe(200);
  expect(ostiary.log).not.toContain('panicked');
});
