import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/reports/display-width.ts';
import { renderTerminal } from '../../src/reports/terminal.ts';
import { comparedRun } from './comparison-fixture.ts';
import { acceptedProposal, evaluation, report } from './fixtures.ts';
import { controlCharacter, hostileTexts } from './hostile-fixture.ts';
import { hostileReport } from './hostile-report.ts';

const proposal = report({ proposals: [acceptedProposal()] });

describe('the table', () => {
  it('has the verdict first and every column aligned', () => {
    const lines = renderTerminal(proposal, { color: false, columns: 120 }).split('\n');
    expect(lines[0]).toBe('Improvement');
    const header = lines.findIndex((line) => line.startsWith('metric'));
    const table = lines.slice(header, lines.indexOf('', header)).filter((line) => !line.startsWith('['));
    expect(table).toHaveLength(5);
    const end = (line: string, cell: RegExp) =>
      (cell.exec(line)?.index ?? -1) + (cell.exec(line)?.[0].length ?? 0);
    const bases = table.map((line) => end(line, /base|[\d.]+ (?:%|ms)/));
    expect(new Set(bases).size).toBe(1);
    const verdicts = table.map((line) => line.search(/verdict|improvement|regression/));
    expect(new Set(verdicts).size).toBe(1);
    expect(
      new Set(table.map((line) => end(line, /95% interval|\+[\d.]+(?: ms)? to \+[\d.]+(?: ms)?/))).size,
    ).toBe(1);
  });

  it('aligns names of wide characters by the columns they take', () => {
    const metrics = { 精度の指標: evaluation().objective, short: evaluation().objective };
    const lines = renderTerminal(report({ prompts: [evaluation({ metrics })] }), {
      color: false,
      columns: 120,
    }).split('\n');
    const rows = lines.filter((line) => /^(?:objective|精度の指標|short) /.test(line));
    expect(rows).toHaveLength(3);
    const characters = rows.map((row) => row.indexOf(' %'));
    expect(characters[1]).toBe(characters[0]! - 5);
    expect(characters[2]).toBe(characters[0]);
  });

  it('is stacked where it does not fit, and loses no number', () => {
    const text = renderTerminal(proposal, { color: false, columns: 50 });
    expect(text).toMatch(
      /intent_accuracy\n {2}base +22\.9 %\n {2}head +71\.4 %\n {2}difference +\+48\.5 points/,
    );
    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(80);
  });

  it('groups metrics by what they decide, gates first', () => {
    const lines = renderTerminal(comparedRun(), { color: false, columns: 120 }).split('\n');
    const start = lines.findIndex((line) => line.startsWith('metric'));
    expect(lines.slice(start + 1, lines.indexOf('', start)).map((line) => line.split('  ')[0])).toEqual([
      'objective',
      '[gated]',
      'intent_accuracy',
      'format_compliance',
      'tokens ↓',
      '[in the objective]',
      'slot_f1',
      '[reported only]',
      'hallucination_rate ↓',
      'latency ↓',
      'cost ↓',
    ]);
  });

  it('is followed by what the numbers do not show', () => {
    const text = renderTerminal(comparedRun(), { color: false, columns: 1_000 });
    for (const line of [
      '- Changed since main: the prompt.',
      'Adjusted over the gated metrics: intent_accuracy p = .062',
      'Smallest true difference found 4 times in 5: intent_accuracy 8.0 points; hallucination_rate 8.0 points; latency 30 ms',
      'No gate failed, but: intent_accuracy: this dataset shows differences of 0.08 and more; a smaller loss would pass',
      'Examples: 4 lost, 54 won, 140 unchanged',
      'Lost most: snips-val-RateBook-100 −100.0 points; snips-val-RateBook-102',
      '3 slices with a verdict, 6 inconclusive: intent:RateBook −29.0 points (−51.5 to −6.5, regression);',
      '2 flaky examples: snips-val-014 (100.0 %, 0.0 %, 100.0 %);',
    ]) {
      expect(text).toContain(`\n${line}`);
    }
    expect(text).toContain('calls by metrics 198, 0 from the answer store');
  });

  it('counts examples, names failures and tells the cost', () => {
    expect(renderTerminal(proposal, { color: false, columns: 120 })).toContain(
      'Examples: 4 lost, 54 won, 47 unchanged',
    );
    const text = renderTerminal(report({ prompts: [evaluation()] }), { color: false, columns: 120 });
    expect(text).toContain('Failed, 2 examples: the provider answered 503 three times.');
    expect(text).toContain('cost $0.0246');
  });
});

describe('colours', () => {
  it('come only when asked for, and change no text', () => {
    const plain = renderTerminal(proposal, { color: false, columns: 120 });
    const coloured = renderTerminal(proposal, { color: true, columns: 120 });
    expect(plain).not.toContain('\u001b');
    expect(coloured).toContain('\u001b[32mImprovement\u001b[39m');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });
});

describe('hostile text', () => {
  it('sends no control sequence and no workflow command', () => {
    const anywhere = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(anywhere, (text) => {
        const shown = renderTerminal(hostileReport(text), { color: false, columns: 80 });
        expect(shown).not.toMatch(controlCharacter);
        expect(shown).not.toMatch(/^\s*::|##\[/m);
      }),
      { numRuns: 60 },
    );
  });
});
