import { inputError } from '../../errors.ts';
import type { Message, Prompt } from '../prompt.ts';
import { placeholders } from '../render.ts';

/** A text LightRAG takes from its `PROMPTS`, and the names it fills there with `str.format`. */
type Slot = { readonly key: string; readonly names: readonly string[] };

/** How LightRAG asks at one stage: which message comes from where. `query` is the user's question as it is. */
type Stage = { readonly system?: Slot; readonly user: Slot | 'query' };

const extraction = ['tuple_delimiter', 'completion_delimiter', 'entity_types', 'language', 'examples'];
const answer = ['response_type', 'user_prompt', 'history'];

const entityExtraction: Stage = {
  system: { key: 'entity_extraction_system_prompt', names: extraction },
  user: { key: 'entity_extraction_user_prompt', names: [...extraction, 'input_text'] },
};

/** Stages by the name a prompt has in its family. */
const stages: Readonly<Record<string, Stage>> = {
  entity_extraction: entityExtraction,
  keywords_extraction: {
    user: { key: 'keywords_extraction', names: ['query', 'examples', 'language'] },
  },
  summarize_entity_descriptions: {
    user: {
      key: 'summarize_entity_descriptions',
      names: ['description_type', 'description_name', 'description_list', 'summary_length', 'language'],
    },
  },
  rag_response: {
    system: { key: 'rag_response', names: ['context_data', ...answer] },
    user: 'query',
  },
  naive_rag_response: {
    system: { key: 'naive_rag_response', names: ['content_data', ...answer] },
    user: 'query',
  },
};

/** Names of ours for what LightRAG calls otherwise. */
const aliases: Readonly<Record<string, string>> = { text: 'input_text' };

/**
 * A Python module with a dict of LightRAG's `PROMPTS` keys. A prompt whose answers are LightRAG's tuples is its extraction; others go by their
 * name.
 * @throws {PromptlineError} for a prompt LightRAG would not send as it was measured, and where none is one of its own
 */
export function lightragModule(prompts: readonly Prompt[]): { text: string; notes: string[] } {
  const notes: string[] = [];
  const texts = new Map<string, { id: string; text: string }>();
  const versions: Record<string, string> = {};
  for (const prompt of prompts) {
    const stage = stageOf(prompt);
    if (!stage) {
      notes.push(
        `${prompt.id} is left out: LightRAG has no prompt of that name (${Object.keys(stages).join(', ')})`,
      );
      continue;
    }
    for (const [key, text] of textsOf(prompt, stage)) {
      const other = texts.get(key);
      if (other)
        throw inputError(`${prompt.id} and ${other.id} are both LightRAG's ${key}`, 'Export one of them', {
          file: prompt.path,
        });
      texts.set(key, { id: prompt.id, text });
    }
    versions[prompt.id] = prompt.version;
  }
  if (texts.size === 0)
    throw inputError(
      'none of these prompts is one of LightRAG',
      `Give a prompt \`output: { format: tuples }\`, or one of the names ${Object.keys(stages).join(', ')}`,
    );
  return { text: moduleText(texts, versions), notes };
}

function stageOf({ id, output }: Prompt): Stage | undefined {
  if (output.format === 'tuples') return entityExtraction;
  const name = id.slice(id.indexOf('/') + 1).replaceAll('-', '_');
  return Object.hasOwn(stages, name) ? stages[name] : undefined;
}

/** The texts of a prompt by LightRAG's key. */
function textsOf(prompt: Prompt, { system, user }: Stage): [string, string][] {
  const [first, ...rest] = prompt.messages;
  const hasSystem = first?.role === 'system';
  const [question, ...more] = hasSystem ? rest : prompt.messages;
  if (question?.role !== 'user' || more.length > 0 || hasSystem !== (system !== undefined)) {
    const wanted = system ? 'one system and one user message' : 'one user message';
    throw unsendable(prompt, `LightRAG sends ${wanted} here, and the prompt has ${prompt.messages.length}`);
  }
  if (user === 'query' && question.content.trim() !== '{{query}}')
    throw unsendable(
      prompt,
      "LightRAG sends the user's question as it is here: the user message must be {{query}}",
    );
  const slots: [Slot, Message][] = [];
  if (system && first) slots.push([system, first]);
  if (user !== 'query') slots.push([user, question]);
  return slots.map(([slot, message]) => [slot.key, pythonFormat(prompt, slot, message.content)]);
}

/** A text for `str.format`: placeholders in single braces, every other brace doubled. */
function pythonFormat(prompt: Prompt, { key, names }: Slot, text: string): string {
  for (const name of placeholders(text)) {
    if (names.includes(aliases[name] ?? name)) continue;
    throw unsendable(prompt, `LightRAG fills no {{${name}}} in ${key}, only ${names.join(', ')}`);
  }
  return text
    .split(/(\{\{\s*[A-Za-z_][\w-]*\s*\}\})/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[{}]/g, '$&$&');
      const name = placeholders(part)[0] ?? '';
      return `{${aliases[name] ?? name}}`;
    })
    .join('');
}

function unsendable({ id, path }: Prompt, why: string): Error {
  return inputError(
    `${id} cannot be LightRAG's as it was measured: ${why}`,
    'Write the prompt in that form and measure it',
    {
      file: path,
    },
  );
}

function moduleText(
  texts: ReadonlyMap<string, { readonly text: string }>,
  versions: Readonly<Record<string, string>>,
): string {
  const entries = [...texts].map(([key, { text }]) => {
    // JSON's quoting is Python's too. One literal for each line; Python joins them.
    const lines = text.split(/(?<=\n)/).map((line) => `        ${JSON.stringify(line)}`);
    return `    ${JSON.stringify(key)}: (\n${lines.join('\n')}\n    ),\n`;
  });
  const ids = Object.entries(versions).map(
    ([id, version]) => `    ${JSON.stringify(id)}: ${JSON.stringify(version)},\n`,
  );
  return `"""Prompts for LightRAG, written by \`promptline export --format lightrag\`.

Put them in place of LightRAG's own before it is used:

    import lightrag.prompt
    import lightrag_prompts

    lightrag.prompt.PROMPTS.update(lightrag_prompts.PROMPTS)
"""

PROMPTS = {
${entries.join('')}}

# The version of each prompt that these texts are of.
VERSIONS = {
${ids.join('')}}
`;
}
