import { pullEmbeddedModel } from '../../src/models/embedded/pull.ts';
import { startLlama } from '../../src/models/embedded/runtime.ts';

/** Counts tokens as the embedded model reads them. `cache` is the folder it lies in, or is downloaded to. */
export async function openTokenCounter(cache: string) {
  const { ggufPath, runtimePath } = await pullEmbeddedModel({ cache });
  const llama = await startLlama(runtimePath, () => {});
  const weights = await llama.loadModel({ modelPath: ggufPath, gpuLayers: 0 });
  return {
    tokensOf: (text: string) => weights.tokenize(text, false, 'trimLeadingSpace').length,
    close: () => llama.dispose(),
  };
}
