import { stringify } from 'yaml';
import { createRandom } from '../../../src/statistics/random.ts';
import { intents, meaningOf, say } from './assistant.ts';

export const prompt = 'assistant/intent';
export const file = `prompts/${prompt}.prompt.yaml`;
export const datasetFile = (split: string) => `datasets/assistant/${split}.yaml`;

type Row = {
  readonly id: string;
  readonly input: { readonly text: string };
  readonly expected: { readonly intent: string };
};

const sizes = { train: 24, dev: 24, test: 60 };

/** Data as somebody writes them who speaks English alone. */
function englishRows(): Readonly<Record<string, readonly Row[]>> {
  const random = createRandom('rows');
  const texts = new Set<string>();
  const wanted = sizes.train + sizes.dev + sizes.test;
  while (texts.size < wanted) texts.add(say(random, 'english'));
  const rows = [...texts].map((text, index) => rowOf(`row-${index}`, text));
  const [dev, test] = [sizes.train, sizes.train + sizes.dev];
  return { train: rows.slice(0, dev), dev: rows.slice(dev, test), test: rows.slice(test) };
}

/** A row as a person labels it. */
export function rowOf(id: string, text: string): Row {
  return { id, input: { text }, expected: { intent: meaningOf(text)?.intent ?? '' } };
}

const configuration = (model: string, telemetry: string) => ({
  version: 1,
  providers: { local: { type: 'openai-compatible', baseUrl: `${model}/v1` } },
  families: {
    assistant: {
      datasets: 'datasets/assistant',
      metrics: { accuracy: { use: 'label_accuracy', field: 'intent', weight: 1 } },
      optimize: { calls: 450, maxDemonstrations: 8, ablation: 0 },
    },
  },
  telemetry: { sources: [{ type: 'otlp-file', path: telemetry }] },
  monitoring: {
    baseline: '3d',
    rules: {
      success: { metric: 'success', drop: '5%', window: '1d' },
      feedback: { metric: 'feedback', drop: '15%', window: '1d' },
    },
  },
  triggers: { schedule: '30d' },
  rollout: { metrics: { success: {}, feedback: {} } },
});

/**
 * A repository with the prompt of a voice assistant at 1.0.0, written by hand.
 *
 * @param model its address
 * @param telemetry the folder that the application's collector writes to
 */
export function assistantFiles(model: string, telemetry: string): Readonly<Record<string, string>> {
  const files: Readonly<Record<string, unknown>> = {
    'promptline.yaml': configuration(model, telemetry),
    [file]: {
      version: '1.0.0',
      model: 'local/assistant',
      modelParameters: { temperature: 0, maxTokens: 20 },
      output: { format: 'label', field: 'intent', labels: [...intents] },
      messages: [
        {
          role: 'system',
          content: 'What does the user of a voice assistant want? Answer music, weather or alarm.',
        },
        { role: 'user', content: '{{text}}' },
      ],
    },
    ...Object.fromEntries(
      Object.entries(englishRows()).map(([split, examples]) => [datasetFile(split), { examples }]),
    ),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [name, stringify(content, { lineWidth: 0 })]),
  );
}
