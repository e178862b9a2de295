import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeCandidate, choicesKey, drawCandidate, type Parent } from '../../src/optimization/candidate.ts';
import type { Choices } from '../../src/optimization/proposal.ts';
import { realise, type SearchSpace, withAnswers } from '../../src/optimization/space.ts';
import { layouts } from '../../src/prompts/anatomy.ts';
import { promptDigest } from '../../src/prompts/version.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { latentWorld } from './latent-model.ts';

const { prompt } = latentWorld(1);

/** A space with strata of the given sizes. */
function spaceWith(strataSizes: readonly number[], sizes: readonly number[]): SearchSpace {
  const strata = new Map(
    strataSizes.map((size, label) => [
      `label ${label}`,
      Array.from({ length: size }, (_, index) => `${label}/${index}`),
    ]),
  );
  const pool = [...strata].flatMap(([stratum, ids]) =>
    ids.map((id) => [id, { id, stratum, question: `Word: ${id}`, answer: stratum }] as const),
  );
  const base = { instruction: 'Name it.', layout: 'instruction first', demonstrations: [] } as const;
  return { base, instructions: ['Name it.', 'Say it.', ''], layouts, sizes, pool: new Map(pool), strata };
}

const strataSizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
const seeds = fc.nat(100_000);

function isLawful(space: SearchSpace, { demonstrations, instruction, layout }: Choices): void {
  expect(new Set(demonstrations).size).toBe(demonstrations.length);
  for (const id of demonstrations) expect(space.pool.has(id)).toBe(true);
  expect(space.instructions).toContain(instruction);
  expect(space.layouts).toContain(layout);
}

describe('a fresh draw', () => {
  it('is balanced: no label is shown twice more than another that has more to show', () => {
    fc.assert(
      fc.property(strataSizes, fc.nat(20), seeds, (sizes, wanted, seed) => {
        const space = spaceWith(sizes, [wanted]);
        const { choices, parent } = drawCandidate(space, wanted, createRandom(seed));
        isLawful(space, choices);
        expect(parent).toBeNull();
        const total = sizes.reduce((sum, size) => sum + size, 0);
        expect(choices.demonstrations).toHaveLength(Math.min(wanted, total));
        const shown = sizes.map(
          (_, label) => choices.demonstrations.filter((id) => id.startsWith(`${label}/`)).length,
        );
        const most = Math.max(...shown);
        for (const [label, count] of shown.entries()) {
          expect(count).toBeGreaterThanOrEqual(Math.min(most - 1, sizes[label] ?? 0));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('comes in orders of both kinds: in rounds over the labels, and not', () => {
    const space = spaceWith([4, 4], [8]);
    const inRounds = Array.from({ length: 60 }, (_, seed) => {
      const { demonstrations } = drawCandidate(space, 8, createRandom(seed)).choices;
      const shown = demonstrations.map((id) => id.charAt(0));
      return [0, 2, 4, 6].every((place) => shown[place] !== shown[place + 1]);
    }).filter(Boolean).length;
    expect(inRounds).toBeGreaterThan(20);
    expect(inRounds).toBeLessThan(55);
  });
});

describe('a draw where answers in own words are known', () => {
  it('shows own words alone, references alone, or both', () => {
    const references = spaceWith([4, 4], [4]);
    const answers = [...references.pool.values()].map((entry) => ({
      ...entry,
      id: `answered-${entry.id}`,
      example: entry.id,
    }));
    const space = withAnswers(references, answers, 4);
    const mixtures = Array.from({ length: 60 }, (_, seed) => {
      const { demonstrations } = drawCandidate(space, 4, createRandom(seed)).choices;
      return demonstrations.filter((id) => id.startsWith('answered-')).length;
    });
    expect(new Set(mixtures)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(mixtures.filter((own) => own === 4).length).toBeGreaterThan(10);
    expect(mixtures.filter((own) => own === 0).length).toBeGreaterThan(10);
  });
});

describe('a change', () => {
  /** The parent and another, after a walk of changes that makes them uneven. */
  function walk(space: SearchSpace, steps: number, seed: number): Parent[] {
    const random = createRandom(seed);
    const missed = [...space.strata.keys()].slice(0, 1);
    const first = drawCandidate(space, space.sizes[0] ?? 0, random.fork('first')).choices;
    const second = drawCandidate(space, space.sizes.at(-1) ?? 0, random.fork('second')).choices;
    let parents: Parent[] = [
      { id: 0, choices: first, missed },
      { id: 1, choices: second, missed: [...space.strata.keys()].slice(-1) },
    ];
    for (let step = 0; step < steps; step++) {
      parents = parents.map((parent, index) => {
        const others = parents.filter((other) => other !== parent);
        const draft = changeCandidate(space, parent, others, random.fork(`step ${step} ${index}`));
        return { ...parent, choices: draft.choices };
      });
    }
    return parents;
  }

  it('shows no demonstration twice, only ones of the pool, and never more than a prompt may hold', () => {
    const world = fc.tuple(strataSizes, fc.integer({ min: 1, max: 3 }));
    fc.assert(
      fc.property(world, fc.nat(12), seeds, ([sizes, rounds], steps, seed) => {
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const counts = Array.from({ length: rounds }, (_, index) => (index + 1) * sizes.length);
        const space = spaceWith(sizes, [...new Set(counts.map((count) => Math.min(count, total)))]);
        for (const { choices } of walk(space, steps, seed)) {
          isLawful(space, choices);
          expect(choices.demonstrations.length).toBeLessThanOrEqual(space.sizes.at(-1) ?? 0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('shows no training example in two wordings, and balances what it shows of both', () => {
    const answered = fc.array(fc.nat(5), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(strataSizes, answered, fc.nat(12), seeds, (sizes, rows, steps, seed) => {
        const references = spaceWith(sizes, [sizes.length]);
        const shown = [...references.pool.values()].filter((_, index) => rows.includes(index));
        const answers = shown.map((entry) => ({ ...entry, id: `answered-${entry.id}`, example: entry.id }));
        const space = withAnswers(references, answers, 2 * sizes.length);
        for (const { choices } of walk(space, steps, seed)) {
          isLawful(space, choices);
          const examples = choices.demonstrations.map((id) => id.replace('answered-', ''));
          expect(new Set(examples).size).toBe(examples.length);
          expect(examples.length).toBeLessThanOrEqual(space.sizes.at(-1) ?? 0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('names its parent and does what it says', () => {
    const space = spaceWith([6, 6], [2, 4, 6]);
    const parent: Parent = {
      id: 7,
      choices: {
        instruction: 'Name it.',
        layout: 'one message',
        demonstrations: ['0/0', '1/0', '0/1', '1/1'],
      },
      missed: ['label 1'],
    };
    const { demonstrations } = parent.choices;
    const kinds = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      const { choices, why, parent: from } = changeCandidate(space, parent, [], createRandom(seed));
      const kept = demonstrations.filter((id) => choices.demonstrations.includes(id));
      const added = choices.demonstrations.filter((id) => !demonstrations.includes(id));
      expect(from).toBe(7);
      const swapped = /^7 with (\S+) in place of (\S+)$/.exec(why);
      if (swapped) {
        kinds.add('swap');
        expect(added).toEqual([swapped[1]]);
        expect(choices.demonstrations).toEqual(
          demonstrations.map((id) => (id === swapped[2] ? swapped[1] : id)),
        );
        expect(swapped[1]?.charAt(0)).toBe(swapped[2]?.charAt(0));
      } else if (why === '7 with one more demonstration of label 1') {
        kinds.add('add');
        expect(choices.demonstrations.filter((id) => !added.includes(id))).toEqual(demonstrations);
        expect(added.map((id) => id.charAt(0))).toEqual(['1']);
      } else if (why === '7 in another order') {
        kinds.add('order');
        expect([...choices.demonstrations].sort()).toEqual([...demonstrations].sort());
      } else if (why === '7 with another wording') {
        kinds.add('wording');
        expect({ ...choices, instruction: '' }).toEqual({ ...parent.choices, instruction: '' });
      } else if (/^7 laid out as /.test(why)) {
        kinds.add('layout');
        expect({ ...choices, layout: '' }).toEqual({ ...parent.choices, layout: '' });
        expect(why).toBe(`7 laid out as ${choices.layout}`);
      } else {
        kinds.add('size');
        const size = Number(/^7 with (\d+) demonstrations$/.exec(why)?.[1]);
        expect(choices.demonstrations).toHaveLength(size);
        // Balance comes before keeping: of each label, those shown already go first.
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(size, 4) / 2);
      }
    }
    expect(kinds).toEqual(new Set(['swap', 'add', 'order', 'wording', 'layout', 'size']));
  });

  it('crosses two parents label by label', () => {
    const space = spaceWith([4, 4], [2, 4]);
    const one: Parent = {
      id: 1,
      choices: { instruction: 'Name it.', layout: 'one message', demonstrations: ['0/0', '1/0'] },
      missed: [],
    };
    const two: Parent = {
      id: 2,
      choices: { instruction: 'Say it.', layout: 'instruction last', demonstrations: ['0/1', '1/1'] },
      missed: [],
    };
    const crossed = Array.from({ length: 100 }, (_, seed) =>
      changeCandidate(space, one, [two], createRandom(seed)),
    )
      .filter(({ why }) => why === '1 crossed with 2')
      .map(({ choices }) => [...choices.demonstrations].sort().join(' '));
    expect(new Set(crossed)).toEqual(new Set(['0/0 1/0', '0/0 1/1', '0/1 1/0', '0/1 1/1']));
  });
});

describe('what tells two candidates apart', () => {
  it('is whether their messages differ', () => {
    const space = spaceWith([2, 2], [2]);
    const choices = fc.record({
      instruction: fc.constantFrom('Name it.', ''),
      layout: fc.constantFrom(...layouts),
      demonstrations: fc.shuffledSubarray(['0/0', '1/0']),
    });
    fc.assert(
      fc.property(choices, choices, (a, b) => {
        const digest = (of: Choices) => promptDigest(realise(prompt, space, of));
        expect(choicesKey(a) === choicesKey(b)).toBe(digest(a) === digest(b));
      }),
      { numRuns: 300 },
    );
  });
});
