import { createHash } from 'node:crypto';
import { fenced, fenceNotice } from '../../formats/fence.ts';
import { readVerdict, verdictFormat } from '../../formats/verdict.ts';
import { quoted } from '../../formats/wording.ts';
import { type CompletionRequest, type Model, ModelError } from '../model.ts';
import { type Answer, byMeaning, clearest } from './answer.ts';
import { askEach } from './ask.ts';
import { answered, atOnce, inTurn, stepOf } from './spending.ts';

/** Room for reasons and a verdict. */
const MAX_TOKENS = 1024;

const TASK =
  'You are shown a task as it was given to an assistant, and several answers to it. Pick the answer that does the task best: what it says is right, and it keeps to every instruction of the task, those on the form of the answer included. Neither length nor confidence is a merit.';

/**
 * Asks each model `samples` times at once; a judge picks one of the answers that can be read. It is not asked where all say the
 * same.
 */
export function best(models: readonly Model[], samples: number, judge: Model): Model['complete'] {
  return async (request, signal) => {
    const asked = await askEach(models, samples, request, signal);
    const made = atOnce(asked.map(({ step }) => step));
    const groups = byMeaning(asked.map(({ answer }) => answer));
    const choices = shuffled(
      groups.flatMap((group) => clearest(group) ?? []),
      request,
    );
    const [first] = choices;
    if (first && choices.length === 1) return answered(first.completion, made);
    const verdict = await judge.complete(questionOf(choices, request), signal);
    const labels = labelsOf(choices);
    const picked = choices[labels.indexOf(readVerdict(verdict.text, labels)?.label ?? '')];
    if (!picked) throw unreadable(judge, verdict.text);
    return answered(picked.completion, inTurn([made, stepOf(judge, verdict)]));
  };
}

/**
 * An order that looks random and depends on the texts alone, since judges favour a place: L. Zheng et al., "Judging LLM-as-a-Judge
 * with MT-Bench and Chatbot Arena", NeurIPS 2023.
 */
function shuffled(choices: readonly Answer[], { messages }: CompletionRequest): Answer[] {
  const place = ({ completion: { text } }: Answer) =>
    createHash('sha256')
      .update(JSON.stringify([messages, text]))
      .digest('hex');
  return choices
    .map((answer) => ({ answer, place: place(answer) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ answer }) => answer);
}

function questionOf(choices: readonly Answer[], { messages, repeat }: CompletionRequest): CompletionRequest {
  const task = messages.map(({ role, content }) => `${role}: ${content}`).join('\n\n');
  const material = fenced([
    { title: 'task', text: task },
    ...choices.map(({ completion }, index) => ({ title: `answer ${index + 1}`, text: completion.text })),
  ]);
  const instructions = [
    TASK,
    fenceNotice(material),
    `${verdictFormat(labelsOf(choices))} LABEL is the number of the answer you pick.`,
  ];
  return {
    messages: [
      { role: 'system', content: instructions.join('\n\n') },
      { role: 'user', content: material.text },
    ],
    parameters: { temperature: 0, maxTokens: MAX_TOKENS },
    repeat,
  };
}

function labelsOf(choices: readonly Answer[]): string[] {
  return choices.map((_, index) => String(index + 1));
}

function unreadable(judge: Model, text: string): ModelError {
  return new ModelError(
    `${judge.id} did not pick one of the answers in the form asked for: ${quoted(text)}`,
    {
      fatal: false,
      hint: 'Name a stronger model as the `judge` of the composite',
    },
  );
}
