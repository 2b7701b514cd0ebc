import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { addAuthenticator, field, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { Authenticator, addPasskey, withoutAutofill } from '../fixtures/passkeys.ts';
import { expect, test, type Person } from '../fixtures/test.ts';

const button = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' });

/// Signs in with the password, adds a passkey, and signs out again.
async function withPasskey(page: Page, person: Person): Promise<Authenticator> {
  await signInToAccount(page, person);
  const authenticator = await Authenticator.plugInto(page);
  await addPasskey(page);
  await expect(page.getByText('The passkey is added')).toBeVisible();
  await signOut(page);
  return authenticator;
}

async function signOut(page: Page): Promise<void> {
  await page.goto('/sign-out');
  await submit(page, 'sign-out');
}

/// B1: add one, sign in by its button without typing a name, and see when.
test('a passkey is added and opens the door @needs-scripts', async ({ page, person }) => {
  await withoutAutofill(page);
  await withPasskey(page, person);
  await page.goto('/sign-in');
  await button(page).click();
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.getByText('Signed in with a passkey')).toBeVisible();
  await page.goto('/account/passkeys');
  await expect(page.getByRole('listitem').filter({ hasText: 'used' })).toContainText('just now');
});

/// B1: the browser fills the passkey in, as it does a password, and the way to the page goes on.
test('a passkey is filled in @needs-scripts', async ({ page, person }) => {
  await withPasskey(page, person);
  await page.goto('/sign-in?next=sessions');
  await expect(page).toHaveURL(/\/account\/sessions$/);
});

/// B1, D1: it goes on to the application that asked.
test('a passkey leads back to the application @needs-scripts', async ({ page, person, rp }) => {
  await withoutAutofill(page);
  await withPasskey(page, person);
  await rp.signIn(page);
  await button(page).click();
  await expect(page.getByRole('button', { name: 'Allow', exact: true })).toBeVisible();
});

/// B1: two passkeys of one person on two authenticators; the one that is removed is refused, and the other goes on.
test('of two passkeys the removed one is refused @needs-scripts', async ({ page, person }) => {
  await withoutAutofill(page);
  await signInToAccount(page, person);
  const first = await Authenticator.plugInto(page);
  await addPasskey(page);
  await expect(page.getByText('The passkey is added')).toBeVisible();
  const kept = await first.credentials();
  await first.unplug();
  const second = await Authenticator.plugInto(page);
  await addPasskey(page);
  await expect(page.getByRole('link', { name: /^Remove/ })).toHaveCount(2);

  await page.getByRole('link', { name: /^Rename/ }).last().click();
  await field(page, 'name').fill('Second key');
  await submit(page, 'rename-passkey');
  await page.getByRole('link', { name: 'Remove Second key' }).click();
  const removed = await second.credentials();
  await submit(page, 'remove-passkey');
  await expect(page.getByText('The passkey is removed')).toBeVisible();
  await expect(page.getByText('Second key')).toHaveCount(0);

  await signOut(page);
  await second.hold(removed);
  await page.goto('/sign-in');
  await button(page).click();
  await expect(page.getByRole('alert')).toContainText('This passkey opens no account here');
  await second.hold(kept);
  await button(page).click();
  await expect(page).toHaveURL(/\/account$/);
});

/// B1: one authenticator holds one passkey of an account.
test('a passkey is not added twice @needs-scripts', async ({ page, person }) => {
  await signInToAccount(page, person);
  await Authenticator.plugInto(page);
  await addPasskey(page);
  await expect(page.getByRole('link', { name: /^Remove/ })).toHaveCount(1);
  await addPasskey(page);
  await expect(page.getByText('This device holds a passkey for your account already.')).toBeVisible();
});

/// B1 (WebAuthn L3 §5.1.10, Signal API): after a passkey is renamed or removed, the browser is told which are left and what the person is called.
test('the browser is told which passkeys are left @needs-scripts', async ({ page, person }) => {
  await page.addInitScript(() => {
    const told: [string, unknown][] = [];
    Object.assign(window, { told });
    const note = (name: string) => Object.assign(PublicKeyCredential, { [name]: async (what: unknown) => void told.push([name, what]) });
    note('signalAllAcceptedCredentials');
    note('signalCurrentUserDetails');
  });
  const told = () => page.evaluate(() => Object.fromEntries((window as unknown as { told: [string, Record<string, unknown>][] }).told));
  const accepted = async () => (await told()).signalAllAcceptedCredentials?.allAcceptedCredentialIds as string[] | undefined;
  await signInToAccount(page, person);
  const first = await Authenticator.plugInto(page);
  const added = page.getByText('The passkey is added');
  await addPasskey(page);
  await expect(added).toBeVisible();
  await expect.poll(async () => (await accepted())?.length).toBe(1);
  const [kept] = (await accepted()) ?? [];
  await first.unplug();
  await Authenticator.plugInto(page);
  await addPasskey(page);
  await expect(added).toBeVisible();
  await expect.poll(async () => (await accepted())?.length).toBe(2);
  await page.getByRole('link', { name: /^Rename/ }).last().click();
  await field(page, 'name').fill('Second key');
  await submit(page, 'rename-passkey');
  await expect(page.getByText('Second key').first()).toBeVisible();
  await expect.poll(async () => (await accepted())?.length).toBe(2);
  await page.getByRole('link', { name: 'Remove Second key' }).click();
  await submit(page, 'remove-passkey');
  await expect(page.getByText('The passkey is removed')).toBeVisible();
  await expect.poll(accepted).toEqual([kept]);
  const details = (await told()).signalCurrentUserDetails;
  expect(details).toMatchObject({ rpId: 'localhost', name: person.email });
  expect((await told()).signalAllAcceptedCredentials).toMatchObject({ rpId: 'localhost', userId: details?.userId });
});

/// B1: a copy that counts behind is refused; the owner hears of it.
test('a copy of a passkey is refused @needs-scripts', async ({ page, person, ostiary }) => {
  await withoutAutofill(page);
  const authenticator = await withPasskey(page, person);
  await page.goto('/sign-in');
  await button(page).click();
  await expect(page).toHaveURL(/\/account$/);
  await signOut(page);
  await authenticator.turnBack();
  await page.goto('/sign-in');
  await button(page).click();
  await expect(page.getByRole('alert')).toContainText('a copy of it seems to be in use');
  const mail = await ostiary.mail.waitFor(person.email, /copy of a passkey/i);
  expect(mail.text).toContain('/account/passkeys');
});

/// B1: what another site gets the authenticator to sign does not open our door.
test('a signature for another origin is refused @needs-scripts', async ({ page, person, ostiary }) => {
  // Pages follow each other faster here than they fade.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await withoutAutofill(page);
  await withPasskey(page, person);
  await page.goto('/sign-in');
  const ceremony = await page.evaluate(async () => (await fetch('/passkeys/sign-in', { method: 'POST' })).json());
  // Another port of the same host is another origin, with the same relying party id.
  await page.route(`http://localhost:4999/bait`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Bait</title><link rel="icon" href="data:,">' }));
  await page.goto(`http://localhost:4999/bait`);
  const credential = await page.evaluate(async (options) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return JSON.stringify(await navigator.credentials.get({ publicKey }));
  }, ceremony.options);
  await page.goto(ostiary.url('/sign-in'));
  await page.evaluate(
    ([ceremony, credential]) => {
      const form = document.querySelector<HTMLFormElement>('form[data-passkey]');
      if (!form) throw new Error('no form');
      (form.elements.namedItem('ceremony') as HTMLInputElement).value = ceremony ?? '';
      (form.elements.namedItem('credential') as HTMLInputElement).value = credential ?? '';
      form.submit();
    },
    [ceremony.ceremony as string, credential],
  );
  await expect(page.getByRole('alert')).toContainText('This passkey was not accepted');
});

/// B1: somebody who lets it be is told so in the page, and nothing else happened.
test('a cancelled ceremony is told @needs-scripts', async ({ page, person }) => {
  await withoutAutofill(page);
  const authenticator = await withPasskey(page, person);
  await authenticator.refuse();
  await page.goto('/sign-in');
  await button(page).click();
  await expect(page.getByText('No passkey was chosen.')).toBeVisible();
  await signIn(page, person);
  await expect(page).toHaveURL(/\/account$/);
});

/// B8: offered after a password; "not now" leads on and is not asked again, and the offer can be taken.
test('a passkey is offered after a password @needs-scripts', async ({ page, person, ostiary }) => {
  await withoutAutofill(page);
  await Authenticator.plugInto(page);
  await page.goto('/sign-in');
  await signIn(page, person);
  await expect(page).toHaveURL(/\/account\/passkeys\/offer$/);
  await page.getByRole('button', { name: 'Not now' }).click();
  await expect(page).toHaveURL(/\/account$/);
  await signOut(page);
  await signInToAccount(page, person);
  await signOut(page);

  const other = await ostiary.createUser();
  await page.goto('/sign-in?next=sessions');
  await signIn(page, other);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page).toHaveURL(/\/account\/sessions$/);
  await signOut(page);
  await page.goto('/sign-in');
  await button(page).click();
  await expect(page).toHaveURL(/\/account$/);
});

/// B1, B8: without scripts the pages say what is missing, and signing in is as it was.
test('without scripts nothing stands in the way', async ({ page, person, javaScriptEnabled }) => {
  await page.goto('/sign-in');
  await expect(button(page)).toBeVisible({ visible: javaScriptEnabled });
  await signIn(page, person);
  await expect(page).toHaveURL(/\/account$/);
  await page.goto('/account/passkeys');
  await expect(page.getByRole('heading', { name: 'Scripts are off' })).toBeVisible({ visible: !javaScriptEnabled });
  await expect(page.getByRole('button', { name: 'Add a passkey' })).toBeVisible({ visible: javaScriptEnabled });
});

/// I11: axe finds nothing, and nothing scrolls sideways at 360 px, with passkeys on the list.
for (const colorScheme of ['light', 'dark'] as const) {
  test(`passkeys, ${colorScheme}: axe and a narrow screen @needs-scripts`, async ({ page, person }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 720 });
    await signInToAccount(page, person);
    await Authenticator.plugInto(page);
    await addPasskey(page);
    await expect(page.getByRole('link', { name: /^Remove/ })).toHaveCount(1);
    for (const step of ['list', 'Rename', 'Remove', 'offer']) {
      if (step === 'offer') await page.goto('/account/passkeys/offer');
      else if (step !== 'list') {
        await page.goto('/account/passkeys');
        await page.getByRole('link', { name: new RegExp(`^${step}`) }).click();
      }
      await expect(page.locator('h1')).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      expect(violations.map((v) => `${step}: ${v.id} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    }
  });
}

/// B1 B6: behind the password, a key is one of the ways; a refused one leaves the others.
test('a passkey is shown in the second step @needs-scripts', async ({ page, person }) => {
  await withoutAutofill(page);
  await signInToAccount(page, person);
  const authenticator = await Authenticator.plugInto(page);
  await addPasskey(page);
  await expect(page.getByText('The passkey is added')).toBeVisible();
  await addAuthenticator(page);
  await signOut(page);
  await page.goto('/sign-in');
  await signIn(page, person);
  const use = page.getByRole('button', { name: 'Use your passkey or security key' });
  await expect(use).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')).toEqual([]);
  const kept = await authenticator.credentials();
  await authenticator.hold([]);
  await use.click();
  await expect(page.getByText('No passkey was used.')).toBeVisible();
  await authenticator.hold(kept);
  await use.click();
  await expect(page).toHaveURL(/\/account$/);
});

/// B6: an application that insists on a key has it asked for on top of the password.
test('an application asks for a passkey @needs-scripts', async ({ page, person, rp }) => {
  await withoutAutofill(page);
  await signInToAccount(page, person);
  await Authenticator.plugInto(page);
  await addPasskey(page);
  await expect(page.getByText('The passkey is added')).toBeVisible();
  const acr = { essential: true, value: 'urn:ostiary:acr:phr' };
  const state = await rp.signIn(page, { claims: JSON.stringify({ id_token: { acr } }) });
  await page.getByRole('button', { name: 'Use your passkey or security key' }).click();
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  const { claims } = await rp.claims(page, state);
  expect(claims).toMatchObject({ acr: acr.value, amr: ['pwd', expect.stringMatching(/^(hwk|swk)$/), 'user', 'mfa'] });
});
