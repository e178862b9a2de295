import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

export type PullProgress = {
  readonly part: 'runtime' | 'weights';
  readonly phase: 'downloading' | 'verifying' | 'ready';
  /** On disk so far, never more than `totalBytes`. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** 0 to 100, a whole number. */
  readonly percent: number;
};

export type ReportProgress = (phase: PullProgress['phase'], bytes: number) => void;

const pollEveryMs = 500;

/** Completes a phase and a number of bytes to what is shown to people. */
export function progressReporter(
  part: PullProgress['part'],
  totalBytes: number,
  onProgress: ((progress: PullProgress) => void) | undefined,
): ReportProgress {
  return (phase, found) => {
    const bytes = Math.min(found, totalBytes);
    onProgress?.({ part, phase, bytes, totalBytes, percent: Math.floor((100 * bytes) / totalBytes) });
  };
}

/** Reports how a folder grows while `work` runs: npm says nothing about its downloads. */
export async function reportGrowth<T>(
  folder: string,
  report: ReportProgress,
  work: () => Promise<T>,
): Promise<T> {
  report('downloading', 0);
  const done = new AbortController();
  const growth = reportEvery(folder, report, done.signal);
  try {
    return await work();
  } finally {
    done.abort();
    await growth;
  }
}

async function reportEvery(folder: string, report: ReportProgress, signal: AbortSignal): Promise<void> {
  while (await waited(pollEveryMs, signal)) {
    const bytes = await folderBytes(folder);
    if (!signal.aborted) report('downloading', bytes);
  }
}

/** False when the wait was cut short. */
async function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return setTimeout(milliseconds, true, { signal }).catch(() => false);
}

/** Size of all files below a folder; what vanishes meanwhile counts nothing. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    bytes += (await stat(path.join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0;
  }
  return bytes;
}
