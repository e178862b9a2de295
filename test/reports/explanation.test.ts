import { describe, expect, it } from 'vitest';
import type { Ablation, Change, Earning } from '../../src/optimization/proposal.ts';
import { earningNotes, earningSentences } from '../../src/reports/earnings.ts';
import { splitChanges } from '../../src/reports/example-changes.ts';
import { explanationOf } from '../../src/reports/explanation.ts';
import { renderHtml } from '../../src/reports/html.ts';
import { renderMarkdown } from '../../src/reports/markdown.ts';
import { runReportSchema } from '../../src/reports/report-schema.ts';
import { renderTerminal } from '../../src/reports/terminal.ts';
import { acceptedProposal, evaluation, rejectedProposal, report } from './fixtures.ts';

const earning = (change: Partial<Change>, fields: Partial<Earning> = {}): Earning => ({
  change: { part: 'demonstrations', rules: [], ...change },
  kept: 0.71,
  without: 0.44,
  difference: 0.27,
  interval: [0.15, 0.38],
  n: 30,
  ...fields,
});
const ablation = (earnings: readonly Earning[], fields: Partial<Ablation> = {}): Ablation => ({
  calls: 60,
  earnings,
  ended: null,
  ...fields,
});
const said = (change: Partial<Change>, fields: Partial<Earning> = {}) =>
  earningSentences(ablation([earning(change, fields)]))[0];

describe('what a change earns', () => {
  it('is told as what is lost without it', () => {
    expect(said({})).toBe(
      'Without the change of the demonstrations the dev score falls from 71.0 % to 44.0 % (−27.0 points, 95% interval −38.0 to −15.0, 30 rows).',
    );
    expect(said({ part: 'added rules', rules: ['Red is red.'] })).toMatch(
      /^Without the rule “Red is red\.” /,
    );
    expect(said({ part: 'added rules', rules: ['a', 'b'] })).toMatch(/^Without the 2 added rules /);
    expect(said({ part: 'removed rules', rules: ['a'] })).toMatch(/^Without the removal of 1 rule /);
  });

  it('is nothing where the interval allows nothing, and that is said plainly', () => {
    expect(said({ part: 'layout' }, { without: 0.7, difference: 0.01, interval: [-0.05, 0.06] })).toBe(
      'Nothing shows that the new layout earns anything: without it the dev score is 70.0 %, with it 71.0 % (−1.0 points, 95% interval −6.0 to +5.0, 30 rows).',
    );
    expect(said({}, { interval: null, n: 1 })).toMatch(/^Nothing shows .* no interval, 1 row\)\.$/);
  });

  it('is a loss where it is better without', () => {
    expect(said({ part: 'instruction' }, { without: 0.9, difference: -0.19, interval: [-0.3, -0.1] })).toBe(
      'Without the new wording of the instruction the dev score rises from 71.0 % to 90.0 % (+19.0 points, 95% interval +10.0 to +30.0, 30 rows): better without.',
    );
  });

  it('is unknown where no row could be compared', () => {
    expect(said({}, { difference: null, kept: null, without: null, interval: null, n: 0 })).toBe(
      'What the change of the demonstrations earns could not be measured.',
    );
  });

  it('comes with its calls, and with what was not measured', () => {
    expect(earningNotes(ablation([earning({})], { ended: 'the budget of 3 usd is reached' }))).toEqual([
      'Not all was measured: the budget of 3 usd is reached.',
      expect.stringMatching(/^Measured with 60 calls beside those of the search, on the dev split/),
    ]);
    expect(earningNotes(ablation([], { calls: 0, ended: 'the proposal is one change' }))).toEqual([
      'Nothing was measured: the proposal is one change.',
    ]);
  });
});

describe('the explanation of a proposal', () => {
  const proposal = acceptedProposal();
  const changes = splitChanges(proposal.changes, 105, true);

  it('names the worst lost examples first', () => {
    expect(explanationOf(proposal, changes)?.examples).toBe(
      '4 lost, 54 won, 47 unchanged. Lost most: snips-val-RateBook-100 (−100.0 points), snips-val-RateBook-102 (−100.0 points), snips-val-RateBook-101 (−70.0 points).',
    );
  });

  it('says what a call costs now, where it is known', () => {
    const priced = (usd: number | null) => {
      const { base, head } = proposal;
      const card = (of: typeof base, cost: number | null) =>
        of && { ...of, usage: { ...of.usage, usd: cost } };
      return explanationOf({ ...proposal, base: card(base, 0.105), head: card(head, usd) }, null)?.changes.at(
        -1,
      );
    };
    expect(priced(0.21)).toBe('A call costs $0.0020 where it cost $0.0010.');
    expect(priced(null)).not.toContain('cost');
    expect(priced(0.105)).not.toContain('cost');
  });

  it('stands where the search left a candidate, proposed or not, and nowhere else', () => {
    expect(explanationOf(rejectedProposal(), null)).not.toBeNull();
    expect(explanationOf({ ...proposal, head: null }, null)).toBeNull();
    const search = { ...proposal.search, candidates: [] };
    expect(explanationOf({ ...proposal, search }, null)).toBeNull();
    expect(renderMarkdown(report({ prompts: [evaluation()] }))).not.toContain('Where it comes from');
  });

  it('stands above the tables in Markdown, open', () => {
    const markdown = renderMarkdown(report({ proposals: [proposal] }));
    const order = [
      '**What changed.**',
      '**What each change earns.**',
      '**Examples.**',
      '**Where it comes from.**',
      '| metric |',
      '<details>',
    ];
    const places = order.map((text) => markdown.indexOf(text));
    expect(places[0]).toBeGreaterThan(0);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(markdown).toContain(
      '> <del>Classify the intent of the query</del><ins>You label search queries. Each query has exactly one intent</ins>.',
    );
  });

  it('stands above the tables on the page', () => {
    const page = renderHtml(report({ proposals: [proposal] }));
    expect(page.indexOf('<dl class="minute">')).toBeLessThan(page.indexOf('<table class="metrics'));
    expect(page).toContain('<del>Classify the intent of the query</del><ins>You label');
    expect(page).toContain(
      '<dt>What each change earns</dt><dd><ul><li>Without the change of the demonstrations',
    );
    expect(page).toContain('candidate 4: two demonstrations from training examples the base got wrong;');
  });

  it('prints what changes earn and one line of descent on a terminal', () => {
    const text = renderTerminal(report({ proposals: [proposal] }), { color: false, columns: 400 });
    expect(text).toContain('\nWithout the change of the demonstrations the dev score falls');
    expect(text.match(/^Descent: candidate 9: .*; candidate 0: the prompt as it was$/gm)).toHaveLength(1);
  });

  it('survives report.json, and a report that was written without it is still read', () => {
    const written = JSON.parse(JSON.stringify(report({ proposals: [proposal] })));
    expect(runReportSchema.parse(written).proposals?.[0]?.ablation).toEqual(proposal.ablation);
    const { ablation: _, ...older } = proposal;
    expect(
      runReportSchema.parse(JSON.parse(JSON.stringify(report({ proposals: [older] })))).proposals,
    ).toHaveLength(1);
  });
});
