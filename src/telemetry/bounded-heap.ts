import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 collect garbage before it takes more memory, for the rest of the process.
 *
 * Signals that wait for what belongs to them live too long to be cheap garbage, and yet become some. By itself V8 doubles the space for new
 * objects, up to 128 MB, each time as much has outlived it, and lets the old ones come to several times what is in use. Here neither
 * makes anything faster.
 */
export function boundHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  // So small a space is collected by one thread before several have begun.
  setFlagsFromString('--no-parallel-scavenge');
  // Old objects: a third as much again as was in use after the last collection.
  setFlagsFromString('--heap-growing-percent=33');
}
