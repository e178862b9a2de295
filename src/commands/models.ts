import { embeddedModelNames } from '../models/embedded/packages.ts';
import { installedEmbeddedModel, pullEmbeddedModel } from '../models/embedded/pull.ts';
import { showPull, type Terminal } from './terminal.ts';

export type EmbeddedListing = {
  readonly model: string;
  readonly installed: boolean;
  readonly file: string;
  readonly bytes: number;
  readonly verifiedAt: string | null;
};

/** The embedded models and whether they are installed. */
export function listModels(cache: string): EmbeddedListing[] {
  const { installed, ggufPath, bytes, verifiedAt } = installedEmbeddedModel(cache);
  return embeddedModelNames.map((name) => ({
    model: `embedded/${name}`,
    installed,
    file: ggufPath,
    bytes,
    verifiedAt,
  }));
}

/** Downloads and verifies the embedded model; at once when it is there already. */
export async function pullModels(
  cache: string,
  terminal: Terminal,
  { force, signal }: { force: boolean; signal: AbortSignal },
): Promise<EmbeddedListing[]> {
  await pullEmbeddedModel({ cache, force, signal, onProgress: showPull(terminal) });
  return listModels(cache);
}
