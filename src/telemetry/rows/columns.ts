/*
 * One row for each event, whatever database holds it. What they mean stands in docs/telemetry.md; tables of them in schemas/telemetry.*.sql.
 */

/** Columns that every reading takes. */
export const columns = [
  'kind',
  'at',
  'trace_id',
  'span_id',
  'response_id',
  'prompt',
  'version',
  'milliseconds',
  'failed',
  'variant',
  'generation',
  'targeting_key',
  'name',
  'value',
] as const;

/** Columns of a call's details, taken where a reading asks for them. */
export const detailColumns = [
  'provider',
  'model',
  'response_model',
  'input_tokens',
  'output_tokens',
] as const;

/** Of these, columns with whole texts. */
export const textColumns = ['variables', 'answer'] as const;

export type Column = (typeof columns)[number] | (typeof detailColumns)[number] | (typeof textColumns)[number];

/** A row as a database gives it; columns that were not asked for are left out. */
export type Row = { readonly [column in Column]?: unknown };

/** Characters that are kept of a name; ids and versions of prompts are far shorter. */
export const LONGEST_NAME = 300;

/** Characters that a text may have; a longer one is passed over. */
export const LONGEST_TEXT = 250_000;
