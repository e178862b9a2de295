/** An answer that does harm where it is shown raw; the name says what it tries. */
export type HostileCompletion = { readonly name: string; readonly text: string };

/** Each text of a family under a name of its own. */
export function family(name: string, texts: readonly string[]): readonly HostileCompletion[] {
  return texts.map((text, index) => ({ name: `${name} ${index + 1}`, text }));
}
