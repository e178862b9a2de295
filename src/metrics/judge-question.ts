import { outsideError, type PromptlineError } from '../errors.ts';
import { fenced, fenceNotice, type Section } from '../formats/fence.ts';
import { quoted } from '../formats/wording.ts';
import type { Completion, CompletionRequest, Model } from '../models/model.ts';

/** Room for reasons and a verdict. */
const MAX_TOKENS = 1024;

/** What a judge is asked: what to do, what it is shown, and in what form it must answer. */
export type JudgeQuestion = {
  readonly task: string;
  readonly sections: readonly Section[];
  readonly answerFormat: string;
};

/**
 * Asks a judge once, at temperature 0, with all that others wrote fenced as data. Rejects with a ModelError.
 * @param repeat keeps the answers to one question asked several times apart in the answer store
 */
export function askJudge(
  model: Model,
  question: JudgeQuestion,
  { repeat, signal }: { repeat: number; signal?: AbortSignal | undefined },
): Promise<Completion> {
  return model.complete(judgeRequest(question, repeat), signal);
}

function judgeRequest({ task, sections, answerFormat }: JudgeQuestion, repeat: number): CompletionRequest {
  const material = fenced(sections);
  const instructions = [task, fenceNotice(material), answerFormat];
  return {
    messages: [
      { role: 'system', content: instructions.join('\n\n') },
      { role: 'user', content: material.text },
    ],
    parameters: { temperature: 0, maxTokens: MAX_TOKENS },
    repeat,
  };
}

/** A judge's answer that cannot be read as what was asked for, so that the metric fails by name. */
export function unreadable(answer: string): PromptlineError {
  return outsideError(
    `the judge did not answer in the form asked for: ${quoted(answer)}`,
    'Name a stronger model as models.judge in promptline.yaml',
  );
}
