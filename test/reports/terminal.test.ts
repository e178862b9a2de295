import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/reports/display-width.ts';
import { renderTerminal } from '../../src/reports/terminal.ts';
import { acceptedProposal, controlCharacter, evaluation, hostileTexts, report } from './fixtures.ts';

const proposal = report({ proposals: [acceptedProposal()] });

describe('the table', () => {
  it('has the verdict first and every column aligned', () => {
    const lines = renderTerminal(proposal, { color: false, columns: 120 }).split('\n');
    expect(lines[0]).toBe('Improvement');
    const header = lines.findIndex((line) => line.startsWith('metric'));
    const table = lines.slice(header, header + 5);
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
        const prompts = [
          evaluation({
            id: text,
            version: text,
            model: text,
            metrics: { [text]: evaluation().objective },
            failures: [{ example: text, error: text }],
          }),
        ];
        const shown = renderTerminal(report({ prompts, ended: text }), { color: false, columns: 80 });
        expect(shown).not.toMatch(controlCharacter);
        expect(shown).not.toMatch(/^\s*::|##\[/m);
      }),
      { numRuns: 60 },
    );
  });
});
