import { diffWordsWithSpace } from 'diff';

/** A stretch of words. Raw text. */
export type WordRun = { readonly kind: 'same' | 'added' | 'removed'; readonly text: string };

/** Texts longer than this are compared line by line alone: a word difference of them is slow, and nobody reads it. */
const LONGEST = 6_000;
/** Words kept on either side of a change. */
const CONTEXT = 12;
/** Changes with no more words than this between them are read as one. */
const BRIDGE = 3;

/** What became of a text, word by word, with a few words around each change; empty when nothing did, or for a very long text. */
export function diffWords(base: string, head: string): readonly WordRun[] {
  if (base === head || base.length > LONGEST || head.length > LONGEST) return [];
  const runs = bridged(
    diffWordsWithSpace(base, head).map(
      ({ added, removed, value }): WordRun => ({
        kind: added ? 'added' : removed ? 'removed' : 'same',
        text: value,
      }),
    ),
  );
  return runs.map((run, index) =>
    run.kind === 'same' ? { ...run, text: shortened(run.text, index > 0, index < runs.length - 1) } : run,
  );
}

/** Neighbouring changes as one removal and one addition, with the few words between them on both sides. */
function bridged(runs: readonly WordRun[]): readonly WordRun[] {
  const joined: WordRun[] = [];
  let removed = '';
  let added = '';
  const flush = () => {
    if (removed !== '') joined.push({ kind: 'removed', text: removed });
    if (added !== '') joined.push({ kind: 'added', text: added });
    removed = '';
    added = '';
  };
  for (const [index, { kind, text }] of runs.entries()) {
    const isBetween = removed + added !== '' && index < runs.length - 1;
    const isBridge = kind === 'same' && isBetween && wordsOf(text).length <= BRIDGE;
    if (kind === 'same' && !isBridge) {
      flush();
      joined.push({ kind, text });
    } else {
      if (kind !== 'added') removed += text;
      if (kind !== 'removed') added += text;
    }
  }
  flush();
  return joined;
}

/** Words with the white space after them. */
function wordsOf(text: string): string[] {
  return text.split(/(?<=\s)(?=\S)/).filter((word) => word.trim() !== '');
}

/** The words of unchanged text next to a change. */
function shortened(text: string, isAfterChange: boolean, isBeforeChange: boolean): string {
  const words = wordsOf(text);
  const kept = (isAfterChange ? CONTEXT : 0) + (isBeforeChange ? CONTEXT : 0);
  if (words.length <= kept + 1) return text;
  const start = isAfterChange ? words.slice(0, CONTEXT) : [];
  const end = isBeforeChange ? words.slice(-CONTEXT) : [];
  return `${start.join('')}… ${end.join('')}`;
}
