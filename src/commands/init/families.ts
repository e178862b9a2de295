import path from 'node:path';
import { divideRows, FEWEST_TO_DIVIDE } from '../../datasets/divide.ts';
import { yamlText } from '../../files/yaml-text.ts';
import { checksCode, checksFile } from '../../prompts/importing/checks.ts';
import { counted, type Imported, type ImportedPrompt } from '../../prompts/importing/imported.ts';

/** What became of one file of another tool. */
export type ImportReport = {
  readonly file: string;
  /** Files that hold it now. */
  readonly became: readonly string[];
  readonly notes: readonly string[];
};

/** Families made of imports: their files by path, and what the configuration says of them. */
export type ImportedFamilies = {
  readonly files: Readonly<Record<string, string>>;
  readonly families: Readonly<Record<string, unknown>>;
  /** Families that wait for data. */
  readonly waiting: readonly WaitingFamily[];
  readonly reports: readonly ImportReport[];
};

export type WaitingFamily = { readonly name: string; readonly inputs: readonly string[] };

/**
 * Turns imports into files. A family needs rows to be measured on: where there are none its prompts are written as drafts, which no command
 * reads.
 */
export function makeFamilies(imports: readonly Imported[]): ImportedFamilies {
  const files: Record<string, string> = {};
  const families: Record<string, unknown> = {};
  const waiting: WaitingFamily[] = [];
  const reports: ImportReport[] = [];
  for (const [name, group] of Map.groupBy(imports, ({ family }) => family)) {
    for (const imported of withOwnNames(name, group)) {
      const { family } = imported;
      const made = makeFamily(imported);
      Object.assign(files, made.files);
      if (made.configuration) families[family] = made.configuration;
      else if (imported.prompts.length > 0 && !waiting.some((other) => other.name === family))
        waiting.push({ name: family, inputs: imported.prompts.flatMap(({ inputs }) => inputs) });
      reports.push({ file: imported.file, became: made.became, notes: [...imported.notes, ...made.notes] });
    }
  }
  return { files, families, waiting, reports };
}

/**
 * Prompts of one family are asked the same rows. Files whose prompts stand where they are share theirs; those of others get a family of their
 * own where the name is taken.
 */
function withOwnNames(name: string, group: readonly Imported[]): Imported[] {
  const [inPlace, others] = [group.filter(isInPlace), group.filter((imported) => !isInPlace(imported))];
  const named = [...joined(inPlace)];
  for (const imported of others) {
    const isTaken = named.some(
      ({ family, rows, prompts }) =>
        family === name &&
        ((rows.length > 0 && imported.rows.length > 0) ||
          prompts.some((prompt) => imported.prompts.some((other) => other.name === prompt.name))),
    );
    named.push(isTaken ? { ...imported, family: `${name}-${named.length + 1}` } : imported);
  }
  return named;
}

function isInPlace({ prompts }: Imported): boolean {
  return prompts.some(({ text }) => text === null);
}

/** One import of several whose prompts are one family; a row must fill the placeholders of all of them. */
function joined(group: readonly Imported[]): Imported[] {
  const [first, ...rest] = group;
  if (!first || rest.length === 0) return [...group];
  const inputs = [...new Set(group.flatMap(({ prompts }) => prompts.flatMap((prompt) => prompt.inputs)))];
  const all = group.flatMap(({ file, rows }) => {
    const stem = path.posix.basename(file).replace(/\.prompt\.ya?ml$/, '');
    return rows.map((row) => ({ ...row, id: `${stem}-${row.id}` }));
  });
  const rows = all.filter(({ input }) => inputs.every((name) => input[name] !== undefined));
  const without = all.length - rows.length;
  const note = `${counted(without, 'row')} of testData left out: the prompts of the family share rows, and they have no text for ${inputs.join(', ')}`;
  return [
    {
      ...first,
      file: group.map(({ file }) => file).join(', '),
      prompts: group.flatMap(({ prompts }) => prompts),
      rows,
      metrics: Object.assign({}, ...group.map(({ metrics }) => metrics)),
      notes: [...group.flatMap(({ notes }) => notes), ...(without > 0 ? [note] : [])],
    },
  ];
}

type MadeFamily = {
  files: Record<string, string>;
  configuration: unknown;
  became: string[];
  notes: string[];
};

function makeFamily(imported: Imported): MadeFamily {
  const { family: name, prompts, rows, metrics, file } = imported;
  const isReady = rows.length > 0 && prompts.length > 0;
  const files = Object.fromEntries(
    prompts.flatMap((prompt) =>
      prompt.text === null ? [] : [[promptPath(name, prompt, isReady), prompt.text]],
    ),
  );
  const became = prompts.map((prompt) => (prompt.text === null ? file : promptPath(name, prompt, isReady)));
  if (!isReady) {
    const why = isInPlace(imported)
      ? `it waits for data, and \`check\` refuses it until then: see the end of promptline.yaml`
      : `it waits for data: write datasets/${name}/test.yaml, then see the end of promptline.yaml`;
    return { files, configuration: null, became, notes: prompts.length > 0 ? [why] : [] };
  }
  const { splits, repeated } = divideRows(rows);
  const notes = repeated > 0 ? [`${counted(repeated, 'row')} left out: the input stands in another row`] : [];
  const isDivided = splits.train.length > 0;
  for (const split of isDivided ? (['train', 'dev', 'test'] as const) : (['test'] as const)) {
    const dataset = `datasets/${name}/${split}.yaml`;
    files[dataset] = yamlText({ description: `Imported from ${file}`, examples: splits[split] });
    became.push(dataset);
  }
  if (isDivided)
    notes.push(
      `rows: ${splits.train.length} train, ${splits.dev.length} dev, ${splits.test.length} test, divided by a hash of their inputs`,
    );
  else
    notes.push(
      `${counted(splits.test.length, 'row')}, all in test: \`optimize\` needs train and dev too; from ${FEWEST_TO_DIVIDE} rows on they are divided`,
    );
  if (Object.hasOwn(metrics, 'checks')) {
    files[checksFile] = checksCode;
    became.push(checksFile);
  }
  const datasets = isDivided ? `datasets/${name}` : { test: `datasets/${name}/test.yaml` };
  return { files, configuration: { datasets, metrics: { ...metrics, tokens: {} } }, became, notes };
}

/** A draft's extension is not a prompt's, so that no command reads it. */
function promptPath(family: string, { name }: ImportedPrompt, isReady: boolean): string {
  return `prompts/${family}/${name}.${isReady ? 'prompt' : 'prompt-draft'}.yaml`;
}
