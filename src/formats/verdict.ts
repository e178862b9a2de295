/** A judge's verdict, and what it wrote before. */
export type Verdict = { readonly label: string; readonly reason: string };

const VERDICT = 'VERDICT: ';

/** How a judge must answer, for `readVerdict`. */
export function verdictFormat(labels: readonly string[]): string {
  return `First give your reasons in at most five sentences. Then end your answer with one line of its own, exactly \`${VERDICT}LABEL\`, where LABEL is one of: ${labels.join(', ')}.`;
}

/** The verdict in the last line of a judge's answer, letter by letter as it was asked for; null for anything else. */
export function readVerdict(text: string, labels: readonly string[]): Verdict | null {
  const lines = text.trimEnd().split(/\r?\n/u);
  const last = lines.pop() ?? '';
  const label = labels.find((known) => last === VERDICT + known);
  return label === undefined ? null : { label, reason: lines.join('\n').trim() };
}
