import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffWords } from '../../src/reports/word-diff.ts';

const words = (base: string, head: string) =>
  diffWords(base, head)
    .map(({ kind, text }) => (kind === 'added' ? `[+${text}]` : kind === 'removed' ? `[-${text}]` : text))
    .join('');

describe('a difference of words', () => {
  it('marks what came and what went', () => {
    expect(words('Name the colour of the word. Be brief.', 'Name the shade of the word. Be brief.')).toBe(
      'Name the [-colour][+shade] of the word. Be brief.',
    );
  });

  it('is empty where nothing changed, and for texts nobody would read so', () => {
    expect(diffWords('Name it.', 'Name it.')).toEqual([]);
    expect(diffWords('a '.repeat(4_000), 'b '.repeat(4_000))).toEqual([]);
  });

  it('takes changes with few words between them as one', () => {
    expect(
      words(
        'Classify the intent of the query. Be brief and exact.',
        'Label the aim of a query. Be brief and exact.',
      ),
    ).toBe('[-Classify the intent of the][+Label the aim of a] query. Be brief and exact.');
  });

  it('keeps a few words around a change', () => {
    const long = Array.from({ length: 100 }, (_, index) => `word${index}`).join(' ');
    const [before, change, after] = diffWords(`${long} old ${long}`, `${long} new ${long}`).map(
      ({ text }) => text,
    );
    expect(before).toMatch(/^… word88 .* word99 $/);
    expect(change).toBe('old');
    expect(after).toBe('new');
    expect(diffWords(`${long} old ${long}`, `${long} new ${long}`).at(-1)?.text).toMatch(
      /^ ?word0 .* word11 … $/,
    );
  });

  it('gives both texts back, but for what it leaves out', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd', ' ', '\n'), { maxLength: 24 })
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, text, (base, head) => {
        fc.pre(base !== head);
        const runs = diffWords(base, head);
        const of = (kind: 'added' | 'removed') =>
          runs
            .filter((run) => run.kind !== kind)
            .map((run) => run.text)
            .join('');
        if (runs.some((run) => run.text.includes('…'))) return;
        expect(of('added')).toBe(base);
        expect(of('removed')).toBe(head);
      }),
    );
  });
});
