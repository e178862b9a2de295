/** Where the code of the imported checks is written. */
export const checksFile = 'metrics/checks.mjs';

/** One check of an answer's text, as a row's `expected.checks` holds it. `not-` before a type turns it round. */
export type Check = { readonly type: string; readonly value?: string | readonly string[] };

/** What a check's value is; types that are not here cannot be taken over. */
export const checkTypes: Readonly<Record<string, 'text' | 'texts' | 'none'>> = {
  equals: 'text',
  contains: 'text',
  icontains: 'text',
  'starts-with': 'text',
  'ends-with': 'text',
  regex: 'text',
  'contains-all': 'texts',
  'contains-any': 'texts',
  'icontains-all': 'texts',
  'icontains-any': 'texts',
  'is-json': 'none',
  'contains-json': 'none',
};

/** The metric that runs the checks of each row; it has no value for a row without any. */
export const checksMetric = {
  use: 'custom',
  file: checksFile,
  scale: 'binary',
  weight: 1,
  gate: { maxDrop: 0.05 },
} as const;

/**
 * The shortest answer that checks accept, as far as they say: the text asked for, else the parts asked for in a row. Undefined where they
 * name no text.
 */
export function shortestAnswer(checks: readonly Check[]): string | undefined {
  const values = (...types: string[]) =>
    types.flatMap((type) => checks.filter((check) => check.type === type).map(({ value }) => value ?? ''));
  const [equal] = values('equals').flat();
  if (equal !== undefined) return equal;
  const parts = [
    values('starts-with').flat(),
    values('contains', 'icontains', 'contains-all', 'icontains-all').flat(),
    values('contains-any', 'icontains-any').flatMap((value) =>
      Array.isArray(value) ? value.slice(0, 1) : [],
    ),
    values('ends-with').flat(),
  ].flat();
  const answer = [...new Set(parts)].join(' ').trim();
  return answer === '' ? undefined : answer;
}

/** The code of the metric, for the repository that the checks were imported into. */
export const checksCode = `// Written by \`promptline init\`: runs the checks that stand in a row's \`expected.checks\`, each {type, value}.
// 1 when the answer passes all of them, else 0; no value for a row without checks.
const lower = (text) => text.toLowerCase();
const list = (value) => [value ?? []].flat().map(String);

const tests = {
  equals: (answer, value) => answer.trim() === String(value).trim(),
  contains: (answer, value) => answer.includes(String(value)),
  icontains: (answer, value) => lower(answer).includes(lower(String(value))),
  'starts-with': (answer, value) => answer.trimStart().startsWith(String(value)),
  'ends-with': (answer, value) => answer.trimEnd().endsWith(String(value)),
  regex: (answer, value) => new RegExp(String(value)).test(answer),
  'contains-all': (answer, value) => list(value).every((part) => answer.includes(part)),
  'contains-any': (answer, value) => list(value).some((part) => answer.includes(part)),
  'icontains-all': (answer, value) => list(value).every((part) => lower(answer).includes(lower(part))),
  'icontains-any': (answer, value) => list(value).some((part) => lower(answer).includes(lower(part))),
  'is-json': (answer) => isJson(answer),
  'contains-json': (answer) => jsonParts(answer).some(isJson),
};

export default function checks({ output, example }) {
  const wanted = example.expected.checks;
  if (!Array.isArray(wanted) || wanted.length === 0) return null;
  const failed = wanted.filter((check) => !passes(output, check));
  const feedback = failed.map(({ type, value }) => \`fails \${type} \${JSON.stringify(value ?? '')}\`).join('; ');
  return { value: failed.length === 0 ? 1 : 0, feedback };
}

function passes(answer, { type, value }) {
  const negated = type.startsWith('not-');
  const test = tests[negated ? type.slice(4) : type];
  if (!test) throw new Error(\`there is no check "\${type}"; known: \${Object.keys(tests).join(', ')}\`);
  return test(answer, value) !== negated;
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// Every text between an opening bracket and the last closing one of its kind.
function jsonParts(text) {
  return [...text.matchAll(/[[{]/g)].map(({ 0: open, index }) =>
    text.slice(index, text.lastIndexOf(open === '{' ? '}' : ']') + 1),
  );
}
`;
