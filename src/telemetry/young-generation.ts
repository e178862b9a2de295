import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the space in which V8 makes new objects as small as it is, for the rest of the process.
 *
 * V8 doubles that space, up to 128 MB, whenever as much as it holds has outlived it. Signals that wait for what belongs to them do that all
 * day, and nothing becomes faster by it: they are not what is thrown away.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
