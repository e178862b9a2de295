import type { Layout } from '../prompts/anatomy.ts';
import type { Random } from '../statistics/random.ts';
import type { Choices } from './proposal.ts';
import { exampleOf, type SearchSpace } from './space.ts';

/** Choices with where they came from. */
export type Draft = { readonly choices: Choices; readonly parent: number | null; readonly why: string };

/** A candidate that was measured well enough to be changed further. */
export type Parent = {
  readonly id: number;
  readonly choices: Choices;
  /** Strata of the dev rows it got wrong, one entry for each miss. */
  readonly missed: readonly string[];
};

/** Fresh choices drawn from the whole space, with `size` demonstrations balanced over the strata. */
export function drawCandidate(space: SearchSpace, size: number, random: Random): Draft {
  const strata = space.voices ? random.pick(space.voices) : space.strata;
  const demonstrations = arrange(space, balanced({ ...space, strata }, size, random), random);
  const choices = {
    instruction: random.pick(space.instructions),
    layout: random.pick(space.layouts),
    demonstrations,
  };
  return { choices, parent: null, why: `drawn at random with ${demonstrations.length} demonstrations` };
}

/**
 * The fresh draw of a number, the same for every strategy with the same seed, so that strategies differ only in what they make of
 * their draws. Sizes go in turn, largest first, so that each is seen early.
 */
export function freshDraft(space: SearchSpace, number: number, random: Random): Draft {
  const size = space.sizes.at(-1 - (number % space.sizes.length)) ?? 0;
  return drawCandidate(space, size, random.fork(`draw ${number}`));
}

/** One change of a parent: of its demonstrations, their order, the wording or the layout, or a cross with another parent. */
export function changeCandidate(
  space: SearchSpace,
  parent: Parent,
  others: readonly Parent[],
  random: Random,
): Draft {
  const changes = [swapDemonstration, addForMisses, reorder, reword, relayout, resize];
  if (others.length > 0) changes.push(cross, cross);
  const { choices, why } = random.pick(changes)(space, parent, random, others);
  return { choices, parent: parent.id, why };
}

/** What tells two candidates apart. */
export function choicesKey(choices: Choices): string {
  return JSON.stringify([choices.instruction, visibleLayout(choices), choices.demonstrations]);
}

/** The layout as it shows in the messages: nothing to place is placed alike. */
function visibleLayout({ instruction, layout, demonstrations }: Choices): Layout {
  const alike = instruction === '' || (layout === 'one message' && demonstrations.length === 0);
  return alike ? 'instruction first' : layout;
}

type Change = (
  space: SearchSpace,
  parent: Parent,
  random: Random,
  others: readonly Parent[],
) => { choices: Choices; why: string };

const swapDemonstration: Change = (space, { choices, id }, random) => {
  const out = random.pick(choices.demonstrations.length > 0 ? choices.demonstrations : ['']);
  const stratum = space.pool.get(out)?.stratum ?? '';
  const others = choices.demonstrations.filter((entry) => entry !== out);
  const unused = joining(space, stratum, others).filter((entry) => entry !== out);
  if (unused.length === 0) return reorder(space, { choices, id, missed: [] }, random, []);
  const into = random.pick(unused);
  const demonstrations = choices.demonstrations.map((entry) => (entry === out ? into : entry));
  return { choices: { ...choices, demonstrations }, why: `${id} with ${into} in place of ${out}` };
};

const addForMisses: Change = (space, parent, random) => {
  const { choices, missed, id } = parent;
  const largest = space.sizes.at(-1) ?? 0;
  if (missed.length === 0 || choices.demonstrations.length >= largest)
    return swapDemonstration(space, parent, random, []);
  const stratum = random.pick(missed);
  const unused = joining(space, stratum, choices.demonstrations);
  if (unused.length === 0) return swapDemonstration(space, parent, random, []);
  const place = random.integer(choices.demonstrations.length + 1);
  const demonstrations = choices.demonstrations.toSpliced(place, 0, random.pick(unused));
  return {
    choices: { ...choices, demonstrations },
    why: `${id} with one more demonstration of ${stratum || 'the task'}`,
  };
};

const reorder: Change = (space, { choices, id }, random) => ({
  choices: { ...choices, demonstrations: arrange(space, choices.demonstrations, random) },
  why: `${id} in another order`,
});

const reword: Change = (space, { choices, id }, random) => ({
  choices: { ...choices, instruction: random.pick(space.instructions) },
  why: `${id} with another wording`,
});

const relayout: Change = (space, { choices, id }, random) => {
  const layout = random.pick(space.layouts);
  return { choices: { ...choices, layout }, why: `${id} laid out as ${layout}` };
};

const resize: Change = (space, { choices, id }, random) => {
  const size = random.pick(space.sizes);
  const kept = random.sample(choices.demonstrations, Math.min(size, choices.demonstrations.length));
  const demonstrations = arrange(space, balanced(space, size, random, kept), random);
  return { choices: { ...choices, demonstrations }, why: `${id} with ${size} demonstrations` };
};

/** Of each stratum, the demonstrations of one parent or of the other, no more in all than a prompt may hold. */
const cross: Change = (space, { choices, id }, random, others) => {
  const other = random.pick(others);
  const chosen = [...space.strata.keys()].flatMap((stratum) => {
    const source = random.next() < 0.5 ? choices : other.choices;
    return source.demonstrations.filter((entry) => space.pool.get(entry)?.stratum === stratum);
  });
  const instruction = random.pick([choices.instruction, other.choices.instruction]);
  const layout = random.pick([choices.layout, other.choices.layout]);
  const demonstrations = arrange(space, random.sample(chosen, space.sizes.at(-1) ?? 0), random);
  return { choices: { instruction, layout, demonstrations }, why: `${id} crossed with ${other.id}` };
};

/** `size` demonstrations, as evenly over the strata as their number allows, `kept` before others of their stratum. */
function balanced(space: SearchSpace, size: number, random: Random, kept: readonly string[] = []): string[] {
  const queues = random.shuffle([...space.strata.keys()]).map((stratum) => {
    const ids = space.strata.get(stratum) ?? [];
    const fresh = random.shuffle(ids.filter((entry) => !kept.includes(entry)));
    return eachExampleOnce(space, [...ids.filter((entry) => kept.includes(entry)), ...fresh]);
  });
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  const rounds = Array.from({ length: longest }, (_, round) =>
    queues.flatMap((queue) => queue.slice(round, round + 1)),
  );
  return rounds.flat().slice(0, size);
}

/** Demonstrations of a stratum that may join others: none of an example that stands there in any words. */
function joining(space: SearchSpace, stratum: string, others: readonly string[]): string[] {
  const taken = new Set(others.map((id) => shownBy(space, id)));
  return (space.strata.get(stratum) ?? []).filter((id) => !taken.has(shownBy(space, id)));
}

/** Of several answers to one example the first. */
function eachExampleOnce(space: SearchSpace, ids: readonly string[]): string[] {
  const byExample = new Map(ids.toReversed().map((id) => [shownBy(space, id), id]));
  return ids.filter((id) => byExample.get(shownBy(space, id)) === id);
}

function shownBy(space: SearchSpace, id: string): string {
  const entry = space.pool.get(id);
  return entry ? exampleOf(entry) : id;
}

/**
 * An order: fully shuffled, or in rounds of one of each stratum. Small models lean to the labels they read last (Zhao
 * et al. 2021), which rounds soften.
 */
function arrange(space: SearchSpace, ids: readonly string[], random: Random): string[] {
  const shuffled = random.shuffle(ids);
  if (random.next() < 0.5) return shuffled;
  const byStratum = Map.groupBy(shuffled, (entry) => space.pool.get(entry)?.stratum ?? '');
  const rounds = Math.max(0, ...[...byStratum.values()].map((group) => group.length));
  return Array.from({ length: rounds }, (_, round) =>
    random.shuffle([...byStratum.values()].flatMap((group) => group.slice(round, round + 1))),
  ).flat();
}
