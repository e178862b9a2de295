import { contentWords } from '../../src/language/words.ts';
import type { Message } from '../../src/prompts/prompt.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';
import { type Block, blocksNamed, blocksOf } from '../../test/optimization/scripted-proposer.ts';

/** Mistakes it makes something of, at most, in one answer. */
const grasp = 3;
/** Chances that a lesson goes to a wrong label, that a line is dropped, and that the answer holds no instruction. */
const [error, forgets, mishap] = [0.15, 0.1, 0.05];

type Lesson = { readonly label: string; readonly word: string };

/**
 * A proposer for labelling tasks, as imperfect as a model: it ties words to labels, those that the feedback names or else one of the
 * text, sometimes to a wrong label, and sometimes forgets a line. Everything is decided by the seed and the question.
 */
export function keywordProposer(seed: number, labels: readonly string[]) {
  return (messages: readonly Message[]): string => {
    const content = messages.at(-1)?.content ?? '';
    const random = createRandom(`keywords ${seed} ${content}`);
    const blocks = blocksOf(content);
    const [instruction = ''] = blocksNamed(blocks, 'instruction');
    if (random.next() < mishap) return 'The examples are interesting.';
    const lessons = random.sample(mistakesOf(blocks), grasp).map((mistake) => learn(mistake, labels, random));
    return marked(withLessons(forget(instruction, random), lessons));
  };
}

type Mistake = { readonly text: string; readonly label: string; readonly word: string | undefined };

/** Rows with a wrong answer, and the word that the feedback names, if any. */
function mistakesOf(blocks: readonly Block[]): Mistake[] {
  const starts = blocks.flatMap(({ name }, index) => (name === 'input' ? [index] : []));
  return starts.flatMap((start, index): Mistake[] => {
    const part = blocks.slice(start, starts[index + 1]);
    const [text = ''] = blocksNamed(part, 'input');
    const [label = ''] = blocksNamed(part, 'reference');
    const [feedback = ''] = blocksNamed(part, 'feedback');
    return feedback === '' ? [] : [{ text, label, word: /"(\S+)" tells/.exec(feedback)?.[1] }];
  });
}

function learn({ text, label, word }: Mistake, labels: readonly string[], random: Random): Lesson {
  const candidates = contentWords(text.split('\n')[0]?.replace(/^\w+: /, '') ?? '');
  const chosen = word ?? (candidates.length > 0 ? random.pick(candidates) : 'other');
  return { label: random.next() < error ? random.pick(labels) : label, word: chosen };
}

function forget(instruction: string, random: Random): string {
  const lines = instruction.split('\n');
  const isForgetful = random.next() < forgets && lines.length > 2;
  const dropped = isForgetful ? 1 + random.integer(lines.length - 1) : -1;
  return lines.filter((_, index) => index !== dropped).join('\n');
}

/** The instruction with further words in the lines of their labels, each word in one line only. */
function withLessons(instruction: string, lessons: readonly Lesson[]): string {
  const moved = new Set(lessons.map(({ word }) => word));
  const lines = instruction.split('\n').flatMap((line) => {
    const [, label, listed] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (label === undefined || listed === undefined) return [line];
    const kept = listed.split(', ').filter((word) => !moved.has(word));
    return kept.length > 0 ? [`${label}: ${kept.join(', ')}`] : [];
  });
  for (const { label, word } of lessons) {
    const at = lines.findIndex((line) => line.startsWith(`${label}: `));
    if (at < 0) lines.push(`${label}: ${word}`);
    else if (
      !lines[at]
        ?.slice(label.length + 2)
        .split(', ')
        .includes(word)
    )
      lines[at] += `, ${word}`;
  }
  return lines.join('\n');
}

function marked(instruction: string): string {
  return `Some words tell the label.\n<instruction>\n${instruction}\n</instruction>`;
}
