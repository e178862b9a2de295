/** A hidden rule of the instruction world: a parcel that carries the mark needs the code. */
export type Rule = { readonly mark: string; readonly code: string };

/** How a rule stands in an instruction, and how feedback names it. */
export function sentenceOf({ mark, code }: Rule): string {
  return `A ${mark} parcel needs the code ${code}.`;
}

/** The rules that a text states, in order. */
export function statedRules(text: string): Rule[] {
  return [...text.matchAll(/\b[Aa] (\w+) parcel needs the code (K\d+)/g)].map(([, mark = '', code = '']) => ({
    mark,
    code,
  }));
}
