import type { Dataset, Example, Split } from '../../src/datasets/dataset.ts';
import { contentWords } from '../../src/language/words.ts';
import type { Metric } from '../../src/metrics/metric.ts';
import type { Message, Prompt } from '../../src/prompts/prompt.ts';
import { fill } from '../../src/prompts/render.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { answeringModel } from '../../test/optimization/answering-model.ts';
import type { TaskDraw } from './bench-task.ts';
import { keywordProposer } from './keyword-proposer.ts';
import { lexicalReader, type Template } from './lexical-reader.ts';

export type LabelTask = {
  /** The instruction of the first prompt, before the list of labels. */
  readonly task: string;
  /** What the prompt calls the labels. */
  readonly listed: string;
  /** The last message, with the placeholder of the text. */
  readonly question: string;
  readonly template: Template;
  /** The field of the text, and that of its label. */
  readonly input: string;
  readonly field: string;
};

/** Share of wrong answers whose feedback names no word. */
const vague = 0.3;

/** A labelling task on given data; seeds differ in how the proposer errs and in what the search draws. */
export function labelTask(
  name: string,
  splits: Readonly<Record<Split, Dataset>>,
  shape: LabelTask,
): TaskDraw {
  const { field, input, question, template } = shape;
  const labels = [...new Set(splits.train.examples.map(({ expected }) => String(expected[field])))].sort();
  const answer = lexicalReader(labels, template);
  const telling = tellingWords(splits.train.examples, shape);
  const prompt: Prompt = {
    id: `bench/${field}`,
    family: 'bench',
    version: '1.0.0',
    description: undefined,
    model: 'bench/lexical',
    parameters: { temperature: 0 },
    messages: [
      { role: 'system', content: `${shape.task} ${shape.listed}: ${labels.join(', ')}` },
      { role: 'user', content: question },
    ],
    output: { format: 'label', field, labels },
    alternatives: [],
    path: `prompts/bench/${field}.prompt.yaml`,
  };
  const metric: Metric = {
    name: 'label',
    description: 'Whether the label is the right one.',
    direction: 'higher',
    unit: 'ratio',
    scale: 'binary',
    score: ({ output, example }) =>
      output === example.expected[field]
        ? { value: 1, feedback: '' }
        : { value: 0, feedback: feedbackOn(example, shape, telling) },
  };
  const worth = (messages: readonly Message[]) => {
    const right = splits.test.examples.filter((example) => {
      const rendered = messages.map(({ role, content }) => ({
        role,
        content: content.includes(`{{${input}}}`) ? fill(content, example.input) : content,
      }));
      return answer(rendered) === example.expected[field];
    });
    return right.length / splits.test.examples.length;
  };
  return {
    name,
    draw: (seed) => ({
      prompt,
      splits,
      metrics: [{ metric, weight: 1, gate: {} }],
      model: answeringModel({ id: 'bench/lexical', seed, concurrency: 1 }, answer),
      proposer: answeringModel({ id: 'bench/proposer', seed, concurrency: 1 }, keywordProposer(seed, labels)),
      worth,
    }),
  };
}

/** How telling a word is for a label: its share of the word's training texts, smoothed. */
type Telling = (word: string, label: string) => number;

function tellingWords(examples: readonly Example[], { input, field }: LabelTask): Telling {
  const total = new Map<string, number>();
  const byLabel = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { input: fields, expected } of examples) {
    for (const word of new Set(contentWords(String(fields[input])))) {
      add(total, word);
      add(byLabel, `${word} ${expected[field]}`);
    }
  }
  return (word, label) => (byLabel.get(`${word} ${label}`) ?? 0) / ((total.get(word) ?? 0) + 1);
}

/** What an annotator says of a wrong answer: the word that gives the label away, where one comes to mind. */
function feedbackOn(example: Example, { input, field }: LabelTask, telling: Telling): string {
  const label = String(example.expected[field]);
  const wrong = `should be ${label}`;
  if (createRandom(`vague ${example.id}`).next() < vague) return wrong;
  const ranked = contentWords(String(example.input[input]))
    .map((word) => ({ word, weight: telling(word, label) }))
    .sort((a, b) => b.weight - a.weight);
  const [best] = ranked;
  return best ? `${wrong}, as "${best.word}" tells` : wrong;
}
