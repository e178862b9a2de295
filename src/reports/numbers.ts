import type { Interval, MetricSummary } from '../evaluation/scorecard.ts';

export type Unit = MetricSummary['unit'];

/** Stands where there is no number. */
export const noNumber = '–';

const MINUS = '\u2212';

/** A metric's value: `71.4 %`, `840 ms`, `1.24 s`, `312`, `$0.0041`. */
export function formatValue(value: number | null, unit: Unit): string {
  if (value === null) return noNumber;
  if (unit === 'ratio') return `${percent(value)} %`;
  if (unit === 'ms') return formatMilliseconds(value);
  return unit === 'tokens' ? formatTokens(value) : formatDollars(value);
}

/** The interval of a value: `61.9 to 79.0 %`, `812 ms to 1.02 s`. */
export function formatInterval(interval: Interval | null, unit: Unit): string {
  if (interval === null) return noNumber;
  const [low, high] = interval;
  const from = unit === 'ratio' ? percent(low) : formatValue(low, unit);
  return `${from} to ${formatValue(high, unit)}`;
}

/** head - base, always signed: `+38.1 points`, `−120 ms`. A difference that rounds to nothing has no sign. */
export function formatDifference(difference: number | null, unit: Unit): string {
  if (difference === null) return noNumber;
  return unit === 'ratio' ? `${signed(difference, percent)} points` : signedValue(difference, unit);
}

/** The size of a difference, without a sign: `8.0 points`, `30 ms`. */
export function formatSize(size: number | null, unit: Unit): string {
  if (size === null) return noNumber;
  return unit === 'ratio' ? `${percent(size)} points` : formatValue(size, unit);
}

/** The interval of a difference: `+27.6 to +48.6` (points), `−120 ms to +30 ms`. */
export function formatDifferenceInterval(interval: Interval | null, unit: Unit): string {
  if (interval === null) return noNumber;
  const format = (end: number) => (unit === 'ratio' ? signed(end, percent) : signedValue(end, unit));
  return `${format(interval[0])} to ${format(interval[1])}`;
}

/** A relative difference, always signed: `+9.1 %`. */
export function formatChange(ratio: number | null): string {
  return ratio === null ? noNumber : `${signed(ratio, percent)} %`;
}

/** A p-value for a column headed p: `< .001`, `.034`, `> .999`. */
export function formatP(p: number | null): string {
  if (p === null) return noNumber;
  if (p < 0.001) return '< .001';
  if (p > 0.999) return '> .999';
  return p.toFixed(3).replace(/^0/, '');
}

/** A p-value in a sentence: `p < .001`, `p = .034`. */
export function describeP(p: number): string {
  const text = formatP(p);
  return text.startsWith('.') ? `p = ${text}` : `p ${text}`;
}

/** A figure that no line break parts from its unit, for narrow columns. */
export function unbroken(figure: string): string {
  return figure.replaceAll(' ', '\u00A0');
}

/** A whole number with its thousands apart: `12,480`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `1 example`, `105 examples`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Dollars with as many digits as tell something: `$12.40`, `$0.0312`, `$0.0000014`; `unknown` without a price. */
export function formatDollars(usd: number | null): string {
  if (usd === null) return 'unknown';
  if (usd === 0 || usd >= 1) {
    return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  }
  const digits = usd >= 0.01 ? 4 : Math.min(20, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(digits)}`;
}

/** A moment in ISO 8601, UTC, for people: `2026-03-01 14:05:09 UTC`. */
export function formatMoment(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

/** A stretch of wall-clock time in its two largest units: `840 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 59_950) return formatMilliseconds(milliseconds);
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function formatMilliseconds(milliseconds: number): string {
  if (milliseconds < 999.5)
    return `${milliseconds.toFixed(milliseconds > 0 && milliseconds < 9.95 ? 1 : 0)} ms`;
  const seconds = milliseconds / 1000;
  return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
}

function formatTokens(tokens: number): string {
  return tokens < 99.95 && !Number.isInteger(tokens) ? tokens.toFixed(1) : formatCount(tokens);
}

function percent(ratio: number): string {
  return (100 * ratio).toFixed(1);
}

function signedValue(difference: number, unit: Unit): string {
  return signed(difference, (size) => formatValue(size, unit));
}

function signed(value: number, format: (size: number) => string): string {
  const size = format(Math.abs(value));
  if (!/[1-9]/.test(size)) return size;
  return `${value < 0 ? MINUS : '+'}${size}`;
}
