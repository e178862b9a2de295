import { AxBootstrapFewShot, AxMockAIService, type AxProgrammable } from '@ax-llm/ax';
import { textProgram } from '../../src/optimization/ax-text-program.ts';
import type { Choices } from '../../src/optimization/proposal.ts';
import { createRandom } from '../../src/statistics/random.ts';
import type { Arena } from './arena.ts';

type Fields = Record<string, string>;

/** Demonstrations it may collect: as many as ours may show. */
const maxDemos = 24;

/**
 * AxBootstrapFewShot: rows that the model gets right, with all other rows as demonstrations, become the demonstrations. One round,
 * because further ones add duplicates; the prompt as it was where no row passes, which it throws at.
 */
export async function axBootstrap({ context, measure, seed }: Arena): Promise<Choices> {
  const { train, space, calls } = context;
  const { base, pool } = space;
  const byId = new Map(train.map((example) => [example.id, example]));
  let shown: string[] = [];
  let last: Fields = {};
  const withDemonstrations = (ids: readonly string[]): Choices => ({
    ...base,
    demonstrations: [...new Set(ids)].filter((id) => pool.has(id)).slice(0, maxDemos),
  });
  const program: AxProgrammable<Fields, Fields> = {
    ...textProgram(base.instruction),
    setDemos(demos) {
      shown = demos.flatMap(({ traces }) => traces.map((trace) => String(trace['id'])));
    },
    getTraces: () => [{ programId: 'prompt', trace: last }],
    async forward(_ai, { id = '' }) {
      const example = byId.get(id);
      const [row] = example ? await measure(withDemonstrations(shown), [example]) : [];
      last = { id };
      return { id, score: String(row?.objective ?? 0) };
    },
  };
  const optimizer = new AxBootstrapFewShot({
    studentAI: new AxMockAIService<string>({}),
    options: { maxRounds: 1, maxDemos, maxExamples: Math.min(train.length, calls), verboseMode: false },
  });
  try {
    const { demos = [] } = await seeded(seed, () =>
      optimizer.compile(
        program,
        train.map(({ id }) => ({ id })),
        ({ prediction }) => Number((prediction as Fields)['score']),
      ),
    );
    return withDemonstrations(demos.flatMap(({ traces }) => traces.map((trace) => String(trace['id']))));
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('No demonstrations found')) return base;
    throw error;
  }
}

/** It draws its rows by Math.random, whatever seed it is given. */
async function seeded<T>(seed: number, work: () => Promise<T>): Promise<T> {
  const { random } = Math;
  Math.random = createRandom(`bootstrap ${seed}`).next;
  try {
    return await work();
  } finally {
    Math.random = random;
  }
}
