/**
 * How long the dashboard of 200 prompts with 100 versions each takes until a browser shows it:
 *
 *   npm run bench:dashboard
 *
 * From the start of the navigation to the first frame after everything is laid out, medians of 7 openings in Chromium (`CHROMIUM_PATH`,
 * default /usr/bin/chromium), each in a new browser context; and the time to write the page, and its size.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { dashboardHtml } from '../src/reports/dashboard/page.ts';
import { largeDashboard } from '../test/reports/dashboard/inventory-fixture.ts';

const openings = 7;
const limitMs = 2000;
const folder = mkdtempSync(path.join(tmpdir(), 'promptline-dashboard-'));
const file = path.join(folder, 'dashboard.html');
const data = largeDashboard({ prompts: 200, versions: 100 });
const began = performance.now();
const html = dashboardHtml(data);
const writtenMs = performance.now() - began;
writeFileSync(file, html);
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
try {
  const rows: string[] = [];
  for (const width of [1280, 390]) {
    const times: number[] = [];
    for (let opening = 0; opening < openings; opening += 1) times.push(await timeToOpen(browser, width));
    const ms = times.toSorted((a, b) => a - b)[Math.floor(openings / 2)] ?? Number.NaN;
    rows.push(
      `| ${width} px | ${ms.toFixed(0)} | ${Math.max(...times).toFixed(0)} | ${ms < limitMs ? 'yes' : 'no'} |`,
    );
  }
  console.log(
    `200 prompts x 100 versions: ${(Buffer.byteLength(html) / 1e6).toFixed(1)} MB, written in ${writtenMs.toFixed(0)} ms`,
  );
  console.log(`| open, median of ${openings} | ms | slowest | below ${limitMs} ms |`);
  console.log('| --- | --- | --- | --- |');
  for (const row of rows) console.log(row);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Milliseconds from the start of the navigation to the second frame after the load event, when the first is on the screen. */
async function timeToOpen(opened: Browser, width: number): Promise<number> {
  const context = await opened.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  const ms = await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))',
  );
  await context.close();
  return Number(ms);
}
