/** What a table's or a list's entries are cut to, so that a report fits into a comment. */
export type Limits = {
  readonly sections: number;
  readonly notes: number;
  readonly metrics: number;
  readonly examples: number;
  readonly slices: number;
  readonly flaky: number;
  readonly candidates: number;
  readonly failures: number;
  readonly diffLines: number;
  readonly pins: number;
  /** Code points of an input or an answer. */
  readonly text: number;
};

/** A table; cells must be inert Markdown already. Columns named in `numeric` are set flush right. */
export function table(
  columns: readonly { readonly name: string; readonly numeric?: boolean }[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = columns.map(({ numeric }) => (numeric ? '---:' : '---'));
  return [line(columns.map(({ name }) => name)), line(rule), ...rows.map(line)].join('\n');
}

/** A bulleted list; entries must be inert and without line breaks. */
export function list(entries: readonly string[]): string {
  return entries.map((entry) => `- ${entry}`).join('\n');
}

/** A number as written by this room, where only two dollar signs could do harm: GitHub makes a formula of them. */
export function figure(text: string): string {
  return text.replaceAll('$', '<span>$</span>');
}

/** A part that is closed until the reader opens it; `summary` must be inert. */
export function collapsible(summary: string, parts: readonly string[]): string {
  return [`<details>`, `<summary>${summary}</summary>`, '', parts.join('\n\n'), '', '</details>'].join('\n');
}

/** The first `limit` entries, and a line that says how many are left out. */
export function capped<T>(
  entries: readonly T[],
  limit: number,
  noun: string,
  file = 'report.json',
): { readonly shown: readonly T[]; readonly leftOut: readonly string[] } {
  const missing = entries.length - limit;
  if (missing <= 0) return { shown: entries, leftOut: [] };
  return {
    shown: entries.slice(0, limit),
    leftOut: [`_${missing} more ${noun} left out here; ${file} has all._`],
  };
}

/** The first text of at most `limit` characters, of several ever shorter ones; the last where none is. */
export function firstWithin(texts: readonly (() => string)[], limit: number): string {
  let text = '';
  for (const make of texts) {
    text = make();
    if (text.length <= limit) return text;
  }
  return text;
}
