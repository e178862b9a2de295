import type { AxGEPAAdapter } from '@ax-llm/ax';
import type { Example } from '../datasets/dataset.ts';
import { component, textProgram } from './ax-text-program.ts';
import type { MeasuredRow } from './measured-row.ts';
import type { ReviewedRow } from './training-rows.ts';

/** What Ax's optimizer works on: one text, measured and reworded by the caller. */
export type GepaTask = {
  readonly instruction: string;
  /** Rows it draws its minibatches from. */
  readonly train: readonly Example[];
  /** Rows it compares accepted candidates on. */
  readonly validation: readonly Example[];
  /** Measurements it may make; it counts them itself. */
  readonly calls: number;
  /** Not 0, which Ax takes for none. */
  readonly seed: number;
  /** How many of the validation rows it looks at; three minibatches, Ax's own limit, when it is not given. */
  readonly paretoSetSize?: number;
  /** Rows of a minibatch, 20 when it is not given. */
  readonly minibatchSize?: number;
  measure(instruction: string, rows: readonly Example[]): Promise<readonly MeasuredRow[]>;
  /** A better instruction from what a candidate made of a minibatch, or null for none. */
  propose(instruction: string, rows: readonly ReviewedRow[]): Promise<string | null>;
};

/** All that Ax sees of a row: reference answers are none of its business. */
type Datum = { readonly [name: string]: string; readonly row: string };
type Adapter = AxGEPAAdapter<Datum, ReviewedRow, string>;

/** Stands for a proposal that there is none of: where a text does not change, Ax asks a proposer of its own. */
const nothing = '\u0000';

/**
 * Runs AxGEPA on a text through its adapter. Ax swallows every failure and goes on with scores of zero: so the first one is kept,
 * nothing is measured or asked after it, and it is thrown at the end.
 *
 * @returns what Ax takes for the best, the later one of two that are equal; the text as it was where it could not begin
 */
export async function runAxGepa(task: GepaTask): Promise<string> {
  const { AxGEPA, AxMockAIService } = await import('@ax-llm/ax');
  const failed: { error?: unknown } = {};
  const settings = {
    studentAI: new AxMockAIService<string>({ shouldError: true }),
    seed: task.seed,
    numTrials: task.calls,
    // Its own way to stop early counts wrongly but for two objectives.
    earlyStoppingTrials: task.calls,
    ...(task.minibatchSize !== undefined && { minibatchSize: task.minibatchSize }),
    ...(task.paretoSetSize !== undefined && { paretoSetSize: task.paretoSetSize }),
  };
  const named = (rows: readonly Example[], split: string): [Datum, Example][] =>
    rows.map((example, index) => [{ row: `${split} ${index}` }, example]);
  const [train, validation] = [named(task.train, 'train'), named(task.validation, 'validation')];
  const examples = new Map([...train, ...validation].map(([{ row }, example]) => [row, example]));
  const result = await new AxGEPA(settings).compile(
    textProgram(task.instruction),
    train.map(([datum]) => datum),
    () => 0,
    {
      gepaAdapter: adapterOf(task, examples, failed),
      maxMetricCalls: task.calls,
      validationExamples: validation.map(([datum]) => datum),
    },
  );
  if ('error' in failed) throw failed.error;
  return result.optimizedProgram?.componentMap?.[component] ?? task.instruction;
}

function adapterOf(
  task: GepaTask,
  examples: ReadonlyMap<string, Example>,
  failed: { error?: unknown },
): Adapter {
  const attempt = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    if ('error' in failed) return otherwise;
    try {
      return await work();
    } catch (error) {
      failed.error = error;
      return otherwise;
    }
  };
  return {
    async evaluate(batch, candidate) {
      const text = candidate[component] ?? nothing;
      const rows = batch.flatMap(({ row }) => examples.get(row) ?? []);
      const measured = text === nothing ? [] : await attempt(() => task.measure(text, rows), []);
      return {
        outputs: batch.map((_, index) => measured[index]?.output ?? ''),
        scores: batch.map((_, index) => measured[index]?.objective ?? 0),
        trajectories: rows.flatMap((example, index): ReviewedRow[] => {
          const row = measured[index];
          return row && row.objective !== null ? [{ example, row }] : [];
        }),
      };
    },
    make_reflective_dataset: (_candidate, { trajectories }) => ({ [component]: [...(trajectories ?? [])] }),
    async propose_new_texts(candidate, dataset) {
      const text = candidate[component] ?? nothing;
      const rows: ReviewedRow[] = dataset[component] ?? [];
      const proposed = await attempt(() => task.propose(text, rows), null);
      return { [component]: proposed === null || proposed === text ? nothing : proposed };
    },
  };
}
