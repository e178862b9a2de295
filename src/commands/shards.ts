import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { inputError } from '../errors.ts';
import type { RunReport } from '../reports/run-report.ts';
import { readReport } from '../reports/write-reports.ts';
import { resultFolders } from './result-folders.ts';

/** One shard of an evaluation, as its --out folder holds it. */
export type ShardRun = { readonly folder: string; readonly report: RunReport };

/**
 * The shards of one evaluation by their number, all of them.
 * @param folders each holds the results of a shard, or the folders of several: as artifacts are downloaded
 * @throws {PromptlineError} where one is missing, stands twice, or is of another run
 */
export function readShards(folders: readonly string[]): readonly ShardRun[] {
  const shards = inOrder(resultFolders(folders).map((folder) => ({ folder, report: readReport(folder) })));
  const [first, ...others] = shards;
  for (const shard of others) if (first) refuseForeign(first, shard);
  return shards;
}

function inOrder(runs: readonly ShardRun[]): ShardRun[] {
  const byIndex = new Map<number, ShardRun>();
  const of = runs[0]?.report.shard?.of ?? 0;
  for (const run of runs) {
    const { shard } = run.report;
    const place = { file: path.join(run.folder, 'report.json') };
    if (!shard) throw inputError('the run was not sharded', 'Name folders of evaluate --shard i/n', place);
    if (shard.of !== of)
      throw inputError(`part of ${shard.of}, the first of ${of}`, 'Name the shards of one run', place);
    const other = byIndex.get(shard.index);
    if (other) {
      throw inputError(
        `shard ${shard.index}/${of} stands in ${other.folder} too`,
        'Name each shard once',
        place,
      );
    }
    byIndex.set(shard.index, run);
  }
  return Array.from({ length: of }, (_, position) => {
    const run = byIndex.get(position + 1);
    if (!run) throw inputError(`shard ${position + 1}/${of} is missing`, 'Name the folders of all shards');
    return run;
  });
}

/** What all shards of one run have in common, in the words that name it. */
const traits: Readonly<Record<string, (report: RunReport) => unknown>> = {
  'another version of promptline': ({ version }) => version,
  'other prompts': ({ prompts }) => prompts.map(({ id, version }) => [id, version]),
  'another model': ({ prompts }) => prompts.map(({ model }) => model),
  'another wording of a prompt': ({ prompts }) => prompts.map(({ digest }) => digest),
  'other data': ({ prompts }) => prompts.map(({ dataset: { n: _, ...dataset } }) => dataset),
  'other metrics': ({ prompts }) => prompts.map(({ metrics }) => Object.keys(metrics)),
  'another base': ({ base, unchanged, prompts }) => [
    base,
    unchanged,
    prompts.map(({ changedSince, baseProblem, comparison }) => [changedSince, baseProblem, comparison?.base]),
  ],
};

function refuseForeign(first: ShardRun, other: ShardRun): void {
  for (const [what, traitOf] of Object.entries(traits)) {
    if (isDeepStrictEqual(traitOf(first.report), traitOf(other.report))) continue;
    throw inputError(
      `a run with ${what} than that of ${first.folder}`,
      'Run all shards on the same commit with the same options',
      { file: path.join(other.folder, 'report.json') },
    );
  }
}
