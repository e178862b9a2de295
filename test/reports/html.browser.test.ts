import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/reports/html.ts';
import { comparedRun } from './comparison-fixture.ts';
import { acceptedProposal, evaluation, rejectedProposal, report } from './fixtures.ts';
import { hostileTexts } from './hostile-fixture.ts';
import { hostileReport } from './hostile-report.ts';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const present = existsSync(executablePath);
if (!present)
  console.warn(`No Chromium at ${executablePath}: the report page is not opened. Set CHROMIUM_PATH.`);

const hostile = evaluation({
  id: hostileTexts[3] ?? '',
  model: 'w'.repeat(300),
  version: hostileTexts[0] ?? '',
});
const pages = {
  '/proposal': renderHtml(report({ proposals: [acceptedProposal()] })),
  '/rejected': renderHtml(report({ proposals: [rejectedProposal()] })),
  '/evaluation': renderHtml(report({ prompts: [evaluation()] })),
  '/compared': renderHtml(comparedRun()),
  '/hostile': renderHtml(hostileReport(hostileTexts.join(' '))),
  '/several': renderHtml(
    report({ proposals: [acceptedProposal()], prompts: [hostile], ended: hostileTexts.join(' ') }),
  ),
} as const;
type Route = keyof typeof pages;

describe.skipIf(!present)(
  `the page in Chromium${present ? '' : ' (Chromium not present, set CHROMIUM_PATH)'}`,
  () => {
    let browser: Browser;
    let server: Server;
    let origin: string;
    const requested: string[] = [];

    beforeAll(async () => {
      server = createServer((request, response) => {
        requested.push(request.url ?? '');
        response.setHeader('content-type', 'text/html; charset=utf-8').end(pages[request.url as Route] ?? '');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      browser = await chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
      });
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      server?.close();
    });

    async function open(route: Route, width: number, colorScheme: 'light' | 'dark') {
      requested.length = 0;
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => {
        complaints.push(dialog.message());
        void dialog.dismiss();
      });
      await page.goto(origin + route);
      const seen = await page.evaluate(`({
      scrollWidth: document.documentElement.scrollWidth,
      charts: document.querySelectorAll('svg.plot').length,
      chartWidth: document.querySelector('svg.plot')?.getBoundingClientRect().width ?? 0,
      scripts: document.scripts.length + document.images.length + document.links.length,
      background: getComputedStyle(document.body).backgroundColor,
    })`);
      await page.close();
      return {
        complaints,
        ...(seen as {
          scrollWidth: number;
          charts: number;
          chartWidth: number;
          scripts: number;
          background: string;
        }),
      };
    }

    const routes = Object.keys(pages) as Route[];
    const sizes = routes.flatMap((route) => [390, 1280].map((width) => [route, width] as const));

    it.each(sizes)(
      '%s at %i px fits, draws its chart, complains of nothing and asks for nothing',
      async (route, width) => {
        const { complaints, scrollWidth, charts, chartWidth } = await open(route, width, 'light');
        expect(complaints).toEqual([]);
        expect(requested).toEqual([route]);
        expect(scrollWidth).toBeLessThanOrEqual(width);
        expect(charts).toBeGreaterThan(0);
        expect(chartWidth).toBeGreaterThan(250);
      },
    );

    it('follows the reader’s light or dark', async () => {
      expect((await open('/proposal', 1280, 'light')).background).toBe('rgb(255, 255, 255)');
      expect((await open('/proposal', 1280, 'dark')).background).toBe('rgb(19, 21, 25)');
    });

    it('makes no script, image or foreign link of hostile text', async () => {
      expect((await open('/several', 1280, 'dark')).scripts).toBe(2);
    });
  },
);
