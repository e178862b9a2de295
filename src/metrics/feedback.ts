const ITEMS_SHOWN = 10;

/** `title: a, b, c and 5 more`, or nothing where there is no item. */
export function enumerate<T>(title: string, items: readonly T[], describe: (item: T) => string): string {
  if (items.length === 0) return '';
  const shown = items.slice(0, ITEMS_SHOWN).map(describe).join(', ');
  const more = items.length - ITEMS_SHOWN;
  return `${title}: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
