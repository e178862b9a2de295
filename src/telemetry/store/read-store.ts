import { statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { columns, detailColumns, LONGEST_TEXT, textColumns } from '../rows/columns.ts';
import { readTable } from '../rows/read-table.ts';
import type { EventTable, RowRange, TableRow } from '../rows/table.ts';
import type { TelemetrySource } from '../source.ts';

/** A writer is done within milliseconds; whoever holds the lock longer is left for the next reading. */
const BUSY_TIMEOUT_MS = 2_000;

/** Rows of a page, which are in memory at once, without and with details. */
const PAGE = { plain: 2_000, detailed: 200 };

/**
 * The local store: a file of SQLite with the table of `schemas/telemetry.sqlite.sql`, which `feedback add` makes. Writers take turns, so
 * that ids become visible in their order. A file that is not there yet has no rows, and is named.
 *
 * @param file absolute, or relative to `root`
 */
export function openStore(root: string, file: string): TelemetrySource {
  const absolute = path.resolve(root, file);
  return {
    name: file,
    async *read(after, options) {
      if (isMissing(absolute)) return options.tally.add('path without files', file);
      yield* readTable(
        {
          name: file,
          key: `store ${file}`,
          open: async () => {
            // SQLite opens a folder, and speaks of the disk when it is read.
            if (statSync(absolute).isDirectory()) throw new Error('it is a folder');
            return openTable(absolute, options.details);
          },
          reasonOf: (error) => (error instanceof Error ? error.message : String(error)),
        },
        after,
        options,
      );
    },
  };
}

/** What one may not look at is not missing. */
function isMissing(absolute: string): boolean {
  try {
    return statSync(absolute, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

function openTable(absolute: string, details: boolean): EventTable {
  const database = new DatabaseSync(absolute, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  const one = (sql: string, ...values: SQLInputValue[]) => database.prepare(sql).get(...values) ?? {};
  return {
    // Ids are never given twice: in the table of a place there was one as high.
    async has(place) {
      const { seq } = one("SELECT seq FROM sqlite_sequence WHERE name = 'promptline_events'");
      return Number(seq ?? 0) >= Number(place);
    },
    async *rows(range) {
      const size = details ? PAGE.detailed : PAGE.plain;
      const page = database.prepare(
        `SELECT ${selected(details)} FROM promptline_events WHERE id > ? AND id <= ? ORDER BY id LIMIT ${size}`,
      );
      // A whole number beyond those of JavaScript would keep all other rows from being read.
      page.setReadBigInts(true);
      const last =
        'after' in range || range.through === null ? Number.MAX_SAFE_INTEGER : Number(range.through);
      for (let after = beforeFirst(range); ; ) {
        const rows = page.all(after, last).map((row): TableRow => {
          const id = String(row['id']);
          return { place: id, id, row };
        });
        if (rows.length > 0) yield rows;
        if (rows.length < size) return;
        after = Number(rows.at(-1)?.place);
        // Nothing here waits for anything: timers and signals have their turn.
        await setImmediate();
      }
    },
    heldBack: async () => null,
    close: async () => database.close(),
  };

  /** The id before a range. */
  function beforeFirst(range: RowRange): number {
    if ('after' in range) return Number(range.after);
    const first = one(
      'SELECT min(id) AS id FROM promptline_events WHERE at >= ? AND at <= ?',
      range.from,
      range.to,
    );
    return first['id'] === null ? Number.MAX_SAFE_INTEGER : Number(first['id']) - 1;
  }
}

function selected(details: boolean): string {
  // One character more, so that it is seen where a text is too long.
  const texts = textColumns.map((column) => `substr(${column}, 1, ${LONGEST_TEXT + 1}) AS ${column}`);
  return ['id', ...columns, ...(details ? [...detailColumns, ...texts] : [])].join(', ');
}
