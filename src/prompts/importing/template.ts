import { placeholders } from '../render.ts';

/** A template in our form, or why it cannot be one. */
export type Template =
  | { readonly text: string; readonly note: string | null }
  | { readonly text: null; readonly why: string };

/** What stands between double braces and is more than a plain name: a filter, a path, a condition. */
const logic = /\{%|\{#|\{\{[^{}]*\}\}/g;

/** Takes a template of double braces over. Logic in it (conditions, filters, paths) has no counterpart: a prompt is plain text. */
export function doubleBraces(text: string): Template {
  const plain = new Set(text.match(/\{\{\s*[A-Za-z_][\w-]*\s*\}\}/g));
  const found = text.match(logic)?.find((part) => !plain.has(part));
  if (found !== undefined)
    return { text: null, why: `it holds template logic (${found.slice(0, 40)}), and prompts are plain text` };
  return { text, note: null };
}

/** The forms of a placeholder other than ours, each with what it writes for a plain brace or dollar sign. */
const forms: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  // As Python's format strings.
  { name: '{name}', pattern: /\{\{|\}\}|(?<!\$)\{([A-Za-z_]\w*)\}/g },
  // As shells and Python's templates.
  { name: `\${name}`, pattern: /\$\$|\$\{([A-Za-z_]\w*)\}/g },
  { name: '$name', pattern: /\$\$|\$([A-Za-z_]\w*)/g },
];

/** Takes a plain text over whose placeholders are `{{name}}`, `{name}`, `${name}` or `$name`: the first of these that it holds. */
export function anyPlaceholders(text: string): Template {
  const doubled = doubleBraces(text);
  if (placeholders(text).length > 0) return doubled;
  for (const { name, pattern } of forms) {
    const filled = text.replace(pattern, (match, input?: string) =>
      input === undefined ? match.slice(0, 1) : `{{${input}}}`,
    );
    if (placeholders(filled).length > 0)
      return { text: filled, note: `its placeholders ${name} are {{name}} now` };
  }
  return doubled.text === null
    ? doubled
    : { text: null, why: 'it holds no placeholder ({{name}}, {name} or $name)' };
}

/** Fills the placeholders of a text with what is known; what is not is empty, as in the tools that texts come from. */
export function fillKnown(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g, (_, name: string) =>
    String((Object.hasOwn(values, name) ? values[name] : undefined) ?? ''),
  );
}
