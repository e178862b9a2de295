import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manifestOf } from '../../src/rollout/manifest.ts';
import { formatState, initialState, parseState, type RolloutState } from '../../src/rollout/state.ts';
import { flagKey } from '../../src/rollout/targeting.ts';
import { prompt } from './fixtures.ts';
import { eventOf, happenings, servedOf, step } from './model.ts';

describe('whatever happens in whatever order', () => {
  /** Every state that events lead to, each looked at once: what differs in times and logs alone is the same. */
  test('every rollout of up to eight events is sound', () => {
    const key = ({ log: _, ...state }: RolloutState) => {
      const harm = state.canary?.evidence.metrics['success'];
      const frozen = state.frozen !== null;
      const quarantine = state.quarantine.map(({ release }) => release.version);
      const canary = state.canary && [state.canary.release.version, state.canary.percent, harm];
      return JSON.stringify([state.stable, state.previous, canary, state.waiting, frozen, quarantine]);
    };
    let frontier = [initialState(prompt)];
    const seen = new Set<string>();
    const served = new Set<string>();
    for (let hour = 1; hour <= 8; hour++) {
      const next: RolloutState[] = [];
      for (const before of frontier) {
        for (const happening of happenings) {
          const after = step(before, eventOf(happening, before, hour));
          served.add(servedOf(after));
          if (seen.has(key(after))) continue;
          seen.add(key(after));
          next.push(after);
        }
      }
      frontier = next;
    }
    // The model would be sound for nothing if its events led nowhere.
    expect(seen.size).toBeGreaterThan(500);
    expect(served.size).toBeGreaterThan(30);
  });

  const happening = fc.constantFrom(...happenings);

  test('long rollouts are sound, and survive being written and read at any time', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(happening, fc.boolean()), { minLength: 20, maxLength: 80 }), (events) => {
        let state = initialState(prompt);
        for (const [hour, [next, restart]] of events.entries()) {
          if (restart) state = parseState(formatState(state), 'state.json');
          state = step(state, eventOf(next, state, hour + 1));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('what happens to one prompt leaves the others alone', () => {
    const both = fc.array(fc.tuple(fc.boolean(), happening), { maxLength: 60 });
    fc.assert(
      fc.property(both, (events) => {
        const prompts = ['a/one', 'b/two'] as const;
        const together = new Map<string, RolloutState>(prompts.map((id) => [id, initialState(id)]));
        const alone = new Map(together);
        const flags = () => manifestOf([...together.values()]).flags;
        for (const [hour, [first, next]] of events.entries()) {
          const [mine, other] = first ? prompts : prompts.toReversed();
          const before = flags()[flagKey(other!)];
          const state = together.get(mine!)!;
          together.set(mine!, step(state, eventOf(next, state, hour + 1)));
          expect(flags()[flagKey(other!)]).toEqual(before);
        }
        for (const [hour, [first, next]] of events.entries()) {
          if (!first) continue;
          const state = alone.get('a/one')!;
          alone.set('a/one', step(state, eventOf(next, state, hour + 1)));
        }
        expect(together.get('a/one')).toEqual(alone.get('a/one'));
      }),
      { numRuns: 100 },
    );
  });
});
