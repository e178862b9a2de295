import { columns, detailColumns, LONGEST_NAME, LONGEST_TEXT, textColumns } from '../rows/columns.ts';

/**
 * Where a row lies. Transactions are numbered when they begin to write and become visible when they commit, so identity values come to
 * light out of order. Below the oldest transaction that is still open nothing can come any more: in this order, up to there, rows are
 * read once and none is missed. What the transaction is is a column, `pg_current_xact_id()` by default.
 */
export type RowPlace = { readonly transaction: string; readonly id: string };

/** `789 1234`. */
export function formatRowPlace({ transaction, id }: RowPlace): string {
  return `${transaction} ${id}`;
}

/** Null for what is no place. */
export function rowPlaceIn(text: string): RowPlace | null {
  const [, transaction, id] = /^(\d{1,20}) (.*)$/s.exec(text) ?? [];
  return transaction === undefined || id === undefined ? null : { transaction, id };
}

/** One transaction more than all that can be read now. */
export const horizonQuery = 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon';

/** A relation's name as SQL: `events`, or `schema.events`. */
export function quotedName(name: string): string {
  return name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
}

/** The transaction of the first row of a time. Parameters: from, to, milliseconds since 1970. */
export function firstQuery(relation: string): string {
  // OFFSET keeps the planner from walking all transactions for the first one of the time.
  return `SELECT "transaction"::text AS "transaction"
    FROM (SELECT "transaction" FROM ${relation} WHERE "at" >= ${moment('$1')} AND "at" <= ${moment('$2')} OFFSET 0) AS found
    ORDER BY found."transaction" LIMIT 1`;
}

/** Rows below a horizon, in order. */
export function pageQuery(
  relation: string,
  {
    details,
    size,
    after,
    from,
    through,
    horizon,
  }: {
    readonly details: boolean;
    readonly size: number;
    /** After a row; or from the first of a transaction. */
    readonly after: RowPlace | null;
    readonly from: string;
    readonly through: RowPlace | null;
    readonly horizon: string;
  },
): { readonly sql: string; readonly parameters: readonly string[] } {
  const parameters = [horizon];
  const given = (value: string) => `$${parameters.push(value)}`;
  const isAt = (comparison: string, { transaction, id }: RowPlace) =>
    `("transaction", "id") ${comparison} (${given(transaction)}::xid8, ${given(id)})`;
  const conditions = [
    '"transaction" < $1::xid8',
    after ? isAt('>', after) : `"transaction" >= ${given(from)}::xid8`,
    ...(through ? [isAt('<=', through)] : []),
  ];
  const sql = `SELECT "id"::text AS row_id, "transaction"::text AS row_transaction, ${selected(details)}
    FROM ${relation} WHERE ${conditions.join(' AND ')} ORDER BY "transaction", "id" LIMIT ${size}`;
  return { sql, parameters };
}

/** How many rows of before a time lie at the horizon or beyond. Parameters: horizon, the time in milliseconds since 1970. */
export function heldBackQuery(relation: string): string {
  return `SELECT count(*)::int AS n FROM (SELECT 1 FROM ${relation}
    WHERE "transaction" >= $1::xid8 AND "at" < ${moment('$2')} LIMIT 1000) AS waiting`;
}

/** All as text, cut: a view may give any type, and values of any length. */
function selected(details: boolean): string {
  const plain = [...columns, ...(details ? detailColumns : [])].filter((column) => column !== 'at');
  return [
    '(extract(epoch FROM "at") * 1000)::text AS "at"',
    ...plain.map((column) => cut(column, LONGEST_NAME)),
    // One character more, so that it is seen where a text is too long.
    ...(details ? textColumns : []).map((column) => cut(column, LONGEST_TEXT + 1)),
  ].join(', ');
}

function cut(column: string, length: number): string {
  return `left("${column}"::text, ${length}) AS "${column}"`;
}

function moment(parameter: string): string {
  return `to_timestamp(${parameter}::float8 / 1000)`;
}
