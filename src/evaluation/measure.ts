import type { FamilyMetric } from '../config/load.ts';
import type { Example } from '../datasets/dataset.ts';
import { describeError } from '../errors.ts';
import { parseAnswer } from '../formats/codec.ts';
import { FatalMetricError } from '../metrics/definition.ts';
import type { MetricInput, Score } from '../metrics/metric.ts';
import { type Completion, type Model, ModelError } from '../models/model.ts';
import type { AnswerFacts } from '../models/usage.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { renderMessages } from '../prompts/render.ts';
import { objectiveOf } from './objective.ts';
import type { ExampleResult } from './scorecard.ts';

/** `answer` is null when the model failed. */
export type Measurement = { readonly result: ExampleResult; readonly answer: AnswerFacts | null };

/**
 * Asks the model once and scores its answer. A model or a metric that fails is named in `failure` and never becomes a
 * score. Throws only what ends the run: a fatal ModelError, or a user's error in the prompt or data.
 */
export async function measureExample(
  prompt: Prompt,
  example: Example,
  {
    model,
    metrics,
    repeat,
    signal,
  }: { model: Model; metrics: readonly FamilyMetric[]; repeat: number; signal?: AbortSignal },
): Promise<Measurement> {
  const messages = renderMessages(prompt.messages, example.input);
  const parse = (text: string) => parseAnswer(prompt.output, text, example.input);
  const identity = { example: example.id, cluster: example.cluster, tags: example.tags, repeat };
  let completion: Completion;
  try {
    completion = await model.complete({ messages, parameters: prompt.parameters, repeat, parse }, signal);
  } catch (error) {
    if (!(error instanceof ModelError) || error.fatal) throw error;
    return {
      result: { ...identity, output: null, scores: {}, failure: describeError(error) },
      answer: null,
    };
  }
  const parsed = parse(completion.text);
  const input: MetricInput = { output: completion.text, parsed, format: prompt.output, example, completion };
  const { scores, failure } = await scoreAll(metrics, input);
  return {
    result: { ...identity, output: completion.text, scores, ...(failure && { failure }) },
    answer: factsOf(completion),
  };
}

function factsOf({ text: _, finishReason: __, ...facts }: Completion): AnswerFacts {
  return facts;
}

async function scoreAll(metrics: readonly FamilyMetric[], input: MetricInput) {
  const scores: Record<string, Score> = {};
  const failures: string[] = [];
  for (const { metric } of metrics) {
    if (metric.ofObjective) continue;
    try {
      const score = await metric.score(input);
      if (score.value !== null && !Number.isFinite(score.value))
        throw new Error(`gave ${score.value}, not a number`);
      scores[metric.name] = score;
    } catch (error) {
      // A judge with a wrong key, or a budget that is spent, fails on every other example too.
      if (error instanceof FatalMetricError || (error instanceof ModelError && error.fatal)) throw error;
      failures.push(`metric ${metric.name}: ${describeError(error)}`);
    }
  }
  // An objective without the metric that failed would be another measure.
  if (failures.length === 0) {
    const objective = objectiveOf(metrics, scores);
    for (const { metric } of metrics) {
      if (metric.ofObjective) scores[metric.name] = metric.ofObjective(objective);
    }
  }
  return { scores, failure: failures.join('; ') };
}
