import type { FamilyMetric } from '../../src/config/load.ts';
import type { OptimizeConfiguration } from '../../src/config/schema.ts';
import type { Dataset, Example, Split } from '../../src/datasets/dataset.ts';
import { createMetric } from '../../src/metrics/registry.ts';
import type { Model } from '../../src/models/model.ts';
import type { Message, Prompt } from '../../src/prompts/prompt.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { noTools } from '../metrics/no-tools.ts';
import { answeringModel } from './answering-model.ts';

const labels = ['amber', 'blue', 'coral', 'dune'];

export type World = {
  readonly prompt: Prompt;
  readonly splits: { readonly train: Dataset; readonly dev: Dataset; readonly test: Dataset };
  readonly metrics: readonly FamilyMetric[];
  readonly model: Model;
  /** The questions asked, in order, as the example's text. */
  readonly asked: string[];
  /** The messages of every request, in order. */
  readonly requests: (readonly Message[])[];
  /** The share of all imaginable examples that a prompt gets right: what a search tries to raise. */
  readonly skill: (messages: readonly Message[]) => number;
};

export type WorldOptions = {
  /** Expected labels have nothing to do with the texts. */
  readonly shuffled?: boolean;
  readonly sizes?: Partial<Record<Split, number>>;
  readonly concurrency?: number;
};

/**
 * A task in memory and a model for it, whose skill is a hidden function of what it reads: the worth of each
 * demonstration, how many labels they show, their order, the wording and where it stands. Every answer is decided by the
 * seed: an example is answered rightly when its difficulty is below the skill, give or take a little of the two together.
 */
export function latentWorld(seed: number, options: WorldOptions = {}): World {
  const { shuffled = false, sizes = {}, concurrency = 4 } = options;
  const drawn = (name: string) => createRandom(`world ${seed} ${name}`).next();
  const labelOf = (text: string) => labels[Number(text.slice(-3)) % labels.length] ?? '';
  const expectedOf = (text: string) =>
    shuffled ? (labels[Math.floor(drawn(`shuffled ${text}`) * labels.length)] ?? '') : labelOf(text);
  const split = (name: Split, size: number): Dataset => ({
    path: `datasets/colours/${name}.yaml`,
    split: name,
    digest: name,
    examples: Array.from({ length: sizes[name] ?? size }, (_, index): Example => {
      const text = `${name}word${String(index).padStart(3, '0')}`;
      return {
        id: `${name}-${index}`,
        input: { text },
        expected: { label: expectedOf(text) },
        tags: [],
        cluster: text,
      };
    }),
  });
  const worth = remembered((text: string) => 0.16 * (drawn(`worth ${text}`) - 0.35));
  const wording = remembered((instruction: string) => 0.16 * (drawn(`wording ${instruction}`) - 0.5));
  const skill = remembered((read: string) => skillOf(JSON.parse(read), { worth, wording, labelOf, drawn }));
  const asked: string[] = [];
  const requests: (readonly Message[])[] = [];

  const answer = (messages: readonly Message[]): string => {
    const text = wordsOf(messages).at(-1) ?? '';
    const parts = partsOf(messages);
    const together = 0.2 * (drawn(`${text} after ${parts}`) - 0.5);
    const right = labelOf(text);
    if (drawn(`difficulty ${text}`) < skill(parts) + together) return right;
    return labels[(labels.indexOf(right) + 1 + Math.floor(3 * drawn(`wrong ${text} ${parts}`))) % 4] ?? '';
  };

  return {
    prompt: {
      id: 'colours/name',
      family: 'colours',
      version: '1.0.0',
      description: undefined,
      model: 'latent/model',
      parameters: { temperature: 0 },
      messages: [
        { role: 'system', content: 'Read the word. Name its colour. Answer with the colour alone.' },
        { role: 'user', content: 'Word: {{text}}\nColour:' },
      ],
      output: { format: 'label', field: 'label', labels },
      alternatives: ['Which colour is the word?'],
      path: 'prompts/colours/name.prompt.yaml',
    },
    splits: { train: split('train', 40), dev: split('dev', 36), test: split('test', 80) },
    metrics: [
      {
        metric: createMetric('accuracy', 'label_accuracy', { field: 'label' }, noTools),
        weight: 1,
        gate: {},
      },
      { metric: createMetric('format', 'format_compliance', {}, noTools), weight: 0, gate: {} },
    ],
    model: answeringModel({ id: 'latent/model', seed, concurrency }, (messages) => {
      asked.push(wordsOf(messages).at(-1) ?? '');
      requests.push(messages);
      return answer(messages);
    }),
    asked,
    requests,
    skill: (messages) => Math.min(1, Math.max(0, skill(partsOf(messages)))),
  };
}

export const settings: OptimizeConfiguration = {
  strategy: 'auto',
  calls: 600,
  minImprovement: 0.02,
  confidence: 0.95,
  maxDemonstrations: 16,
  ablation: 0,
};

/** The words of the task that messages hold, in order; the last is the question. */
function wordsOf(messages: readonly Message[]): string[] {
  return messages.flatMap(({ content }) =>
    [...content.matchAll(/Word: (\w+)/g)].map((match) => match[1] ?? ''),
  );
}

type Parts = { readonly instruction: string; readonly last: boolean; readonly shown: readonly string[] };

/** What the hidden function looks at, as JSON: the wording, whether it stands last, the demonstrations in order. */
function partsOf(messages: readonly Message[]): string {
  const holder = messages.find(({ role }) => role === 'system') ?? messages.at(-1);
  const instruction = (holder?.content.split('Word: ')[0] ?? '').trim();
  const parts: Parts = {
    instruction,
    last: instruction !== '' && holder?.role === 'user',
    shown: wordsOf(messages).slice(0, -1),
  };
  return JSON.stringify(parts);
}

function skillOf(
  { instruction, last, shown }: Parts,
  hidden: {
    worth: (text: string) => number;
    wording: (instruction: string) => number;
    labelOf: (text: string) => string;
    drawn: (name: string) => number;
  },
): number {
  const worths = shown.map(hidden.worth).reduce((sum, value) => sum + value, 0);
  const seen = new Set(shown.map(hidden.labelOf)).size;
  const [beforeLast, final] = shown.slice(-2).map(hidden.labelOf);
  const leans = beforeLast !== undefined && beforeLast === final ? 0.06 : 0;
  const place = last ? 0.1 * (hidden.drawn('instruction last') - 0.5) : 0;
  return (
    0.2 +
    worths / Math.sqrt(Math.max(1, shown.length / 4)) +
    0.04 * seen +
    hidden.wording(instruction) +
    place -
    leans
  );
}

function remembered<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}
