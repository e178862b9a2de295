import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { scratchFolder } from '../files/scratch.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

export type Result = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

type RunOptions = {
  /** On top of PATH and HOME. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What runs before promptline in the same shell, such as `ulimit -f 64`. */
  readonly shell?: string;
};

/** Runs the built command line in a folder, as a person would, with nothing of this process's environment but PATH. */
export function promptline(
  folder: string,
  args: readonly string[],
  { environment = {}, shell = ':' }: RunOptions = {},
): Promise<Result> {
  const script = `${shell}; exec "$0" "$@"`;
  const child = spawn('bash', ['-c', script, process.execPath, cli, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      PROMPTLINE_CACHE: path.join(folder, 'cache'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const files = {
  'promptline.yaml': `models: { task: local/echo }
providers:
  local: { type: openai-compatible, baseUrl: "http://127.0.0.1:9/v1", tries: 1 }
families:
  mood:
    datasets: data/mood
    metrics:
      accuracy: { use: label_accuracy, field: mood, weight: 1 }
      latency: {}
`,
  'prompts/mood/default.prompt.yaml': `description: The mood of a text
version: 1.0.0
output: { format: label, field: mood, labels: [good, bad] }
messages:
  - { role: system, content: Name the mood. }
  - { role: user, content: "Text: {{text}}" }
`,
  'data/mood/train.yaml': rows('train', ['sunny', 'grey', 'warm', 'cold']),
  'data/mood/dev.yaml': rows('dev', ['bright', 'dark', 'kind', 'rude']),
  'data/mood/test.yaml': rows('test', ['lovely', 'awful', 'merry', 'grim']),
};

export type RepositoryFile = keyof typeof files;

/** The texts of the test split, in order; the good and the bad take turns. */
export const testTexts = ['lovely', 'awful', 'merry', 'grim'];

/** A small repository in which everything is right but for `changes`: new content, or null for a file that is missing. */
export function repository(
  changes: Readonly<Partial<Record<RepositoryFile, string | null | ((text: string) => string)>>> = {},
): string {
  const changed = Object.entries(files).flatMap(([name, text]) => {
    const change = changes[name as RepositoryFile];
    const content = typeof change === 'function' ? change(text) : (change ?? text);
    return change === null ? [] : [[name, content] as const];
  });
  return scratchFolder(Object.fromEntries(changed));
}

/** Every file below a folder with its size, to see that a command left nothing behind. */
export function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const isFile = (name: string) => statSync(path.join(folder, name)).isFile();
  return Object.fromEntries(
    names.filter(isFile).map((name) => [name, readFileSync(path.join(folder, name), 'latin1')]),
  );
}

function rows(split: string, texts: readonly string[]): string {
  const lines = texts.map((text, index) => {
    const mood = index % 2 === 0 ? 'good' : 'bad';
    return `  - { id: ${split}-${index + 1}, input: { text: ${text} }, expected: { mood: ${mood} } }\n`;
  });
  return `examples:\n${lines.join('')}`;
}
