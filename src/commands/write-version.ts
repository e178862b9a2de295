import path from 'node:path';
import { readText, writeWhole } from '../files/read-write.ts';
import type { OptimizationResult } from '../optimization/optimize.ts';
import { entryOf } from '../optimization/scorebook.ts';
import { lasting } from '../optimization/starts.ts';
import { nextVersion } from '../prompts/next-version.ts';
import { writePromptVersion } from '../prompts/write.ts';
import type { OptimizationJob } from './plan-optimization.ts';
import { writeScorebook } from './scorebook-file.ts';
import { shownFromHere } from './session.ts';

export type Written = { readonly version: string; readonly file: string };

type Place = {
  /** Of the repository. */
  readonly root: string;
  /** New versions go below it, with their scorebooks. */
  readonly out: string;
  /** Whether they replace the files of the repository, too. */
  readonly write: boolean;
  /** The day, as 2026-01-31. */
  readonly date: string;
};

/** Writes an accepted version and its scores, the prompt it was made from among them; null for one that was not accepted. */
export function writeVersion(
  { task: { prompt, file }, splits }: OptimizationJob,
  { accepted, head, scorecards, search }: OptimizationResult,
  { root, out, write, date }: Place,
): Written | null {
  if (!accepted || !head || !scorecards) return null;
  const version = nextVersion(prompt);
  const text = writePromptVersion(readText(file, prompt.path), { version, messages: head.messages });
  const target = path.join(out, 'prompts', `${prompt.id}.prompt.yaml`);
  writeWhole(target, text);
  if (write) writeWhole(file, text);
  const picked = search.candidates.find(({ fate }) => fate === 'picked');
  const named = { ...scorecards.head, prompt: { ...scorecards.head.prompt, version } };
  const choices = picked && lasting(prompt, splits.train.examples, picked.choices);
  const entries = [
    entryOf(scorecards.base, { date }),
    entryOf(named, { date, from: prompt.version, ...(choices && { choices }) }),
  ];
  writeScorebook(root, prompt.id, { entries, folders: write ? [out, root] : [out] });
  return { version, file: shownFromHere(write ? file : target) };
}
