import type { Example } from '../datasets/dataset.ts';
import { PromptlineError } from '../errors.ts';
import { parseAnswer } from '../formats/codec.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { Random } from '../statistics/random.ts';
import { textOfMessages, variablesIn } from '../telemetry/messages.ts';
import type { CallDetails } from '../telemetry/signal.ts';
import type { ObservedCall } from './observed-call.ts';

/** How recorded answers of one prompt are scored. */
export type TextScoring = {
  readonly prompt: Prompt;
  /** Those that need no reference answer. Their names are what their values are called. */
  readonly metrics: readonly Metric[];
};

/** Scores a few of the recorded answers, chosen by chance, by the metrics that measure prompts offline. */
export type ScoredTexts = {
  /** Takes note of a call; its scores are written into it when its hour is over. */
  add(call: ObservedCall, details: CallDetails): Promise<void>;
  /** Scores what is left. */
  end(): Promise<void>;
};

const HOUR = 3_600_000;

type Recorded = { readonly call: ObservedCall; readonly variables: string; readonly answer: string };

/**
 * @param most calls that are scored of an hour: that many texts are held in memory
 * @param random chooses them (Vitter's algorithm R, ACM Transactions on Mathematical Software 11, 1985)
 */
export function createScoredTexts(scoring: TextScoring, most: number, random: Random): ScoredTexts {
  let [hour, seen] = [Number.NaN, 0];
  let chosen: Recorded[] = [];
  const end = async () => {
    const due = chosen;
    [chosen, seen] = [[], 0];
    for (const recorded of due) await score(recorded, scoring);
  };
  return {
    async add(call, { variables, answer }) {
      const isSame = majorOf(call.version) === majorOf(scoring.prompt.version);
      if (variables === null || answer === null || !isSame || most === 0) return;
      const own = Math.floor(call.at / HOUR);
      if (own !== hour) {
        await end();
        hour = own;
      }
      seen += 1;
      const place = chosen.length < most ? chosen.length : random.integer(seen);
      if (place < most) chosen[place] = { call, variables, answer };
    },
    end,
  };
}

/** A call that is not what was recorded for people to score (no JSON, no text) has no score. */
async function score({ call, variables, answer }: Recorded, { prompt, metrics }: TextScoring): Promise<void> {
  const [input, output] = [variablesIn(variables), textOfMessages(answer)];
  if (input === null || output === null) return;
  const latencyMs = call.values.get('latency') ?? 0;
  const completion = { latencyMs, inputTokens: 0, outputTokens: 0, usd: null };
  const example: Example = { id: call.user, input, expected: {}, tags: [], cluster: call.user };
  for (const metric of metrics) {
    try {
      const parsed = parseAnswer(prompt.output, output, input);
      const { value } = await metric.score({ output, parsed, format: prompt.output, example, completion });
      if (value !== null) call.values.set(metric.name, value);
    } catch (error) {
      // An input that lacks what the metric looks for, as that of another version may.
      if (!(error instanceof PromptlineError)) throw error;
    }
  }
}

function majorOf(version: string): string | undefined {
  return version.split('.')[0];
}
