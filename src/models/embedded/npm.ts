import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import type { PinnedPackage } from './packages.ts';

/** Why npm could not install: its error code (`ENOTFOUND`, `E404`, `ENOSPC`) where it gave one, and its words. */
export class NpmError extends Error {
  override name = 'NpmError';
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

export type NpmInstallOptions = {
  /** Existing empty folder; afterwards it holds `node_modules`. */
  readonly folder: string;
  readonly packages: readonly PinnedPackage[];
  /** The environment npm runs in; npm is looked up on its PATH. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
};

/**
 * Installs exact versions with the user's own npm, so that proxies, mirrors and credentials work as they are
 * set up; runs no script of any package. Then compares what arrived with the pinned integrities.
 *
 * @throws NpmError, or the signal's reason when it was aborted
 */
export async function npmInstall({
  folder,
  packages,
  environment,
  signal,
}: NpmInstallOptions): Promise<void> {
  signal?.throwIfAborted();
  const flags =
    '--ignore-scripts --omit=optional --no-save --no-audit --no-fund --no-progress --loglevel=error';
  // The folder is given as the working directory: no argument needs quoting, whatever the user's paths hold.
  const args = [
    'install',
    ...flags.split(' '),
    '--prefix',
    '.',
    ...packages.map(({ name, version }) => `${name}@${version}`),
  ];
  const { status, stderr } = await runNpm(args, { folder, environment, signal });
  signal?.throwIfAborted();
  if (status !== 0) throw explainFailure(stderr, status);
  await checkIntegrity(folder, packages);
}

type NpmRun = { folder: string; environment: NodeJS.ProcessEnv; signal: AbortSignal | undefined };

function runNpm(
  args: string[],
  { folder, environment, signal }: NpmRun,
): Promise<{ status: number | null; stderr: string }> {
  const windows = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(windows ? 'npm.cmd' : 'npm', args, {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: windows, // Node.js starts a .cmd file only through the shell.
      ...(signal && { signal }),
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => {
      // An aborted npm still runs for a moment; its folder is free only at 'close'.
      if (child.pid === undefined) reject(new NpmError(`npm cannot be started (${error.message})`));
    });
    child.on('close', (status) => resolve({ status, stderr }));
  });
}

/** Of npm's many lines the first one that explains: what follows is advice, what comes before are codes. */
function explainFailure(stderr: string, status: number | null): NpmError {
  const lines = stripVTControlCharacters(stderr)
    .split(/\r?\n/)
    .map((line) => line.trim());
  const errors = lines.flatMap((line) => /^npm (?:error|ERR!)\s+(.*)$/.exec(line)?.[1] ?? []);
  const code = errors.flatMap((line) => /^code (\S+)$/.exec(line)?.[1] ?? [])[0];
  const isBookkeeping = (line: string) => /^(code|syscall|errno|path|dest|file|A complete log)\b/.test(line);
  const explanation = errors.find((line) => !isBookkeeping(line)) ?? lines.findLast((line) => line !== '');
  return new NpmError((explanation ?? `npm ended with status ${status}`).slice(0, 300), code);
}

const installedSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});

/** npm has checked each archive against the registry's word; this checks the registry's word against the pins. */
async function checkIntegrity(folder: string, packages: readonly PinnedPackage[]): Promise<void> {
  const lock = await readFile(path.join(folder, 'node_modules', '.package-lock.json'), 'utf8');
  const installed = installedSchema.parse(JSON.parse(lock)).packages;
  for (const { name, version, integrity } of packages) {
    const found = installed[`node_modules/${name}`];
    if (found?.version !== version) throw new NpmError(`${name}@${version} was not installed`);
    if (integrity && found.integrity !== integrity) {
      throw new NpmError(
        `${name}@${version} is not the package promptline was tested with (integrity ${found.integrity})`,
      );
    }
  }
}
