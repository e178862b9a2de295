/**
 * Optimizes the prompts of `bench/public/` on public data and prints the table of docs/benchmarks.md:
 *
 *   npm run bench:public -- --data FOLDER
 *   npm run bench:public -- --data FOLDER --family query_processing [--seeds 5] [--calls N]
 *
 * FOLDER holds <family>/{train,dev,test}.yaml. Without --family, each prompt is optimized with seed 1, and a family whose rows are too
 * long for the model is named. With it, `search` and random search get the same number of model calls for each seed. Each pick is
 * measured once on the test split. Answers are kept, so an interrupted run goes on where it stopped.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { modelCache, openSession } from '../src/commands/session.ts';
import { showProgress, type Terminal } from '../src/commands/terminal.ts';
import { loadTask, openWorkspace, type PromptTask, selectPromptFiles } from '../src/commands/workspace.ts';
import type { Split } from '../src/datasets/dataset.ts';
import { loadDataset, splitFile } from '../src/datasets/load.ts';
import { optimizePrompt } from '../src/optimization/optimize.ts';
import { type FittingRows, fittingRows, type Splits } from './public/rows.ts';
import { meanRow, type Strategy, seedHead, seedRow } from './public/seed-table.ts';
import { leftOutRow, optimizedRow, rowHead, rowLine, tableHead } from './public/table.ts';
import { openTokenCounter } from './public/tokens.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    family: { type: 'string' },
    calls: { type: 'string' },
  },
});
if (values.data === undefined) {
  console.error('Name the folder of the public data: npm run bench:public -- --data FOLDER');
  process.exit(2);
}
const data = path.resolve(values.data);
const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  note: (text) => console.error(text),
  rewrite: process.stderr.isTTY ? (line) => void process.stderr.write(`\r\u001b[2K${line}`) : null,
  color: false,
  columns: 100,
  now: Date.now,
};
const workspace = openWorkspace(path.join(import.meta.dirname, 'public'));
const session = openSession(workspace, terminal, {
  limits: {},
  concurrency: undefined,
  environment: process.env,
});
const progress = showProgress(terminal);

/** A prompt, the rows of it that fit, and the metric that is shown. */
type Bench = {
  readonly task: PromptTask;
  readonly rows: FittingRows;
  readonly id: string;
  readonly metric: string;
};

try {
  const benches = await loadBenches();
  if (benches.length === 0) throw new Error(`bench/public/prompts has no family "${values.family}"`);
  if (values.family === undefined) await compareFamilies(benches);
  else for (const bench of benches) await compareStrategies(bench, values.family);
} finally {
  await session.close();
}

async function loadBenches(): Promise<Bench[]> {
  const counter = await openTokenCounter(modelCache(process.env));
  const tasks = selectPromptFiles(workspace, []).map((file) => loadTask(workspace, file));
  const benches = tasks
    .filter(({ prompt }) => values.family === undefined || prompt.family === values.family)
    .map((task) => ({
      task,
      rows: fittingRows(task.prompt, loadRows(task.prompt.family), counter.tokensOf),
      id: task.prompt.id,
      metric: task.metrics[0]!.metric.name,
    }));
  await counter.close();
  return benches;
}

function loadRows(family: string): Splits {
  const load = (split: Split) =>
    loadDataset(splitFile(path.join(data, family), split, family), `${family}/${split}`, split);
  return { train: load('train'), dev: load('dev'), test: load('test') };
}

async function compareFamilies(benches: readonly Bench[]): Promise<void> {
  console.log(tableHead);
  for (const bench of benches) {
    const { splits } = bench.rows;
    console.log(
      splits
        ? optimizedRow(
            bench,
            await optimize(bench.task, splits, { strategy: 'search', seed: 1 }),
            splits.test.examples.length,
          )
        : leftOutRow(bench),
    );
  }
  console.log(['', rowHead, ...benches.map((bench) => rowLine(bench, bench.rows))].join('\n'));
}

async function compareStrategies({ task, rows, id, metric }: Bench, family: string): Promise<void> {
  if (!rows.splits) return console.log(`${rowHead}\n${rowLine({ id, metric }, rows)}`);
  console.log(`\n### ${id}: ${metric} on ${rows.splits.test.examples.length} test examples\n`);
  console.log(seedHead);
  // The slower tasks are shown with one seed.
  const seeds = family === 'query_processing' ? Number(values.seeds) : 1;
  const means: Record<Strategy, number[]> = { search: [], random: [] };
  const strategies: readonly Strategy[] = seeds > 1 ? ['search', 'random'] : ['search'];
  for (let seed = 1; seed <= seeds; seed++) {
    for (const strategy of strategies) {
      const result = await optimize(task, rows.splits, { strategy, seed });
      console.log(seedRow(strategy, seed, result, metric));
      means[strategy].push(result.scorecards?.head.metrics[metric]?.mean ?? Number.NaN);
    }
  }
  if (strategies.length === 1) return;
  for (const strategy of strategies) console.log(meanRow(strategy, means[strategy]));
}

async function optimize(
  task: PromptTask,
  splits: Splits,
  { strategy, seed }: { strategy: Strategy; seed: number },
) {
  const result = await optimizePrompt({
    prompt: task.prompt,
    splits,
    metrics: task.metrics,
    model: await session.model(task.prompt.model),
    budget: session.budget,
    settings: {
      ...task.family.optimize,
      strategy,
      // What each change earns is not shown here.
      ablation: 0,
      ...(values.calls && { calls: Number(values.calls) }),
    },
    seed,
    onProgress: progress.onProgress,
  });
  progress.end();
  return result;
}
