import { contentWords } from '../../language/words.ts';

/** Rows that share less of their words (Jaccard's index) speak of different things. */
const SAME_TOPIC = 1 / 3;

type Topic = { readonly cluster: string; readonly isKnown: boolean; readonly size: number };

/** Puts rows that speak of the same things together, by the words that carry meaning. */
export type Topics = {
  /** A row of the datasets, with its cluster. */
  addKnown(text: string, cluster: string): void;
  /**
   * The cluster of a new row: that of the row most like it, of equals the first, else its own id.
   * @returns also whether no row of the datasets speaks of it
   */
  place(text: string, id: string): { readonly cluster: string; readonly isNew: boolean };
};

export function createTopics(): Topics {
  const topics: Topic[] = [];
  /** By word, the topics that have it, by their places. */
  const places = new Map<string, number[]>();
  function add(words: ReadonlySet<string>, topic: Omit<Topic, 'size'>): void {
    const place = topics.push({ ...topic, size: words.size }) - 1;
    for (const word of words) {
      const others = places.get(word);
      if (others) others.push(place);
      else places.set(word, [place]);
    }
  }
  /** How many words each topic has in common with some: counted at once, since comparing set with set takes many times longer. */
  function sharedWith(words: ReadonlySet<string>): Uint32Array {
    const shared = new Uint32Array(topics.length);
    for (const word of words)
      for (const place of places.get(word) ?? []) shared[place] = (shared[place] ?? 0) + 1;
    return shared;
  }
  return {
    addKnown: (text, cluster) => add(wordsOf(text), { cluster, isKnown: true }),
    place(text, id) {
      const words = wordsOf(text);
      const shared = sharedWith(words);
      let [nearest, cluster, isNew] = [0, id, true];
      for (const [place, topic] of topics.entries()) {
        const both = shared[place] ?? 0;
        const likeness = both / (words.size + topic.size - both);
        if (!(likeness >= SAME_TOPIC)) continue;
        if (topic.isKnown) isNew = false;
        if (likeness > nearest) [nearest, cluster] = [likeness, topic.cluster];
      }
      add(words, { cluster, isKnown: false });
      return { cluster, isNew };
    },
  };
}

/** Placeholders of what was taken out say nothing of the topic. */
function wordsOf(text: string): ReadonlySet<string> {
  return new Set(contentWords(text.replace(/<[A-Z][A-Z0-9_]*_\d+>/gu, ' ')));
}
