import { createRequire } from 'node:module';
import path from 'node:path';
import { outsideError } from '../../errors.ts';
import { runtimeEntry } from './pull.ts';

/*
 * The part of node-llama-cpp's interface that is used here. Its own types are not at hand: the package is
 * installed at run time and is no dependency.
 */

export type Token = number;

/** One text in the context, with the state of its evaluated tokens. */
export interface LlamaSequence {
  readonly nextTokenIndex: number;
  clearHistory(): Promise<void>;
  /** Forgets the tokens from `start` to before `end`. */
  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: Token[]): Promise<void>;
  /** Evaluates tokens, then generates one token after another until the model ends. */
  evaluate(tokens: Token[], options: SamplingOptions): AsyncIterable<Token>;
}

type SamplingOptions = { temperature: number; topP: number; topK: number; seed: number };

interface LlamaContext {
  readonly contextSize: number;
  getSequence(): LlamaSequence;
}

export interface LlamaWeights {
  readonly tokens: { readonly bos: Token | null; readonly shouldPrependBosToken: boolean };
  readonly trainContextSize: number;
  /** Without a leading-space token of its own, and with special tokens read as plain text, as called here. */
  tokenize(text: string, specialTokens: false, options: 'trimLeadingSpace'): Token[];
  detokenize(tokens: readonly Token[], specialTokens: false, lastTokens: readonly Token[]): string;
  createContext(options: {
    contextSize: number;
    sequences: number;
    batchSize: number;
    threads: number;
    flashAttention: boolean;
  }): Promise<LlamaContext>;
}

export interface Llama {
  /** Processor cores that are useful for computing: physical ones. */
  readonly cpuMathCores: number;
  loadModel(options: { modelPath: string; gpuLayers: number }): Promise<LlamaWeights>;
  /** Releases what was loaded through it, too. */
  dispose(): Promise<void>;
}

type Runtime = {
  getLlama(options: {
    gpu: 'metal' | false;
    build: 'never';
    maxThreads: number;
    logLevel: 'error';
    logger: (level: string, message: string) => void;
  }): Promise<Llama>;
};

/**
 * Starts llama.cpp from its installation, quietly: its messages go to `onMessage`.
 *
 * @throws outsideError when the installation is damaged or does not fit the machine
 */
export async function startLlama(runtimePath: string, onMessage: (message: string) => void): Promise<Llama> {
  try {
    const importRuntime: () => Promise<Runtime> = createRequire(path.join(runtimePath, 'package.json'))(
      `./${runtimeEntry}`,
    );
    const { getLlama } = await importRuntime();
    return await getLlama({
      // The only build for macOS on ARM is the one with Metal; no layer is put on the GPU all the same.
      gpu: process.platform === 'darwin' && process.arch === 'arm64' ? 'metal' : false,
      build: 'never',
      maxThreads: 0,
      logLevel: 'error',
      logger: (_level, message) => onMessage(message),
    });
  } catch (error) {
    throw outsideError(
      `the runtime of the embedded model in ${runtimePath} does not start (${error instanceof Error ? error.message : error})`,
      'Run `promptline models pull --force`, or use a model of a provider',
      error,
    );
  }
}
