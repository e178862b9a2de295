import { parseAnswer } from '../../src/formats/codec.ts';
import type { OutputFormat } from '../../src/formats/format.ts';
import { openComposite } from '../../src/models/composite/composite.ts';
import {
  type CompositeConfig,
  type Composites,
  compositeConfigSchema,
} from '../../src/models/composite/composite-config.ts';
import type { Completion, CompletionRequest, Model } from '../../src/models/model.ts';
import { completion } from './fake-model.ts';

/** A member that answers by a function of the request, and remembers what it was asked. */
export type Member = Model & { readonly asked: CompletionRequest[] };

type Reply = string | Error | Partial<Completion>;

/** Answers in turn, the last one again and again, or by a function. */
export function member(
  id: string,
  replies: readonly Reply[] | ((request: CompletionRequest) => Reply | Promise<Reply>),
  fields: Partial<Model> = {},
): Member {
  const asked: CompletionRequest[] = [];
  return {
    id,
    identity: `${id} v1`,
    concurrency: 4,
    reusesPrefixes: false,
    usdOf: () => 0.5,
    close: async () => {},
    ...fields,
    asked,
    async complete(request) {
      asked.push(request);
      const reply =
        typeof replies === 'function'
          ? await replies(request)
          : (replies[Math.min(asked.length, replies.length) - 1] ?? '');
      if (reply instanceof Error) throw reply;
      return completion(typeof reply === 'string' ? { text: reply } : reply);
    },
  };
}

const colour: OutputFormat = {
  format: 'label',
  field: 'colour',
  labels: ['red', 'green', 'blue', 'unknown'],
};

/** A question whose answer is a colour. */
export function question(
  text = 'the sky',
  format: OutputFormat | null = colour,
  repeat = 0,
): CompletionRequest {
  return {
    messages: [{ role: 'user', content: text }],
    parameters: { temperature: 1 },
    repeat,
    ...(format && { parse: (answer: string) => parseAnswer(format, answer, {}) }),
  };
}

/** A composite of members, by a configuration as it stands in a file but for `models`. */
export function compositeOf(
  config: Readonly<Record<string, unknown>>,
  members: readonly Member[],
  judge?: Member,
): Promise<Model> {
  const models = members.map(({ id }) => id);
  return open(
    { ...config, models, ...(judge && { judge: judge.id }) },
    judge ? [...members, judge] : members,
  );
}

function open(config: unknown, known: readonly Member[]): Promise<Model> {
  const parsed: CompositeConfig = compositeConfigSchema.parse(config);
  const composites: Composites = { it: parsed };
  return openComposite('composite/it', composites, async (reference) => {
    const found = known.find(({ id }) => id === reference);
    if (!found) throw new Error(`no member ${reference}`);
    return found;
  });
}

/** The texts a model answers to questions asked one after another. */
export async function textsOf(model: Model, requests: readonly CompletionRequest[]): Promise<string[]> {
  const texts: string[] = [];
  for (const request of requests) texts.push((await model.complete(request)).text);
  return texts;
}
