import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { parse } from 'es-module-lexer/js';
import { inputError, PromptlineError } from '../errors.ts';
import { shortened } from '../formats/wording.ts';

type Import = {
  /** Undefined where it is computed. */
  readonly specifier: string | undefined;
  /** From 1. */
  readonly line: number;
};

type Module = { readonly imports: readonly Import[]; readonly hasDefault: boolean };

const CODE = /\.[cm]?[jt]s$/;
const TYPESCRIPT = /\.[cm]?ts$/;

/**
 * A custom metric's file and every file it imports by a relative path, directly or not, itself first; all relative to
 * the repository. Throws an input error, which names file and line itself, for a file that cannot be read or parsed,
 * for an import by a computed name, and for a metric without a default export.
 */
export function customMetricFiles(file: string, readText: (path: string) => string): readonly string[] {
  const first = path.posix.normalize(file);
  const files = [first];
  const sources = new Map([[first, readMetric(first, readText)]]);
  // Grows while it is walked.
  for (const current of files) {
    if (!CODE.test(current)) continue;
    const { imports, hasDefault } = readModule(current, sources.get(current) ?? '');
    if (current === first && !hasDefault) throw withoutDefault(first);
    for (const { specifier, line } of imports) {
      if (specifier === undefined) throw computedImport(`${current}:${line}`);
      if (!/^\.{1,2}\//.test(specifier)) continue;
      const target = path.posix.join(path.posix.dirname(current), specifier);
      if (sources.has(target)) continue;
      sources.set(target, readImport(target, specifier, { from: `${current}:${line}`, readText }));
      files.push(target);
    }
  }
  return files;
}

function readModule(file: string, source: string): Module {
  const code = TYPESCRIPT.test(file) ? withoutTypes(file, source) : source;
  const [imports, exports] = parsed(file, code);
  return {
    imports: imports.flatMap((found) => {
      if (found.type === 'import-meta') return [];
      const isComputed = found.type === 'dynamic' && found.glob;
      return [{ specifier: isComputed ? undefined : found.specifier, line: lineAt(code, found.start) }];
    }),
    hasDefault: exports.some((each) => each.type !== 'reexport-all' && each.name === 'default'),
  };
}

function parsed(file: string, code: string): ReturnType<typeof parse> {
  try {
    return parse(code);
  } catch (error) {
    const at = error instanceof Error && 'idx' in error && typeof error.idx === 'number' ? error.idx : 0;
    throw inputError(`${file}:${lineAt(code, at)} cannot be parsed`, 'Mend the syntax there');
  }
}

/** What Node makes of the file when it runs it, each line where it was. */
function withoutTypes(file: string, source: string): string {
  try {
    return quietly(() => stripTypeScriptTypes(source));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const line = /^[^\n]*:(\d+)\n/.exec(error.stack ?? '')?.[1];
    throw inputError(
      `${line === undefined ? file : `${file}:${line}`} cannot be parsed: ${shortened(error.message, 200)}`,
      'Node runs TypeScript by leaving out its types: mend the syntax, and write no enum or other construct that becomes code',
    );
  }
}

/** Without the warning that the stripping is experimental: the people who would read it cannot act on it. */
function quietly<T>(run: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return run();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function readMetric(file: string, readText: (path: string) => string): string {
  try {
    return readText(file);
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    throw inputError(`${file}: ${error.message}`, error.hint);
  }
}

function readImport(
  target: string,
  specifier: string,
  { from, readText }: { from: string; readText: (path: string) => string },
): string {
  try {
    return readText(target);
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    throw inputError(
      `${from} imports "${specifier}": ${error.message}`,
      'Name a file of the repository, with its ending',
    );
  }
}

function computedImport(place: string): PromptlineError {
  return inputError(
    `${place} imports by a computed name, so nobody can tell which files the metric is made of`,
    'Write the name out',
  );
}

function withoutDefault(file: string): PromptlineError {
  return inputError(
    `${file} has no default export`,
    'Write `export default function score({ output, example }) { ... }`',
  );
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
