import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownLimit, renderMarkdown } from '../../src/reports/markdown.ts';
import type { RunReport } from '../../src/reports/run-report.ts';
import {
  acceptedProposal,
  compared,
  controlCharacter,
  evaluation,
  hostileTexts,
  rejectedProposal,
  report,
} from './fixtures.ts';

/** Markdown outside its fences; fails on a fence that stays open. */
function outsideFences(markdown: string): readonly string[] {
  let fence: string | null = null;
  const outside: string[] = [];
  for (const line of markdown.split('\n')) {
    const opened = /^(`{3,})\w+$/.exec(line)?.[1];
    if (fence !== null) fence = line === fence ? null : fence;
    else if (opened !== undefined) fence = opened;
    else outside.push(line);
  }
  expect(fence).toBeNull();
  return outside;
}

/** Fails unless fences and collapsibles close and each table's rows have as many cells as its header. */
function expectWellFormed(markdown: string): void {
  const lines = outsideFences(markdown);
  expect(lines.filter((line) => line === '<details>').length).toBe(
    lines.filter((line) => line === '</details>').length,
  );
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1] ?? '';
    if (line.startsWith('|') && above.startsWith('|'))
      expect(line.split('|').length).toBe(above.split('|').length);
  }
}

/** A report with hostile text wherever a stranger's text can be. */
function hostileReport(text: string, times = 1): RunReport {
  const proposal = acceptedProposal();
  const messages = [{ role: 'system' as const, content: text }];
  const summary = evaluation().objective;
  return report({
    command: text,
    ended: text,
    proposals: [
      {
        ...proposal,
        id: text,
        model: text,
        file: text,
        search: {
          ...proposal.search,
          ended: text,
          candidates: proposal.search.candidates.map((candidate) => ({ ...candidate, why: text })),
        },
        messages: {
          base: proposal.messages.base,
          head: Array.from({ length: times }, () => messages).flat(),
        },
        changes: Array.from({ length: times }, () =>
          proposal.changes.map((change) => ({
            ...change,
            example: text,
            input: text,
            expected: text,
            base: { ...change.base, output: text },
            head: { ...change.head, output: text },
          })),
        ).flat(),
        explanation: [text, text],
      },
    ],
    prompts: Array.from({ length: times }, () =>
      evaluation({
        id: text,
        version: text,
        model: text,
        dataset: { ...evaluation().dataset, path: text, digest: text },
        metrics: { [text]: summary },
        failures: Array.from({ length: Math.min(times, 20) }, (_, index) => ({
          example: text,
          error: `${index} ${text}`,
        })),
        comparison: {
          base: text,
          metrics: { [text]: compared(0.1, 0.2, 0.05, 0.2, 'inconclusive') },
          objective: compared(0.1, 0.2, 0.05, 0.2, 'inconclusive'),
          slices: [{ ...compared(0.1, 0.2, 0.1, 0.1, 'inconclusive'), tag: text }],
          gate: { passed: false, reasons: [text], notes: [text] },
        },
      }),
    ),
  });
}

describe('the verdict line', () => {
  it.each([
    ['TIP', report({ proposals: [acceptedProposal()] })],
    ['NOTE', report({ proposals: [rejectedProposal()] })],
    ['WARNING', report({ prompts: [evaluation()] })],
    ['NOTE', report({ prompts: [evaluation({ failures: [] })] })],
  ])('is a %s alert and stands first', (kind, run) => {
    expect(renderMarkdown(run).split('\n')[0]).toBe(`> [!${kind}]`);
  });

  it('is a CAUTION alert for a regression', () => {
    const objective = compared(0.6, 0.4, 0.1, 0.001, 'regression');
    const comparison = {
      base: 'main',
      metrics: {},
      objective,
      slices: [],
      gate: { passed: true, reasons: [], notes: [] },
    };
    const [alert, sentence] = renderMarkdown(report({ prompts: [evaluation({ comparison })] })).split('\n');
    expect(alert).toBe('> [!CAUTION]');
    expect(sentence).toContain('−20.0 points against main (95% interval −30.0 to −10.0, p = .001)');
  });
});

describe('a proposal', () => {
  const markdown = renderMarkdown(report({ proposals: [acceptedProposal()] }));

  it('has the table of metrics in their own units', () => {
    expect(markdown).toContain('| metric | base | head | difference (95% interval) | p | verdict |');
    expect(markdown).toContain(
      '| intent_accuracy | 22.9 % | 71.4 % | +48.5 points (+38.7 to +58.3) | &lt; .001 | improvement |',
    );
    expect(markdown).toContain(
      '| latency | 212 ms | 241 ms | +29 ms (+11 ms to +47 ms) | .012 | regression |',
    );
  });

  it('shows the change of the prompt as a diff', () => {
    expect(markdown).toContain(
      '```diff\n@@ -1,7 +1,22 @@\n system:\n-  Classify the intent of the query.\n+  You label',
    );
  });

  it('counts examples and shows the worst loss first', () => {
    expect(markdown).toContain('<summary>Examples: 4 lost, 54 won, 47 unchanged</summary>');
    expect(markdown.indexOf('−100.0 points')).toBeLessThan(markdown.indexOf('−70.0 points'));
    expect(markdown.indexOf('−70.0 points')).toBeLessThan(markdown.indexOf('+100.0 points'));
    expect(markdown).toContain('_18 more examples left out here; report.json has all._');
  });

  it('charts the search and lists the pick first', () => {
    expect(markdown).toMatch(
      /```mermaid\nxychart-beta\n {2}title "Best dev score so far"\n {2}x-axis "calls" 8 --> 478/,
    );
    expect(/\| fate \|\n.*\n(.*)/.exec(markdown)?.[1]).toMatch(/^\| 9 \|.*\*\*picked\*\* \|$/);
  });

  it('names what pins the numbers, and the command', () => {
    expect(markdown).toContain(
      '```sh\npromptline optimize query_processing/default --seed 7 --calls 700\n```',
    );
    for (const pinned of [
      'seed: 7',
      'c0ffee00d4887a6f1f0f4c2b7e55a1d0',
      'b1946ac92492d2347c6235b4d2611184',
      'promptline 0.1.0',
    ]) {
      expect(markdown).toContain(pinned);
    }
  });

  it('is well formed', () => expectWellFormed(markdown));
});

describe('an evaluation', () => {
  const markdown = renderMarkdown(report({ prompts: [evaluation()] }));

  it('has values with their intervals, counts and missing ones', () => {
    expect(markdown).toContain('| metric | value (95% interval) | n | missing |');
    expect(markdown).toContain('| entity_f1 | 48.7 % (42.6 to 54.8 %) | 57 | 3 |');
    expect(markdown).toContain(
      '| cost | <span>$</span>0.00041 (<span>$</span>0.00038 to <span>$</span>0.00044) | 57 | 3 |',
    );
  });

  it('names failures with their examples', () => {
    expect(markdown).toContain('<summary>Failures: 3</summary>');
    expect(markdown).toContain(
      'Run it again later. (crossner-politics-test-0007, crossner-politics-test-0027)',
    );
  });
});

describe('hostile text', () => {
  const anywhere = fc.oneof(
    fc.constantFrom(...hostileTexts),
    fc
      .array(fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary' })), { maxLength: 4 })
      .map((parts) => parts.join('')),
  );

  it('acts nowhere in a report', () => {
    fc.assert(
      fc.property(anywhere, (text) => {
        const markdown = renderMarkdown(hostileReport(text));
        expectWellFormed(markdown);
        expect(markdown).not.toMatch(/@\w/);
        expect(markdown).not.toMatch(controlCharacter);
        const outside = outsideFences(markdown)
          .join('\n')
          .replace(/^<\/?details>$|^<summary>|<\/summary>$|<span>\$<\/span>/gm, '')
          .replace(/\\./g, '');
        expect(outside).not.toMatch(/<[a-z/!]|\]\(|https?:\/\/|www\.|(?<!&)#\d/i);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the limit', () => {
  it.each([1, 20, 300])(
    'holds for %i times everything at its longest, and says what is left out',
    (times) => {
      for (const text of ['x '.repeat(5_000), '$|\\`'.repeat(2_000), `${'```\n'.repeat(900)}@a`]) {
        const markdown = renderMarkdown(hostileReport(text, times));
        expect(markdown.length).toBeLessThanOrEqual(markdownLimit);
        expect(markdown).toMatch(/left out here/);
        expect(markdown).toContain('How to repeat it');
        expectWellFormed(markdown);
      }
    },
  );

  it('keeps as much as fits: a report of ordinary size loses no prompt', () => {
    const prompts = Array.from({ length: 30 }, (_, index) => evaluation({ id: `family/prompt-${index}` }));
    const markdown = renderMarkdown(report({ prompts }));
    expect(markdown).toContain('family/prompt-29');
    expect(markdown).not.toContain('more prompts left out');
  });
});
