/** A label that stands out in a split, with its number of rows. */
export type RareLabel = { readonly label: string; readonly count: number; readonly fair: number };

/** A label with less than this share of what each would have in equal parts is rare. */
const RARE = 0.25;

/**
 * Labels with less than a quarter of their fair part of a split, those without a row included: what is measured there rests on
 * almost nothing.
 * @param labels of each row
 * @param known every label there is
 */
export function rareLabels(labels: readonly string[], known: readonly string[]): RareLabel[] {
  const counts = new Map(known.map((label) => [label, 0]));
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const fair = labels.length / counts.size;
  return [...counts]
    .filter(([, count]) => count < RARE * fair)
    .map(([label, count]) => ({ label, count, fair }))
    .sort((a, b) => a.count - b.count || (a.label < b.label ? -1 : 1));
}
