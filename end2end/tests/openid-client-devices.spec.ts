import * as oidc from 'openid-client';
import { allow, field, signIn, signInToAccount, submit } from '../fixtures/pages.ts';
import { refusal } from '../fixtures/refusal.ts';
import { discover } from '../fixtures/relying-party.ts';
import { expect, test } from '../fixtures/test.ts';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

/// D8, RFC 8628: the person follows the link that the device shows, compares the code, says yes; the device is let in.
test('a device is connected in the browser', async ({ page, ostiary, person }) => {
  const client = await ostiary.createClient({ name: 'Harbour screen', isPublic: true, grantTypes: [DEVICE], scopes: ['openid', 'email'] });
  const config = await discover(ostiary, client.id, oidc.None());
  const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid email' });
  const waiting = { device_code: begun.device_code };
  expect(await refusal(oidc.genericGrantRequest(config, DEVICE, waiting))).toMatchObject({ error: 'authorization_pending', status: 400 });

  await page.goto(begun.verification_uri_complete ?? '');
  await expect(page.locator('main')).toContainText('Is this the code on your device?');
  await expect(field(page, 'user_code')).toHaveValue(begun.user_code);
  await submit(page, 'device-code');
  await signIn(page, person);
  await expect(page.locator('main')).toContainText('Harbour screen');
  await expect(page.locator('main')).toContainText(begun.user_code);
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(page).toHaveURL(/\/device\/done$/);

  const tokens = await oidc.pollDeviceAuthorizationGrant(config, begun);
  expect(tokens.claims()).toMatchObject({ iss: ostiary.issuer, aud: client.id, email: person.email });
  // The code is used up.
  expect(await refusal(oidc.genericGrantRequest(config, DEVICE, waiting))).toMatchObject({ error: 'invalid_grant' });
});

/// D8, RFC 8628 §3.5: no is an answer.
test('a device is refused in the browser', async ({ page, ostiary, person }) => {
  const client = await ostiary.createClient({ name: 'Harbour screen', isPublic: true, grantTypes: [DEVICE], scopes: ['openid', 'email'] });
  const config = await discover(ostiary, client.id, oidc.None());
  const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid email' });
  await page.goto(begun.verification_uri);
  await field(page, 'user_code').fill(begun.user_code.toLowerCase().replace('-', ''));
  await submit(page, 'device-code');
  await signIn(page, person);
  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  await expect(page).toHaveURL(/\/device\/done$/);
  await expect(oidc.pollDeviceAuthorizationGrant(config, begun)).rejects.toMatchObject({ error: 'access_denied' });
});

const CIBA = 'urn:openid:params:grant-type:ciba';

/// D8, OpenID CIBA in poll mode: an application asks for somebody who is not there; they answer on their account.
test('a person answers an application that waits elsewhere', async ({ page, ostiary, person }) => {
  const client = await ostiary.createClient({ name: 'Harbour office', grantTypes: [CIBA], scopes: ['openid', 'email'] });
  const config = await discover(ostiary, client.id, oidc.ClientSecretBasic(client.secret ?? ''));
  const begun = await oidc.initiateBackchannelAuthentication(config, { scope: 'openid email', login_hint: person.email, binding_message: 'W4SCT' });
  await signInToAccount(page, person);
  await page.goto('/account/requests');
  await page.locator('a[href*="/account/requests/answer"]').click();
  await expect(page.locator('main')).toContainText('Harbour office');
  await expect(page.locator('main')).toContainText('W4SCT');
  await allow(page);
  const tokens = await oidc.pollBackchannelAuthenticationGrant(config, begun);
  expect(tokens.claims()).toMatchObject({ aud: client.id, email: person.email });
});
