import { createHash } from 'node:crypto';
import { languageOf } from '../language/language-of.ts';
import { words } from '../language/words.ts';
import type { WholeCall } from '../telemetry/join/whole-calls.ts';
import { userFeedback } from '../telemetry/names.ts';
import { spanKey } from '../telemetry/signal.ts';

/** A call of production in what monitoring needs of it; no text of it is kept. */
export type ObservedCall = {
  /** When it ended, milliseconds since 1970. */
  readonly at: number;
  /** Who made it; a name of its own where nobody is known. */
  readonly user: string;
  /** Uniform in [0, 1), the same for all calls of a user. */
  readonly place: number;
  readonly isCanary: boolean;
  readonly version: string;
  /** As it was asked for. */
  readonly model: string;
  /** As it answered; null where it is not known. */
  readonly responseModel: string | null;
  /** By metric; where it has one. */
  readonly values: Map<string, number>;
  /** Null where texts are not recorded. */
  readonly input: InputFeatures | null;
};

/** What of an input is compared. */
type InputFeatures = {
  /** Characters. */
  readonly length: number;
  readonly language: string;
  /** Which of {@link WORD_BUCKETS} its words fall into, each once. */
  readonly words: Uint8Array;
};

export const WORD_BUCKETS = 256;

/** Words that are looked at: those of some pages. */
const MOST_WORDS = 400;

/** Names of metrics that are not evaluations'. */
export const feedback = 'feedback';
const answerTokens = 'answer tokens';
const ownNames: ReadonlySet<string> = new Set([
  'success',
  'latency',
  'tokens',
  'cost',
  feedback,
  answerTokens,
]);

/** US dollars of a call; null where the price is not known. */
export type Price = (model: string, inputTokens: number, outputTokens: number) => number | null;

/** @param nth of the calls read, to tell those of nobody apart */
export function observe({ call, user, variant, scores }: WholeCall, nth: number, price: Price): ObservedCall {
  const { details } = call;
  const own = user ?? spanKey(call) ?? `${call.at} ${nth}`;
  const inputs = details?.variables ?? null;
  const values = new Map<string, number>([['success', call.failed ? 0 : 1]]);
  // How soon a failure came says nothing about speed.
  if (!call.failed) values.set('latency', call.milliseconds);
  if (details?.inputTokens != null && details.outputTokens != null) {
    const { model, inputTokens, outputTokens } = details;
    values.set('tokens', inputTokens + outputTokens);
    values.set(answerTokens, outputTokens);
    const usd = model === null ? null : price(model, inputTokens, outputTokens);
    if (usd !== null) values.set('cost', usd);
  }
  for (const [name, value] of scores) {
    if (!(value >= 0 && value <= 1)) continue;
    if (name === userFeedback) values.set(feedback, value);
    else if (!ownNames.has(name)) values.set(name, value);
  }
  return {
    at: call.at,
    user: own,
    place: createHash('sha256').update(own).digest().readUInt32BE(0) / 2 ** 32,
    isCanary: variant === 'canary',
    version: call.version ?? 'unknown',
    model: details?.model ?? 'unknown',
    responseModel: details?.responseModel ?? null,
    values,
    input: inputs === null ? null : featuresOf(textOf(inputs)),
  };
}

/** What filled the placeholders, without their names; the text itself where it is no JSON object. */
function textOf(variables: string): string {
  try {
    const read: unknown = JSON.parse(variables);
    if (typeof read === 'object' && read !== null) return Object.values(read).map(String).join('\n');
  } catch {
    // Telemetry may hold anything.
  }
  return variables;
}

function featuresOf(text: string): InputFeatures {
  const buckets = new Set(
    words(text.slice(0, 20 * MOST_WORDS))
      .slice(0, MOST_WORDS)
      .map(bucketOf),
  );
  return { length: text.length, language: languageOf(text), words: Uint8Array.from(buckets) };
}

/** FNV-1a, folded to a byte. */
function bucketOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index++)
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  return ((hash >>> 24) ^ (hash >>> 16) ^ (hash >>> 8) ^ hash) & (WORD_BUCKETS - 1);
}
