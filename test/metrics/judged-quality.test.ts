import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/errors.ts';
import { answerRelevance } from '../../src/metrics/answer-relevance.ts';
import { completeness } from '../../src/metrics/completeness.ts';
import type { MetricDefinition } from '../../src/metrics/definition.ts';
import { faithfulness } from '../../src/metrics/faithfulness.ts';
import { readChecklist } from '../../src/metrics/judged-checklist.ts';
import type { Score } from '../../src/metrics/metric.ts';
import { type ScriptedJudge, scriptedJudge } from './scripted-judge.ts';

const input = { context: 'Ghent is a city.', question: 'What is Ghent?' };
const expected = { answer: ['a city', 'a town'] };
const items = (...holds: boolean[]) =>
  JSON.stringify({ items: holds.map((held, at) => ({ item: `claim ${at + 1}`, holds: held })) });

async function scored(
  definition: MetricDefinition,
  { tools }: ScriptedJudge,
  { output = 'A fine city.', options = {}, reference = expected as Record<string, unknown> } = {},
): Promise<Score> {
  const metric = definition.create('mine', definition.options.parse({ by: 'judge', ...options }), tools);
  return metric.score({
    output,
    parsed: { value: { answer: output }, problems: [] },
    format: { format: 'text', field: 'answer' },
    example: { id: 'one', input, expected: reference, tags: [], cluster: 'one' },
    completion: { latencyMs: 0, inputTokens: 0, outputTokens: 0, usd: null },
  });
}

const definitions: [MetricDefinition, string][] = [
  [faithfulness, 'the source does not support'],
  [answerRelevance, 'the answer does not address'],
  [completeness, 'not in the answer'],
];

describe.each(definitions)('$use by a judge', (definition, complaint) => {
  it('is the share of what the judge lists that holds, asked in one request', async () => {
    const scripted = scriptedJudge(() => items(true, false, true, false));
    expect(await scored(definition, scripted)).toEqual({
      value: 0.5,
      feedback: `${complaint}: "claim 2", "claim 4"`,
      usage: { calls: 1, cached: 0, inputTokens: 10, outputTokens: 2, usd: 0.001, retries: 0 },
    });
    expect(scripted.asked).toHaveLength(1);
    expect(scripted.asked[0]).toMatchObject({ parameters: { temperature: 0 }, repeat: 0 });
    expect(scripted.asked[0]?.messages[1]?.content).toContain('A fine city.');
  });

  it('is 1 without feedback where all holds, and has no value where the judge finds nothing', async () => {
    expect(
      await scored(
        definition,
        scriptedJudge(() => items(true)),
      ),
    ).toMatchObject({ value: 1, feedback: '' });
    expect(
      (
        await scored(
          definition,
          scriptedJudge(() => items()),
        )
      ).value,
    ).toBeNull();
  });

  it('is 0 for an empty answer, without asking', async () => {
    const scripted = scriptedJudge(() => items(true));
    expect(await scored(definition, scripted, { output: ' ' })).toMatchObject({ value: 0 });
    expect(scripted.asked).toHaveLength(0);
  });

  it.each([
    '{"items": [{"item": "a", "holds": "yes"}]}',
    '{"items": [{"item": "a", "holds": true}], "note": ""}',
    'Here it is: {"items": []}',
    '{"items": []} {"items": []}',
    '[true]',
    '',
  ])('fails and gives no score for a judge that answers %j', async (text) => {
    const error = await scored(
      definition,
      scriptedJudge(() => text),
    ).catch((reason: unknown) => reason);
    expect(describeError(error)).toMatch(/^the judge did not answer in the form asked for: "/);
  });
});

describe('what a judge is shown', () => {
  const shown = async (definition: MetricDefinition, more = {}, holds = [true]) => {
    const scripted = scriptedJudge(() => items(...holds));
    await scored(definition, scripted, more);
    return scripted.asked[0]?.messages[1]?.content ?? '';
  };

  it('is the source for faithfulness, the question for relevance, the reference for completeness', async () => {
    expect(await shown(faithfulness)).toContain(input.context);
    expect(await shown(faithfulness)).not.toContain('a town');
    expect(await shown(answerRelevance)).toContain(input.question);
    expect(await shown(answerRelevance)).not.toContain('a town');
    expect(await shown(completeness)).toContain('a town');
  });

  it('are the facts line by line, each of which must get its verdict', async () => {
    const reference = { facts: ['It is\n a city.', 'It is old.'] };
    expect(await shown(completeness, { reference }, [true, false])).toContain(
      '\nIt is a city.\nIt is old.\n',
    );
    await expect(shown(completeness, { reference }, [true])).rejects.toThrow('the judge did not answer');
  });
});

describe("a judge's list", () => {
  it('may stand in a code fence', () => {
    const answer = `\`\`\`json\n${items(true)}\n\`\`\`\n`;
    expect(readChecklist(answer)).toEqual([{ item: 'claim 1', holds: true }]);
    expect(readChecklist(answer.replaceAll('\n', '\r\n'))).toEqual([{ item: 'claim 1', holds: true }]);
  });
});
