import { type ChildProcess, execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { WorkflowPermissions } from '../../emulator/issued-tokens.ts';
import type { Event } from '../../emulator/payloads.ts';
import { type JobResult, runAction } from '../../emulator/runner.ts';
import {
  type Finished,
  filesOf,
  openPlace,
  type Place,
  startModel,
  temporaryFolder,
} from './proposing-repository.ts';

type Step = { uses: string; with?: Record<string, string | number> };
type WorkflowJob = { permissions: WorkflowPermissions; steps: Step[] };

/** The workflow as it ships, in this repository. */
const jobs: Record<'due' | 'optimize' | 'propose', WorkflowJob> = parse(
  readFileSync(
    path.resolve(import.meta.dirname, '../../../.github/workflows/promptline-optimize.yml'),
    'utf8',
  ),
).jobs;

const resultsFolder = 'promptline-results';

/** One entry of the matrix that `triggers` gives. */
export type Entry = { readonly family: string; readonly ids: string };

export type Settings = {
  readonly event: Event;
  /** The secret PROMPTLINE_TOKEN. */
  readonly secret?: string;
  /** In place of those of the workflow. */
  readonly permissions?: WorkflowPermissions;
  /** Further inputs of the Action. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly started?: (child: ChildProcess) => void;
};

/** Asks which families are due. */
export async function due(place: Place, settings: Settings): Promise<{ include: Entry[] }> {
  const inputs = settings.event.payload['inputs'];
  const ids = typeof inputs === 'object' && inputs !== null && 'ids' in inputs ? String(inputs.ids) : '';
  const result = await runJob(place, 'due', { ...settings, values: { 'inputs.ids': ids } });
  if (result.exitCode !== 0) throw new Error(result.stdout);
  return JSON.parse(result.outputs['matrix'] ?? '');
}

/** Optimizes a family; what it leaves is copied into `artifact`, as upload and download would. */
function optimize(
  place: Place,
  settings: Settings & { entry: Entry; artifact: string; key?: string },
): Promise<JobResult> {
  const { entry, artifact, key = 'right' } = settings;
  return runJob(place, 'optimize', {
    ...settings,
    values: { 'matrix.ids': entry.ids },
    environment: { LOCAL_KEY: key },
    inspect(workspace) {
      const results = path.join(workspace, resultsFolder);
      if (existsSync(results)) cpSync(results, artifact, { recursive: true });
    },
  });
}

/** Proposes what lies in `results`, a folder for each artifact. */
export function propose(place: Place, settings: Settings & { results: string }): Promise<JobResult> {
  const { results } = settings;
  return proposeIn(place, {
    ...settings,
    prepare: (workspace) => {
      if (existsSync(results)) cpSync(results, path.join(workspace, resultsFolder), { recursive: true });
    },
  });
}

/** Proposes in a checkout that is there already and holds the results, as one of many runs that begin alike. */
export function proposeIn(
  place: Place,
  settings: Settings & Pick<JobSettings, 'workspace' | 'prepare'>,
): Promise<JobResult> {
  const { secret } = settings;
  return runJob(place, 'propose', {
    ...settings,
    ...(secret !== undefined && { values: { 'secrets.PROMPTLINE_TOKEN || github.token': secret } }),
  });
}

/** A checkout of main with results of `optimize`. */
export function checkoutWith(place: Place, results: string, finished: Finished): string {
  const workspace = temporaryFolder(finished);
  execFileSync('git', ['clone', '--quiet', place.repository.git.directory, workspace], { stdio: 'pipe' });
  cpSync(results, path.join(workspace, resultsFolder), { recursive: true });
  return workspace;
}

export type WorkflowRun = {
  readonly matrix: { readonly include: readonly Entry[] };
  readonly optimized: readonly JobResult[];
  /** Null where nothing was due. */
  readonly proposed: JobResult | null;
};

/** Runs the whole workflow; artifacts lie in `results` afterwards. */
export async function runWorkflow(
  place: Place,
  settings: Settings & { results: string; keys?: Readonly<Record<string, string>> },
): Promise<WorkflowRun> {
  const { results, keys = {} } = settings;
  const matrix = await due(place, settings);
  if (matrix.include.length === 0) return { matrix, optimized: [], proposed: null };
  const optimized = await Promise.all(
    matrix.include.map((entry, index) => {
      const artifact = path.join(results, `promptline-${index}`);
      const key = keys[entry.family];
      return optimize(place, { ...settings, entry, artifact, ...(key !== undefined && { key }) });
    }),
  );
  return { matrix, optimized, proposed: await propose(place, settings) };
}

type JobSettings = Settings & {
  /** Of the expressions in the step's inputs, beside the job's token. */
  values?: Readonly<Record<string, string>>;
  environment?: Readonly<Record<string, string>>;
  workspace?: string;
  prepare?(workspace: string): void;
  inspect?(workspace: string): void;
};

function runJob(place: Place, name: keyof typeof jobs, settings: JobSettings): Promise<JobResult> {
  const { emulator, repository } = place;
  const {
    event,
    values = {},
    inputs = {},
    environment = {},
    workspace,
    started,
    prepare,
    inspect,
  } = settings;
  const { permissions, steps } = jobs[name];
  const token = emulator.tokens.workflow(repository, settings.permissions ?? permissions);
  const known = { 'secrets.PROMPTLINE_TOKEN || github.token': token, ...values };
  const [checkout, own] = [inputsOf(steps, /^actions\/checkout@/), inputsOf(steps, /^\.\//)];
  const given = Object.entries(own).map(([input, value]) => [input, filled(String(value), known)]);
  return runAction({
    ...{ emulator, repository, event, token, environment },
    fetchDepth: Number(checkout['fetch-depth'] ?? 1),
    inputs: { 'github-token': token, ...Object.fromEntries(given), ...inputs },
    ...(workspace !== undefined && { workspace }),
    ...(started && { started }),
    ...(prepare && { prepare }),
    ...(inspect && { inspect }),
  });
}

function inputsOf(steps: readonly Step[], uses: RegExp): Readonly<Record<string, string | number>> {
  const step = steps.find((each) => uses.test(each.uses));
  if (!step) throw new Error(`the workflow has no step that uses ${uses}`);
  return step.with ?? {};
}

/** Expressions are few; one that is not known is a change of the workflow that the tests must follow. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => {
    const value = values[expression];
    if (value === undefined) throw new Error(`no value for ${expression}`);
    return value;
  });
}

/** What the workflow's optimization of `colors/terse` finds: a folder with its one artifact. */
export async function optimizeTerse(
  files: Readonly<Record<string, string>>,
  finished: Finished,
  inputs: Readonly<Record<string, string>> = {},
): Promise<string> {
  const place = await openPlace(files, finished);
  const results = temporaryFolder(finished);
  const { exitCode, stdout } = await optimize(place, {
    event: await place.events.schedule('23 3 * * *'),
    entry: { family: 'colors', ids: 'colors/terse' },
    artifact: path.join(results, 'promptline-0'),
    inputs,
  });
  if (exitCode !== 0) throw new Error(stdout);
  return results;
}

/** A repository's files, and what two searches for its terse prompt leave. */
export async function twoResults(finished: Finished) {
  const model = await startModel();
  finished(() => model.close());
  const files = filesOf(model.address);
  const [found, otherSeed] = await Promise.all([
    optimizeTerse(files, finished),
    optimizeTerse(files, finished, { seed: '2' }),
  ]);
  return { files, found, otherSeed };
}
