import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOf } from '../../src/models/shares.ts';

const nothing = { tokens: 0, usd: 0, minutes: 0 };

describe('the share of the next part of a run', () => {
  it('is an equal part of what is left, in whole tokens, microdollars and hundredths of a minute', () => {
    const limits = { tokens: 1000, usd: 2, minutes: 10 };
    expect(shareOf(limits, nothing, { parts: 3, atOnce: 1 })).toEqual({
      tokens: 333,
      usd: 0.666666,
      minutes: 3.33,
    });
    expect(shareOf(limits, { tokens: 100, usd: 0.5, minutes: 4 }, { parts: 2, atOnce: 1 })).toEqual({
      tokens: 450,
      usd: 0.75,
      minutes: 3,
    });
  });

  it('is all that is left for the last part', () => {
    const share = shareOf({ usd: 1 }, { ...nothing, usd: 0.3 }, { parts: 1, atOnce: 1 });
    expect(share.usd).toBe(0.7);
  });

  it('of minutes counts that parts which run at once share them', () => {
    const minutes = (parts: number, atOnce: number) =>
      shareOf({ minutes: 12 }, nothing, { parts, atOnce }).minutes;
    expect([minutes(4, 1), minutes(4, 2), minutes(3, 2), minutes(4, 4), minutes(1, 4)]).toEqual([
      3, 6, 6, 12, 12,
    ]);
  });

  it('of a limit that does not exist, or of which nothing is left, is no limit', () => {
    expect(shareOf({ usd: 1 }, { ...nothing, usd: 1.2 }, { parts: 2, atOnce: 1 })).toEqual({
      tokens: undefined,
      usd: undefined,
      minutes: undefined,
    });
  });

  it('taken by one part after another, in full or in part, never comes to more than the limit, and never shrinks', () => {
    const used = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(used, fc.integer({ min: 100, max: 1_000_000 }), (shares, tokens) => {
        let taken = 0;
        let before = 0;
        for (const [index, share] of shares.entries()) {
          const waiting = { parts: shares.length - index, atOnce: 1 };
          const limit = shareOf({ tokens }, { ...nothing, tokens: taken }, waiting).tokens ?? expect.fail();
          expect(limit).toBeGreaterThanOrEqual(before);
          before = limit;
          taken += Math.floor(share * limit);
        }
        expect(taken).toBeLessThanOrEqual(tokens);
      }),
    );
  });
});
