import { availableParallelism } from 'node:os';
import { outsideError, PromptlineError } from '../../errors.ts';
import { type Completion, type CompletionRequest, type Model, ModelError } from '../model.ts';
import { PrefixSlots } from './prefix-slots.ts';
import { type Llama, type LlamaSequence, type LlamaWeights, startLlama, type Token } from './runtime.ts';
import { answerOf, cutAtStop, messageBreak, renderTranscript } from './transcript.ts';

export type EmbeddedModelOptions = {
  readonly id: string;
  readonly identity: string;
  readonly ggufPath: string;
  /** Folder of the installed runtime. */
  readonly runtimePath: string;
  /** Threads to compute with; see `defaultThreads`. */
  readonly threads?: number;
  /** Tokens of a request and its answer; what the model was trained on is the limit. */
  readonly contextSize?: number;
  /** Prefixes whose state is kept. Each takes the memory of a whole context. */
  readonly prefixSlots?: number;
};

const defaultMaxTokens = 256;
/** Tokens evaluated at once. Between batches a request can be aborted: a few seconds on a slow machine. */
const batchSize = 256;

type Loaded = { weights: LlamaWeights; slots: PrefixSlots; contextSize: number };

/**
 * Opens a GGUF file as a model that runs in this process, on the processor.
 *
 * It serves one request at a time, in order: several at once are no faster on a processor and can change
 * greedy answers. So an answer depends on the request alone. With a temperature it is drawn with the seed
 * (0 by default) plus the number of the repeat. Without a temperature the most probable token is taken.
 *
 * @throws outsideError when the runtime or the file cannot be loaded
 */
export async function openEmbeddedModel(options: EmbeddedModelOptions): Promise<Model> {
  const messages: string[] = [];
  const llama = await startLlama(options.runtimePath, (message) => messages.push(message.trim()));
  const loaded = await load(llama, options).catch(async (error: unknown) => {
    await llama.dispose();
    const reason = [error instanceof Error ? error.message : String(error), ...messages.slice(0, 1)].join(
      '; ',
    );
    throw outsideError(
      `${options.ggufPath} cannot be loaded (${reason})`,
      'Check that it is a whole GGUF file of a text model and that it fits in memory',
      error,
    );
  });

  let queue: Promise<unknown> = Promise.resolve();
  return {
    id: options.id,
    identity: options.identity,
    concurrency: 1,
    reusesPrefixes: true,
    usdOf: () => 0,
    complete(request, signal) {
      const answer = queue.then(() => complete(loaded, request, signal));
      queue = answer.catch(() => {});
      return answer;
    },
    async close() {
      await queue;
      await llama.dispose();
    },
  };
}

/**
 * One thread for each physical core, and no more than this process may use. On two idle cores two threads read
 * and write nearly twice as fast as one; more threads than processors stand still in each other's busy loops, and
 * so do these when something else keeps a core busy. Answers do not depend on the number of threads.
 */
export function defaultThreads(physicalCores: number, logicalProcessors: number): number {
  return Math.max(1, Math.min(physicalCores, logicalProcessors));
}

async function load(llama: Llama, options: EmbeddedModelOptions): Promise<Loaded> {
  const { threads = defaultThreads(llama.cpuMathCores, availableParallelism()), prefixSlots = 4 } = options;
  const weights = await llama.loadModel({ modelPath: options.ggufPath, gpuLayers: 0 });
  const contextSize = Math.min(options.contextSize ?? 2048, weights.trainContextSize);
  const context = await weights.createContext({
    contextSize,
    sequences: prefixSlots,
    batchSize,
    threads,
    // It splits sums among the threads, so that logits, and now and then an answer, depend on their number.
    flashAttention: false,
  });
  const sequences = Array.from({ length: prefixSlots }, () => context.getSequence());
  return { weights, contextSize, slots: new PrefixSlots(sequences, batchSize) };
}

/** @throws ModelError, or the signal's reason when it was aborted */
async function complete(
  loaded: Loaded,
  request: CompletionRequest,
  signal?: AbortSignal,
): Promise<Completion> {
  try {
    signal?.throwIfAborted();
    const started = performance.now();
    const answer = await generate(loaded, request, signal);
    return { ...answer, usd: 0, attempts: 1, cached: false, latencyMs: performance.now() - started };
  } catch (error) {
    throw signal?.aborted ? signal.reason : asModelError(error);
  }
}

type Answer = Pick<Completion, 'text' | 'inputTokens' | 'outputTokens' | 'finishReason'>;

async function generate(loaded: Loaded, request: CompletionRequest, signal?: AbortSignal): Promise<Answer> {
  const { maxTokens = defaultMaxTokens, stop = [] } = request.parameters;
  const { prefix, suffix, endOfMessage } = renderTranscript(request.messages);
  const prefixTokens = tokenizePrefix(loaded.weights, prefix);
  const suffixTokens = tokenize(loaded.weights, suffix);
  const inputTokens = prefixTokens.length + suffixTokens.length;
  requireRoom(inputTokens, maxTokens, loaded.contextSize);

  const sequence = await loaded.slots.sequenceAfter(prefixTokens, signal);
  const stops = endOfMessage === null ? stop : [...stop, endOfMessage];
  const tokens = tokensAfter(sequence, suffixTokens, request);
  const generated: Token[] = [];
  let text = '';
  let finishReason: Answer['finishReason'] = 'stop';
  for await (const token of tokens) {
    signal?.throwIfAborted();
    generated.push(token);
    // The whole text again each time: a stop sequence, or one character, may be spread over several tokens.
    const cut = cutAtStop(loaded.weights.detokenize(generated, false, suffixTokens), stops);
    text = cut.text;
    if (cut.stopped) break;
    if (generated.length === maxTokens) {
      finishReason = 'length';
      break;
    }
  }
  return { text: answerOf(text), inputTokens, outputTokens: generated.length, finishReason };
}

function tokensAfter(
  sequence: LlamaSequence,
  tokens: Token[],
  { parameters, repeat }: CompletionRequest,
): AsyncIterable<Token> {
  const { temperature = 0, topP = 1, seed = 0 } = parameters;
  return sequence.evaluate(tokens, { temperature, topP, topK: 0, seed: (seed + repeat) >>> 0 });
}

function tokenizePrefix(weights: LlamaWeights, prefix: string): Token[] {
  const { bos, shouldPrependBosToken } = weights.tokens;
  const start = shouldPrependBosToken && bos !== null ? [bos] : [];
  return prefix === '' ? start : [...start, ...tokenize(weights, prefix + messageBreak)];
}

function tokenize(weights: LlamaWeights, text: string): Token[] {
  return weights.tokenize(text, false, 'trimLeadingSpace');
}

function requireRoom(inputTokens: number, maxTokens: number, contextSize: number): void {
  if (inputTokens + maxTokens <= contextSize) return;
  throw new ModelError(
    `the messages have ${inputTokens} tokens and the answer may have ${maxTokens}: ${inputTokens + maxTokens} in all, and the model's limit is ${contextSize}`,
    { fatal: false, kind: 'input', hint: 'Use fewer demonstrations, a shorter input or a lower maxTokens' },
  );
}

function asModelError(error: unknown): ModelError {
  if (error instanceof ModelError) return error;
  const isKnown = error instanceof PromptlineError;
  const message = error instanceof Error ? error.message : String(error);
  return new ModelError(isKnown ? message : `the embedded model failed (${message})`, {
    fatal: false,
    cause: error,
    ...(isKnown && { kind: error.kind }),
    ...(isKnown && error.hint !== undefined && { hint: error.hint }),
  });
}
