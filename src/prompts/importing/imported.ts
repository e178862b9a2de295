/** A row of a dataset, made of another tool's test. */
export type ImportedRow = {
  readonly id: string;
  readonly input: Readonly<Record<string, string>>;
  readonly expected: Readonly<Record<string, unknown>>;
};

export type ImportedPrompt = {
  /** In its family. */
  readonly name: string;
  /** The text of its file; null for one that is read as it stands. */
  readonly text: string | null;
  /** The names of its placeholders. */
  readonly inputs: readonly string[];
};

/** A metric as promptline.yaml writes it. */
export type MetricEntry = Readonly<Record<string, unknown>>;

/** What became of one file of another tool; nothing is written yet. */
export type Imported = {
  /** As people see it. */
  readonly file: string;
  /** Further files whose content was taken over with it. */
  readonly used: readonly string[];
  readonly family: string;
  readonly prompts: readonly ImportedPrompt[];
  readonly rows: readonly ImportedRow[];
  readonly metrics: Readonly<Record<string, MetricEntry>>;
  readonly models: { readonly task?: string; readonly judge?: string };
  /** Entries of `providers` by name. */
  readonly providers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What was left out or changed, and why; a line each. */
  readonly notes: readonly string[];
};

/** A name that can be a file's and a key's: lower case, and nothing but letters, digits, `-` and `_`. */
export function plainName(text: string, otherwise: string): string {
  const name = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .replace(/^[_-]+|[_-]+$/g, '')
    .slice(0, 60);
  return name === '' ? otherwise : name;
}

/** `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
