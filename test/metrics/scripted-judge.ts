import type { MetricTools } from '../../src/metrics/definition.ts';
import type { CompletionRequest, Model } from '../../src/models/model.ts';
import { completion } from '../models/fake-model.ts';
import { noTools } from './no-tools.ts';

/** A judge that answers by a function, and remembers what it was asked. */
export type ScriptedJudge = { readonly asked: CompletionRequest[]; readonly tools: MetricTools };

/** What a judge sees of a request: its instructions, the material in fences, and which repeat it is. */
export type Question = { readonly instructions: string; readonly material: string; readonly repeat: number };

/** @param files texts of the repository by path */
export function scriptedJudge(
  answer: (question: Question) => string,
  files: Readonly<Record<string, string>> = {},
): ScriptedJudge {
  const asked: CompletionRequest[] = [];
  const model: Model = {
    id: 'fake/judge',
    identity: 'fake/judge',
    concurrency: 2,
    reusesPrefixes: false,
    usdOf: () => null,
    async complete(request) {
      asked.push(request);
      const [instructions = '', material = ''] = request.messages.map(({ content }) => content);
      return completion({ text: answer({ instructions, material, repeat: request.repeat }) });
    },
    close: async () => {},
  };
  const readText = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new Error(`no file ${path}`);
    return text;
  };
  return { asked, tools: { ...noTools, judge: async () => model, readText } };
}
