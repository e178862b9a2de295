import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openAnswerDatabase } from './answer-database.ts';
import { storeError } from './answer-store-errors.ts';
import { asking, type Completion, type CompletionRequest, type Model } from './model.ts';

/** Answers on disk, by content. Several processes may use one file at the same time. */
export type AnswerStore = {
  /** The stored answer, with `cached: true`; undefined when there is none. Throws as `put` does. */
  get(key: string): Completion | undefined;
  /**
   * Stores an answer; it survives a kill of the process from the moment the promise resolves. The first answer of
   * a key stays: false when another process was first. Answers that arrive together are stored in one transaction.
   * Rejects with a fatal ModelError when the file cannot be written, saying what is saved.
   */
  put(key: string, completion: Completion, modelId: string): Promise<boolean>;
  /** What this process did: answers found, not found, and stored. */
  readonly stats: { readonly found: number; readonly missing: number; readonly stored: number };
  has(key: string): boolean;
  /** The mean number of tokens of a model's stored answers; null without one. */
  meanOutputTokens(modelId: string): number | null;
  close(): void;
};

/**
 * The key of an answer: sha256, hex, over everything that decides it.
 * @param identity the model's
 */
export function answerKey(identity: string, request: CompletionRequest): string {
  const { temperature, topP, maxTokens, stop, seed } = request.parameters;
  // The order is fixed here and JSON leaves undefined out, so equal requests give equal bytes.
  const canonical = JSON.stringify({
    identity,
    messages: request.messages.map(({ role, content }) => [role, content]),
    parameters: { maxTokens, seed, stop, temperature, topP },
    repeat: request.repeat,
  });
  return createHash('sha256').update(canonical).digest('hex');
}

/**
 * Opens a store, making the file and its folder when they do not exist.
 *
 * SQLite with a write-ahead log and `synchronous = NORMAL`: a commit has reached the operating system when
 * `put` returns, so a killed process loses nothing; a power cut may lose the last answers but never harms
 * the file.
 * @throws {PromptlineError} the file is something else, is of a newer version, or cannot be opened
 */
export function openAnswerStore(path: string): AnswerStore {
  const database = openAnswerDatabase(path);
  const select = database.prepare('SELECT * FROM answers WHERE key = ?');
  const insert = database.prepare(
    'INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
  );
  const average = database.prepare('SELECT avg(output_tokens) AS mean FROM answers WHERE model = ?');
  const stats = { found: 0, missing: 0, stored: 0 };
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeError(error, path, stats.stored);
    }
  };
  let waiting: Waiting[] = [];
  const commit = () => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      const isNew = guarded(() => inTransaction(database, () => batch.map((each) => store(insert, each))));
      stats.stored += isNew.filter(Boolean).length;
      batch.forEach(({ resolve }, index) => void resolve(isNew[index] === true));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  return {
    stats,
    get(key) {
      const row = guarded(() => select.get(key));
      if (row) stats.found += 1;
      else stats.missing += 1;
      return row && readRow(row);
    },
    put(key, completion, modelId) {
      return new Promise((resolve, reject) => {
        const first = waiting.push({ key, completion, modelId, resolve, reject }) === 1;
        if (first) setImmediate(commit);
      });
    },
    has: (key) => guarded(() => select.get(key)) !== undefined,
    meanOutputTokens(modelId) {
      const mean = guarded(() => average.get(modelId))?.['mean'];
      return typeof mean === 'number' ? mean : null;
    },
    close() {
      commit();
      database.close();
    },
  };
}

/** An answer that is not yet on disk. */
type Waiting = {
  readonly key: string;
  readonly completion: Completion;
  readonly modelId: string;
  readonly resolve: (isNew: boolean) => void;
  readonly reject: (reason: unknown) => void;
};

/** False when the key has an answer already. */
function store(insert: StatementSync, { key, completion, modelId }: Waiting): boolean {
  const { text, inputTokens, outputTokens, usd, latencyMs, attempts, finishReason } = completion;
  const row = [key, modelId, text, inputTokens, outputTokens, usd, latencyMs, attempts, finishReason];
  return insert.run(...row).changes !== 0;
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Looks an answer up, else asks the model and stores the answer before it is used. A request that is
 * already under way in this process is not asked twice.
 */
export function withStore(model: Model, store: AnswerStore): Model {
  const underWay = new Map<string, { answer: Promise<Completion>; signal: AbortSignal | undefined }>();

  const ask = async (key: string, request: CompletionRequest, signal?: AbortSignal): Promise<Completion> => {
    const answer = await model.complete(request, signal);
    // A lone surrogate has no UTF-8 form: without this, the stored text would differ from the first one.
    const completion = { ...answer, text: answer.text.toWellFormed() };
    return (await store.put(key, completion, model.id)) ? completion : (store.get(key) ?? completion);
  };

  const complete = async (request: CompletionRequest, signal?: AbortSignal): Promise<Completion> => {
    const key = answerKey(model.identity, request);
    const stored = store.get(key);
    if (stored) return stored;
    const other = underWay.get(key);
    if (!other) {
      const answer = ask(key, request, signal).finally(() => underWay.delete(key));
      underWay.set(key, { answer, signal });
      return answer;
    }
    try {
      return { ...(await other.answer), cached: true };
    } catch (error) {
      // The other caller gave up; this one did not.
      if (other.signal?.aborted && !signal?.aborted) return complete(request, signal);
      throw error;
    }
  };

  return asking(model, complete);
}

function readRow(row: Record<string, unknown>): Completion {
  const usd = row['usd'];
  return {
    text: String(row['text']),
    inputTokens: Number(row['input_tokens']),
    outputTokens: Number(row['output_tokens']),
    usd: usd === null ? null : Number(usd),
    latencyMs: Number(row['latency_ms']),
    attempts: Number(row['attempts']),
    finishReason: readFinishReason(row['finish_reason']),
    cached: true,
  };
}

function readFinishReason(value: unknown): Completion['finishReason'] {
  return value === 'stop' || value === 'length' ? value : 'other';
}
