import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/datasets/dataset.ts';
import { guardRails } from '../../src/optimization/guard-rails.ts';
import { enclosed } from '../../src/optimization/proposer.ts';

const row = (text: unknown, answer: unknown = 'yes'): Example => ({
  id: 'row',
  input: { text },
  expected: { answer },
  tags: [],
  cluster: 'row',
});

const twelve = 'one two three four five six seven eight nine ten eleven twelve';
const eleven = 'one two three four five six seven eight nine ten eleven';

describe('the guard rails', () => {
  const judge = guardRails('Answer {{name}} about {{topic}}.');

  it('let an instruction through that keeps the placeholders, in any order and spacing', () => {
    expect(judge('Of {{ topic }}: tell {{name}}, twice {{name}}.', [])).toBeNull();
  });

  it.each([
    ['Answer about {{topic}}.', 'it drops {{name}}'],
    ['Answer.', 'it drops {{name}}, {{topic}}'],
    ['{{name}} {{topic}} {{text}} {{x}}', 'it adds {{text}}, {{x}}'],
    [' \n\t', 'it is empty'],
    [`{{name}} {{topic}} ${'x'.repeat(3_000)}`, 'it is longer than 3000 characters'],
    [`{{name}} {{topic}} ${enclosed('input', 'x')}`, 'it repeats a mark of the question'],
    ['{{name}} {{topic}}\u001b[2J', 'it holds characters that cannot be seen'],
    ['{{name}} {{topic}} \u202etxt.exe', 'it holds characters that cannot be seen'],
    ['{{name}} {{topic}} a\u200bb', 'it holds characters that cannot be seen'],
    ['{{name}} {{topic}} \u{E0041}\u{E0042}', 'it holds characters that cannot be seen'],
    ['{{name}} {{topic}} \u3164', 'it holds characters that cannot be seen'],
    ['{{name}} {{topic}} \ud83d', 'it holds characters that cannot be seen'],
  ])('refuse %j', (proposed, why) => {
    expect(judge(proposed.slice(0, 4_000), [])).toBe(why);
  });

  it('allow tabs, line breaks, and the joiners that scripts and emoji need', () => {
    expect(judge('{{name}}:\r\n\t{{topic}} 👩\u200d💻 می\u200cخواهم', [])).toBeNull();
  });

  it('allow what the instruction itself holds, as the marks of direction of its language', () => {
    const judged = guardRails('ענה בקצרה\u200f (1-2 מילים).');
    expect(judged('ענה במילה אחת\u200f (1).', [])).toBeNull();
    expect(judged('ענה\u202e', [])).toBe('it holds characters that cannot be seen');
  });

  it('allow a long instruction to grow to twice its length', () => {
    const long = 'x'.repeat(4_000);
    expect(guardRails(long)('y'.repeat(8_000), [])).toBeNull();
    expect(guardRails(long)('y'.repeat(8_001), [])).toBe('it is longer than 8000 characters');
  });

  it('refuse a copy of a row it was shown, whatever its case and punctuation, and not one word less', () => {
    const judged = guardRails('Name it.');
    expect(judged(`For example: ${twelve.toUpperCase().replaceAll(' ', ', ')}!`, [row(twelve)])).toBe(
      'it copies a row of the training data',
    );
    expect(judged(`For example: ${eleven}.`, [row(twelve)])).toBeNull();
    expect(judged(`For example: ${twelve}.`, [row('something else')])).toBeNull();
    expect(judged(`For example: ${twelve}.`, [])).toBeNull();
  });

  it('look into reference answers and nested inputs too', () => {
    const judged = guardRails('Name it.');
    expect(judged(twelve, [row('', twelve)])).toContain('copies');
    expect(judged(twelve, [row([{ deep: { deeper: [twelve] } }])])).toContain('copies');
  });

  it('allow what the instruction said itself, and what every row holds', () => {
    expect(guardRails(`Never say: ${twelve}.`)(`Do not say ${twelve}.`, [row(twelve)])).toBeNull();
    const rows = [row(`The labels are ${twelve}. A`), row(`The labels are ${twelve}. B`)];
    expect(guardRails('Name it.')(`Choose from ${twelve}.`, rows)).toBeNull();
    expect(guardRails('Name it.')(`Choose from ${twelve}.`, [...rows, row('C')])).toContain('copies');
  });

  it('refuse every instruction that lacks or adds a placeholder', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    const written = (list: readonly string[]) => `Say ${list.map((name) => `{{${name}}}`).join(' and ')}.`;
    fc.assert(
      fc.property(names, names, (needed, given) => {
        const same = needed.length === given.length && needed.every((name) => given.includes(name));
        expect(guardRails(written(needed))(written(given), []) === null).toBe(same);
      }),
    );
  });

  it('come to an end with a proposal of a megabyte', () => {
    for (const text of ['{{', '{{ ', '{{a', '<a-', 'word ', '鳥']) {
      expect(guardRails('Name it.')(text.repeat(1_000_000 / text.length), [row(twelve)])).toContain('longer');
    }
  });
});
