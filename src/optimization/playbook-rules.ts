/** An instruction and the rules at its end. */
export type Playbook = { readonly instruction: string; readonly rules: readonly string[] };

/** A change of a list of rules; `rule` counts from 1. */
export type Operation =
  | { readonly kind: 'add'; readonly text: string }
  | { readonly kind: 'replace'; readonly rule: number; readonly text: string }
  | { readonly kind: 'remove'; readonly rule: number };

const heading = 'Rules:';
const mostRules = 12;
const longestRule = 300;

/** A list mark, the verb, a number, a colon and the rest. */
const operation = /^(?:[-*•] |\d+[.)] )?(ADD|REPLACE|REMOVE)\b ?(\d*) ?(:?)(.*)$/;

/** Takes the rules off the end of an instruction, the author's own too; one without them is returned whole. */
export function readPlaybook(text: string): Playbook {
  const at = text.lastIndexOf(`\n\n${heading}\n- `);
  if (at < 0) return { instruction: text, rules: [] };
  const lines = text.slice(at).trim().split('\n').slice(1);
  if (!lines.every((line) => line.startsWith('- '))) return { instruction: text, rules: [] };
  return { instruction: text.slice(0, at), rules: lines.map((line) => line.slice(2).trim()) };
}

/** Writes the rules to the end of an instruction, one a line, as people would. */
export function writePlaybook(instruction: string, rules: readonly string[]): string {
  if (rules.length === 0) return instruction;
  return [`${instruction}\n`, heading, ...rules.map((rule) => `- ${rule}`)].join('\n');
}

/** Reads lines such as `ADD: ...`, `REPLACE 2: ...`, `REMOVE 3`, listed or bold or plain; anything else is left out. */
export function readOperations(answer: string): Operation[] {
  return answer.split(/[\r\n\u2028\u2029]+/).flatMap((line): Operation[] => {
    const [, verb, number, colon, rest = ''] = operation.exec(line.replaceAll('**', '').trim()) ?? [];
    const text = rest.replace(/\s+/g, ' ').trim();
    const rule = Number(number);
    const isText = colon === ':' && text !== '' && text.length <= longestRule;
    if (verb === 'ADD' && isText) return [{ kind: 'add', text }];
    if (verb === 'REPLACE' && rule >= 1 && isText) return [{ kind: 'replace', rule, text }];
    if (verb === 'REMOVE' && rule >= 1) return [{ kind: 'remove', rule }];
    return [];
  });
}

/** The rules after the operations, numbers being those before them; repeats are left out, and rules beyond twelve. */
export function applyOperations(rules: readonly string[], operations: readonly Operation[]): string[] {
  const replaced = rules.flatMap((text, index) => {
    const mine = operations.filter((operation) => operation.kind !== 'add' && operation.rule === index + 1);
    const last = mine.at(-1);
    if (last?.kind === 'remove') return [];
    return [last?.kind === 'replace' ? last.text : text];
  });
  const added = operations.flatMap((operation) => (operation.kind === 'add' ? [operation.text] : []));
  return [...new Set([...replaced, ...added])].slice(0, mostRules);
}
