import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import {
  loadSplits,
  loadTask,
  openWorkspace,
  type PromptTask,
  selectPromptFiles,
  type Workspace,
} from '../../src/commands/workspace.ts';
import { referenceAnswer } from '../../src/formats/reference.ts';
import { dissect } from '../../src/prompts/anatomy.ts';
import type { Message } from '../../src/prompts/prompt.ts';
import { fill } from '../../src/prompts/render.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { startProtocolServer } from '../protocol-server/server.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** Sentences that make the task model better, where anything does. */
const lessons = [
  'Read the input twice before you answer.',
  'Answer for the input at the end and for no other.',
  'Leave out nothing that is asked for.',
];

/** Prompts whose model nothing helps. */
export const hopeless = ['summarization/default', 'query_processing/keywords'];

/** What a prompt's model knows of a question: the right answer and one that belongs to another question. */
type Known = {
  readonly id: string;
  readonly wordings: readonly string[];
  readonly right: string;
  readonly wrong: string;
};

/**
 * This repository's own prompts, data and configuration in a temporary folder, with a task model and a proposer behind HTTP. The task
 * model gives the reference answer, the likelier the more of the lessons it is told, or one that belongs to another row; the proposer
 * adds a lesson to what it is shown.
 */
export async function ownPrompts() {
  const root = mkdtempSync(path.join(tmpdir(), 'promptline-own-'));
  for (const name of ['prompts', 'datasets', 'promptline.yaml']) {
    cpSync(path.join(repository, name), path.join(root, name), { recursive: true });
  }
  const workspace = openWorkspace(root);
  const tasks = selectPromptFiles(workspace, []).map((file) => loadTask(workspace, file));
  const known = knownAnswers(tasks, workspace);
  const task = await startProtocolServer({}, 0, (messages) => answerOf(known, messages));
  const writer = await startProtocolServer({}, 0, propose);
  const file = path.join(root, 'promptline.yaml');
  const provider = { type: 'openai-compatible', tries: 1 };
  const configuration = {
    ...parse(readFileSync(file, 'utf8')),
    models: { task: 'small/model', proposer: 'writer/model' },
    providers: {
      small: { ...provider, baseUrl: `${task.address}/v1` },
      writer: { ...provider, baseUrl: `${writer.address}/v1` },
    },
  };
  writeFileSync(file, stringify(configuration));
  return {
    root,
    ids: tasks.map(({ prompt }) => prompt.id),
    task,
    writer,
    async close() {
      await Promise.all([task.close(), writer.close()]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** What is known by question; several prompts may ask the same. */
function knownAnswers(tasks: readonly PromptTask[], workspace: Workspace): Map<string, Known[]> {
  const known = tasks.flatMap((task) => {
    const { prompt } = task;
    const { question, instruction } = dissect(prompt.messages, prompt.id);
    const rows = Object.values(loadSplits(workspace, task)).flatMap(({ examples }) => examples);
    const answers = rows.map(({ expected }) => referenceAnswer(prompt.output, expected) ?? '');
    return rows.map(({ input }, index) => ({
      question: fill(question, input),
      id: prompt.id,
      wordings: [instruction, ...prompt.alternatives],
      right: answers[index] ?? '',
      wrong: answers[(index + 1) % answers.length] ?? '',
    }));
  });
  return Map.groupBy(known, ({ question }) => question);
}

/** The prompt is known by its wording; one without any is taken for the first that asks the question. */
function answerOf(known: ReadonlyMap<string, readonly Known[]>, messages: readonly Message[]): string {
  const read = messages.map(({ content }) => content).join('\n\n');
  const last = messages.at(-1)?.content ?? '';
  // An instruction may stand in front of the question, with an empty line between.
  const parts = last.split('\n\n');
  const [asks = []] = parts.flatMap((_, index) => {
    const found = known.get(parts.slice(index).join('\n\n'));
    return found ? [found] : [];
  });
  const asked = asks.find(({ wordings }) => wordings.some((text) => read.includes(text))) ?? asks[0];
  if (!asked) return last;
  const told = lessons.filter((lesson) => read.includes(lesson)).length;
  const shown = messages.some(({ role }) => role === 'assistant') ? 0.1 : 0;
  const skill = hopeless.includes(asked.id) ? 0.3 : 0.3 + 0.2 * told + shown;
  const isRight = createRandom(`${asked.id} ${asked.right} ${last.slice(-80)}`).next() < skill;
  return isRight ? asked.right : asked.wrong;
}

/** Answers the four questions there are: for a better instruction, for one out of two, for insights, for changes of rules. */
function propose(messages: readonly Message[]): string {
  const [asked = '', data = ''] = messages.map(({ content }) => content);
  const [instruction = '', other] = [...data.matchAll(/<(instruction-\w{8})>\n([\s\S]*?)\n<\/\1>/g)].map(
    ([, , text = '']) => text,
  );
  const missing = lessons.filter((lesson) => !data.includes(lesson));
  if (asked.includes('REPLACE'))
    return (
      missing
        .slice(0, 1)
        .map((lesson) => `ADD: ${lesson}`)
        .join('\n') || 'None.'
    );
  if (!asked.includes('<instruction>')) return 'The answers belong to other inputs.';
  const added =
    other === undefined ? missing.slice(0, 1) : lessons.filter((lesson) => other.includes(lesson));
  const lines = added.filter((lesson) => !instruction.includes(lesson));
  return `<instruction>\n${[instruction, ...lines].join('\n')}\n</instruction>`;
}
