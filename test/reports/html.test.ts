import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/reports/html.ts';
import {
  acceptedProposal,
  compared,
  evaluation,
  hostileTexts,
  rejectedProposal,
  report,
} from './fixtures.ts';

/** The start tags of a page, in order. */
function tags(page: string): readonly string[] {
  return [...page.matchAll(/<([a-z][a-z0-9]*)[\s>/]/g)].map(([, name]) => name ?? '');
}

describe('the page', () => {
  const page = renderHtml(report({ proposals: [acceptedProposal()] }));

  it('allows the browser nothing but its one style sheet', () => {
    const sheet = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const digest = createHash('sha256').update(sheet).digest('base64');
    expect(page).toContain(`content="default-src 'none'; style-src 'sha256-${digest}'; img-src data:;`);
    expect(tags(page)).not.toContain('script');
    expect(page).not.toMatch(/ style="| on[a-z]+="|@import|url\(/);
  });

  it('opens with the number and its doubt', () => {
    expect(page).toMatch(/<p class="label">Improvement<\/p>\s*<p class="figure">\+38\.8 points<\/p>/);
    expect(page).toContain('95% interval +29.6 to +48.0');
    expect(page).toContain('p &#60; .001');
  });

  it('draws base and head of a metric where their values are', () => {
    const row = /<th scope="row">intent_accuracy<\/th>[\s\S]*?<\/svg>/.exec(page)?.[0] ?? '';
    expect(row).toContain(
      '<title>intent_accuracy: base 22.9 % (95% interval 14.4 to 31.4 %); head 71.4 % (95% interval 62.9 to 79.9 %)</title>',
    );
    expect(row).toContain('<circle class="dot base" cx="22.90%"');
    expect(row).toContain('<line class="whisker head" x1="62.90%" x2="79.90%"');
  });

  it('draws every candidate and marks the pick', () => {
    const chart = /<figure class="search">[\s\S]*?<\/figure>/.exec(page)?.[0] ?? '';
    const points = acceptedProposal().search.candidates.flatMap(({ standings }) => standings).length;
    expect(chart.match(/<circle class="point/g)).toHaveLength(points);
    expect(chart.match(/<path class="best"/g)).toHaveLength(1);
    expect(chart).toMatch(/<text class="pick"[^>]*>candidate 9, [\d.]+ %<\/text>/);
    expect(chart).toContain('<desc>14 candidates measured with 478 calls. The pick is candidate 9');
  });

  it('shows the change of the prompt line by line', () => {
    expect(page).toMatch(/<tr class="removed"><td class="sign">−<\/td><td> {2}Classify the intent/);
    expect(page).toMatch(/<tr class="added"><td class="sign">\+<\/td><td> {2}You label search queries/);
  });

  it('shows lost examples before won ones, the worst first', () => {
    const order = [
      '<h4>Lost</h4>',
      '−100.0 points',
      '−70.0 points',
      '<h4>Won</h4>',
      '+100.0 points',
      '+70.0 points',
    ];
    const places = order.map((text) => page.indexOf(text));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(page).toContain('<title>4 lost, 47 unchanged, 54 won</title>');
  });
});

describe('a plain evaluation', () => {
  const page = renderHtml(report({ prompts: [evaluation()] }));

  it('counts every answer once in the histogram', () => {
    const histogram = /<svg class="plot histogram"[\s\S]*?<\/svg>/.exec(page)?.[0] ?? '';
    const counts = [...histogram.matchAll(/: (\d+) answers?<\/title>/g)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(57);
  });

  it('counts an answer on an edge with the longer ones', () => {
    const times = [0, 100, 100, 100, 150, 200, 400];
    const examples = times.map((latency, index) => ({
      example: String(index),
      output: 'x',
      values: { latency },
      feedback: [],
    }));
    const latencyMs = { median: 100, p95: 400 };
    const counted = renderHtml(report({ prompts: [evaluation({ examples, latencyMs })] }));
    expect(counted).toContain('<title>100 ms to 120 ms: 3 answers</title>');
    expect(counted).toContain('<title>380 ms to 400 ms: 1 answer</title>');
  });

  it('shows failed examples first, with the failure in its own words', () => {
    const body = /<table class="examples answers">[\s\S]*?<\/table>/.exec(page)?.[0] ?? '';
    expect(body).toMatch(
      /<tbody>\s*<tr><td data-label="example"><code>crossner-politics-test-0007<\/code><\/td><td data-label="answer"><span class="is-bad">no answer/,
    );
    expect(body).toContain('the provider answered 503 three times.');
  });
});

describe('several prompts', () => {
  it('are listed with a link to each, and each is there', () => {
    const page = renderHtml(
      report({ proposals: [acceptedProposal(), rejectedProposal()], prompts: [evaluation()] }),
    );
    expect([...page.matchAll(/<a href="#(prompt-\d)">/g)].map(([, id]) => id)).toEqual([
      'prompt-1',
      'prompt-2',
      'prompt-3',
    ]);
    expect([...page.matchAll(/<article id="(prompt-\d)">/g)]).toHaveLength(3);
  });
});

describe('hostile text', () => {
  it('adds no tag to a page, wherever it stands', () => {
    const pageWith = (text: string) => {
      const [change] = acceptedProposal().changes;
      if (!change) throw new Error('the fixture has changes');
      const changed = {
        ...change,
        example: text,
        input: text,
        expected: text,
        base: { ...change.base, output: text },
        head: { ...change.head, output: text },
      };
      return renderHtml(
        report({
          command: text,
          ended: text,
          proposals: [
            acceptedProposal({
              id: text,
              model: text,
              changes: [changed],
              explanation: [text],
              messages: { base: [], head: [{ role: 'system', content: text.replace(/[\r\n]/g, ' ') }] },
            }),
          ],
          prompts: [
            evaluation({
              id: text,
              metrics: { [text]: evaluation().objective },
              failures: [{ example: text, error: text }],
              examples: [{ example: text, output: text, values: {}, feedback: [text] }],
              comparison: {
                base: text,
                metrics: {},
                objective: compared(0.1, 0.2, 0.1, 0.1, 'inconclusive'),
                slices: [{ ...compared(0.1, 0.2, 0.1, 0.1, 'inconclusive'), tag: text }],
                gate: { passed: false, reasons: [text], notes: [text] },
              },
            }),
          ],
        }),
      );
    };
    const harmless = tags(pageWith('harmless'));
    const anywhere = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', minLength: 1 }));
    fc.assert(
      fc.property(anywhere, (text) => {
        fc.pre(text.trim() !== '' && !/^\d+$/.test(text));
        expect(tags(pageWith(text))).toEqual(harmless);
      }),
      { numRuns: 40 },
    );
  });
});
