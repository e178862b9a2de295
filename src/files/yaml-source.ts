import { type Document, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { inputError, type Location } from '../errors.ts';

/** A user's YAML text with the way back from a value to its line and column. */
export type YamlSource = {
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  readonly lines: LineCounter;
};

/**
 * Aliases let ten lines of YAML expand to gigabytes; no honest prompt or dataset needs more than a few.
 */
const maxAliases = 100;

/** Parses YAML; a syntax error (a tab, a bad indent, a duplicate key, a loose alias) is thrown with its place. */
export function parseYaml(file: string, text: string): YamlSource {
  const source = readYaml(file, text);
  const [first] = source.document.errors;
  if (first) {
    const { problem, hint } = explain(first.code, first.message, text.slice(first.pos[0]));
    throw inputError(problem, hint, at(source, first.pos[0]));
  }
  refuseLooseAliases(source);
  return source;
}

/** Reads YAML, or JSON as the part of YAML that it is, without judging it: for places only. */
export function readYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  return { file, text, lines, document: parseDocument(text, { lineCounter: lines, prettyErrors: false }) };
}

/** Throws an inputError when nothing stands in the file but comments. */
export function refuseEmpty(source: YamlSource, hint: string): void {
  if (source.document.contents === null) {
    throw inputError('the file is empty', hint, { file: source.file, line: 1, column: 1 });
  }
}

/** The plain JavaScript value of a document. */
export function yamlValue(source: YamlSource): unknown {
  try {
    return source.document.toJS({ maxAliasCount: maxAliases });
  } catch {
    throw inputError(
      `aliases are used too often: at most ${maxAliases} times in a file`,
      'Write the values out',
      { file: source.file, line: 1, column: 1 },
    );
  }
}

/**
 * Throws an inputError for a whole number that JavaScript would take for another one nearby, as 9007199254740993.
 * @param line of the file, where the source is that line of it
 */
export function refuseInexactNumbers(source: YamlSource, line?: number): void {
  visit(source.document, {
    Scalar(_, { value, source: written = '', range }) {
      if (typeof value !== 'number' || !/^[-+]?\d+$/.test(written) || Number.isSafeInteger(value)) return;
      const isExact = Number.isFinite(value) && BigInt(value) === BigInt(written.replace('+', ''));
      // Wherever it is written again, 500000000000000000000 comes out as it was, though it is not exact.
      if (isExact || String(value) === written) return;
      throw inputError(`the number ${written} is too long to be kept exactly`, 'Put it in quotes', {
        ...at(source, range?.[0] ?? 0),
        ...(line !== undefined && { line }),
      });
    },
  });
}

/** Line and column of the value at `path`, or of the nearest parent that stands in the file. */
export function locate(source: YamlSource, path: readonly PropertyKey[]): Location {
  for (let length = path.length; length > 0; length--) {
    const node = source.document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return at(source, node.range[0]);
  }
  return at(source, source.document.contents?.range?.[0] ?? 0);
}

/** Line and column of a key (not of its value), for errors about the key itself. */
export function locateKey(source: YamlSource, parent: readonly PropertyKey[], key: string): Location {
  const map = parent.length === 0 ? source.document.contents : source.document.getIn(parent, true);
  if (map && typeof map === 'object' && 'items' in map && Array.isArray(map.items)) {
    for (const pair of map.items) {
      if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === key && pair.key.range) {
        return at(source, pair.key.range[0]);
      }
    }
  }
  return locate(source, parent);
}

function at({ file, lines }: YamlSource, offset: number): Location {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

/** An alias without its anchor, and one inside the very value it names, which would never end. */
function refuseLooseAliases(source: YamlSource): void {
  const named = new Map<string, unknown>();
  visit(source.document, {
    Value(_, node) {
      if (node.anchor !== undefined) named.set(node.anchor, node);
    },
    Alias(_, alias, parents) {
      const place = at(source, alias.range?.[0] ?? 0);
      const name = alias.source;
      if (!named.has(name)) {
        const problem = `the alias *${name} has no anchor &${name} before it`;
        throw inputError(problem, 'A text that starts with * wants quotes', place);
      }
      if (parents.some((parent) => parent === named.get(name))) {
        throw inputError(`the alias *${name} stands inside what it names`, 'Write the value out', place);
      }
    },
  });
}

/** `rest` is the file's text from the place of the error on. */
function explain(code: string, message: string, rest: string): { problem: string; hint: string } {
  if (code === 'TAB_AS_INDENT') {
    return { problem: 'a tab as indentation', hint: 'Indent with spaces: YAML does not allow tabs' };
  }
  if (code === 'DUPLICATE_KEY') {
    const key = /^[^:\r\n]*/.exec(rest)?.[0].trim() ?? '';
    return { problem: `duplicate key ${key}`, hint: 'Keep one of the two' };
  }
  if (code === 'MULTIPLE_DOCS') {
    return { problem: 'a second document begins here', hint: 'Keep one document in the file' };
  }
  const hint = 'Mend the YAML there; texts with ":" or "#" want quotes or a block (|)';
  return { problem: message.split('\n')[0] ?? code, hint };
}
