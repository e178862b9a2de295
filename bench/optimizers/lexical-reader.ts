import { contentWords, words } from '../../src/language/words.ts';
import type { Message } from '../../src/prompts/prompt.ts';
import { createRandom } from '../../src/statistics/random.ts';

/** Where a text to be labelled stands in a prompt. */
export type Template = { readonly before: string; readonly after: string };

/** Words of an instruction that it follows without slips. */
const attention = 90;
/** Share of its answers that slip for each further word. */
const distraction = 0.002;
/** Weight of a word of a label's own name, and of one that it shares with a solved example, against a word that a line states. */
const [byName, byExample] = [0.6, 0.35];

/** A solved example in a prompt. */
type Shown = { readonly text: string; readonly label: string };

/**
 * A reader of prompts without a language model: it labels a text by the words that the prompt ties to labels, in lines of the
 * instruction (`PlayMusic: song, album`), by the names of labels, and by solved examples. It knows no label that the prompt does not
 * name, does not know what words mean, and slips more the longer the instruction is. Same prompt, same answer.
 */
export function lexicalReader(labels: readonly string[], { before, after }: Template) {
  const pattern = new RegExp(`${before}(.*)\\n${after}(?: (\\S+))?`, 'g');

  return (messages: readonly Message[]): string => {
    const transcript = messages
      .map(({ role, content }) => (role === 'assistant' ? ` ${content}` : `\n${content}`))
      .join('');
    const texts = [...transcript.matchAll(pattern)].map(([, text = '', label]) => ({ text, label }));
    const shown = texts.flatMap(({ text, label }): Shown[] => (label === undefined ? [] : [{ text, label }]));
    const question = texts.findLast(({ label }) => label === undefined)?.text ?? '';
    const instruction = transcript.replace(pattern, '');
    const known = labels.filter(
      (label) => instruction.includes(label) || shown.some((example) => example.label === label),
    );
    const ties = tiesOf(instruction, known);
    const asked = new Set(words(question));
    const scores = known.map((label) => ({
      label,
      score: ruled(asked, label, ties) + named(asked, label) + resembled(asked, label, shown),
    }));
    const random = createRandom(`${question} after ${[...ties.keys()].join(' ')}`);
    const length = words(instruction).length;
    if (random.next() < distraction * Math.max(0, length - attention)) return random.pick(labels);
    const best = scores.reduce((top, each) => (each.score > top.score ? each : top), {
      label: known[0] ?? 'unknown',
      score: 0,
    });
    return best.label;
  };
}

/** Which labels each word is tied to by a line that names a single label. */
function tiesOf(instruction: string, known: readonly string[]): Map<string, Set<string>> {
  const ties = new Map<string, Set<string>>();
  for (const line of instruction.split('\n')) {
    const [label, ...more] = known.filter((each) => line.includes(each));
    if (label === undefined || more.length > 0) continue;
    for (const word of words(line.replace(label, ' '))) {
      ties.set(word, (ties.get(word) ?? new Set()).add(label));
    }
  }
  return ties;
}

function ruled(asked: ReadonlySet<string>, label: string, ties: ReadonlyMap<string, Set<string>>): number {
  return [...asked].reduce((sum, word) => {
    const tied = ties.get(word);
    return tied?.has(label) ? sum + 1 / tied.size : sum;
  }, 0);
}

function named(asked: ReadonlySet<string>, label: string): number {
  const parts = words(label.replace(/(?<=[a-z])(?=[A-Z])/g, ' '));
  return byName * parts.filter((part) => asked.has(part)).length;
}

/** Of the solved examples with the label, the one with most in common. */
function resembled(asked: ReadonlySet<string>, label: string, shown: readonly Shown[]): number {
  const shared = shown
    .filter((example) => example.label === label)
    .map(({ text }) => [...new Set(contentWords(text))].filter((word) => asked.has(word)).length);
  return byExample * Math.max(0, ...shared);
}
