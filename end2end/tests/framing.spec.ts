import { createServer } from 'node:http';
import type { Page } from '@playwright/test';
import { expectSignedIn, signInToAccount } from '../fixtures/pages.ts';
import { expect, test as base } from '../fixtures/test.ts';
import type { Watch } from '../fixtures/watch.ts';

/// A page of somebody else's that shows one of ours in a frame and hopes for a click (RFC 9700 §4.16, RFC 6749 §10.13).
const test = base.extend<{ trap: (target: string) => Promise<string> }>({
  trap: async ({}, use) => {
    let target = '';
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const frame = `<iframe id=bait src="${target.replaceAll('&', '&amp;')}" width=600 height=800></iframe>`;
      response.end(`<!doctype html><html lang=en><title>Win a boat</title><link rel=icon href="data:,"><h1>Win a boat</h1>${frame}</html>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await use(async (framed) => {
      target = framed;
      return `http://127.0.0.1:${address.port}/`;
    });
    server.closeAllConnections();
    server.close();
  },
});

const REFUSED = /frame-ancestors|X-Frame-Options/;

/// Chromium's own error page runs a script of its own, which complains when its frame is taken away under it.
const ERROR_PAGE = /TrustedTypePolicy.*no longer runnable/;

function forgive(watch: Watch): void {
  watch.problems.splice(0, watch.problems.length, ...watch.problems.filter((problem) => !REFUSED.test(problem) && !ERROR_PAGE.test(problem)));
}

/// Opens the trap: the browser shows nothing of ours in it, and says why.
async function expectRefused(page: Page, watch: Watch, trap: string): Promise<void> {
  const complaint = page.waitForEvent('console', (message) => REFUSED.test(message.text()));
  await page.goto(trap);
  await complaint;
  const frame = await (await page.locator('#bait').elementHandle())?.contentFrame();
  // What the browser puts in its place is an error page of its own, without anything to press.
  expect(frame?.url()).toMatch(/^(chrome-error:|about:blank|$)/);
  // Its complaint is what we wanted.
  forgive(watch);
}

/// D2 D10: nobody is led to press Allow, or to type a password, in a page that seems to be another.
test('pages that decide something are not shown in a frame', async ({ page, ostiary, rp, person, watch, trap }) => {
  await expectRefused(page, watch, await trap(ostiary.url('/sign-in')));
  await signInToAccount(page, person);
  const { target } = await rp.prepare({ prompt: 'consent' });
  await page.goto(target.href);
  expect(page.url()).toContain('/consent?i=');
  await expectRefused(page, watch, await trap(page.url()));
  await expectRefused(page, watch, await trap(ostiary.url('/account')));
  await expectSignedIn(page, person);
  forgive(watch);
});

/// D2, OAuth 2.0 Form Post Response Mode: the page that posts the answer does not do so from within a frame.
test('an answer by form post is not shown in a frame', async ({ page, rp, watch, trap }) => {
  const { target } = await rp.prepare({ prompt: 'none', response_mode: 'form_post' });
  const called: string[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(rp.redirectUri)) called.push(request.url());
  });
  await expectRefused(page, watch, await trap(target.href));
  expect(called).toEqual([]);
  forgive(watch);
});
