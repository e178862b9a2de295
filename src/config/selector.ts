/** A selector of PromQL that names its metric: no range, no offset, no function. */
export type Selector = {
  readonly name: string;
  /** As they were written, separated by commas; may be empty. */
  readonly matchers: string;
};

const quoted = String.raw`(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\`[^\`]*\`)`;
const matcher = String.raw`[a-zA-Z_]\w*\s*(?:=~|!~|!=|=)\s*${quoted}`;
const selector = new RegExp(
  String.raw`^\s*([a-zA-Z_:][\w:]*)\s*(?:\{\s*((?:${matcher}(?:\s*,\s*${matcher})*)?)\s*,?\s*\})?\s*$`,
);

/** Null where the text is none, such as one with a function or a range. */
export function parseSelector(text: string): Selector | null {
  const [, name, matchers = ''] = selector.exec(text) ?? [];
  return name === undefined ? null : { name, matchers };
}
