import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';

type Opening = {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly javaScriptEnabled?: boolean;
};

type Opened = {
  readonly page: Page;
  /** What the page asked for, the part after the server's address. */
  readonly requested: readonly string[];
  /** What it said on the console, threw or asked the reader. */
  readonly complaints: readonly string[];
};

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const present = existsSync(executablePath);

/** Tests of pages, by their route, served over HTTP and opened in a real browser; skipped and said so where there is none. */
export function describeInChromium<Route extends string>(
  what: string,
  pages: Readonly<Record<Route, string>>,
  tests: (open: (route: Route, opening?: Opening) => Promise<Opened>) => void,
): void {
  if (!present) console.warn(`No Chromium at ${executablePath}: ${what} is not opened. Set CHROMIUM_PATH.`);
  const name = `${what} in Chromium${present ? '' : ' (Chromium not present, set CHROMIUM_PATH)'}`;
  describe.skipIf(!present)(name, () => {
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
    });

    afterAll(async () => {
      await browser?.close();
      server?.close();
    });

    tests(async (route, { width = 1280, colorScheme = 'light', javaScriptEnabled = true } = {}) => {
      const viewport = { width, height: 800 };
      const page = await browser.newPage({ viewport, colorScheme, javaScriptEnabled });
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
    });
  });
}
