import { chance } from './chance.ts';
import type { AnswerRule } from './script.ts';

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** The text a rule answers to a conversation. */
export function answerTo(messages: readonly ChatMessage[], rule: AnswerRule, seed: number): string {
  const question = messages.at(-1)?.content ?? '';
  if (rule.rule === 'echo') return question;
  const right = lookUp(question, rule.labels);
  if (right === undefined) return 'unknown';
  return rule.rule === 'labels' ? right : skilled(messages, question, right, rule, seed);
}

/**
 * A model whose skill grows with demonstrations. Without any it is right with probability `start`; each
 * demonstration (a user message and the assistant message after it) whose answer is right counts 1, and 3
 * when it shows the label that is asked for; the share of wrong answers falls by exp(-gain) for each
 * count. A question is as hard in every prompt, so more right demonstrations never make an answer worse.
 */
function skilled(
  messages: readonly ChatMessage[],
  question: string,
  right: string,
  { labels, start, gain }: Extract<AnswerRule, { rule: 'skill' }>,
  seed: number,
): string {
  let count = 0;
  for (const [index, message] of messages.entries()) {
    const answer = messages[index + 1];
    if (message.role !== 'user' || answer?.role !== 'assistant') continue;
    if (lookUp(message.content, labels) !== answer.content.trim()) continue;
    count += answer.content.trim() === right ? 3 : 1;
  }
  const skill = 1 - (1 - start) * Math.exp(-gain * count);
  if (chance(seed, 'difficulty', question) < skill) return right;
  const wrong = [...new Set(Object.values(labels))].filter((label) => label !== right).sort();
  return wrong[Math.floor(chance(seed, 'mistake', question) * wrong.length)] ?? 'unknown';
}

/** The label of the longest known text inside the message. */
function lookUp(message: string, labels: Readonly<Record<string, string>>): string | undefined {
  const found = Object.keys(labels).filter((text) => message.includes(text));
  const longest = found.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : labels[longest];
}
