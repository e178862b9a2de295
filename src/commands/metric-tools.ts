import { inputError } from '../errors.ts';
import { resolveInside } from '../files/paths.ts';
import { readText } from '../files/read-write.ts';
import type { MetricTools } from '../metrics/definition.ts';
import type { Model } from '../models/model.ts';

/** The outside as metrics of a repository may use it. `judge` opens the configured judge; null where a command asks no model. */
export function metricTools(root: string, judge: (() => Promise<Model>) | null): MetricTools {
  return {
    readText: (path) => readText(resolveInside(root, path), path),
    judge: judge ?? noJudge,
  };
}

async function noJudge(): Promise<Model> {
  throw inputError(
    'no judge is configured, and a metric needs one',
    'Name it in promptline.yaml: models: { judge: provider/model }',
  );
}
