import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardHtml } from '../../../src/reports/dashboard/page.ts';
import { hostileTexts } from '../hostile-fixture.ts';
import { hostileDashboard } from './hostile-dashboard.ts';
import { dashboard, largeDashboard } from './inventory-fixture.ts';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const present = existsSync(executablePath);
if (!present)
  console.warn(`No Chromium at ${executablePath}: the dashboard is not opened. Set CHROMIUM_PATH.`);

const pages = {
  '/usual': dashboardHtml(largeDashboard({ prompts: 40, versions: 12 })),
  '/large': dashboardHtml(largeDashboard({ prompts: 200, versions: 100 })),
  '/empty': dashboardHtml(
    dashboard({
      prompts: [],
      rollouts: { plan: null, states: [], problem: 'there is no remote' },
    }),
  ),
  '/hostile': dashboardHtml(hostileDashboard(hostileTexts.join(' '))),
} as const;
type Route = keyof typeof pages;

type Opening = {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly javaScriptEnabled?: boolean;
};

describe.skipIf(!present)(
  `the dashboard in Chromium${present ? '' : ' (Chromium not present, set CHROMIUM_PATH)'}`,
  () => {
    let browser: Browser;
    let server: Server;
    let origin: string;

    beforeAll(async () => {
      server = createServer((request, response) => {
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

    /** Opens a page and everything that is folded; what it asked for and complained of is kept. */
    async function open(
      route: Route,
      { width = 1280, colorScheme = 'light', javaScriptEnabled = true }: Opening = {},
    ) {
      const page = await browser.newPage({
        viewport: { width, height: 800 },
        colorScheme,
        javaScriptEnabled,
      });
      const [requested, complaints]: [string[], string[]] = [[], []];
      page.on('request', (request) => requested.push(request.url().replace(origin, '')));
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => {
        complaints.push(dialog.message());
        void dialog.dismiss();
      });
      await page.goto(origin + route);
      return { page, requested, complaints };
    }

    const routes = Object.keys(pages) as Route[];
    const variants = routes.flatMap((route) =>
      [390, 1280].flatMap((width) =>
        (['light', 'dark'] as const).map((scheme) => [route, width, scheme] as const),
      ),
    );

    it.each(variants)(
      '%s at %i px, %s: no request leaves it, nothing is wider than the window, nothing complains',
      async (route, width, colorScheme) => {
        const { page, requested, complaints } = await open(route, { width, colorScheme });
        // All 200 at once would be as many tables as nobody opens.
        await page.evaluate(
          `[...document.querySelectorAll('details')].slice(0, 20).forEach((each) => { each.open = true; })`,
        );
        const seen = await page.evaluate(`({
          scrollWidth: document.documentElement.scrollWidth,
          background: getComputedStyle(document.body).backgroundColor,
        })`);
        await page.close();
        expect(requested).toEqual([route]);
        expect(complaints).toEqual([]);
        expect(seen).toEqual({
          scrollWidth: width,
          background: colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(19, 21, 25)',
        });
      },
    );

    it('filters by the words of a name, in every part, and says where nothing has them', async () => {
      const { page } = await open('/usual');
      const shown = async () =>
        (await page.evaluate(`({
          prompts: [...document.querySelectorAll('.prompt:not([hidden]) .name')].map((each) => each.firstChild.data.trim()),
          others: [...document.querySelectorAll('[data-prompt]:not([hidden])')].filter((each) => !each.dataset.prompt.startsWith('search/')).length,
          none: !document.getElementById('none-found').hidden,
        })`)) as { prompts: string[]; others: number; none: boolean };
      expect((await shown()).prompts).toHaveLength(40);
      await page.locator('#filter').fill('Search/ ti');
      expect(await shown()).toEqual({
        prompts: ['search/entities', 'search/titles'],
        others: 0,
        none: false,
      });
      await page.locator('#filter').fill('nowhere');
      expect(await shown()).toMatchObject({ prompts: [], none: true });
      await page.locator('#filter').fill('');
      expect((await shown()).prompts).toHaveLength(40);
      await page.close();
    });

    it('opens to the versions of a prompt without JavaScript, and hides the box that would not work', async () => {
      const { page } = await open('/usual', { javaScriptEnabled: false, width: 390 });
      expect(await page.locator('#filter').isVisible()).toBe(false);
      const first = page.locator('.prompt').first();
      expect(await first.locator('.versions-table').isVisible()).toBe(false);
      await first.locator('summary').click();
      expect(await first.locator('.versions-table tbody tr').count()).toBe(12);
      expect(await first.locator('.scores').isVisible()).toBe(true);
      expect(await page.locator('.card').first().isVisible()).toBe(true);
      await page.close();
    });

    it('makes no script, image, link or form of hostile text', async () => {
      const { page } = await open('/hostile');
      const found = await page.evaluate(`({
        scripts: document.scripts.length,
        images: document.images.length,
        foreign: [...document.links].filter((link) => !link.getAttribute('href').startsWith('#')).length,
        forms: document.forms.length,
        handlers: document.querySelectorAll('[onerror], [onload], [onclick]').length,
      })`);
      expect(found).toEqual({ scripts: 1, images: 0, foreign: 0, forms: 1, handlers: 0 });
      await page.close();
    });
  },
);
