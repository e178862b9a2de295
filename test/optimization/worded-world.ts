import type { Dataset, Example, Split } from '../../src/datasets/dataset.ts';
import type { Model } from '../../src/models/model.ts';
import type { Message, Prompt } from '../../src/prompts/prompt.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { metricNamed } from '../evaluation/scripted.ts';
import { answeringModel } from './answering-model.ts';

export type WordedWorldOptions = {
  /** Skill that one demonstration with its steps written out is worth. */
  readonly stepsWorth?: number;
  /** The task model is never right. */
  readonly hopeless?: boolean;
  /** The task model says something before the JSON, which a tolerant reader skips. */
  readonly chatty?: boolean;
  /** Its steps hold what a prompt file would fill in. */
  readonly templated?: boolean;
  /** Rows have no reference answer that could be written: the metric alone knows. */
  readonly unreferenced?: boolean;
  readonly label?: boolean;
};

/**
 * A task in memory whose model writes out its steps, which no reference answer has. Its skill is a hidden function of the
 * demonstrations it reads: a little for each, and more for each that shows steps. An answer is right when the question's difficulty,
 * decided by the seed, is below the skill.
 */
export function wordedWorld(seed: number, options: WordedWorldOptions = {}) {
  const {
    stepsWorth = 0.08,
    hopeless = false,
    chatty = false,
    templated = false,
    unreferenced = false,
    label = false,
  } = options;
  const drawn = (name: string) => createRandom(`words ${seed} ${name}`).next();
  const rightOf = (text: string) => String(Math.floor(1000 * drawn(`answer ${text}`)));
  const split = (name: Split, size: number): Dataset => ({
    path: `datasets/sums/${name}.yaml`,
    split: name,
    digest: name,
    examples: Array.from({ length: size }, (_, index): Example => {
      const text = `${name}sum${index}`;
      const expected: Record<string, string> = unreferenced ? {} : { answer: rightOf(text) };
      return { id: `${name}-${index}`, input: { text }, expected, tags: [], cluster: text };
    }),
  });
  const requests: (readonly Message[])[] = [];

  const skill = (messages: readonly Message[]): number => {
    const shown = messages.filter(({ role }) => role === 'assistant').map(({ content }) => content);
    const system = messages.find(({ role }) => role === 'system')?.content ?? '';
    const steps = shown.filter((answer) => answer.includes('steps')).length + count(system, '"steps"');
    const others = shown.length + count(system, 'Sum: ') - steps;
    return Math.min(0.95, 0.3 + 0.02 * Math.min(8, others) + stepsWorth * Math.min(8, steps));
  };
  const written = (text: string, answer: string) =>
    JSON.stringify({
      steps: `carry: "${text}" --- # then ${templated ? '{{text}}' : 'add'}\n- done`,
      answer,
    });
  const answerOf = (messages: readonly Message[]): string => {
    const text = /Sum: (\w+)\nAnswer:$/.exec(messages.at(-1)?.content ?? '')?.[1] ?? '';
    const isRight = !hopeless && drawn(`difficulty ${text}`) < skill(messages);
    const json = written(text, isRight ? rightOf(text) : 'none');
    return chatty ? `Let me see. ${json}` : json;
  };
  const modelOf = (id: string, answer: (messages: readonly Message[]) => string): Model =>
    answeringModel({ id, seed, concurrency: 4 }, (messages) => {
      if (id === 'worded/model') requests.push(messages);
      return answer(messages);
    });
  const prompt: Prompt = {
    id: 'sums/add',
    family: 'sums',
    version: '1.0.0',
    description: undefined,
    model: 'worded/model',
    parameters: { temperature: 0 },
    messages: [
      { role: 'system', content: 'Add it up.' },
      { role: 'user', content: 'Sum: {{text}}\nAnswer:' },
    ],
    output: label
      ? { format: 'label', field: 'answer' }
      : unreferenced
        ? { format: 'text', field: 'answer' }
        : { format: 'json' },
    alternatives: [],
    path: 'prompts/sums/add.prompt.yaml',
  };
  const metric = metricNamed('right', {
    scale: 'binary',
    score: ({ output, example }) => ({
      value: output.includes(`"answer":"${rightOf(String(example.input['text']))}"`) ? 1 : 0,
      feedback: '',
    }),
  });
  return {
    prompt,
    splits: { train: split('train', 40), dev: split('dev', 30), test: split('test', 80) },
    metrics: [metric],
    model: modelOf('worded/model', answerOf),
    /** Right about every question, in steps of its own. */
    teacher: modelOf('worded/teacher', (messages) => {
      const text = /Sum: (\w+)\nAnswer:$/.exec(messages.at(-1)?.content ?? '')?.[1] ?? '';
      return JSON.stringify({ steps: 'as taught', answer: rightOf(text) });
    }),
    requests,
    skill,
  };
}

export type WordedWorld = ReturnType<typeof wordedWorld>;

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
