import { z } from 'zod';
import { type Check, checkTypes } from '../checks.ts';
import { fillKnown } from '../template.ts';

export const assertionSchema = z.looseObject({
  type: z.string(),
  value: z.unknown().optional(),
  threshold: z.number().optional(),
  provider: z.unknown().optional(),
});

export type Assertion = z.output<typeof assertionSchema>;

/** `contains: Paris` or `similar(0.8): Hello`, as a cell of a table holds it; without a type it is what the answer equals. */
export function readShortAssertion(text: string): Assertion {
  const [, type, threshold, value] =
    /^((?:not-)?[a-z]+(?:-[a-z]+)*)(?:\(([\d.]+)\))?:\s*([\s\S]*)$/.exec(text) ?? [];
  if (type === undefined || value === undefined) {
    // A type alone, as in `is-json`.
    const alone = text.trim();
    return kindOf(alone) === 'none' ? { type: alone } : { type: 'equals', value: text };
  }
  return {
    type: type === 'grade' ? 'llm-rubric' : type,
    value: kindOf(type) === 'texts' ? value.split(',').map((part) => part.trim()) : value,
    ...(threshold !== undefined && { threshold: Number(threshold) }),
  };
}

/** What the assertions of one test ask, by what becomes of them. */
export type Asked = {
  readonly checks: readonly Check[];
  readonly rubrics: readonly string[];
  /** Texts that the answer should mean. */
  readonly references: readonly string[];
  /** Types that are measured for all answers: latency and cost. */
  readonly measured: readonly string[];
  /** Types that are left out. */
  readonly others: readonly string[];
};

/** Sorts the assertions of a test; `{{name}}` in a value stands for a variable. */
export function sortAssertions(
  assertions: readonly Assertion[],
  vars: Readonly<Record<string, string>>,
): Asked {
  const checks: Check[] = [];
  const rubrics: string[] = [];
  const references: string[] = [];
  const measured: string[] = [];
  const others: string[] = [];
  for (const { type, value } of assertions) {
    const text = isText(value) ? fillKnown(String(value), vars) : undefined;
    const isFile = text?.startsWith('file://') === true;
    if (type === 'latency' || type === 'cost') measured.push(type);
    else if (type === 'llm-rubric' && text !== undefined && !isFile) rubrics.push(text);
    else if ((type === 'similar' || type === 'factuality') && text !== undefined && !isFile)
      references.push(text);
    else {
      const check = isFile ? null : checkOf(type, value, vars);
      if (check) checks.push(check);
      else others.push(type);
    }
  }
  return { checks, rubrics, references, measured, others };
}

function checkOf(type: string, value: unknown, vars: Readonly<Record<string, string>>): Check | null {
  const kind = kindOf(type);
  // A value beside `is-json` is a schema, which a check does not know.
  if (kind === 'none') return value === undefined ? { type } : null;
  if (kind === 'text') return isText(value) ? { type, value: fillKnown(String(value), vars) } : null;
  if (kind !== 'texts' || !Array.isArray(value) || !value.every(isText)) return null;
  return { type, value: value.map((part) => fillKnown(String(part), vars)) };
}

function kindOf(type: string): 'text' | 'texts' | 'none' | undefined {
  const plain = type.replace(/^not-/, '');
  return Object.hasOwn(checkTypes, plain) ? checkTypes[plain] : undefined;
}

function isText(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
