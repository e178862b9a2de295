import { expect, it } from 'vitest';
import { dashboardHtml } from '../../../src/reports/dashboard/page.ts';
import { hostileTexts } from '../hostile-fixture.ts';
import { describeInChromium } from '../in-chromium.ts';
import { hostileDashboard } from './hostile-dashboard.ts';
import { dashboard, largeDashboard } from './inventory-fixture.ts';

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

describeInChromium('the dashboard', pages, (open) => {
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
});
