import { getOctokit } from '@actions/github';
import { expect, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from './emulator.ts';

/** An emulator for one test; in the end nothing may have gone against GitHub's description. */
export async function runningEmulator({ allowViolations = false } = {}): Promise<Emulator> {
  const emulator = await startEmulator();
  onTestFinished(async () => {
    await emulator.close();
    if (!allowViolations) expect(emulator.violations).toEqual([]);
  });
  return emulator;
}

/** The client that the Action uses. */
export function clientOf({ urls }: Emulator, token: string) {
  return getOctokit(token, { baseUrl: urls.api, log: silent });
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
