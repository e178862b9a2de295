import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Place } from '../github/proposing-repository.ts';
import { datasetFile, rowOf } from './assistant-files.ts';

const rows = z.array(z.looseObject({ id: z.string(), input: z.object({ text: z.string() }) }));
const datasetSchema = z.union([rows, z.object({ examples: rows }).transform(({ examples }) => examples)]);

const branch = 'promptline-harvest/assistant';

/**
 * What a person does with the rows of a harvest who speaks both languages: writes what is meant into each that has no reference, deals
 * these over the splits, and puts that on the branch of the pull request.
 */
export async function reviewHarvest(place: Place): Promise<void> {
  const rowsOf = async (split: string) =>
    datasetSchema.parse(parse((await place.read(branch, datasetFile(split))) ?? ''));
  const labelled = (await rowsOf('unlabelled')).map((row) => ({ ...row, ...rowOf(row.id, row.input.text) }));
  for (const [nth, split] of ['train', 'dev', 'test'].entries()) {
    const own = labelled.filter((_, index) => index % 3 === nth);
    const examples = [...(await rowsOf(split)), ...own];
    await place.commit(branch, datasetFile(split), stringify({ examples }, { lineWidth: 0 }));
  }
  await place.commit(branch, datasetFile('unlabelled'), '[]\n');
}
