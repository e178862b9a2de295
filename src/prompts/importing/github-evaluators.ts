import { z } from 'zod';
import { type Check, checksMetric } from './checks.ts';
import type { MetricEntry } from './imported.ts';

export const evaluatorSchema = z.looseObject({
  name: z.string().optional(),
  uses: z.string().optional(),
  string: z.record(z.string(), z.unknown()).optional(),
  llm: z
    .looseObject({
      modelId: z.string().optional(),
      systemPrompt: z.string().optional(),
      prompt: z.string().optional(),
      choices: z
        .array(z.object({ choice: z.union([z.string(), z.number()]), score: z.number() }))
        .default([]),
    })
    .optional(),
});

type Evaluator = z.output<typeof evaluatorSchema>;

/** What evaluators of a `.prompt.yml` become. */
export type ImportedEvaluators = {
  readonly metrics: Record<string, MetricEntry>;
  /** For every row; values are templates over the row. */
  readonly checks: readonly Check[];
  /** As the file names it. */
  readonly judge: string | undefined;
  readonly notes: readonly string[];
};

/** GitHub's names for the tests of a text, and ours. */
const stringTests: Readonly<Record<string, string>> = {
  equals: 'equals',
  contains: 'contains',
  startsWith: 'starts-with',
  endsWith: 'ends-with',
};

/** GitHub's own evaluators ask a judge; where a metric of ours says the same by words, it stands in. */
const ownEvaluators: Readonly<Record<string, { metric: string; entry: MetricEntry; note: string }>> = {
  'github/similarity': {
    metric: 'token_f1',
    entry: { field: 'text', weight: 1 },
    note: 'compares words in place of asking a model; `similarity` with an embedding model compares meaning',
  },
  'github/relevance': {
    metric: 'answer_relevance',
    entry: { question: 'input' },
    note: 'compares words in place of asking a model; `by: judge` asks one',
  },
  'github/groundedness': {
    metric: 'faithfulness',
    entry: { source: 'context' },
    note: 'compares words in place of asking a model; `by: judge` asks one',
  },
};

/**
 * @param inputs the names of the prompt's placeholders
 * @param isText whether the answer is free text; words of anything else are not compared
 */
export function importEvaluators(
  evaluators: readonly Evaluator[],
  { inputs, isText }: { inputs: readonly string[]; isText: boolean },
): ImportedEvaluators {
  const metrics: Record<string, MetricEntry> = {};
  const checks: Check[] = [];
  const notes: string[] = [];
  let judge: string | undefined;
  for (const { name = 'evaluator', uses, string, llm } of evaluators) {
    if (string) {
      for (const [test, value] of Object.entries(string)) {
        const type = Object.hasOwn(stringTests, test) ? stringTests[test] : undefined;
        if (type !== undefined && typeof value === 'string') checks.push({ type, value });
        else notes.push(`evaluator "${name}" is left out: there is no test "${test}"`);
      }
    } else if (llm) {
      const rubric = [llm.systemPrompt, llm.prompt].filter((text) => text !== undefined).join('\n\n');
      const choices = Object.fromEntries(llm.choices.map(({ choice, score }) => [String(choice), score]));
      if (rubric === '' || new Set(Object.values(choices)).size < 2) {
        notes.push(
          `evaluator "${name}" is left out: a judge needs a rubric and two choices with different scores`,
        );
        continue;
      }
      judge ??= llm.modelId;
      metrics[metricName(name, metrics)] = { use: 'judge', rubric, choices, weight: 1 };
      notes.push(
        `evaluator "${name}" asks models.judge with a question of promptline's own form; {{completion}} in its rubric stays text`,
      );
    } else {
      const isKnown = isText && uses !== undefined && Object.hasOwn(ownEvaluators, uses);
      const own = isKnown ? ownEvaluators[uses] : undefined;
      const needed = Object.values(own?.entry ?? {}).filter(
        (value) => value === 'input' || value === 'context',
      );
      if (!own || needed.some((field) => !inputs.includes(String(field)))) {
        notes.push(
          `evaluator "${name}" is left out: no metric does what ${uses ?? 'it'} does with these inputs`,
        );
        continue;
      }
      metrics[own.metric] = own.entry;
      notes.push(`evaluator "${name}" is ${own.metric}: it ${own.note}`);
    }
  }
  const isEquality =
    isText && checks.length === 1 && checks[0]?.type === 'equals' && checks[0].value === '{{expected}}';
  if (isEquality)
    return { metrics: { exact_match: { field: 'text', weight: 1 }, ...metrics }, checks: [], judge, notes };
  return {
    metrics: checks.length > 0 ? { checks: checksMetric, ...metrics } : metrics,
    checks,
    judge,
    notes,
  };
}

function metricName(name: string, taken: Readonly<Record<string, unknown>>): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_|_$/g, '') || 'judge';
  return Object.hasOwn(taken, plain) ? `${plain}_${Object.keys(taken).length + 1}` : plain;
}
