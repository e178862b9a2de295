import { inputError } from '../errors.ts';
import { readText } from './read-write.ts';

/** Reads a JSON file; one that is missing, unreadable or not JSON is the user's error, named as `shown`. */
export function readJson(absolute: string, shown: string): unknown {
  const text = readText(absolute, shown);
  try {
    return JSON.parse(text);
  } catch {
    throw inputError('not JSON', 'Run the command that wrote it again; it writes the file whole', {
      file: shown,
    });
  }
}
