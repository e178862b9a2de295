import { isSeq, type YAMLSeq } from 'yaml';
import { inputError } from '../errors.ts';
import type { MetricSummary, Scorecard } from '../evaluation/scorecard.ts';
import { validateYaml } from '../files/validate.ts';
import { locate, parseYaml } from '../files/yaml-source.ts';
import { yamlText } from '../files/yaml-text.ts';
import type { Choices } from './proposal.ts';
import { type ScorebookEntry, scorebookSchema } from './scorebook-schema.ts';
import type { Learnt } from './starts.ts';

/** Digits kept of a value: enough to tell any two measurements apart, short enough to read. */
const digits = 4;
/** Entries that a search begins with, the latest. */
const mostLearnt = 3;

/** Reads a scorebook's text; an empty file holds no entry. Throws inputError with its place for what is wrong. */
export function parseScorebook(text: string, shown: string): ScorebookEntry[] {
  const source = parseYaml(shown, text);
  const list = source.document.contents;
  if (list === null) return [];
  if (isSeq(list) && list.flow) {
    throw inputError(
      'the entries stand in brackets, where no other can be added',
      'Write each under a dash of its own',
      locate(source, []),
    );
  }
  return validateYaml(scorebookSchema, source);
}

/** What a measured version is worth an entry for. */
export function entryOf(
  { prompt, dataset, objective, metrics }: Scorecard,
  { date, from, choices }: { date: string; from?: string; choices?: Choices },
): ScorebookEntry {
  return {
    version: prompt.version,
    ...(from !== undefined && { from }),
    digest: prompt.digest,
    date,
    model: prompt.model,
    dataset: { path: dataset.path, digest: dataset.digest, n: dataset.n },
    objective: measuredValue(objective),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, measuredValue(value)])),
    ...(choices && { choices: { ...choices, demonstrations: [...choices.demonstrations] } }),
  };
}

/**
 * A scorebook's text with further entries at its end; one that stands there already (same version, content and data) is not added
 * again. What was there stays as it is written, to the byte. The file ends with a line break.
 *
 * @param text null where there is no file
 */
export function withEntries(text: string | null, shown: string, entries: readonly ScorebookEntry[]): string {
  const before = text ?? '';
  const known = new Set(parseScorebook(before, shown).map(keyOf));
  const added = entries.filter((each) => !known.has(keyOf(each)));
  if (added.length === 0) return before;
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  const list = parseYaml(shown, before).document.contents;
  return start + indented(yamlText(added), isSeq(list) ? indentOf(list, before) : '');
}

/** What a later search can begin with: the choices of the latest versions, the latest first. */
export function learntBefore(entries: readonly ScorebookEntry[]): Learnt[] {
  return entries
    .flatMap(({ version, choices }) => (choices ? [{ why: `learnt by version ${version}`, ...choices }] : []))
    .reverse()
    .slice(0, mostLearnt);
}

function keyOf({ version, digest, dataset }: ScorebookEntry): string {
  return JSON.stringify([version, digest, dataset.digest]);
}

function measuredValue({ mean, interval, n }: MetricSummary): ScorebookEntry['objective'] {
  const [low, high] = interval ?? [];
  return {
    mean: mean === null ? null : rounded(mean),
    interval: low === undefined || high === undefined ? null : [rounded(low), rounded(high)],
    n,
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(digits));
}

/** How far the dashes of a list stand from the margin. */
function indentOf({ range }: YAMLSeq, text: string): string {
  const [start] = range ?? [0];
  return ' '.repeat(start - text.lastIndexOf('\n', start - 1) - 1);
}

/** Line breaks of Unicode inside a text are no lines of the file. */
function indented(text: string, indent: string): string {
  const lines = text.split('\n');
  return lines.map((line) => (line === '' ? line : indent + line)).join('\n');
}
