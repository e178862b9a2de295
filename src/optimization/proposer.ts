import { createHash } from 'node:crypto';
import type { Model } from '../models/model.ts';
import type { Message } from '../prompts/prompt.ts';

/** A model that writes instructions: asked with messages, answers with text. Rejects with what ends the run. */
export type Proposer = (messages: readonly Message[], signal?: AbortSignal) => Promise<string>;

const LONGEST_PROPOSAL_TOKENS = 2_000;

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

/** Encloses text that is data, between marks it does not contain. */
export function enclosed(name: string, text: string): string {
  const code = createHash('sha256').update(`${name} ${text}`).digest('hex').slice(0, 8);
  return `<${name}-${code}>\n${text}\n</${name}-${code}>`;
}

/**
 * What a proposer wrote between <instruction> and </instruction>, the last time it did; without marks, the last code block. Null
 * for anything else: an explanation must not become a prompt.
 */
export function readInstruction(answer: string): string | null {
  const marked = [...answer.matchAll(/<instruction>([\s\S]*?)<\/instruction>/g)].at(-1)?.[1];
  const fenced = [...answer.matchAll(/```[a-z]*\n([\s\S]*?)```/g)].at(-1)?.[1];
  const text = (marked ?? fenced)?.trim();
  if (!text) return null;
  // Some models fence the text inside the marks as well.
  return /^```[a-z]*\n([\s\S]*?)\n?```$/.exec(text)?.[1]?.trim() ?? text;
}
