import type { LlamaSequence, Token } from './runtime.ts';

type Slot = {
  readonly sequence: LlamaSequence;
  /** The prefix whose state the sequence holds; null while it holds none that is complete. */
  prefix: string | null;
};

/**
 * The states of the last few prefixes, so that requests of one prompt evaluate its prefix once.
 *
 * A prefix is always evaluated from an empty sequence, in pieces of the same length. Starting from the
 * longest prefix in common with what was asked before would save more, but floating-point sums depend on how
 * tokens are batched: a greedy answer could then depend on earlier requests.
 */
export class PrefixSlots {
  /** The least recently used first. */
  readonly #slots: Slot[];
  readonly #batchSize: number;

  constructor(sequences: readonly LlamaSequence[], batchSize: number) {
    this.#slots = sequences.map((sequence) => ({ sequence, prefix: null }));
    this.#batchSize = batchSize;
  }

  /** A sequence that holds the state of exactly this prefix, ready for what follows it. */
  async sequenceAfter(prefix: readonly Token[], signal?: AbortSignal): Promise<LlamaSequence> {
    const key = prefix.join(' ');
    const found = this.#slots.findIndex((slot) => slot.prefix === key);
    const [slot] = this.#slots.splice(Math.max(found, 0), 1);
    if (!slot) throw new RangeError('there are no slots');
    this.#slots.push(slot);
    if (found >= 0) await truncate(slot.sequence, prefix.length);
    else await this.#fill(slot, prefix, key, signal);
    return slot.sequence;
  }

  async #fill(slot: Slot, prefix: readonly Token[], key: string, signal?: AbortSignal): Promise<void> {
    slot.prefix = null;
    await slot.sequence.clearHistory();
    for (let start = 0; start < prefix.length; start += this.#batchSize) {
      signal?.throwIfAborted();
      await slot.sequence.evaluateWithoutGeneratingNewTokens(prefix.slice(start, start + this.#batchSize));
    }
    slot.prefix = key;
  }
}

async function truncate(sequence: LlamaSequence, length: number): Promise<void> {
  if (sequence.nextTokenIndex > length) {
    await sequence.eraseContextTokenRanges([{ start: length, end: sequence.nextTokenIndex }]);
  }
}
