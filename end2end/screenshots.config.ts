import { defineConfig } from '@playwright/test';
import { browser } from './fixtures/browser.ts';

/// `make screenshots`: every page × light and dark × phone and desktop.
export default defineConfig({
  testDir: './screens',
  outputDir: './test-results',
  workers: 2,
  fullyParallel: true,
  timeout: 120_000,
  reporter: 'list',
  use: browser,
  projects: (['light', 'dark'] as const).flatMap((colorScheme) =>
    [360, 1280].map((width) => ({
      name: `${colorScheme}-${width}`,
      use: { colorScheme, viewport: { width, height: width < 600 ? 740 : 800 } },
    })),
  ),
});
