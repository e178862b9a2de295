import path from 'node:path';
import type { Configuration } from '../../config/schema.ts';
import { inputError } from '../../errors.ts';
import { logsUrl } from '../../telemetry/otlp/send-logs.ts';

/** Where feedback goes. */
export type Destination =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'store'; readonly path: string }
  | { readonly kind: 'endpoint'; readonly url: string };

/** The file that feedback is written to in a folder of OTLP files. */
const feedbackFile = 'promptline-feedback.jsonl';

/**
 * What a person named: an address, a file of OTLP lines, or a store.
 * @param from the folder that paths are relative to
 * @throws {PromptlineError} for what is none of them
 */
export function destinationOf(given: string, from: string): Destination {
  if (/^\w+:\/\//.test(given)) return { kind: 'endpoint', url: logsUrl(given) };
  const absolute = path.resolve(from, given);
  if (/\.(jsonl?|ndjson|log)$/.test(given)) return { kind: 'file', path: absolute };
  if (/\.(db|sqlite3?)$/.test(given)) return { kind: 'store', path: absolute };
  throw inputError(
    `"${given}" is no place for feedback`,
    'Give a file of OTLP lines (.jsonl), a store (.db), or the address of an OTLP endpoint',
  );
}

/**
 * Where feedback goes by the sources of telemetry: to the first store; else into a file of its own that the first source of OTLP files
 * reads, since a collector may own the others.
 * @throws {PromptlineError} where no source reads what is written
 */
export function defaultDestination(
  root: string,
  sources: Configuration['telemetry']['sources'],
): Destination {
  const store = sources.find(({ type }) => type === 'store');
  if (store?.type === 'store') return { kind: 'store', path: path.resolve(root, store.path) };
  for (const source of sources) {
    if (source.type !== 'otlp-file') continue;
    const place = fileReadBy(root, source.path);
    if (place !== null) return { kind: 'file', path: place };
  }
  throw inputError(
    'no source of telemetry is one that feedback can be written to',
    'Say where with --to, or name a source as `telemetry: { sources: [{ type: store, path: telemetry.db }] }`',
    { file: 'promptline.yaml' },
  );
}

/** Null where the source reads one file only. The path of the root is taken as it is, whatever characters are in it. */
function fileReadBy(root: string, given: string): string | null {
  const pattern = path.normalize(given);
  if (!/[*?[\]{}]/.test(pattern))
    return path.extname(pattern) === '' ? path.resolve(root, pattern, feedbackFile) : null;
  const beside = path.join(path.dirname(pattern), feedbackFile);
  return path.matchesGlob(beside, pattern) ? path.resolve(root, beside) : null;
}
