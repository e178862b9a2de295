/** What can be wrong with a record, a file or a path. None of it ends a reading. */
export type IrregularityKind =
  | 'malformed'
  | 'too long'
  | 'unreadable file'
  | 'path without files'
  | 'unreadable source'
  | 'held back'
  | 'without time'
  | 'without user'
  | 'without score'
  | 'without tokens'
  | 'without price'
  | 'duplicate'
  | 'out of order'
  | 'late'
  | 'clock ahead'
  | 'of another step'
  | 'of another version'
  | 'of an unknown call'
  | 'forgotten'
  | 'unanswered'
  | 'incomplete'
  | 'not kept'
  | 'without series'
  | 'without bucket'
  | 'native histogram';

/** How many records were irregular in one way, and the first of them in words. */
export type Irregularity = {
  readonly kind: IrregularityKind;
  readonly count: number;
  readonly example: string;
};

/** `telemetry: 3 malformed: data.json, line that ends at byte 270`; raw text. */
export function describeIrregularity({ kind, count, example }: Irregularity): string {
  return `telemetry: ${count} ${kind}: ${example}`;
}

/** Counts what is wrong; of each kind it keeps one example. */
export type Tally = {
  add(kind: IrregularityKind, example: string): void;
  list(): readonly Irregularity[];
};

export function createTally(): Tally {
  const found = new Map<IrregularityKind, { count: number; example: string }>();
  return {
    add(kind, example) {
      const known = found.get(kind);
      if (known) known.count += 1;
      else found.set(kind, { count: 1, example });
    },
    list: () => [...found].map(([kind, entry]) => ({ kind, ...entry })),
  };
}
