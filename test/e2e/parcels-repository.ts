import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type { ProviderConfig } from '../../src/models/provider-config.ts';
import type { Proposal } from '../../src/optimization/proposal.ts';
import { readReport } from '../../src/reports/write-reports.ts';
import {
  type InstructionWorld,
  type InstructionWorldOptions,
  instructionWorld,
} from '../optimization/instruction-world.ts';
import type { ScriptInput } from '../protocol-server/script.ts';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { type Ran, run } from './in-process.ts';

/** Requests at once to each server. */
export const concurrency = 4;

/** Keys of the two providers. */
export const environment = { TASK_KEY: 'secret-of-the-task', WRITER_KEY: 'secret-of-the-writer' };

/** Stands in what the second prompt asks of the task model, and in what is asked of the proposer about it. */
export const ofSecondPrompt = 'Late codes:';

export type ParcelsRepository = {
  readonly root: string;
  readonly out: string;
  readonly world: InstructionWorld;
  /** The task model. */
  readonly task: ProtocolServer;
  /** The proposer. */
  readonly writer: ProtocolServer;
};

export type ParcelsOptions = {
  readonly world?: InstructionWorldOptions;
  /** Calls for a prompt, the final measurement included. */
  readonly calls?: number;
  readonly task?: ScriptInput;
  readonly writer?: ScriptInput;
  /** In place of the world's proposer. */
  readonly propose?: (question: string) => string;
  /** Of both models: `openai` goes through Ax. */
  readonly type?: 'openai-compatible' | 'openai';
  readonly provider?: Partial<Pick<ProviderConfig, 'timeout' | 'tries' | 'price'>>;
  /** Code of a metric that stands beside the exact match. */
  readonly metric?: string;
  /** A second prompt of the family, optimized after the first. */
  readonly second?: boolean;
};

/** The instruction world as a repository in a temporary folder, its two models behind HTTP, until the test is finished. */
export async function parcelsRepository(options: ParcelsOptions = {}): Promise<ParcelsRepository> {
  const world = instructionWorld(1, { sizes: { train: 40, dev: 40, test: 50 }, ...options.world });
  const { propose, metric, type = 'openai-compatible' } = options;
  const task = await startProtocolServer(options.task, 0, world.answer);
  const writer = await startProtocolServer(
    options.writer,
    0,
    propose ? (messages) => propose(messages.map(({ content }) => content).join('\n')) : world.propose,
  );
  const root = mkdtempSync(path.join(tmpdir(), 'promptline-parcels-'));
  onTestFinished(async () => {
    await Promise.all([task.close(), writer.close()]);
    rmSync(root, { recursive: true, force: true });
  });
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const provider = { type, tries: 1, ...options.provider };
  const configuration = {
    version: 1,
    models: { task: 'small/gpt-4o-mini', proposer: 'writer/gpt-4o-mini' },
    concurrency,
    providers: {
      small: { ...provider, baseUrl: `${task.address}/v1`, apiKeyEnv: 'TASK_KEY' },
      writer: { ...provider, baseUrl: `${writer.address}/v1`, apiKeyEnv: 'WRITER_KEY' },
    },
    families: {
      parcels: {
        datasets: 'datasets/parcels',
        metrics: {
          codes: { use: 'exact_match', field: 'codes', weight: 1 },
          ...(metric !== undefined && { own: { use: 'custom', file: 'metrics/own.mjs', weight: 0.2 } }),
        },
        optimize: { calls: options.calls ?? 450, maxDemonstrations: 4 },
      },
    },
  };
  write('promptline.yaml', stringify(configuration));
  if (metric !== undefined) write('metrics/own.mjs', metric);
  const { messages, output, parameters } = world.prompt;
  const prompt = { version: '1.0.0', modelParameters: parameters, output, messages };
  write('prompts/parcels/codes.prompt.yaml', stringify(prompt));
  if (options.second) {
    const late = messages.map(({ role, content }) => ({
      role,
      content: content.replace('Codes:', ofSecondPrompt),
    }));
    write('prompts/parcels/late.prompt.yaml', stringify({ ...prompt, messages: late }));
  }
  for (const split of ['train', 'dev', 'test'] as const) {
    const examples = world.splits[split].examples.map(({ id, input, expected }) => ({ id, input, expected }));
    write(`datasets/parcels/${split}.yaml`, stringify({ examples }));
  }
  return { root, out: path.join(root, 'out'), world, task, writer };
}

/** The command line, in this process. */
export function optimize(
  { root, out }: ParcelsRepository,
  strategy: string,
  { args = [], ...options }: Parameters<typeof run>[2] & { args?: readonly string[] } = {},
): Promise<Ran> {
  return run(root, ['optimize', '--strategy', strategy, '--out', out, ...args], { environment, ...options });
}

/** Of the first prompt, from a report that is valid. */
export function proposalIn({ out }: Pick<ParcelsRepository, 'out'>): Proposal {
  const [proposal] = readReport(out).proposals ?? [];
  if (!proposal) throw new Error(`${out} holds no proposal`);
  return proposal;
}

/** The new version of the first prompt. */
export function writtenIn({ out }: Pick<ParcelsRepository, 'out'>): string {
  return path.join(out, 'prompts/parcels/codes.prompt.yaml');
}

/** Ended outside or with the user's mistake, in one line and without a key. */
export function expectOneLine({ stderr, stdout }: Ran, pattern: RegExp): void {
  const lines = stderr.split('\n').filter((line) => line !== '');
  expect(lines).toEqual([expect.stringMatching(pattern)]);
  for (const key of Object.values(environment)) expect(stderr + stdout).not.toContain(key);
}
