import { type Fields, fieldsOf } from './json.ts';
import { afterSpace, createNameTable, eachPart, endOfValue, nowhere } from './json-bytes.ts';

export type RelevantRecord = { readonly kind: 'span' | 'log record'; readonly fields: Fields };

/* Where the lists of records lie in a line of OTLP JSON. */
const resourceLists = createNameTable(['resourceSpans', 'resourceLogs']);
const scopeLists = createNameTable(['scopeSpans', 'scopeLogs']);
const recordLists = createNameTable(['spans', 'logRecords']);

/**
 * Of `gen_ai.` and `feature_flag.` a record has one if it says anything about rollouts. They are looked for from their underscore on: the search
 * stops at every byte that is the first of what it looks for, and telemetry is full of g and f.
 */
const words = ['_ai.', '_flag.'].map((word) => Buffer.from(word));

/**
 * How what an application sent begins, as the collector writes it. In a string its quotes would have backslashes before them, and nothing
 * inside a record has a member of this name: wherever it stands, an element of the outermost list begins.
 */
const RESOURCE = Buffer.from('{"resource":{');

const [OBJECT, LIST, OBJECT_END, CARRIAGE_RETURN] = [0x7b, 0x5b, 0x7d, 0x0d];

/**
 * The records of a line that may say something about rollouts, parsed; null where the line is no whole object. A batch of a collector
 * holds records of many applications: those of others are passed over unparsed, and so unchecked. Throws where one of ours is broken.
 *
 * @param open whether the line may still be growing: then it is followed to its end, even where nothing in it matters
 */
export function relevantRecords(line: Buffer, open: boolean): readonly RelevantRecord[] | null {
  return !open && looksWhole(line) ? skim(line) : readAll(line);
}

/** Looks only at what applications sent that has one of the words. */
function skim(line: Buffer): readonly RelevantRecord[] | null {
  const reading: Reading = { finder: createWordFinder(line), found: [] };
  const { finder, found } = reading;
  for (let at = 0, word = finder.nextFrom(0); word < line.length; word = finder.nextFrom(at)) {
    const begin = line.lastIndexOf(RESOURCE, word);
    // Of another writer.
    if (begin < at) return readAll(line);
    const end = readResource(line, begin, reading);
    if (end === nowhere) return null;
    at = Math.max(end, word + 1);
  }
  return found;
}

/** Follows a line from its beginning to its end. */
function readAll(line: Buffer): readonly RelevantRecord[] | null {
  const reading: Reading = { finder: createWordFinder(line), found: [] };
  const end = eachPart(line, afterSpace(line, 0), (value, name, nameEnd) =>
    resourceLists(line, name, nameEnd) === null
      ? endOfValue(line, value)
      : eachObject(line, value, (resource) => readResource(line, resource, reading)),
  );
  return end !== nowhere && afterSpace(line, end) === line.length ? reading.found : null;
}

type Reading = { readonly finder: WordFinder; readonly found: RelevantRecord[] };

/** Takes the records of what an application sent, and returns where that ends. */
function readResource(line: Buffer, at: number, reading: Reading): number {
  return eachPart(line, at, (scopes, name, nameEnd) => {
    const list = scopeLists(line, name, nameEnd);
    if (list === null) return endOfValue(line, scopes);
    const kind = list === 'scopeSpans' ? 'span' : 'log record';
    return eachObject(line, scopes, (scope) =>
      eachPart(line, scope, (records, member, memberEnd) =>
        recordLists(line, member, memberEnd) === null
          ? endOfValue(line, records)
          : eachObject(line, records, (record) => takeRecord(line, record, { kind, ...reading })),
      ),
    );
  });
}

function takeRecord(
  line: Buffer,
  at: number,
  { kind, finder, found }: Reading & { readonly kind: RelevantRecord['kind'] },
): number {
  const end = endOfValue(line, at);
  if (end === nowhere || finder.nextFrom(at) >= end) return end;
  const fields = fieldsOf(JSON.parse(line.toString('utf8', at, end)));
  if (fields) found.push({ kind, fields });
  return end;
}

/** Gives where each object of a list begins, and returns where the list ends; other values are passed over. */
function eachObject(line: Buffer, at: number, visit: (at: number) => number): number {
  if (line[at] !== LIST) return endOfValue(line, at);
  return eachPart(line, at, (value) => (line[value] === OBJECT ? visit(value) : endOfValue(line, value)));
}

function looksWhole(line: Buffer): boolean {
  return line[0] === OBJECT && line.at(line.at(-1) === CARRIAGE_RETURN ? -2 : -1) === OBJECT_END;
}

/** Gives where the next of the words stands, the line's length where none does; to be asked from the front to the back. */
type WordFinder = { nextFrom(at: number): number };

function createWordFinder(line: Buffer): WordFinder {
  const next = words.map(() => nowhere);
  return {
    nextFrom(at) {
      let nearest = line.length;
      for (let index = 0; index < words.length; index += 1) {
        let found = next[index] ?? nowhere;
        if (found < at) {
          found = line.indexOf(words[index] ?? '', at);
          if (found === nowhere) found = line.length;
          next[index] = found;
        }
        if (found < nearest) nearest = found;
      }
      return nearest;
    },
  };
}
