import { type Document, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { inputError, type Location } from '../errors.ts';

/** A user's YAML text with the way back from a value to its line and column. */
export type YamlSource = {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
};

/**
 * Aliases let ten lines of YAML expand to gigabytes; no honest prompt or dataset needs more than a few.
 */
const maxAliases = 100;

/** Parses YAML; a syntax error (a tab, a bad indent, a duplicate key) is thrown with its place. */
export function parseYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [first] = document.errors;
  if (first) {
    const { line, col } = lines.linePos(first.pos[0]);
    throw inputError(first.message.split('\n')[0] ?? first.code, yamlHint(first.code), {
      file,
      line,
      column: col,
    });
  }
  return { file, document, lines };
}

/** The plain JavaScript value of a document. */
export function yamlValue(source: YamlSource): unknown {
  try {
    return source.document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    throw inputError(
      error instanceof Error ? error.message : String(error),
      `A file may use at most ${maxAliases} aliases: write the values out`,
      { file: source.file, line: 1, column: 1 },
    );
  }
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

function at(source: YamlSource, offset: number): Location {
  const { line, col } = source.lines.linePos(offset);
  return { file: source.file, line, column: col };
}

function yamlHint(code: string): string {
  if (code === 'TAB_AS_INDENT') return 'Indent with spaces: YAML does not allow tabs';
  if (code === 'DUPLICATE_KEY') return 'Keep one of the two';
  if (code === 'MULTIPLE_DOCS') return 'Keep one document in the file';
  return 'Mend the YAML there; texts with ":" or "#" want quotes or a block (|)';
}
