import type { OnProgress, Progress } from '../evaluation/progress.ts';
import type { PullProgress } from '../models/embedded/progress.ts';
import { terminalText } from '../reports/hostile.ts';

/** Where a command writes: results to stdout, everything said on the way to stderr. */
export type Terminal = {
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
  /** Overwrites one line while work goes on; null where that would fill a log. */
  readonly rewrite: ((line: string) => void) | null;
  readonly color: boolean;
  readonly columns: number;
  /** Milliseconds. */
  readonly now: () => number;
};

/** Between two progress lines in a log, milliseconds. */
const logEvery = 10_000;
const redrawEvery = 100;
/** A rate of less time than that is one of answers that came at once, not of the run. Seconds. */
const leastRated = 1;

/** Shows the progress of one part of a run. */
type ProgressLine = { readonly onProgress: OnProgress; end(): void };

/** Shows progress: done of total, rate, share from the store, failures, spend and the time left. */
export function showProgress(terminal: Terminal): ProgressLine {
  return progressBoard(terminal).open();
}

/**
 * Progress of parts that run at once: each has lines of its own in a log. Where one line is rewritten, a part alone has all of it, and
 * several share it, each with its name and how far it is.
 */
export function progressBoard(terminal: Terminal): { open(): ProgressLine } {
  const { rewrite } = terminal;
  const parts = new Map<symbol, Progress>();
  let drawn = terminal.now();
  const open = (): ProgressLine => {
    const part = Symbol('part');
    const started = terminal.now();
    let shown = started;
    let label = '';
    let labelStarted = started;
    let doneBefore = 0;
    const onProgress = (progress: Progress) => {
      const now = terminal.now();
      if (progress.label !== label) {
        label = progress.label;
        labelStarted = now;
        doneBefore = progress.done;
      }
      parts.set(part, progress);
      const complete = progress.done === progress.total;
      if (!complete && (rewrite ? now - drawn < redrawEvery : now - shown < logEvery)) return;
      [shown, drawn] = [now, now];
      const line = progressLine(progress, { seconds: (now - labelStarted) / 1000, since: doneBefore });
      if (!rewrite) terminal.note(line);
      else rewrite(parts.size > 1 ? sharedLine([...parts.values()], terminal.columns) : line);
    };
    const end = () => {
      parts.delete(part);
      if (parts.size === 0) rewrite?.('');
    };
    return { onProgress, end };
  };
  return { open };
}

/** Several parts in one line, cut where the terminal ends: a line that wraps cannot be rewritten. */
function sharedLine(parts: readonly Progress[], columns: number): string {
  const line = parts.map(({ label, done, total }) => `${terminalText(label)} ${done}/${total}`).join('   ');
  return line.length < columns ? line : `${line.slice(0, columns - 2)}…`;
}

/** Says which gates failed; a reason names a prompt, whose name is that of a file anyone may have added. */
export function noteGates(terminal: Terminal, reasons: readonly string[]): void {
  for (const reason of reasons) terminal.note(`gate failed: ${terminalText(reason)}`);
}

/** Shows how the download of an embedded model goes; one line for each part and phase where lines cannot be rewritten. */
export function showPull(terminal: Terminal): (progress: PullProgress) => void {
  let last = '';
  return ({ part, phase, bytes, totalBytes, percent }) => {
    const step = `${part} ${phase}`;
    const megabytes = `${Math.round(bytes / 1e6)} of ${Math.round(totalBytes / 1e6)} MB`;
    const line = `embedded model  ${step}  ${megabytes}  ${percent} %`;
    if (phase === 'ready') terminal.rewrite?.('');
    else if (terminal.rewrite) terminal.rewrite(line);
    else if (step !== last) terminal.note(line);
    last = step;
  };
}

/** One line of progress. `since` is what was done when the `seconds` began. */
function progressLine(progress: Progress, { seconds, since }: { seconds: number; since: number }): string {
  const { label, done, total, cached, failed, usd } = progress;
  const rate = seconds >= leastRated ? (done - since) / seconds : 0;
  const left = rate > 0 ? Math.ceil((total - done) / rate) : null;
  const parts = [
    `${terminalText(label)}  ${done}/${total}`,
    rate > 0 ? `${rate >= 10 ? rate.toFixed(0) : rate.toFixed(1)}/s` : '',
  ];
  if (cached > 0) parts.push(`${cached} stored`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (usd !== null && usd > 0) parts.push(`$${usd.toFixed(4)}`);
  if (left !== null && done < total) parts.push(`${duration(left)} left`);
  return parts.filter((part) => part !== '').join('  ');
}

function duration(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
