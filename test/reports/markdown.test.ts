import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownLimit, renderMarkdown } from '../../src/reports/markdown.ts';
import { comparedPrompt, comparedRun, failedPrompt, slices } from './comparison-fixture.ts';
import { acceptedProposal, compared, evaluation, rejectedProposal, report } from './fixtures.ts';
import { controlCharacter, hostileTexts } from './hostile-fixture.ts';
import { hostileReport } from './hostile-report.ts';

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
    expect(markdown).toContain(
      '| metric | role | base | head | difference | 95% interval | p | n | detectable | verdict |',
    );
    expect(markdown).toContain(
      '| intent_accuracy | objective | 22.9 % | 71.4 % | +48.5 points | +38.7 to +58.3 | &lt; .001 | 105 | 8.0 points | improvement |',
    );
    expect(markdown).toContain(
      '| latency ↓ | report | 212 ms | 241 ms | +29 ms | +11 ms to +47 ms | .012 | 105 | 0.1 ms | regression |',
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
      /```mermaid\nxychart-beta\n {2}title "Dev score of the best candidate so far"\n {2}x-axis "calls" 8 --> 478/,
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
      'promptline: 0.1.0',
    ]) {
      expect(markdown).toContain(pinned);
    }
  });

  it('is well formed', () => expectWellFormed(markdown));
});

describe('an evaluation', () => {
  const markdown = renderMarkdown(report({ prompts: [evaluation()] }));

  it('has values with their intervals, counts and missing ones', () => {
    expect(markdown).toContain('| metric | role | value | 95% interval | n | missing |');
    expect(markdown).toContain('| entity_f1 | – | 48.7 % | 42.6 to 54.8 % | 57 | 3 |');
    expect(markdown).toContain(
      '| cost ↓ | – | <span>$</span>0.00041 | <span>$</span>0.00038 to <span>$</span>0.00044 | 57 | 3 |',
    );
  });

  it('names failures with their examples', () => {
    expect(markdown).toContain('<summary>3 failures</summary>');
    expect(markdown).toContain(
      'Run it again later. (crossner-politics-test-0007, crossner-politics-test-0027)',
    );
  });
});

describe('a comparison', () => {
  const markdown = renderMarkdown(comparedRun());

  it('tells in the order a reviewer asks', () => {
    const places = [
      '> **Improvement with failures.**',
      '| metric | role |',
      'No gate failed, but:',
      '<summary>Examples: 4 lost, 54 won, 140 unchanged</summary>',
      '3 slices with a verdict, 6 inconclusive.',
      '<summary>2 flaky examples</summary>',
      '<summary>2 failures</summary>',
      '<summary>Cost and time</summary>',
      '<summary>How to repeat it</summary>',
    ].map((text) => markdown.indexOf(text));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('has the gated metrics first, the adjusted p in brackets, and explains both', () => {
    const names = [...markdown.matchAll(/^\| ([^|]+) \| (?:–|gate|objective|report) \|/gm)].map(
      ([, name]) => name,
    );
    expect(names).toEqual([
      '**objective**',
      'intent_accuracy',
      'format_compliance',
      'tokens ↓',
      'slot_f1',
      'hallucination_rate ↓',
      'latency ↓',
      'cost ↓',
    ]);
    expect(markdown).toContain(
      '| +5.0 points | +0.3 to +9.7 | .031 (.062) | 198 of 200 | 8.0 points | inconclusive |',
    );
    expect(markdown).toContain(
      '_↓: less is better; p in brackets: adjusted over the gated metrics, the verdict rests on it; detectable: the smallest true difference that is found 4 times in 5._',
    );
  });

  it('shows what the gates could not judge', () => {
    expect(markdown).toContain('- intent_accuracy: this dataset shows differences of 0.08 and more');
  });

  it('shows slices with a verdict alone, the largest loss first', () => {
    const table = markdown.slice(markdown.indexOf('| slice |'), markdown.indexOf('<summary>2 flaky'));
    expect(table).toContain(
      '| long | 62 | 70.0 % | 86.0 % | +16.0 points | +2.0 to +30.0 | .021 | improvement |',
    );
    expect(table.indexOf('RateBook')).toBeLessThan(table.indexOf('long'));
    expect(table).not.toContain('inconclusive');
  });

  it('counts slices where none has a verdict', () => {
    const { comparison } = comparedPrompt();
    if (!comparison) throw new Error('the fixture has a comparison');
    const undecided = slices.filter(({ verdict }) => verdict === 'inconclusive');
    const prompts = [comparedPrompt({ comparison: { ...comparison, slices: undecided } })];
    expect(renderMarkdown(comparedRun({ prompts }))).toContain('6 slices, none with a verdict.');
  });

  it('lists flaky examples with each repeat', () => {
    expect(markdown).toContain('| snips-val-014 | 100.0 %, 0.0 %, 100.0 % |');
  });

  it('counts what metrics asked beside what the prompt asked, and what a call takes', () => {
    for (const line of [
      '- Calls: 200, 61 from the answer store',
      '- Calls by metrics: 198, 0 from the answer store',
      '- Latency: 497 ms median, 697 ms 95th percentile',
      '- tokens of a call: 235 median, 253 95th percentile',
      '- cost of a call: <span>$</span>0.00042 median, <span>$</span>0.00046 95th percentile',
    ]) {
      expect(markdown).toContain(line);
    }
  });

  it('names the commit of the base and the digests of data and prompt', () => {
    const repeat = markdown.slice(markdown.indexOf('How to repeat it'));
    expect(repeat).toContain('promptline evaluate --base main --repeat 3');
    expect(repeat).toContain('- commit of main: 7dc1b2b0aa5e5b7f3f0a94f1c8ad5f6a1a2b3c4d');
    expect(repeat).toContain('- datasets/query_processing/test.yaml: 3f7a0c5b9e21d488');
    expect(repeat).toContain('- query_processing/default 1.1.0: 591785b794601e212b260e25925636fd');
  });

  it('that fails its gate says why first, and what it could not judge below', () => {
    const [alert, verdict, , reason] = renderMarkdown(comparedRun({ prompts: [failedPrompt()] })).split('\n');
    expect([alert, verdict]).toEqual(['> [!CAUTION]', expect.stringMatching(/^> \*\*Gate failed\.\*\* /)]);
    expect(reason).toMatch(/^> - intent_accuracy fell by 0.085, more than the allowed 0.02;/);
    expect(renderMarkdown(comparedRun({ prompts: [failedPrompt()] }))).toContain(
      'Notes on the gates:\n\n- slot_f1 was not judged: insufficient data',
    );
  });

  it('says that all gates passed only where there are gates', () => {
    const gate = { passed: true, reasons: [], notes: [] };
    const { comparison, metrics } = comparedPrompt();
    if (!comparison) throw new Error('the fixture has a comparison');
    const passed = comparedPrompt({ comparison: { ...comparison, gate } });
    expect(renderMarkdown(comparedRun({ prompts: [passed] }))).toContain('All gates passed.');
    const { slot_f1 } = metrics;
    const ungated = { ...passed, metrics: { ...(slot_f1 && { slot_f1 }) } };
    expect(renderMarkdown(comparedRun({ prompts: [ungated] }))).not.toContain('gates passed');
  });

  it('is well formed', () => expectWellFormed(markdown));
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
          .replace(/^<\/?details>$|^<summary>|<\/summary>$|<span>\$<\/span>|<\/?(?:ins|del)>/gm, '')
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

  it('drops the prompts that ask least of the reader', () => {
    const long = 'x '.repeat(3_000);
    const prompts = Array.from({ length: 300 }, (_, index) =>
      evaluation({ id: `family/prompt-${index}`, model: long, failures: [] }),
    );
    const markdown = renderMarkdown(comparedRun({ prompts: [...prompts, failedPrompt()] }));
    expect(markdown).toMatch(/more prompts left out/);
    expect(markdown).toContain('### entity_extraction/default');
  });

  it('keeps as much as fits: a report of ordinary size loses no prompt', () => {
    const prompts = Array.from({ length: 30 }, (_, index) => evaluation({ id: `family/prompt-${index}` }));
    const markdown = renderMarkdown(report({ prompts }));
    expect(markdown).toContain('family/prompt-29');
    expect(markdown).not.toContain('more prompts left out');
  });
});
