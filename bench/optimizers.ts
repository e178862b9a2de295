/**
 * Compares the strategies with AxGEPA, AxBootstrapFewShot, greedy hill climbing and random search at equal calls, and prints the
 * tables of docs/benchmarks.md; charts go into a folder:
 *
 *   npm run bench:optimizers -- --data FOLDER [--seeds 1,2,3,4,5] [--out FOLDER] [--tasks PART]
 *
 * FOLDER holds <family>/{train,dev,test}.yaml; without it, only the two made-up tasks are played. No language model is asked: one run
 * is 300,000 calls and more, and what is compared is what a search makes of answers, not the answers. The task models are small
 * programs that do what the prompt says (`parcels.ts`, `lexical-reader.ts`), the proposers err and forget like models do. A limit
 * counts measured rows; ours pay for their questions to the proposer out of it as well. Everything is decided by the seeds.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { worthChart } from './optimizers/chart.ts';
import { contestants } from './optimizers/contestants.ts';
import { parcelTasks } from './optimizers/parcels.ts';
import { publicTasks } from './optimizers/public-tasks.ts';
import { catchUp, worthTable } from './optimizers/table.ts';
import { play } from './optimizers/tournament.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seeds: { type: 'string', default: '1,2,3,4,5' },
    out: { type: 'string', default: path.join('.promptline', 'bench-optimizers') },
    tasks: { type: 'string', default: '' },
  },
});
const seeds = values.seeds.split(',').map(Number);
const limits = [300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200, 1500, 2000, 2500, 3000];
const shown = [500, 1000, 3000];
const drawn = [...parcelTasks, ...(values.data === undefined ? [] : publicTasks(values.data))];
mkdirSync(values.out, { recursive: true });
for (const task of drawn.filter(({ name }) => name.includes(values.tasks))) {
  const draws = seeds.map((seed) => task.draw(seed));
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const base = mean(draws.map(({ prompt, worth }) => worth(prompt.messages)));
  const oracles = draws.flatMap(({ oracle }) => oracle ?? []);
  const best = oracles.length > 0 ? `, the best instruction ${mean(oracles).toFixed(3)}` : '';
  const [first] = draws;
  const sizes = `${first?.splits.train.examples.length} train, ${first?.splits.dev.examples.length} dev`;
  console.log(`\n### ${task.name}\n\n${sizes} rows; the prompt as it was ${base.toFixed(3)}${best}.\n`);
  const results = await play(task, contestants, { limits, seeds });
  console.log(worthTable(results, shown));
  for (const ours of ['auto', 'reflection']) {
    console.log(`\n${catchUp(results, { ours, other: 'AxGEPA', limits })}.`);
  }
  const file = path.join(values.out, `${task.name.replaceAll(' ', '-').toLowerCase()}.svg`);
  writeFileSync(file, worthChart(task.name, results, limits));
}
