/**
 * The records of a CSV text (RFC 4180) by the names of its first line. Quoted fields may hold commas, quotes (doubled) and line breaks;
 * a short line's missing fields are empty, blank lines are skipped.
 */
export function parseCsv(text: string): Record<string, string>[] {
  const [names = [], ...lines] = csvLines(text.replace(/^\ufeff/, ''));
  return lines
    .filter((fields) => fields.some((field) => field !== ''))
    .map((fields) => Object.fromEntries(names.map((name, index) => [name.trim(), fields[index] ?? ''])));
}

function csvLines(text: string): string[][] {
  const lines: string[][] = [];
  let fields: string[] = [];
  // A field, and what ends it: a comma, a line break or the end of the text.
  for (const [, quoted, plain = '', end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|\r|$)/g,
  )) {
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    lines.push(fields);
    fields = [];
  }
  return lines;
}
