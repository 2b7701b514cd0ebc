import { join } from 'node:path';
import { names, open } from '../fixtures/gallery.ts';
import { test } from '../fixtures/test.ts';

/// Not a test of anything but that each page can be reached: the pictures are for looking at.
for (const name of names) {
  test(name, async ({ page, ostiary, rp, person }, testInfo) => {
    await open(name, { page, ostiary, rp, person });
    const path = join(import.meta.dirname, '../screenshots', `${name}-${testInfo.project.name}.png`);
    await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  });
}
