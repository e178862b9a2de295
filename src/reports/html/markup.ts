import { htmlText } from '../hostile.ts';

/** HTML that is safe to put into a page: made by `html` alone. */
export class Markup {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  toString(): string {
    return this.#source;
  }
}

type Part = Markup | string | number | null | readonly Part[];

/**
 * A template that makes every inserted text inert; only other Markup goes in as it is. Attributes must be quoted.
 * Null inserts nothing, a list its entries one after another.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...parts.map(insert)));
}

function insert(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.toString();
  if (typeof part === 'string') return htmlText(part);
  return typeof part === 'number' ? String(part) : part.map(insert).join('');
}
