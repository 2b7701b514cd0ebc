import { defineConfig } from '@playwright/test';
import { browser } from './fixtures/browser.ts';

/// The whole suite runs twice: as most people browse, and with scripts switched off, because every page has to work
/// without them. `grepInvert` leaves out what is pointless without scripts: axe is a script itself.
export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 45_000,
  expect: { timeout: 7_000 },
  reporter: [['list'], ['./fixtures/closing-line.ts']],
  use: {
    ...browser,
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'scripts-on', use: { javaScriptEnabled: true } },
    { name: 'scripts-off', use: { javaScriptEnabled: false }, grepInvert: /@needs-scripts/ },
  ],
});
