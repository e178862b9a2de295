import { inputError } from '../errors.ts';
import { resolveInside } from '../files/paths.ts';
import { readText } from '../files/read-write.ts';
import type { CustomScorer, MetricTools } from '../metrics/definition.ts';
import type { Embedder } from '../models/embedder.ts';
import type { Model } from '../models/model.ts';

/**
 * The outside as metrics of a repository may use it. `judge` opens the configured judge, `embedder` an embedding model,
 * `runCustom` the code of a custom metric; null where a command scores nothing.
 */
export function metricTools(
  root: string,
  judge: (() => Promise<Model>) | null,
  embedder: MetricTools['embedder'] | null = null,
  runCustom: MetricTools['runCustom'] | null = null,
): MetricTools {
  return {
    readText: (path) => readText(resolveInside(root, path), path),
    judge: judge ?? noJudge,
    embedder: embedder ?? noEmbedder,
    runCustom: runCustom ?? noCustom,
  };
}

async function noJudge(): Promise<Model> {
  throw inputError(
    'no judge is configured, and a metric needs one',
    'Name it in promptline.yaml: models: { judge: provider/model }',
  );
}

async function noEmbedder(reference: string): Promise<Embedder> {
  throw inputError(
    `a metric needs the embedding model ${reference}, and this command asks no model`,
    'Measure it with `evaluate` or `optimize`',
  );
}

/** Enough to check a configuration. */
function noCustom(file: string): CustomScorer {
  return {
    score: async () => {
      throw inputError(
        `the custom metric ${file} is not run by this command`,
        'Measure it with `evaluate` or `optimize`',
      );
    },
  };
}
