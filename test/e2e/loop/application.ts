import { utimesSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { recordFeedback } from '../../../src/runtime/feedback.ts';
import { openPrompts } from '../../../src/runtime/open-prompts.ts';
import type { PromptChange, ResolvedPrompt } from '../../../src/runtime/types.ts';
import { createRandom } from '../../../src/statistics/random.ts';
import { exportingTo } from '../../runtime/exported.ts';
import { type Intent, intents, type Language, meaningOf, say } from './assistant.ts';
import { prompt } from './assistant-files.ts';

/** What came of one visit, as the user knows it. */
export type Visit = {
  readonly at: number;
  readonly version: string;
  readonly language: Language;
  /** Whether the assistant did anything, and whether it was what the user wanted. */
  readonly answered: boolean;
  readonly understood: boolean;
  /** What the user said of it; null where nothing. */
  readonly said: number | null;
};

const completionSchema = z.object({
  model: z.string(),
  choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }),
});

/** Users who are there at the same time. */
const AT_ONCE = 10;

/**
 * A voice assistant whose users come once each and say what they want. It has its prompt by the runtime, asks the model over HTTP,
 * fails where the answer is nothing it can do, and exports what the runtime records through OpenTelemetry. What it
 * records follows from what the model answered, and from nothing else.
 */
export async function startAssistant(places: {
  /** Address of the manifest. */
  readonly manifest: string;
  /** Address of the model. */
  readonly model: string;
  /** Folder of telemetry. */
  readonly telemetry: string;
}) {
  const file = path.join(places.telemetry, 'data.json');
  const exporting = exportingTo(file);
  const served = new Map<string, PromptChange>();
  const prompts = await openPrompts<{ [prompt]: 'text' }>({
    manifest: places.manifest,
    pollSeconds: 1,
    recordText: true,
    onChange: (changes) => {
      for (const change of changes) served.set(change.prompt, change);
    },
  });
  const random = createRandom('users');
  const visits: Visit[] = [];
  let users = 0;
  onTestFinished(() => {
    prompts.close();
    exporting.end();
  });

  async function visit(user: string, text: string, talks: boolean): Promise<void> {
    const given = prompts.for(prompt, { user, variables: { text } });
    const meant = meaningOf(text);
    const seen = { at: Date.now(), version: given.version, language: meant?.language ?? 'english' };
    try {
      const { response, call } = await given.record(
        () => ask(places.model, given),
        ({ details }) => details,
      );
      const understood = response.intent === meant?.intent;
      const said = talks ? Number(understood) : null;
      if (said !== null) recordFeedback(call, { score: said });
      visits.push({ ...seen, answered: true, understood, said });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      visits.push({ ...seen, answered: false, understood: false, said: null });
    }
  }

  return {
    /**
     * So many new users come by, some at a time; before each of these groups `pause` is told its share of all of them. `german` is the share
     * of users who speak German.
     */
    async serve(count: number, german: number, pause: (share: number) => void = () => {}): Promise<void> {
      for (let done = 0; done < count; done += AT_ONCE) {
        const size = Math.min(AT_ONCE, count - done);
        pause(size / count);
        const now = Array.from({ length: size }, () => {
          users += 1;
          const text = say(random, random.next() < german ? 'german' : 'english');
          return visit(`user ${users}`, text, random.next() < 0.8);
        });
        await Promise.all(now);
        // As its timer would do it, which knows nothing of the story's time.
        await exporting.flush();
      }
      // The file system goes by the machine's clock, and files that were not changed for long are not read.
      utimesSync(file, Date.now() / 1000, Date.now() / 1000);
    },
    /** What it serves now: versions, and whose share the newer one is. */
    serves: () => {
      const { stable, canary, percent } = served.get(prompt) ?? { stable: null, canary: null, percent: 0 };
      return { stable, canary, percent };
    },
    /** The messages a user would get. */
    messagesFor: (user: string) => prompts.for(prompt, { user, variables: { text: '' } }).messages,
    /** Those of a thousand members who get a version. */
    membersWith: (version: string): ReadonlySet<string> => {
      const members = Array.from({ length: 1000 }, (_, index) => `member ${index}`);
      return new Set(
        members.filter((user) => prompts.for(prompt, { user, variables: { text: '' } }).version === version),
      );
    },
    /** What came of the visits in a time, milliseconds since 1970. */
    between: (from: number, to: number) => visits.filter(({ at }) => at >= from && at < to),
  };
}

type Answer = { readonly intent: Intent; readonly details: object };

async function ask(address: string, { model, parameters, messages }: ResolvedPrompt): Promise<Answer> {
  const response = await fetch(`${address}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: model.slice(model.indexOf('/') + 1),
      messages,
      temperature: parameters.temperature,
      max_tokens: parameters.maxTokens,
    }),
  });
  const { usage, choices, model: responseModel } = completionSchema.parse(await response.json());
  const text = choices[0].message.content;
  const intent = intents.find((each) => each === text.trim());
  if (!intent) throw new RangeError('nothing that can be done');
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
  return { intent, details: { responseModel, inputTokens, outputTokens, text } };
}

/** Visits in numbers: shares from 0 to 1. */
export function figuresOf(visits: readonly Visit[]) {
  const said = visits.flatMap((visit) => visit.said ?? []);
  const share = (count: number, of: number) => (of === 0 ? 0 : count / of);
  return {
    users: visits.length,
    success: share(visits.filter(({ answered }) => answered).length, visits.length),
    understood: share(visits.filter(({ understood }) => understood).length, visits.length),
    feedback: { n: said.length, mean: share(said.filter((score) => score === 1).length, said.length) },
  };
}
