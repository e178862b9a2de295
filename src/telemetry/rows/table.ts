import type { Row } from './columns.ts';

export type TableRow = {
  /** Where it lies: rows become visible in this order, and none does before one that was seen. */
  readonly place: string;
  /** What people know it by. */
  readonly id: string;
  readonly row: Row;
};

/** Which rows are asked for. */
export type RowRange =
  /** All after a place. */
  | { readonly after: string }
  /** From the first on whose event is of a time, milliseconds since 1970, to a place if there is one. */
  | { readonly from: number; readonly to: number; readonly through: string | null };

/** A table of events that is open for reading. All of it rejects where the database does. */
export type EventTable = {
  /** Whether a place is one of this table as it is now: it may be another one of the same name. */
  has(place: string): Promise<boolean>;
  /** Rows in the order of their places, some at a time. */
  rows(range: RowRange): AsyncIterable<readonly TableRow[]>;
  /** Says which rows cannot be read yet; null where there is nothing to say. */
  heldBack(now: number): Promise<string | null>;
  close(): Promise<void>;
};
