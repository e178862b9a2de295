import { inputError, type PromptlineError } from '../../errors.ts';
import { type CustomScorer, FatalMetricError } from '../../metrics/definition.ts';
import { terminalText } from '../../reports/hostile.ts';
import type { MetricProcess, ProcessEvents } from './process.ts';
import type { CodeFailure, ProcessMessage } from './protocol.ts';

export type ProcessScorer = CustomScorer & {
  /** Fails what is being scored and ends the process; nothing is started after it. */
  close(): Promise<void>;
};

type Row = {
  readonly input: unknown;
  readonly timeoutMs: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Runs from when the code began with it. */
  timer?: NodeJS.Timeout;
};

const MAX_RESTARTS = 5;

const HINT =
  'Mend the code; it has no network and no environment, starts no process and reads the repository alone';

/**
 * Scores through a process that is started for the first example, and again for what comes after its end, five times at
 * most. The end of a process fails the examples that its code had begun with; before its code was loaded, all that wait.
 */
export function customScorer(file: string, start: (events: ProcessEvents) => MetricProcess): ProcessScorer {
  const rows = new Map<number, Row>();
  let current: MetricProcess | null = null;
  let loading: NodeJS.Timeout | undefined;
  let isReady = false;
  let isClosed = false;
  let starts = 0;
  let lastId = 0;
  let lastEnd = '';

  const settle = (id: number, how: (row: Row) => void) => {
    const row = rows.get(id);
    if (!row) return;
    clearTimeout(row.timer);
    rows.delete(id);
    how(row);
  };
  const fail = (id: number, failure: CodeFailure) =>
    settle(id, ({ reject }) => reject(failed(file, failure)));

  const limitLoading = () => {
    const limit = Math.max(...[...rows.values()].map(({ timeoutMs }) => timeoutMs));
    loading = setTimeout(() => current?.end(`took longer than ${seconds(limit)} to load`), limit);
  };
  const limitScoring = (id: number) => {
    const row = rows.get(id);
    if (!row) return;
    const took = `took longer than ${seconds(row.timeoutMs)}`;
    row.timer = setTimeout(() => {
      fail(id, { message: took });
      current?.end(`its process was ended, because another example ${took}`);
    }, row.timeoutMs);
  };

  const onMessage = (message: ProcessMessage) => {
    if (message.kind === 'loading') limitLoading();
    else if (message.kind === 'ready') {
      isReady = true;
      clearTimeout(loading);
    } else if (message.kind === 'begun') limitScoring(message.id);
    else if (message.kind === 'scored') settle(message.id, ({ resolve }) => resolve(message.result));
    else if (message.kind === 'failed') fail(message.id, message.failure);
  };
  const onEnd = (failure: CodeFailure) => {
    clearTimeout(loading);
    current = null;
    lastEnd = failure.message;
    for (const [id, { timer }] of rows) if (timer || !isReady) fail(id, failure);
    if (rows.size > 0) launch();
  };

  /** Starts a process and hands it all that waits. */
  const launch = () => {
    try {
      if (starts > MAX_RESTARTS) throw exhausted(file, lastEnd);
      current = start({ onMessage, onEnd });
      starts += 1;
      isReady = false;
      for (const [id, { input }] of rows) current.send({ id, input });
    } catch (error) {
      for (const id of rows.keys()) settle(id, ({ reject }) => reject(error));
    }
  };

  return {
    score: (input, timeoutMs) =>
      new Promise((resolve, reject) => {
        if (isClosed) throw inputError(`the run is over, and ${file} scores nothing more`);
        const id = ++lastId;
        rows.set(id, { input, timeoutMs, resolve, reject });
        if (current) current.send({ id, input });
        else launch();
      }),
    async close() {
      isClosed = true;
      for (const id of rows.keys()) fail(id, { message: 'was stopped, because the run ended' });
      current?.end('the run ended');
      await current?.ended;
    },
  };
}

function failed(file: string, { message, file: where, line }: CodeFailure): PromptlineError {
  return inputError(terminalText(message), HINT, {
    file: where === undefined ? file : terminalText(where),
    ...(line !== undefined && { line }),
  });
}

function exhausted(file: string, lastEnd: string): FatalMetricError {
  return new FatalMetricError(
    'input',
    `its process ended ${MAX_RESTARTS + 1} times and is not started again; the last time: ${terminalText(lastEnd)}`,
    { hint: HINT, location: { file } },
  );
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
