import { readTable } from '../rows/read-table.ts';
import type { EventTable, RowRange, TableRow } from '../rows/table.ts';
import type { TelemetrySource } from '../source.ts';
import { type Connection, connect, reasonOf, type Values } from './connection.ts';
import {
  firstQuery,
  formatRowPlace,
  heldBackQuery,
  horizonQuery,
  pageQuery,
  quotedName,
  type RowPlace,
  rowPlaceIn,
} from './event-query.ts';

export type PostgresOptions = {
  /** The environment variable that holds the URL, for people: the URL itself is secret. */
  readonly urlEnv: string;
  /** Undefined where the variable is not set. */
  readonly url: string | undefined;
  /** A table or a view with the columns of `schemas/telemetry.postgres.sql`; `schema.name` where it is in another schema. */
  readonly table: string;
};

/** Rows of a page, which are in memory at once, without and with details. */
const PAGE = { plain: 2_000, detailed: 200 };

/** Milliseconds that a transaction may take before it is said what it holds back. */
const USUAL_TRANSACTION = 60_000;

/** A table of Postgres 13 or newer. It is connected to for each reading. */
export function openPostgres({ urlEnv, url, table }: PostgresOptions): TelemetrySource {
  const name = `${table} of ${urlEnv}`;
  return {
    name,
    async *read(after, options) {
      if (url === undefined || url.trim() === '')
        return options.tally.add('unreadable source', `${name}: the environment has no ${urlEnv}`);
      if (!/^postgres(ql)?:\/\//.test(url.trim()))
        return options.tally.add('unreadable source', `${name}: ${urlEnv} does not begin with postgres://`);
      yield* readTable(
        {
          name,
          key: `postgres ${urlEnv} ${table}`,
          open: async () => openTable(await connect(url.trim()), { table, details: options.details }),
          reasonOf: (error) => reasonOf(error, url.trim()),
        },
        after,
        options,
      );
    },
  };
}

/** Closes the connection where the table cannot be opened. */
async function openTable(
  connection: Connection,
  request: { readonly table: string; readonly details: boolean },
): Promise<EventTable> {
  try {
    const [found] = await connection.query(horizonQuery, []);
    return tableBelow(textOf(found, 'horizon'), connection, request);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** A table as far as no transaction is open any more. */
function tableBelow(
  horizon: string,
  connection: Connection,
  { table, details }: { readonly table: string; readonly details: boolean },
): EventTable {
  const relation = quotedName(table);
  return {
    // A place beyond was read in a database that this one is not, or was before it was restored.
    async has(place) {
      const known = rowPlaceIn(place);
      return known !== null && BigInt(known.transaction) < BigInt(horizon);
    },
    async *rows(range) {
      const size = details ? PAGE.detailed : PAGE.plain;
      const begin = await beginOf(range);
      if (begin === null) return;
      const through = 'after' in range || range.through === null ? null : rowPlaceIn(range.through);
      for (let after = begin.after; ; ) {
        const { sql, parameters } = pageQuery(relation, { ...begin, details, size, after, through, horizon });
        const rows = (await connection.query(sql, parameters)).map(rowOf);
        if (rows.length > 0) yield rows;
        if (rows.length < size) return;
        after = rowPlaceIn(rows.at(-1)?.place ?? '');
      }
    },
    async heldBack(now) {
      const [found] = await connection.query(heldBackQuery(relation), [horizon, now - USUAL_TRANSACTION]);
      const rows = textOf(found, 'n');
      return rows === '0' ? null : `${rows} rows or more wait for the end of transaction ${horizon}`;
    },
    close: () => connection.close(),
  };

  /** Null where no row is of the time. */
  async function beginOf(range: RowRange): Promise<{ after: RowPlace | null; from: string } | null> {
    if ('after' in range) return { after: rowPlaceIn(range.after), from: '0' };
    const [first] = await connection.query(firstQuery(relation), [range.from, range.to]);
    return first ? { after: null, from: textOf(first, 'transaction') } : null;
  }
}

function rowOf(row: Values): TableRow {
  const id = textOf(row, 'row_id');
  return { place: formatRowPlace({ transaction: textOf(row, 'row_transaction'), id }), id, row };
}

function textOf(row: Values | undefined, column: string): string {
  return String(row?.[column] ?? '');
}
