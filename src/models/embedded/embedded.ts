import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { inputError, outsideError } from '../../errors.ts';
import { errorCode } from '../../files/read-write.ts';
import type { Model } from '../model.ts';
import { stampedDigest } from './digest.ts';
import { type EmbeddedModelOptions, openEmbeddedModel } from './embedded-model.ts';
import { embeddedModelNames, embeddedPins } from './packages.ts';
import { type PullOptions, pullEmbeddedModel, pullRuntime } from './pull.ts';

export type OpenEmbeddedOptions = Omit<PullOptions, 'force' | 'download'> & {
  /** What a relative path in `gguf/<path>` starts from. */
  readonly repositoryRoot: string;
  /** Threads to compute with (`defaultThreads` by default). */
  readonly threads?: number;
  /** Whether to download what is missing. */
  readonly autoPull: boolean;
};

/** Larger contexts of the user's own models are cut to this, so that their states fit in memory. */
const largestContext = 8192;

/**
 * Opens a model that runs in this process: `embedded/<name>`, or `gguf/<path>` for any GGUF file, its path
 * relative to the repository or absolute. The identity holds the digest of the weights and the runtime's
 * version; a GGUF file's does not depend on where it lies.
 *
 * @throws inputError for an unknown name or a missing file, or when something is missing and `autoPull` is
 *   false; outsideError when installing or loading fails
 */
export async function openEmbedded(reference: string, options: OpenEmbeddedOptions): Promise<Model> {
  const ggufFile = /^gguf\/(.+)$/.exec(reference)?.[1];
  const model = ggufFile
    ? await ownFile(path.resolve(options.repositoryRoot, ggufFile), options)
    : await embeddedModel(reference, options);
  const { threads } = options;
  return openEmbeddedModel({ id: reference, ...model, ...(threads !== undefined && { threads }) });
}

type Opening = Omit<EmbeddedModelOptions, 'id' | 'threads'>;

async function embeddedModel(reference: string, options: OpenEmbeddedOptions): Promise<Opening> {
  const known = embeddedModelNames.map((name) => `embedded/${name}`);
  if (!known.includes(reference)) {
    throw inputError(
      `there is no embedded model "${reference}"`,
      `Use ${known.join(', ')}, or a GGUF file by its path (gguf/<path>)`,
    );
  }
  const { ggufPath, sha256, runtimePath } = await pullEmbeddedModel({
    ...options,
    download: options.autoPull,
  });
  return { ggufPath, runtimePath, identity: identityOf(reference, sha256, options) };
}

async function ownFile(ggufPath: string, options: OpenEmbeddedOptions): Promise<Opening> {
  await requireGguf(ggufPath);
  const { sha256 } = await stampedDigest(ggufPath, stampOf(options.cache, ggufPath));
  const runtimePath = await pullRuntime({ ...options, download: options.autoPull });
  const identity = identityOf('gguf', sha256, options);
  return { ggufPath, runtimePath, identity, contextSize: largestContext, prefixSlots: 2 };
}

function identityOf(name: string, sha256: string, { pins }: OpenEmbeddedOptions): string {
  const { runtime } = pins ?? embeddedPins(process.platform, process.arch);
  return `${name} sha256:${sha256} ${runtime.name}`;
}

async function requireGguf(file: string): Promise<void> {
  const start = await firstBytes(file).catch((error: unknown) => {
    const reason = errorCode(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${errorCode(error)})`;
    throw inputError(
      `the model file ${file} ${reason}`,
      'Check the path; a relative one starts at the repository',
    );
  });
  if (start !== 'GGUF') {
    throw outsideError(`${file} is not a GGUF file`, 'Download it again, or convert the model to GGUF');
  }
}

async function firstBytes(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** A file of the user's own is stamped in the cache, not beside it. */
function stampOf(cache: string, ggufPath: string): string {
  return path.join(cache, 'digests', `${createHash('sha256').update(ggufPath).digest('hex')}.json`);
}
