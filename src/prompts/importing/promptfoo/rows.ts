import { checksMetric, shortestAnswer } from '../checks.ts';
import { counted, type ImportedRow, type MetricEntry } from '../imported.ts';
import { type Asked, sortAssertions } from './assertions.ts';
import type { TestCase } from './tests.ts';

type ImportedTests = {
  readonly rows: readonly ImportedRow[];
  readonly metrics: Readonly<Record<string, MetricEntry>>;
  readonly notes: readonly string[];
};

type AskedRow = {
  readonly input: Record<string, string>;
  readonly asked: Asked;
  readonly answer: string;
  readonly id: string;
};

/**
 * Test cases as rows. A row needs a reference answer: what the answer equals or should mean, else the shortest text its checks accept; a
 * test that names none is left out.
 * @param inputs placeholders of the prompts; a test that leaves one out fills it with nothing, as in promptfoo
 */
export function importRows(tests: readonly TestCase[], inputs: readonly string[]): ImportedTests {
  const notes: string[] = [];
  const rows: AskedRow[] = [];
  const empty = Object.fromEntries(inputs.map((name) => [name, '']));
  for (const [index, { vars, assertions }] of tests.entries()) {
    const asked = sortAssertions(assertions, vars);
    const answer = referenceOf(asked);
    if (answer !== undefined)
      rows.push({ id: String(index + 1), input: { ...empty, ...vars }, asked, answer });
  }
  const without = tests.length - rows.length;
  if (without > 0)
    notes.push(`${counted(without, 'test')} left out: no assertion names an answer, and a row needs one`);
  const guessed = rows.filter(({ asked }) => isGuessed(asked)).length;
  if (guessed > 0)
    notes.push(
      `the reference answer of ${counted(guessed, 'row')} is the shortest text its checks accept: write better ones where you have them`,
    );
  const others = Map.groupBy(
    tests.flatMap(({ vars, assertions }) => sortAssertions(assertions, vars).others),
    (type) => type,
  );
  for (const [type, all] of others)
    notes.push(`${counted(all.length, `${type} assertion`)} left out: no metric does it`);
  const metrics = metricsOf(rows, notes);
  const isChecked = Object.hasOwn(metrics, 'checks');
  const isJudged = Object.hasOwn(metrics, 'rubric') && sharedRubric(rows) === undefined;
  return {
    rows: rows.map(({ id, input, asked, answer }) => ({
      id,
      input,
      expected: {
        text: answer,
        ...(isChecked && asked.checks.length > 0 && { checks: asked.checks }),
        ...(isJudged && { rubric: asked.rubrics.join('\n') }),
      },
    })),
    metrics,
    notes,
  };
}

function referenceOf({ checks, references }: Asked): string | undefined {
  const equal = checks.find(({ type }) => type === 'equals')?.value;
  const [reference] = references;
  const answer = typeof equal === 'string' ? equal : (reference ?? shortestAnswer(checks));
  return answer === undefined || answer.trim() === '' ? undefined : answer;
}

function isGuessed({ checks, references }: Asked): boolean {
  return references.length === 0 && !checks.some(({ type }) => type === 'equals');
}

function metricsOf(rows: readonly AskedRow[], notes: string[]): Record<string, MetricEntry> {
  if (rows.length === 0) return {};
  const metrics: Record<string, MetricEntry> = {};
  const all = (holds: (asked: Asked) => boolean) => rows.every(({ asked }) => holds(asked));
  const some = (holds: (asked: Asked) => boolean) => rows.some(({ asked }) => holds(asked));
  if (all(({ checks }) => checks.length === 1 && checks[0]?.type === 'equals'))
    metrics['exact_match'] = { field: 'text', weight: 1, gate: { maxDrop: 0.05 } };
  else if (some(({ checks }) => checks.length > 0)) metrics['checks'] = checksMetric;

  if (all(({ rubrics }) => rubrics.length > 0)) metrics['rubric'] = judgeOf(sharedRubric(rows));
  else if (some(({ rubrics }) => rubrics.length > 0))
    notes.push('llm-rubric left out: a judge metric needs a rubric for every row');

  if (some(({ references }) => references.length > 0)) {
    metrics['token_f1'] = { field: 'text', ...(Object.keys(metrics).length === 0 && { weight: 1 }) };
    notes.push(
      'similar and factuality are token_f1: it compares words; `similarity` with an embedding model compares meaning',
    );
  }
  for (const type of ['latency', 'cost'])
    if (some(({ measured }) => measured.includes(type))) {
      metrics[type] = {};
      notes.push(`${type} is reported without its threshold: \`gate: { max: ... }\` sets one for the mean`);
    }
  return metrics;
}

const choices = { yes: 1, partly: 0.5, no: 0 };

function judgeOf(rubric: string | undefined): MetricEntry {
  if (rubric !== undefined) return { use: 'judge', rubric, choices, weight: 1 };
  return {
    use: 'judge',
    rubric: 'The reference says what the answer must fulfil. Does the answer fulfil it?',
    reference: 'rubric',
    choices,
    weight: 1,
  };
}

/** The rubric of all rows, where they have the same. */
function sharedRubric(rows: readonly AskedRow[]): string | undefined {
  const rubrics = new Set(rows.map(({ asked }) => asked.rubrics.join('\n')));
  const [only] = rubrics;
  return rubrics.size === 1 ? only : undefined;
}
