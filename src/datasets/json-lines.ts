import { inputError, type Location } from '../errors.ts';
import type { Places } from '../files/issues.ts';
import { DEEPEST, isDeeperThan } from '../files/nesting.ts';
import { readLines } from '../files/read-lines.ts';
import { yamlPlaces } from '../files/validate.ts';
import { readYaml, refuseInexactNumbers } from '../files/yaml-source.ts';

/** One line of a JSON Lines file; lines count from 1. */
export type JsonLine = { readonly line: number; readonly value: unknown; readonly places: Places };

/** The values of a JSON Lines file, one after another; blank lines are skipped. */
export function* readJsonLines(absolute: string, shown: string): Generator<JsonLine> {
  for (const { line, text } of readLines(absolute, shown)) {
    if (text.trim() !== '') yield readJsonLine(text, shown, line);
  }
}

/** The value of one line that is not blank. Throws an input error for one that is not JSON, or nested too deep to be worked with. */
export function readJsonLine(text: string, shown: string, line: number): JsonLine {
  const place = { file: shown, line };
  const value = parseRow(text, place);
  if (isDeeperThan(value, DEEPEST))
    throw inputError(
      `lists and mappings stand more than ${DEEPEST} deep in one another`,
      'Write what is inside as text',
      place,
    );
  // Shorter ones are kept exactly, and YAML, which tells how a number was written, takes its time.
  if (/[:,[\s]-?\d{16}/.test(text)) refuseInexactNumbers(readYaml(shown, text), line);
  return { line, value, places: placesIn(text, shown, line) };
}

function parseRow(row: string, place: Location): unknown {
  try {
    return JSON.parse(row);
  } catch (error) {
    const problem = reason(error).replace(/(?: in JSON)? at position .*$|, [.]{0,3}".*$/s, '');
    throw inputError(`not JSON: ${problem}`, 'Each line is one example as a JSON object', {
      ...place,
      column: longestBeginning(row) + 1,
    });
  }
}

/** JSON is YAML, whose parser knows where things stand; it is asked only when there is something to say. */
function placesIn(row: string, file: string, line: number): Places {
  const places = () => yamlPlaces(readYaml(file, row));
  return {
    value: (path) => ({ ...places().value(path), line }),
    key: (parent, key) => ({ ...places().key(parent, key), line }),
  };
}

/** Length of the longest beginning of `row` that could still become JSON: the next character is the wrong one. */
function longestBeginning(row: string): number {
  let [good, bad] = [0, row.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (canBecomeJson(row.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function canBecomeJson(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const message = reason(error);
    const position = /at position (\d+)/.exec(message)?.[1];
    return position === undefined
      ? message === 'Unexpected end of JSON input'
      : Number(position) >= beginning.length;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
