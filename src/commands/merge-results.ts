import type { ExampleSource } from '../datasets/dataset.ts';
import { shardOf } from '../datasets/select.ts';
import { inputError } from '../errors.ts';
import type { Measurement } from '../evaluation/measure.ts';
import { countResults, readResults } from '../reports/results-file.ts';

export type MergedResults = {
  /** How many there are. */
  readonly total: number;
  /** In the order of one run over the whole. */
  results(): Generator<Measurement>;
};

/**
 * The results of all shards in the order of one run: of each repeat, example after example.
 * @param files of the shards, by their number
 * @param source the examples of the whole
 * @throws {PromptlineError} where a file does not hold exactly the results of its part, at once or while they are read
 */
export function openShardResults(files: readonly string[], source: ExampleSource): MergedResults {
  const of = files.length;
  const parts = files.map((file, position) => ({
    file,
    due: shardOf(source, { index: position + 1, of }).n,
    held: countResults(file, file),
  }));
  const [largest] = parts;
  const repeats = largest ? largest.held / largest.due : 0;
  for (const { file, due, held } of parts) {
    if (Number.isInteger(repeats) && held === due * repeats) continue;
    throw foreign(file, `holds ${held} results of ${due} examples`);
  }
  return { total: source.n * repeats, results: () => inTurn(files, source, repeats) };
}

function* inTurn(files: readonly string[], source: ExampleSource, repeats: number): Generator<Measurement> {
  const shards = files.map((file) => ({ file, results: readResults(file, file) }));
  for (let repeat = 0; repeat < repeats; repeat++) {
    let position = 0;
    for (const { id } of source.examples()) {
      const shard = shards[position % shards.length];
      const next = shard?.results.next();
      if (!shard || !next || next.done) return;
      const { result } = next.value;
      if (result.example !== id || result.repeat !== repeat)
        throw foreign(shard.file, `holds the result of "${result.example}" where that of "${id}" is due`);
      yield next.value;
      position += 1;
    }
  }
}

function foreign(file: string, what: string) {
  return inputError(what, 'Run all shards on the same commit with the same options', { file });
}
