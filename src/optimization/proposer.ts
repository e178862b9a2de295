import { createHash } from 'node:crypto';
import { describeError } from '../errors.ts';
import { type Model, ModelError } from '../models/model.ts';
import type { Message } from '../prompts/prompt.ts';

/** A model that writes instructions: asked with messages, answers with text. Rejects with a ModelError. */
export type Proposer = (messages: readonly Message[], signal?: AbortSignal) => Promise<string>;

/** Why nothing can be made of what a proposer answered; `failure` where it did not answer. */
export type Refused = { readonly refused: string; readonly failure?: ModelError };

/** Room for the longest instruction and for what a model thinks before it. */
export const LONGEST_PROPOSAL_TOKENS = 4_000;

/** A proposer from a model behind the answer store and the budget. The same question gets the same answer. */
export function proposerOf(model: Model): Proposer {
  return async (messages, signal) => {
    const request = {
      messages,
      parameters: { temperature: 0, maxTokens: LONGEST_PROPOSAL_TOKENS },
      repeat: 0,
    };
    return (await model.complete(request, signal)).text;
  };
}

/**
 * Asks a proposer. A question that fails alone (a filter, a timeout) is a refusal like an empty answer; what no other question can
 * escape either rejects and ends the run.
 */
export async function consult(
  proposer: Proposer,
  messages: readonly Message[],
  signal?: AbortSignal,
): Promise<string | Refused> {
  signal?.throwIfAborted();
  try {
    const answer = await proposer(messages, signal);
    return answer.trim() === '' ? { refused: 'its answer is empty' } : answer;
  } catch (error) {
    if (!(error instanceof ModelError) || error.fatal) throw error;
    return { refused: `the question failed: ${describeError(error)}`, failure: error };
  }
}

/** Encloses text that is data, between marks it does not contain. */
export function enclosed(name: string, text: string): string {
  const code = createHash('sha256').update(`${name} ${text}`).digest('hex').slice(0, 8);
  return `<${name}-${code}>\n${text}\n</${name}-${code}>`;
}

/** Whether a text repeats a mark of {@link enclosed}. */
export function holdsMark(text: string): boolean {
  return /<\/?[a-z]+-[0-9a-f]{8}>/.test(text);
}

/**
 * What a proposer wrote between <instruction> and </instruction>, the last time it did; without marks, the last code block. Null
 * for anything else: an explanation must not become a prompt. Linear in the answer, whatever it holds.
 */
export function readInstruction(answer: string): string | null {
  const text = (betweenMarks(answer) ?? lastFenced(answer))?.trim();
  return text ? unfenced(text) : null;
}

const [opening, closing] = ['<instruction>', '</instruction>'];

function betweenMarks(answer: string): string | null {
  const last = answer.lastIndexOf(closing);
  const start = last < 0 ? -1 : answer.lastIndexOf(opening, last);
  return start < 0 ? null : answer.slice(start + opening.length, answer.indexOf(closing, start));
}

function lastFenced(answer: string): string | null {
  let last: string | null = null;
  let open: string[] | null = null;
  for (const line of answer.split(/\r?\n/)) {
    if (!isFence(line)) open?.push(line);
    else if (open === null) open = [];
    else {
      last = open.join('\n');
      open = null;
    }
  }
  return last;
}

/** Some models fence the text inside the marks as well. */
function unfenced(text: string): string | null {
  const lines = text.split(/\r?\n/);
  const fences = lines.filter(isFence).length;
  const isWhole = fences === 2 && isFence(lines[0] ?? '') && isFence(lines.at(-1) ?? '');
  return isWhole ? lines.slice(1, -1).join('\n').trim() || null : text;
}

function isFence(line: string): boolean {
  return line.trimStart().startsWith('```');
}
