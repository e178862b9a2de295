import type { FamilyMetric } from '../../src/config/load.ts';
import type { Dataset, Example, Split } from '../../src/datasets/dataset.ts';
import type { Metric } from '../../src/metrics/metric.ts';
import type { Model } from '../../src/models/model.ts';
import type { Message, Prompt } from '../../src/prompts/prompt.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { answeringModel } from './answering-model.ts';
import { type Rule, sentenceOf, statedRules } from './parcel-rules.ts';
import { type ProposerOptions, scriptedProposer } from './scripted-proposer.ts';

export type InstructionWorldOptions = {
  /** Hidden rules, 1 to 12. */
  readonly rules?: number;
  /** Share of answers that are wrong whatever the instruction says. */
  readonly noise?: number;
  /** Share of its attention that a model loses with each sentence beyond one for each rule and one for the task. */
  readonly dilution?: number;
  /** Pairs of rules of which the second is followed only where it stands after the first. */
  readonly ordered?: number;
  /** Rules that no feedback names and no instruction teaches: only a demonstration with the mark does. */
  readonly tacit?: number;
  /** Share of rows whose feedback names the missing code but not the mark. */
  readonly vague?: number;
  /** Expected codes have nothing to do with the marks. */
  readonly shuffled?: boolean;
  readonly sizes?: Partial<Record<Split, number>>;
  readonly concurrency?: number;
  readonly proposer?: ProposerOptions;
};

export type InstructionWorld = {
  readonly prompt: Prompt;
  readonly splits: { readonly train: Dataset; readonly dev: Dataset; readonly test: Dataset };
  readonly metrics: readonly FamilyMetric[];
  /** The task model, and the proposer behind the same port; `requests` and `questions` are theirs. */
  readonly model: Model;
  readonly proposer: Model;
  /** What they answer, for other ways to ask them. */
  readonly answer: (messages: readonly Message[]) => string;
  readonly propose: (messages: readonly Message[]) => string;
  readonly rules: readonly Rule[];
  /** The best instruction there is. */
  readonly oracle: string;
  /** The share of the test split that a prompt is expected to get right, without the luck of a measurement. */
  readonly worth: (messages: readonly Message[]) => number;
  /** What the task model was asked, in order. */
  readonly requests: (readonly Message[])[];
  /** Questions to the proposer, in order. */
  readonly questions: (readonly Message[])[];
};

const marks = [
  ...['fragile', 'frozen', 'urgent', 'heavy', 'gift', 'foreign', 'returned', 'insured'],
  ...['liquid', 'living', 'signed', 'oversized'],
];
/** Marks without a rule. */
const decoys = ['blue', 'small', 'paper', 'striped'];
/** Chances that a parcel has 0, 1, 2 or 3 marks. */
const markCounts = [0.15, 0.4, 0.3, 0.15];

export const task = 'Write the codes that the parcel needs, or none.';

/**
 * A task in memory with a best instruction that is known: parcels carry marks, each mark with a hidden rule needs a code, and the task
 * model writes the codes of the rules that its instruction states, right or wrong. Feedback names what was missed, and a scripted
 * proposer makes instructions of it. Everything is decided by the seed and by what is asked.
 */
export function instructionWorld(seed: number, options: InstructionWorldOptions = {}): InstructionWorld {
  const { sizes = {}, concurrency = 4 } = options;
  const rules = createRandom(`rules ${seed}`)
    .sample(marks, options.rules ?? 8)
    .map((mark, index) => ({ mark, code: `K${10 + index}` }));
  const hidden = hiddenTask(seed, rules, options);
  const split = (name: Split, size: number): Dataset => ({
    path: `datasets/parcels/${name}.yaml`,
    split: name,
    digest: `${name} ${seed}`,
    examples: Array.from({ length: sizes[name] ?? size }, (_, index) => hidden.example(`${name}-${index}`)),
  });
  const splits = { train: split('train', 60), dev: split('dev', 60), test: split('test', 200) };
  const requests: (readonly Message[])[] = [];
  const questions: (readonly Message[])[] = [];
  const propose = scriptedProposer(seed, options.proposer);
  return {
    prompt: parcelPrompt,
    splits,
    metrics: [{ metric: codesMetric(hidden.feedback), weight: 1, gate: {} }],
    model: answeringModel({ id: 'parcels/model', seed, concurrency }, (messages) => {
      requests.push(messages);
      return hidden.answer(messages);
    }),
    proposer: answeringModel({ id: 'parcels/proposer', seed, concurrency: 1 }, (messages) => {
      questions.push(messages);
      return propose(messages);
    }),
    answer: hidden.answer,
    propose,
    rules,
    oracle: [task, ...rules.slice(0, rules.length - (options.tacit ?? 0)).map(sentenceOf)].join('\n'),
    worth: (messages) => hidden.worth(messages, splits.test.examples),
    requests,
    questions,
  };
}

const parcelPrompt: Prompt = {
  id: 'parcels/codes',
  family: 'parcels',
  version: '1.0.0',
  description: undefined,
  model: 'parcels/model',
  parameters: { temperature: 0 },
  messages: [
    { role: 'system', content: task },
    { role: 'user', content: 'Parcel: {{text}}\nCodes:' },
  ],
  output: { format: 'text', field: 'codes' },
  alternatives: [],
  path: 'prompts/parcels/codes.prompt.yaml',
};

/** The texts of the parcels that messages hold, in order; the last is the question. */
/** The texts of the parcels in a request, those of its demonstrations first. */
export function parcelsOf(messages: readonly Message[]): string[] {
  return messages.flatMap(({ content }) =>
    [...content.matchAll(/Parcel: (.*)/g)].map(([, text = '']) => text),
  );
}

function instructionOf(messages: readonly Message[]): string {
  const holder = messages.find(({ role }) => role === 'system') ?? messages.at(-1);
  return (holder?.content.split('Parcel: ')[0] ?? '').trim();
}

function marksOf(text: string): string[] {
  return text.slice(text.indexOf(': ') + 2).split(', ');
}

/** What nobody sees: which parcel needs which codes, and what the task model makes of a prompt. */
function hiddenTask(seed: number, rules: readonly Rule[], options: InstructionWorldOptions) {
  const { noise = 0, dilution = 0, ordered = 0, tacit = 0, vague = 0, shuffled = false } = options;
  const drawn = (name: string) => createRandom(`parcels ${seed} ${name}`).next();
  const tacitMarks = new Set(rules.slice(rules.length - tacit).map(({ mark }) => mark));
  const pairs = Array.from({ length: ordered }, (_, pair) => [rules[2 * pair], rules[2 * pair + 1]] as const);

  const example = (id: string): Example => {
    const random = createRandom(`parcel ${seed} ${id}`);
    const carried = drawMarks(rules, random);
    const text = `${id}: ${random.shuffle([...carried, random.pick(decoys)]).join(', ')}`;
    const needed = shuffled ? drawMarks(rules, random) : carried;
    const codes = rules.flatMap(({ mark, code }) => (needed.includes(mark) ? [code] : []));
    return { id, input: { text }, expected: { codes: codes.join(' ') || 'none' }, tags: [], cluster: id };
  };

  const follows = (read: { instruction: string; shown: ReadonlySet<string> }) => {
    const stated = statedRules(read.instruction);
    const code = new Map(stated.map((rule) => [rule.mark, rule.code]));
    const place = (rule: Rule | undefined) => stated.findLastIndex(({ mark }) => mark === rule?.mark);
    const deaf = pairs.flatMap(([first, second]) =>
      first && second && place(first) > place(second) ? [second.mark] : [],
    );
    for (const { mark, code: right } of rules) {
      if (tacitMarks.has(mark)) code.delete(mark);
      if (tacitMarks.has(mark) && read.shown.has(mark)) code.set(mark, right);
    }
    for (const mark of deaf) code.delete(mark);
    return code;
  };
  const read = (messages: readonly Message[]) => {
    const instruction = instructionOf(messages);
    const shown = new Set(parcelsOf(messages).slice(0, -1).flatMap(marksOf));
    const sentences = instruction.split(/(?<=\.)\s+/).length;
    const attention = (1 - dilution) ** Math.max(0, sentences - rules.length - 1);
    return { codes: follows({ instruction, shown }), chance: (1 - noise) * attention };
  };
  const written = (codes: ReadonlyMap<string, string>, text: string) =>
    [...new Set(marksOf(text).flatMap((mark) => codes.get(mark) ?? []))].sort().join(' ') || 'none';

  return {
    example,
    answer(messages: readonly Message[]): string {
      const text = parcelsOf(messages).at(-1) ?? '';
      const { codes, chance } = read(messages);
      const answer = written(codes, text);
      const isSlip = drawn(`${text} after ${JSON.stringify([...codes])} ${chance}`) >= chance;
      if (!isSlip) return answer;
      return answer.includes(' ') ? answer.slice(0, answer.lastIndexOf(' ')) : 'K99';
    },
    worth(messages: readonly Message[], examples: readonly Example[]): number {
      const { codes, chance } = read(messages);
      const right = examples.filter(
        ({ input, expected }) => written(codes, String(input['text'])) === expected['codes'],
      );
      return (chance * right.length) / examples.length;
    },
    feedback(answer: string, { id, input, expected }: Example): string {
      const needed = String(expected['codes']).split(' ');
      const missing = needed.filter((code) => code !== 'none' && !answer.split(' ').includes(code));
      const isVague = drawn(`vague ${id}`) < vague;
      const said = missing.map((code) => {
        const rule = rules.find((each) => each.code === code);
        if (!rule || tacitMarks.has(rule.mark)) return 'a code is missing';
        const names = marksOf(String(input['text'])).includes(rule.mark) && !isVague;
        return names ? sentenceOf(rule).slice(0, -1) : `the code ${code} is missing`;
      });
      return said.join('; ') || `${answer} is more than the parcel needs`;
    },
  };
}

/** Different marks with a rule, the first ones of the list more often. */
function drawMarks(rules: readonly Rule[], random: ReturnType<typeof createRandom>): string[] {
  const roll = random.next();
  const sums = markCounts.map((_, index) => markCounts.slice(0, index + 1).reduce((a, b) => a + b));
  const count = sums.findIndex((sum) => roll < sum);
  const ranked = rules.map(({ mark }, index) => ({
    mark,
    key: random.next() ** (1 / (1 + 4 / (index + 2))),
  }));
  return ranked
    .sort((a, b) => b.key - a.key)
    .slice(0, Math.max(0, count))
    .map(({ mark }) => mark);
}

/** Whether the codes are the right ones, with words for those that are not. */
function codesMetric(feedback: (answer: string, example: Example) => string): Metric {
  return {
    name: 'codes',
    description: 'Whether the codes are the right ones.',
    direction: 'higher',
    unit: 'ratio',
    scale: 'binary',
    score: ({ output, example }) =>
      output === example.expected['codes']
        ? { value: 1, feedback: '' }
        : { value: 0, feedback: feedback(output, example) },
  };
}
