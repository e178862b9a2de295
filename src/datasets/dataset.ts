export type Example = {
  readonly id: string;
  /** What the placeholders of a prompt are filled from. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The reference answer, by field. */
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  /** Examples of one cluster (a document, a topic) are not independent; statistics keep them together. Defaults to the id. */
  readonly cluster: string;
};

export type Split = 'train' | 'dev' | 'test';

export type Dataset = {
  /** As shown to people: relative to the repository where it lies inside. */
  readonly path: string;
  readonly split: Split;
  /** sha256 over the canonical JSON of the examples, hex. */
  readonly digest: string;
  readonly examples: readonly Example[];
};

/** A dataset whose examples are read at each pass instead of being held in memory. */
export type ExampleSource = Omit<Dataset, 'examples'> & {
  readonly n: number;
  /** The examples are those with one of these tags; all of the file's where it is left out. */
  readonly tags?: readonly string[];
  /** In the file's order. Throws an input error when the file changed since it was checked. */
  examples(): Iterable<Example>;
};
