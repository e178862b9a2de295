import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dashboardHtml } from '../../../src/reports/dashboard/page.ts';
import { renderDashboard } from '../../../src/reports/dashboard/terminal.ts';
import { initialState } from '../../../src/rollout/state.ts';
import { byPerson, play, released } from '../../rollout/fixtures.ts';
import { controlCharacter, hostileTexts } from '../hostile-fixture.ts';
import { hostileDashboard } from './hostile-dashboard.ts';
import {
  dashboard,
  entry,
  frozen,
  largeDashboard,
  plan,
  prompt,
  served,
  sha256,
} from './inventory-fixture.ts';

const hostile = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary' }));

function pageOf(...entries: Parameters<typeof prompt>[0][]): string {
  return dashboardHtml(dashboard({ prompts: entries.map(prompt) }));
}

describe('the page', () => {
  it('may apply its own style and run its own script, and load nothing', () => {
    const page = pageOf({});
    const digest = (tag: string) => {
      const [, text = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page) ?? [];
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy).toBe(
      `default-src 'none'; style-src ${digest('style')}; script-src ${digest('script')}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  it('joins by a line only the scores of the same test data', () => {
    const data = (digest: string) => ({ path: 'test.yaml', digest: sha256(digest), n: 100 });
    const versions = ['a', 'a', 'b', 'b', 'b'].map((digest, index) =>
      entry({ version: `1.${index}.0`, dataset: data(digest) }),
    );
    const lines = (page: string) => {
      const [, chart = ''] = /<figure class="scores">([\s\S]*?)<\/figure>/.exec(page) ?? [];
      return [...chart.matchAll(/<path class="line"[^>]* d="([^"]*)"/g)].map(
        ([, d = '']) => d.split(/[ML]/).length - 1,
      );
    };
    expect(lines(pageOf({ entries: versions }))).toEqual([2, 3]);
    expect(pageOf({ entries: versions })).toContain('dashed line: the test data changed');
    expect(lines(pageOf({ entries: versions.slice(2) }))).toEqual([3]);
    expect(pageOf({ entries: versions.slice(2) })).not.toContain('dashed line');
  });

  it('shows the newest versions of a long history, and says where the older ones are', () => {
    const entries = Array.from({ length: 40 }, (_, index) => entry({ version: `1.${index}.0` }));
    const page = pageOf({ entries });
    expect(page).toContain('<th scope="row">1.39.0</th>');
    expect(page).not.toContain('<th scope="row">1.14.0</th>');
    expect(page).toContain('15 older versions in scores/support/triage.yaml.');
  });

  it('counts the prompts with one version for everybody, beside a first one that waits', () => {
    const first = play(
      [byPerson('freeze', -60), released('1.0.0')],
      plan,
      initialState('support/first'),
    ).state;
    const states = [first, served('support/triage', '1.0.0')];
    const page = dashboardHtml(dashboard({ rollouts: { plan, states, problem: null } }));
    expect(page).toContain('1.0.0 waits to begin.');
    expect(page).toContain('1 prompt with one version for everybody.');
  });

  it('says what is not known: rollouts, scores, telemetry', () => {
    const rollouts = { plan: null, states: [], problem: 'the remote cannot be reached' };
    const page = dashboardHtml(dashboard({ rollouts, prompts: [prompt({ entries: [] })] }));
    expect(page).toContain('Not known: the remote cannot be reached');
    expect(page).toContain('never measured');
    const none = dashboard({ rollouts: { plan: null, states: [], problem: null } });
    for (const shown of [dashboardHtml(none), renderDashboard(none, 120)])
      expect(shown).toContain('None are configured: there is no rollout in promptline.yaml.');
    expect(page).toContain('No telemetry is configured.');
  });

  it('gets no tag from hostile text, wherever it stands', () => {
    const tags = (page: string) => [...page.matchAll(/<[a-z!/][^\s>]*/gi)].map(([tag]) => tag);
    const harmless = tags(dashboardHtml(hostileDashboard('harmless')));
    fc.assert(
      fc.property(hostile, (text) => {
        const page = dashboardHtml(hostileDashboard(`x${text}`));
        expect(tags(page)).toEqual(harmless);
        expect(page).not.toMatch(controlCharacter);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the lines for a terminal', () => {
  it('are a table, what is wrong, and what to do next', () => {
    const { rollouts } = dashboard();
    const shown = renderDashboard(
      dashboard({ rollouts: { ...rollouts, states: [frozen('support/triage')] } }),
      90,
    );
    expect(shown.split('\n')).toEqual([
      'prompt          version  objective  95% interval    measured    served',
      'support/triage  1.0.0       70.0 %  66.0 to 74.0 %  2026-02-20  1.0.0',
      '',
      'Alerts',
      '  support/triage: frozen by ada; a reason to freeze',
      '',
      'What to do next',
      '  support/triage: It has been frozen for 12 days: nothing is started or promoted. Frozen:',
      '  2026-02-20 by ada; Reason: a reason to freeze',
      "    $ promptline rollout unfreeze support/triage --reason 'it was frozen long enough'",
    ]);
  });

  it('do not say of production what `triggers` says: here nothing is recommended', () => {
    const idle = { ...dashboard(), recommendations: [] };
    expect(renderDashboard(idle, 90).split('\n').at(-1)).toBe('Nothing is recommended.');
    expect(dashboardHtml(idle)).toContain('Nothing is recommended.');
  });

  it('count what a long list leaves out', () => {
    expect(renderDashboard(largeDashboard({ prompts: 80, versions: 0 }), 90)).toMatch(
      /\n {2}and \d+ more: see --html or --json$/m,
    );
  });

  it('take nothing from hostile text that a terminal or a runner would act on', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = renderDashboard(hostileDashboard(`x${text}`), 90);
        expect(shown).not.toMatch(controlCharacter);
        expect(shown).not.toMatch(/::|##\[/);
      }),
      { numRuns: 50 },
    );
  });
});
