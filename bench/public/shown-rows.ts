import type { Example } from '../../src/datasets/dataset.ts';

/** By family, a row as the prompts of `bench/public/` read it: lists written out as text. Rows of other families are read as they are. */
export const shownRows: Readonly<Record<string, (example: Example) => Example>> = {
  // Questions on one passage are not independent.
  answer_generation: (row) => ({
    ...row,
    cluster: String(row.input['context']),
    expected: { answers: row.expected['answerable'] === false ? ['unanswerable'] : row.expected['answers'] },
  }),
  question_reformulation: (row) =>
    withInput(row, {
      history: textsOf(row.input['history'])
        .map((turn, index) => `${index % 2 === 0 ? 'Q' : 'A'}: ${turn}`)
        .join('\n'),
    }),
  document_analysis: (row) => ({
    ...withInput(row, {
      sentences: textsOf(row.input['sentences'])
        .map((sentence, index) => `${index + 1}. ${sentence}`)
        .join('\n'),
    }),
    expected: {
      structure: textsOf(row.expected['structure']).map((label, index) => ({ number: index + 1, label })),
    },
  }),
  relationship_extraction: (row) =>
    withInput(row, { entities: listOf(row.input['entities']).map(nameOf).join('; ') }),
  context_compression: (row) => withInput(row, { passages: textsOf(row.input['passages']).join('\n') }),
};

function withInput(row: Example, input: Example['input']): Example {
  return { ...row, input: { ...row.input, ...input } };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Each text on one line: a blank line would end a message. */
function textsOf(value: unknown): string[] {
  return listOf(value).map((text) => String(text).replaceAll('\n', ' '));
}

function nameOf(entity: unknown): string {
  return typeof entity === 'object' && entity !== null && 'name' in entity ? String(entity.name) : '';
}
