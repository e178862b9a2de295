import type { Message } from '../../src/prompts/prompt.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';
import { type Rule, sentenceOf, statedRules } from './parcel-rules.ts';

export type ProposerOptions = {
  /** Mistakes it makes something of, at most, in one answer. */
  readonly grasp?: number;
  /** Chance that a rule it writes has a wrong code. */
  readonly error?: number;
  /** Chance that it drops a rule that stood there. */
  readonly forgets?: number;
  /** Chance that it adds a sentence that says nothing. */
  readonly filler?: number;
  /** Chance of an answer that holds no instruction. */
  readonly mishap?: number;
};

/** Reads a question as a model would and answers it; the same question gets the same answer. */
export type ScriptedProposer = (messages: readonly Message[]) => string;

/** A row as a question shows it; feedback is empty where nothing was wrong. */
type Review = { readonly marks: readonly string[]; readonly reference: string; readonly feedback: string };

const fillers = ['Be careful.', 'Think before you answer.', 'Parcels matter to people.', 'Work with care.'];

/**
 * A proposer that does what a fair model does: it reads the instruction and what was said of wrong answers, and writes a better
 * instruction, not always a right one. It answers the three questions there are: for a better instruction, for what mistakes
 * teach, and for changes of a list of rules.
 */
export function scriptedProposer(seed: number, options: ProposerOptions = {}): ScriptedProposer {
  return (messages) => {
    const text = messages.map(({ content }) => content).join('\n');
    const random = createRandom(`proposer ${seed} ${text}`);
    const blocks = blocksOf(messages.at(-1)?.content ?? '');
    const [insights] = blocksNamed(blocks, 'insights');
    if (insights !== undefined) return operations(blocksNamed(blocks, 'rules')[0] ?? '', insights);
    const [first = ''] = blocksNamed(blocks, 'instruction');
    if (random.next() < (options.mishap ?? 0.05)) return 'I would rather talk about the weather.';
    const lessons = learn(first, reviewsOf(blocks), options, random);
    if (!messages[0]?.content.includes('<instruction>')) return lessons.map(sentenceOf).join('\n');
    return marked(rewrite(first, lessons, options, random));
  };
}

/** What the mistakes teach: rules, each right or wrong. */
function learn(
  instruction: string,
  reviews: readonly Review[],
  { grasp = 2, error = 0.15 }: ProposerOptions,
  random: Random,
): Rule[] {
  const known = new Set(statedRules(instruction).map(({ mark }) => mark));
  const lessons = reviews.flatMap((review): Rule[] => [
    ...statedRules(review.feedback),
    ...missingCodes(review).map((code) => ({
      mark: random.pick(suspects(review, code, reviews, known)),
      code,
    })),
  ]);
  const byMark = new Map(lessons.map((rule) => [rule.mark, rule]));
  return random
    .sample([...byMark.values()], grasp)
    .map((rule) => (random.next() < error ? { ...rule, code: `K${10 + random.integer(8)}` } : rule));
}

/** Codes that feedback misses without naming a mark: in words of its own, or as "answered ..., should be ...". */
function missingCodes({ feedback }: Review): string[] {
  const named = [...feedback.matchAll(/the code (K\d+) is missing/g)].map(([, code = '']) => code);
  const [, given = '', wanted = ''] = /^answered "(.*)", should be "(.*)"$/.exec(feedback) ?? [];
  return [...named, ...wanted.split(' ').filter((code) => code.startsWith('K') && !given.includes(code))];
}

/** Marks that may ask for the code: of the row, without a rule yet, and on no row that goes without the code. */
function suspects(
  { marks }: Review,
  code: string,
  reviews: readonly Review[],
  known: ReadonlySet<string>,
): readonly string[] {
  const innocent = new Set(reviews.flatMap((each) => (each.reference.includes(code) ? [] : each.marks)));
  const likely = marks.filter((mark) => !known.has(mark) && !innocent.has(mark));
  return likely.length > 0 ? likely : marks;
}

/** The instruction with the lessons at its end, in place of what it said of their marks. */
function rewrite(
  instruction: string,
  lessons: readonly Rule[],
  { forgets = 0.1, filler = 0.2 }: ProposerOptions,
  random: Random,
): string {
  const lines = instruction.split('\n').filter((line) => {
    const [rule] = statedRules(line);
    return !rule || lessons.every(({ mark }) => mark !== rule.mark);
  });
  const forgotten = random.next() < forgets && lines.length > 2 ? 1 + random.integer(lines.length - 1) : -1;
  return [
    ...lines.filter((_, index) => index !== forgotten),
    ...(random.next() < filler ? [random.pick(fillers)] : []),
    ...lessons.map(sentenceOf),
  ].join('\n');
}

function operations(rules: string, insights: string): string {
  const lines = rules.split('\n');
  const changes = statedRules(insights).map((lesson) => {
    const at = lines.findIndex((line) => statedRules(line)[0]?.mark === lesson.mark);
    return at < 0 ? `ADD: ${sentenceOf(lesson)}` : `REPLACE ${at + 1}: ${sentenceOf(lesson)}`;
  });
  return changes.join('\n') || 'Nothing to change.';
}

function marked(instruction: string): string {
  return `The answers show what is missing.\n<instruction>\n${instruction}\n</instruction>`;
}

export type Block = { readonly name: string; readonly text: string };

/** What stands between marks such as <input-1a2b3c4d>, in order. */
export function blocksOf(content: string): Block[] {
  return [...content.matchAll(/<(\w+)-([0-9a-f]{8})>\n([\s\S]*?)\n<\/\1-\2>/g)].map(
    ([, name = '', , text = '']) => ({ name, text }),
  );
}

export function blocksNamed(blocks: readonly Block[], wanted: string): string[] {
  return blocks.filter(({ name }) => name === wanted).map(({ text }) => text);
}

/** The rows of a question: what stands from one input to the next. */
function reviewsOf(blocks: readonly Block[]): Review[] {
  const starts = blocks.flatMap(({ name }, index) => (name === 'input' ? [index] : []));
  return starts.map((start, index) => {
    const part = blocks.slice(start, starts[index + 1]);
    const input = part[0]?.text ?? '';
    return {
      marks: input.slice(input.lastIndexOf(': ') + 2).split(', '),
      reference: blocksNamed(part, 'reference')[0] ?? '',
      feedback: blocksNamed(part, 'feedback')[0] ?? '',
    };
  });
}
