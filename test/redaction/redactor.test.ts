import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRedaction, type Redact } from '../../src/redaction/redactor.ts';
import { plantPersonalData } from './personal-data.ts';

let redact: Redact;
beforeAll(async () => {
  redact = await openRedaction([]);
});

const textOf = (text: string) => redact([text]).values[0];

/** Seeds, names, values and sentences that nothing was tuned on; those of tuning are the other half of `personal-data.ts`. */
const seeds = [7101, 7102];

describe('personal data', () => {
  it.each(seeds)('is found, 19 of 20 pieces and more of each kind (seed %i)', (seed) => {
    const kinds = new Map<string, { planted: number; gone: number; right: number; wrong: number }>();
    const of = (kind: string) => {
      const known = kinds.get(kind) ?? { planted: 0, gone: 0, right: 0, wrong: 0 };
      kinds.set(kind, known);
      return known;
    };
    for (const { text, kind, parts } of plantPersonalData('test', seed, 500)) {
      const { values, found } = redact([text]);
      const isGone = parts.every((part) => !String(values[0]).includes(part));
      if (kind !== null) of(kind).planted += 1;
      if (kind !== null && isGone) of(kind).gone += 1;
      for (const [each, count] of found) {
        const right = each === kind && isGone ? 1 : 0;
        of(each).right += right;
        of(each).wrong += count - right;
      }
    }
    const all = [...kinds.values()];
    const sum = (key: 'planted' | 'gone' | 'right' | 'wrong') =>
      all.reduce((total, each) => total + each[key], 0);
    const figures = {
      pieces: sum('planted'),
      kinds: kinds.size,
      recall: sum('gone') / sum('planted'),
      precision: sum('right') / (sum('right') + sum('wrong')),
    };
    const share = (part: number, whole: number) => (part / whole).toFixed(3);
    console.info(
      `seed ${seed}: recall ${figures.recall.toFixed(3)}, precision ${figures.precision.toFixed(3)}\n${[
        ...kinds,
      ]
        .map(
          ([kind, { planted, gone, right, wrong }]) =>
            `  ${kind}: ${planted} planted, recall ${share(gone, planted)}, precision ${share(right, right + wrong)}`,
        )
        .join('\n')}`,
    );
    expect(figures.pieces).toBe(500);
    expect(figures.kinds).toBeGreaterThanOrEqual(10);
    expect(figures.recall).toBeGreaterThanOrEqual(0.95);
    expect(figures.precision).toBeGreaterThanOrEqual(0.9);
    expect(all.filter(({ planted, gone }) => gone < 0.9 * planted)).toEqual([]);
  });

  it('has the same placeholder wherever the same piece stands', () => {
    const { values, found } = redact([
      {
        from: 'Priya Raman <priya@example.org>',
        text: 'Priya wrote from PRIYA@example.org to bo@example.org',
      },
      'Dear Priya, I wrote to bo@example.org.',
    ]);
    expect(values).toEqual([
      { from: '<PERSON_1> <<EMAIL_1>>', text: '<PERSON_1> wrote from <EMAIL_1> to <EMAIL_2>' },
      'Dear <PERSON_1>, I wrote to <EMAIL_2>.',
    ]);
    expect(Object.fromEntries(found)).toEqual({ PERSON: 1, EMAIL: 2 });
  });

  it('is taken out of numbers, lists and the names of inner fields; outer ones stay', () => {
    const { values } = redact([
      { card: 4111111111111111, by: { 'bo@example.org': ['bo@example.org', 7, null, true] } },
    ]);
    expect(values).toEqual([{ card: '<CARD_1>', by: { '<EMAIL_1>': ['<EMAIL_1>', 7, null, true] } }]);
  });

  it('is found with characters in it that nobody sees', () => {
    expect(textOf('Write to bo\u200b@exam\u00adple.org')).toBe('Write to <EMAIL_1>');
  });

  it.each([
    ['a wrong check digit', 'The account DE89 3704 0044 0532 0130 01 and 4111 1111 1111 1112'],
    ['versions, times and dates', 'Since v10.2.33.1 of 2025-03-12 it fails at 10:45:33'],
    ['names of things', 'Visual Studio Code opens the Golden Gate Bridge in New York'],
    ['numbers of things', 'Order 4829-1123-44, SKU 123-45-6789, ticket #1234567'],
    ['what was taken out before', '<PERSON_1> wrote to <EMAIL_12> from <IP_2>'],
  ])('is not %s', (_, text) => {
    expect(textOf(text)).toBe(text);
  });

  it('is gone at once: what is left has none', () => {
    fc.assert(
      fc.property(fc.constantFrom('tuning', 'test'), fc.integer({ min: 0, max: 1_000_000 }), (half, seed) => {
        // One of each kind.
        for (const { text } of plantPersonalData(half, seed, 14)) {
          const once = textOf(text);
          expect(redact([once]).values[0]).toBe(once);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('is looked for in a text that is made to take long', () => {
    const hostile = `${'Aa-'.repeat(600)} ${'A-'.repeat(900)}`;
    expect(textOf(hostile)).toBe(hostile);
  });

  it('can be of a kind of one’s own, which comes first', async () => {
    const own = await openRedaction([{ name: 'staff_id', pattern: 'E-\\d{4}' }]);
    const { values, found } = own(['E-1234 and E-9999 asked for E-1234']);
    expect(values).toEqual(['<STAFF_ID_1> and <STAFF_ID_2> asked for <STAFF_ID_1>']);
    expect([...found]).toEqual([['STAFF_ID', 2]]);
  });
});

describe('a long document', () => {
  it('loses the people of all its passages, each under one name', () => {
    const sentence = (place: number) =>
      `${place}. Please ask Ann Miller or write to p${place % 900}@example.org. `;
    const document = Array.from({ length: 3_000 }, (_, place) => sentence(place)).join('');
    const { values, found } = redact([document]);
    expect([found.get('PERSON'), found.get('EMAIL')]).toEqual([1, 900]);
    expect(values[0]).not.toMatch(/Ann|Miller|example\.org/);
    expect(String(values[0]).match(/<PERSON_1>/g)).toHaveLength(3_000);
  });
});
