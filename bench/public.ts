/**
 * Optimizes two prompts on public data and prints the table of docs/benchmarks.md:
 *
 *   npm run bench:public -- --data FOLDER [--seeds 5] [--family query_processing] [--calls N]
 *
 * FOLDER holds <family>/{train,dev,test}.yaml. `search` and random search get the same number of model calls; each pick
 * is measured once on the test split. Answers are kept, so an interrupted run goes on where it stopped.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openSession } from '../src/commands/session.ts';
import { showProgress, type Terminal } from '../src/commands/terminal.ts';
import { loadTask, openWorkspace, selectPromptFiles } from '../src/commands/workspace.ts';
import type { Split } from '../src/datasets/dataset.ts';
import { loadDataset, splitFile } from '../src/datasets/load.ts';
import type { MetricSummary } from '../src/evaluation/scorecard.ts';
import { type OptimizationResult, optimizePrompt } from '../src/optimization/optimize.ts';

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

type Strategy = 'search' | 'random';

/** How many seeds each strategy runs with: the slower task is shown with one. */
const seedsOf = (family: string) => (family === 'query_processing' ? Number(values.seeds) : 1);

try {
  for (const file of selectPromptFiles(workspace, [])) {
    const task = loadTask(workspace, file);
    const { family } = task.prompt;
    if (values.family !== undefined && values.family !== family) continue;
    const load = (split: Split) =>
      loadDataset(splitFile(path.join(data, family), split, family), `${family}/${split}`, split);
    const splits = { train: load('train'), dev: load('dev'), test: load('test') };
    const headline = task.metrics[0]!.metric.name;
    console.log(`\n### ${task.prompt.id}: ${headline} on ${splits.test.examples.length} test examples\n`);
    console.log('| strategy | seed | search calls | candidates | unoptimized | optimized | 95% interval |');
    console.log('| --- | --- | --- | --- | --- | --- | --- |');
    const heads: Record<Strategy, number[]> = { search: [], random: [] };
    const strategies: readonly Strategy[] = seedsOf(family) > 1 ? ['search', 'random'] : ['search'];
    for (let seed = 1; seed <= seedsOf(family); seed++) {
      for (const strategy of strategies) {
        const result = await optimizePrompt({
          prompt: task.prompt,
          splits,
          metrics: task.metrics,
          model: await session.model(task.prompt.model),
          budget: session.budget,
          settings: {
            ...task.family.optimize,
            strategy,
            ...(values.calls && { calls: Number(values.calls) }),
          },
          seed,
          onProgress: progress.onProgress,
        });
        progress.end();
        console.log(row(strategy, seed, result, headline));
        heads[strategy].push(result.scorecards?.head.metrics[headline]?.mean ?? Number.NaN);
      }
    }
    if (strategies.length === 1) continue;
    for (const strategy of strategies) console.log(meanRow(strategy, heads[strategy]));
  }
} finally {
  await session.close();
}

function meanRow(strategy: Strategy, means: readonly number[]): string {
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  return `| **${strategy}, mean of ${means.length} seeds** | | | | | **${mean.toFixed(3)}** | |`;
}

function row(
  strategy: string,
  seed: number,
  { search, scorecards }: OptimizationResult,
  metric: string,
): string {
  const base = scorecards?.base.metrics[metric];
  const head = scorecards?.head.metrics[metric];
  const cells = [
    strategy,
    seed,
    search.calls,
    search.candidates.length,
    shown(base),
    shown(head),
    interval(head),
  ];
  return `| ${cells.join(' | ')} |`;
}

function shown(summary: MetricSummary | undefined): string {
  return summary?.mean?.toFixed(3) ?? 'none';
}

function interval(summary: MetricSummary | undefined): string {
  return summary?.interval?.map((bound) => bound.toFixed(3)).join(' to ') ?? '';
}
