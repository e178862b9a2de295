import type { MetricTools } from '../../src/metrics/definition.ts';

/** For metrics that need nothing of the outside. */
export const noTools: MetricTools = {
  readText: (path) => {
    throw new Error(`this metric reads no file, and asked for ${path}`);
  },
  judge: async () => {
    throw new Error('this metric has no judge');
  },
  embedder: async (reference) => {
    throw new Error(`this metric embeds nothing, and asked for ${reference}`);
  },
  runCustom: (file) => {
    throw new Error(`this metric runs no code, and asked for ${file}`);
  },
};
