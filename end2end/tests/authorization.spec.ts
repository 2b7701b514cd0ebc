import { allow, deny, expectSignedIn, field, form, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { RelyingParty } from '../fixtures/relying-party.ts';
import { expect, test } from '../fixtures/test.ts';

/// D2: all three ways to give the answer, from the provider's site to the application's.
for (const response_mode of ['query', 'fragment', 'form_post'] as const) {
  test(`response_mode=${response_mode} brings the answer`, async ({ page, rp, person }) => {
    const state = await rp.signIn(page, { response_mode });
    await signIn(page, person);
    await allow(page);
    // With scripts the form goes by itself; without, its button is pressed.
    if (response_mode === 'form_post' && test.info().project.name === 'scripts-off') await page.getByRole('button').click();
    const { claims } = await rp.claims(page, state);
    expect(claims.email).toBe(person.email);
    const url = new URL(page.url());
    expect(url.hash.includes('code=')).toBe(response_mode === 'fragment');
    expect(url.search.includes('code=')).toBe(response_mode === 'query');
  });
}

/// D10: no is an answer, and the application is told.
test('denied consent is told to the application as access_denied', async ({ page, rp, person }) => {
  const state = await rp.signIn(page);
  await signIn(page, person);
  await deny(page);
  expect(await rp.outcome(page, state)).toMatchObject({ error: 'access_denied' });
  expect(new URL(page.url()).searchParams.get('iss')).toBe(rp.config.serverMetadata().issuer);
  // The person is still signed in, and may change their mind.
  const again = await rp.signIn(page);
  await allow(page);
  await rp.claims(page, again);
});

/// D10: the page says who asks and for whom; a remembered answer is not asked for again, until more is wanted.
test('consent is remembered for the same request and asked again for more', async ({ page, rp, person }) => {
  let state = await rp.signIn(page, { scope: 'openid email' });
  await signIn(page, person);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Blockyard');
  await expect(page.locator('main')).toContainText(person.email);
  await field(page, 'remember').check();
  await allow(page);
  await rp.claims(page, state);

  state = await rp.signIn(page, { scope: 'openid email' });
  await rp.claims(page, state);

  state = await rp.signIn(page, { scope: 'openid email profile' });
  await allow(page);
  const { claims } = await rp.claims(page, state);
  expect(claims.name).toBe(person.name);
});

/// D10: what is optional is not given unless it is ticked.
test('an optional permission is given only when it is ticked', async ({ page, rp, person }) => {
  const scope = 'openid email offline_access';
  let state = await rp.signIn(page, { scope, prompt: 'consent' });
  await signIn(page, person);
  const optional = page.locator('input[name="scope"][value="offline_access"]');
  await optional.uncheck();
  await allow(page);
  expect((await rp.claims(page, state)).tokens.refresh_token).toBeUndefined();

  state = await rp.signIn(page, { scope, prompt: 'consent' });
  await optional.check();
  await allow(page);
  expect((await rp.claims(page, state)).tokens.refresh_token).toMatch(/^ost_rt_/);
});

/// D10: a first-party application does not ask.
test('a first-party application skips consent', async ({ page, ostiary, person }) => {
  const own = await RelyingParty.start(ostiary, { firstParty: true, name: 'House app' });
  const state = await own.signIn(page);
  await signIn(page, person);
  const { claims } = await own.claims(page, state);
  expect(claims.email).toBe(person.email);
  await own.stop();
});

/// D10: whoever is signed in as the wrong person can change that on the consent page.
test('another account can be used from the consent page', async ({ page, ostiary, rp, person }) => {
  const other = await ostiary.createUser(ostiary.newPerson('Aiko Tanabe'));
  await signInToAccount(page, person);
  const state = await rp.signIn(page);
  await expect(page.locator('main')).toContainText(person.email);
  await page.getByRole('link', { name: 'Use another account' }).click();
  await page.getByRole('link', { name: 'Use another account' }).click();
  await signIn(page, other);
  await expect(page.locator('main')).toContainText(other.email);
  await allow(page);
  expect((await rp.claims(page, state)).claims.email).toBe(other.email);
});

/// OIDC Core 3.1.2.1: prompt=none never shows a page.
test('prompt=none answers at once', async ({ page, rp, person }) => {
  expect(await rp.outcome(page, await rp.signIn(page, { prompt: 'none' }))).toMatchObject({ error: 'login_required' });
  await signInToAccount(page, person);
  expect(await rp.outcome(page, await rp.signIn(page, { prompt: 'none' }))).toMatchObject({ error: 'consent_required' });
  const state = await rp.signIn(page);
  await field(page, 'remember').check();
  await allow(page);
  await rp.claims(page, state);
  const silent = await rp.claims(page, await rp.signIn(page, { prompt: 'none' }));
  expect(silent.claims.email).toBe(person.email);
});

/// OIDC Core 3.1.2.1: prompt=login asks for the password although there is a session, and auth_time is new.
test('prompt=login asks again and renews auth_time', async ({ page, rp, person }) => {
  let state = await rp.signIn(page);
  await signIn(page, person);
  await field(page, 'remember').check();
  await allow(page);
  const first = await rp.claims(page, state);
  await page.waitForTimeout(1_100);
  state = await rp.signIn(page, { prompt: 'login' });
  await signIn(page, person);
  const second = await rp.claims(page, state);
  expect(second.claims.sub).toBe(first.claims.sub);
  expect(second.claims.auth_time).toBeGreaterThan(Number(first.claims.auth_time));
});

/// OIDC Core 3.1.2.1: prompt=consent asks although the answer was remembered.
test('prompt=consent asks again', async ({ page, rp, person }) => {
  let state = await rp.signIn(page);
  await signIn(page, person);
  await field(page, 'remember').check();
  await allow(page);
  await rp.claims(page, state);
  state = await rp.signIn(page, { prompt: 'consent' });
  await allow(page);
  await rp.claims(page, state);
});

/// OIDC Core 3.1.2.1: max_age, with a session that is older and with one that is young enough.
test('max_age asks for the password when the sign-in is older', async ({ page, rp, person }) => {
  let state = await rp.signIn(page);
  await signIn(page, person);
  await field(page, 'remember').check();
  await allow(page);
  await rp.claims(page, state);
  state = await rp.signIn(page, { max_age: 3_600 });
  await rp.claims(page, state);
  await page.waitForTimeout(2_100);
  state = await rp.signIn(page, { max_age: 1 });
  await signIn(page, person);
  await rp.claims(page, state);
});

/// OIDC Core 3.1.2.1: login_hint fills in the address, and nothing else.
test('login_hint fills in the address', async ({ page, rp, person }) => {
  const state = await rp.signIn(page, { login_hint: person.email });
  await expect(field(page, 'username')).toHaveValue(person.email);
  await field(page, 'password').fill(person.password);
  await submit(page, 'sign-in');
  await allow(page);
  await rp.claims(page, state);
});

/// D13: an address that is not registered is never gone to; the page says why, in words and for the developer.
for (const [what, redirect] of [
  ['another path', '/elsewhere'],
  ['a longer path', '/callback/more'],
  ['a query', '/callback?next=x'],
  ['another host', 'https://evil.example/callback'],
  ['a user part', '//127.0.0.1@evil.example/callback'],
] as const) {
  test(`a redirect address with ${what} is shown, not followed`, async ({ page, rp, ostiary }) => {
    const redirect_uri = redirect.startsWith('/') && !redirect.startsWith('//') ? rp.origin + redirect : new URL(redirect, 'http://x').href;
    const asked: string[] = [];
    const { target } = await rp.prepare({ redirect_uri });
    page.on('request', (request) => asked.push(request.url()));
    const answer = await page.goto(target.href);
    expect(answer?.status()).toBe(400);
    expect(page.url().startsWith(ostiary.issuer)).toBe(true);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('main')).toContainText('redirect_uri');
    for (const url of asked) expect(url.startsWith(ostiary.issuer)).toBe(true);
    expect(await page.locator('a[href*="evil.example"]').count()).toBe(0);
  });
}

/// D13: an unknown application gets a page as well; a wrong request of a known one is told to it.
test('an unknown client is shown, a wrong request of a known one is answered', async ({ page, rp }) => {
  const unknown = (await rp.prepare({ client_id: 'nobody-we-know' })).target;
  expect((await page.goto(unknown.href))?.status()).toBe(400);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const state = await rp.signIn(page, { scope: 'email' });
  expect(await rp.outcome(page, state)).toMatchObject({ error: expect.stringMatching(/invalid_(scope|request)/) });
  const other = await rp.signIn(page, { response_type: 'token' });
  expect(await rp.outcome(page, other)).toMatchObject({ error: expect.stringMatching(/unsupported_response_type|unauthorized_client/) });
});

test('two tabs that started signing in both arrive', async ({ page, context, rp, person }) => {
  const second = await context.newPage();
  const first = await rp.signIn(page);
  const other = await rp.signIn(second);
  await expect(field(second, 'password')).toBeVisible();

  await signIn(page, person);
  await allow(page);
  expect((await rp.claims(page, first)).claims.email).toBe(person.email);

  // The second tab still shows the sign-in form from before: using it is no mistake.
  await signIn(second, person);
  await allow(second);
  expect((await rp.claims(second, other)).claims.email).toBe(person.email);
});

test('a tab that was left at sign-in goes on when it is opened again', async ({ page, context, rp, person }) => {
  const second = await context.newPage();
  const other = await rp.signIn(second);
  await signInToAccount(page, person);
  await second.reload();
  await allow(second);
  await rp.claims(second, other);
});

test('the back button after consent is no trap', async ({ page, rp, person }) => {
  const state = await rp.signIn(page);
  await signIn(page, person);
  await allow(page);
  await rp.claims(page, state);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectSignedIn(page, person);
  // And the application can start again.
  const again = await rp.signIn(page);
  await allow(page);
  await rp.claims(page, again);
});

test('pressing Allow twice arrives once', async ({ page, rp, person }) => {
  const state = await rp.signIn(page);
  await signIn(page, person);
  await page.getByRole('button', { name: 'Allow', exact: true }).dblclick();
  await rp.claims(page, state);
});

test('consent of a session that ended meanwhile asks to sign in again', async ({ page, context, rp, person }) => {
  const state = await rp.signIn(page);
  await signIn(page, person);
  await expect(page.getByRole('button', { name: 'Allow', exact: true })).toBeVisible();
  const second = await context.newPage();
  await second.goto('/sign-out');
  await submit(second, 'sign-out');
  await allow(page);
  await signIn(page, person);
  await allow(page);
  await rp.claims(page, state);
});

/// Somebody else's interaction is of no use in another browser.
test('a sign-in link of another browser leads nowhere harmful', async ({ page, browser, rp, ostiary, person }) => {
  await rp.signIn(page);
  const link = page.url();
  const elsewhere = await (await browser.newContext({ baseURL: ostiary.issuer })).newPage();
  await elsewhere.goto(link);
  if ((await form(elsewhere, 'sign-in').count()) > 0) {
    await signIn(elsewhere, person);
    // The password may be right, but the answer belongs to the browser that asked.
    await expect(elsewhere.getByRole('heading', { level: 1 })).toBeVisible();
    expect(new URL(elsewhere.url()).origin).toBe(ostiary.issuer);
  }
  await elsewhere.context().close();
});
