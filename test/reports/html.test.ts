import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/reports/html.ts';
import { comparedPrompt, comparedRun } from './comparison-fixture.ts';
import { acceptedProposal, evaluation, rejectedProposal, report } from './fixtures.ts';
import { hostileTexts } from './hostile-fixture.ts';
import { hostileReport } from './hostile-report.ts';

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

  it('says of a search that found nothing better that the test split was not measured', () => {
    const { comparison: _, ...rejected } = rejectedProposal();
    const nothing = { ...rejected, comparison: null, base: null, head: null };
    expect(renderHtml(report({ proposals: [nothing] }))).toContain(
      '<span>embedded/tinyllama-1.1b-chat</span> <span>not measured on the test split</span>',
    );
  });

  it('draws base and head of a metric where their values are', () => {
    const row = /<th scope="row">intent_accuracy [\s\S]*?<\/svg>/.exec(page)?.[0] ?? '';
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
    const examples = page.slice(page.indexOf('<h3>Examples lost and won</h3>'));
    const places = order.map((text) => examples.indexOf(text));
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
    const { dataset, usage } = evaluation();
    const whole = { dataset: { ...dataset, n: times.length }, usage: { ...usage, calls: times.length } };
    const counted = renderHtml(report({ prompts: [evaluation({ examples, ...whole })] }));
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

describe('a comparison', () => {
  const page = renderHtml(comparedRun());
  const part = (title: string) =>
    new RegExp(`<section><h3>${title}</h3>[\\s\\S]*?</section>`).exec(page)?.[0] ?? '';

  it('groups metrics by what they decide', () => {
    const metrics = part('Metrics');
    expect(
      [...metrics.matchAll(/<th scope="row(?:group)?"[^>]*>([^<]+?) ?</g)].map(([, name]) => name),
    ).toEqual([
      'objective',
      'Gated',
      'intent_accuracy',
      'format_compliance',
      'tokens',
      'In the objective',
      'slot_f1',
      'Reported only',
      'hallucination_rate',
      'latency',
      'cost',
    ]);
    expect(metrics).toContain('<small>adjusted .062</small>');
    expect(metrics).toContain('<small>detects 2.6 points</small>');
    expect(metrics).toContain('<small>n = 198 of 200 · less is better</small>');
    expect(metrics).toContain('<p>No gate failed, but:</p><ul><li>intent_accuracy: this dataset shows');
  });

  it('draws every slice with its interval about the line of no difference', () => {
    const forest = part('Slices of the data');
    expect(forest.match(/<svg class="(?:good|bad|neutral)"/g)).toHaveLength(9);
    const zero = /<line class="zero" x1="([\d.]+)%" x2="\1%"/.exec(forest)?.[1];
    const drawn = (tag: string) => {
      const [, from, to, at] =
        new RegExp(
          `<title>${tag}: [\\s\\S]*?<line class="whisker" x1="([\\d.]+)%" x2="([\\d.]+)%"[\\s\\S]*?cx="([\\d.]+)%"`,
        ).exec(forest) ?? [];
      return { from: Number(from), to: Number(to), at: Number(at) };
    };
    const lost = drawn('intent:RateBook');
    expect(lost.to).toBeLessThan(Number(zero));
    expect(lost.at).toBeCloseTo((lost.from + lost.to) / 2, 1);
    expect(drawn('long').from).toBeGreaterThan(Number(zero));
    const undecided = drawn('short');
    expect(undecided.from).toBeLessThan(Number(zero));
    expect(undecided.to).toBeGreaterThan(Number(zero));
  });

  it('shows examples before and after, and how many did not change', () => {
    const examples = part('Examples lost and won');
    expect(examples).toContain('<title>4 lost, 140 unchanged, 54 won</title>');
    expect(examples).toContain('<th scope="col">before</th><th scope="col">after</th>');
  });

  it('lists flaky examples with each repeat', () => {
    expect(part('Flaky examples')).toContain(
      '<code>snips-val-088</code></td><td>30.0 %, 30.0 %, 100.0 %</td>',
    );
  });

  it('draws what each answer took in time, tokens and money', () => {
    const drawn = part('What each answer took');
    expect([...drawn.matchAll(/<h4>([^<]+)<\/h4>/g)].map(([, name]) => name)).toEqual([
      'tokens',
      'latency',
      'cost',
    ]);
    for (const [histogram] of drawn.matchAll(/<svg class="plot histogram"[\s\S]*?<\/svg>/g)) {
      const counts = [...histogram.matchAll(/: (\d+) answers?<\/title>/g)].map(([, count]) => Number(count));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(198);
      expect(counts.filter((count) => count > 0).length).toBeGreaterThan(4);
    }
  });

  it('draws none of it for a run whose report holds the worst examples alone', () => {
    const { dataset, examples } = comparedPrompt();
    const large = comparedPrompt({ dataset: { ...dataset, n: 5_000 }, examples: examples.slice(0, 150) });
    expect(renderHtml(comparedRun({ prompts: [large] }))).not.toContain('What each answer took');
  });

  it('counts what metrics asked, and names the commit of the base', () => {
    expect(part('Cost and time')).toContain('<dt>Calls by metrics</dt><dd>198, 0 from the answer store</dd>');
    expect(part('Cost and time')).toContain('<dt>Cost by metrics</dt><dd>$0.2140</dd>');
    expect(part('How to repeat it')).toContain(
      '<dt>commit of main</dt><dd><code>7dc1b2b0aa5e5b7f3f0a94f1c8ad5f6a1a2b3c4d</code></dd>',
    );
  });

  it('shows the first of very many entries and counts the rest', () => {
    const flaky = Array.from({ length: 150 }, (_, index) => ({ example: `e${index}`, objectives: [0, 1] }));
    const failures = flaky.map(({ example }) => ({ example, error: `error of ${example}` }));
    const long = renderHtml(comparedRun({ prompts: [comparedPrompt({ flaky, failures })] }));
    expect(long.match(/<p class="left-out">50 more are in report.json.<\/p>/g)).toHaveLength(2);
  });
});

describe('hostile text', () => {
  it('adds no tag to a page, wherever it stands', () => {
    const harmless = tags(renderHtml(hostileReport('harmless')));
    const anywhere = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', minLength: 1 }));
    fc.assert(
      fc.property(anywhere, (text) => {
        fc.pre(text.trim() !== '' && !/^\d+$/.test(text));
        expect(tags(renderHtml(hostileReport(text)))).toEqual(harmless);
      }),
      { numRuns: 40 },
    );
  });
});
