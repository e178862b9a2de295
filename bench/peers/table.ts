/** One line of the comparison; a value that was not measured is null. */
export type Line = {
  readonly what: string;
  readonly unit: 's' | 'MB' | 'rows';
  readonly promptline: number;
  readonly loop: number | null;
  readonly promptfoo: number | null;
  readonly target: Target;
};

type Target =
  /** At most so many times the fetch loop's value. */
  { readonly timesLoop: number } | { readonly atMost: number } | { readonly exactly: number };

export function markdownTable(lines: readonly Line[]): string {
  const head = [
    'what',
    'promptline',
    'fetch loop',
    'promptfoo',
    'promptline / loop',
    'promptfoo / promptline',
    'target',
    'held',
  ];
  const rows = [head, head.map(() => '---'), ...lines.map(cells)];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cells({ what, unit, promptline, loop, promptfoo, target }: Line): string[] {
  const shown = (value: number | null) => (value === null ? '' : `${rounded(value, unit)} ${unit}`);
  return [
    what,
    shown(promptline),
    shown(loop),
    shown(promptfoo),
    ratio(promptline, loop),
    promptfoo === null ? '' : ratio(promptfoo, promptline),
    describe(target, unit),
    isHeld(target, promptline, loop) ? 'yes' : 'NO',
  ];
}

function rounded(value: number, unit: Line['unit']): string {
  return unit === 's' ? value.toFixed(2) : value.toFixed(0);
}

function ratio(value: number, against: number | null): string {
  return against === null ? '' : (value / against).toFixed(2);
}

function describe(target: Target, unit: Line['unit']): string {
  if ('timesLoop' in target) return `at most ${target.timesLoop} times the loop`;
  return 'atMost' in target ? `at most ${target.atMost} ${unit}` : `${target.exactly} ${unit}`;
}

function isHeld(target: Target, value: number, loop: number | null): boolean {
  if ('timesLoop' in target) return loop !== null && value <= target.timesLoop * loop;
  return 'atMost' in target ? value <= target.atMost : value === target.exactly;
}
