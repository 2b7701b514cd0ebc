import { AxeBuilder } from '@axe-core/playwright';
import { names, open } from '../fixtures/gallery.ts';
import { expect, test } from '../fixtures/test.ts';

/// WCAG 2.2 AA and LANGUAGE §6, on every page in every state.
for (const name of names) {
  for (const colorScheme of ['light', 'dark'] as const) {
    /// I11: axe-core finds nothing serious or critical, in both themes. axe is a script, so it needs scripts on.
    test(`${name}, ${colorScheme}: axe finds nothing @needs-scripts`, async ({ page, ostiary, rp, person }) => {
      await page.emulateMedia({ colorScheme });
      await open(name, { page, ostiary, rp, person });
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
      expect(serious.map((v) => `${v.id}: ${v.help} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
    });
  }

  /// Nothing scrolls sideways at 320 px, one h1, a title, a language, and every target is at least 24 px.
  test(`${name}: fits a narrow screen and keeps the house rules`, async ({ page, ostiary, rp, person }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await open(name, { page, ostiary, rp, person });
    const seen = await page.evaluate(() => {
      const visible = (e: Element): boolean => e.getClientRects().length > 0;
      return {
        width: document.documentElement.scrollWidth,
        headings: document.querySelectorAll('h1').length,
        title: document.title,
        lang: document.documentElement.lang,
        main: document.querySelectorAll('main').length,
        inline: document.querySelectorAll('script:not([src]), style, [style], [onclick], [onsubmit]').length,
        placeholders: document.querySelectorAll('[placeholder]').length,
        unlabelled: [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
          .filter((e) => visible(e) && (e as HTMLInputElement).labels?.length === 0)
          .map((e) => e.outerHTML),
        small: [...document.querySelectorAll('button, input[type=checkbox], a.btn')]
          .filter(visible)
          .filter((e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < 20)
          .map((e) => e.outerHTML),
        untyped: [...document.querySelectorAll('form button:not([type])')].map((e) => e.outerHTML),
      };
    });
    expect(seen).toMatchObject({ headings: 1, lang: 'en', main: 1, inline: 0, placeholders: 0, unlabelled: [], small: [], untyped: [] });
    expect(seen.width).toBeLessThanOrEqual(320);
    expect(seen.title).not.toBe('');
  });
}

/// Password managers find what they look for.
test('forms say what goes where', async ({ page, ostiary, rp, person }) => {
  const expected: Record<string, Record<string, string>> = {
    'sign-in': { username: 'username', password: 'current-password' },
    register: { email: 'username', password: 'new-password', again: 'new-password' },
    'check-mail': { code: 'one-time-code' },
    'reset-password': { password: 'new-password', again: 'new-password' },
    'change-password': { current: 'current-password', password: 'new-password', again: 'new-password' },
  };
  for (const [name, fields] of Object.entries(expected)) {
    await open(name, { page, ostiary, rp, person });
    for (const [field, purpose] of Object.entries(fields)) {
      const value = await page.locator(`main [name="${field}"]`).getAttribute('autocomplete');
      expect(`${name} ${field} ${value}`).toContain(`${name} ${field} ${purpose === 'username' && value?.includes('email') ? 'email' : purpose}`);
    }
  }
});
