import { expect, it } from 'vitest';
import { renderHtml } from '../../src/reports/html.ts';
import { comparedRun } from './comparison-fixture.ts';
import { acceptedProposal, evaluation, rejectedProposal, report } from './fixtures.ts';
import { hostileTexts } from './hostile-fixture.ts';
import { hostileReport } from './hostile-report.ts';
import { describeInChromium } from './in-chromium.ts';

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

type Seen = {
  readonly scrollWidth: number;
  readonly charts: number;
  readonly chartWidth: number;
  readonly scripts: number;
  readonly background: string;
};

describeInChromium('the report page', pages, (open) => {
  async function look(route: Route, width: number, colorScheme: 'light' | 'dark') {
    const { page, requested, complaints } = await open(route, { width, colorScheme });
    const seen = (await page.evaluate(`({
      scrollWidth: document.documentElement.scrollWidth,
      charts: document.querySelectorAll('svg.plot').length,
      chartWidth: document.querySelector('svg.plot')?.getBoundingClientRect().width ?? 0,
      scripts: document.scripts.length + document.images.length + document.links.length,
      background: getComputedStyle(document.body).backgroundColor,
    })`)) as Seen;
    await page.close();
    return { ...seen, requested, complaints };
  }

  const routes = Object.keys(pages) as Route[];
  const sizes = routes.flatMap((route) => [390, 1280].map((width) => [route, width] as const));

  it.each(sizes)(
    '%s at %i px fits, draws its chart, complains of nothing and asks for nothing',
    async (route, width) => {
      const { complaints, requested, scrollWidth, charts, chartWidth } = await look(route, width, 'light');
      expect(complaints).toEqual([]);
      expect(requested).toEqual([route]);
      expect(scrollWidth).toBeLessThanOrEqual(width);
      expect(charts).toBeGreaterThan(0);
      expect(chartWidth).toBeGreaterThan(250);
    },
  );

  it('breaks no word of its candidates on a phone', async () => {
    const { page } = await open('/proposal', { width: 390, colorScheme: 'light' });
    const broken = await page.evaluate(`[...document.querySelectorAll('table.plain td')].flatMap((cell) => {
      cell.closest('details').open = true;
      const range = document.createRange();
      return [...cell.textContent.matchAll(/[^ ]+/g)].flatMap(({ 0: word, index }) => {
        range.setStart(cell.firstChild, index);
        range.setEnd(cell.firstChild, index + word.length);
        return range.getClientRects().length === 1 ? [] : [word];
      });
    })`);
    await page.close();
    expect(broken).toEqual([]);
  });

  it('follows the reader’s light or dark', async () => {
    expect((await look('/proposal', 1280, 'light')).background).toBe('rgb(255, 255, 255)');
    expect((await look('/proposal', 1280, 'dark')).background).toBe('rgb(19, 21, 25)');
  });

  it('makes no script, image or foreign link of hostile text', async () => {
    expect((await look('/several', 1280, 'dark')).scripts).toBe(2);
  });
});
