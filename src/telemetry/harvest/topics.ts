import { jaccard } from '../../datasets/near-copies.ts';
import { contentWords } from '../../language/words.ts';

/** Rows that share less of their words speak of different things. */
const SAME_TOPIC = 1 / 3;

type Topic = { readonly cluster: string; readonly isKnown: boolean; readonly words: ReadonlySet<string> };

/** Puts rows that speak of the same things together, by the words that carry meaning. */
export type Topics = {
  /** A row of the datasets, with its cluster. */
  addKnown(text: string, cluster: string): void;
  /**
   * The cluster of a new row: that of the row most like it, else its own id.
   * @returns also whether no row of the datasets speaks of it
   */
  place(text: string, id: string): { readonly cluster: string; readonly isNew: boolean };
};

export function createTopics(): Topics {
  const byWord = new Map<string, Topic[]>();
  function add(topic: Topic): void {
    for (const word of topic.words) {
      const others = byWord.get(word);
      if (others) others.push(topic);
      else byWord.set(word, [topic]);
    }
  }
  return {
    addKnown: (text, cluster) => add({ cluster, isKnown: true, words: wordsOf(text) }),
    place(text, id) {
      const words = wordsOf(text);
      const near = [...new Set([...words].flatMap((word) => byWord.get(word) ?? []))]
        .map((topic) => ({ topic, likeness: jaccard(words, topic.words) }))
        .filter(({ likeness }) => likeness >= SAME_TOPIC)
        .sort((a, b) => b.likeness - a.likeness);
      const cluster = near[0]?.topic.cluster ?? id;
      add({ cluster, isKnown: false, words });
      return { cluster, isNew: !near.some(({ topic }) => topic.isKnown) };
    },
  };
}

/** Placeholders of what was taken out say nothing of the topic. */
function wordsOf(text: string): ReadonlySet<string> {
  return new Set(contentWords(text.replace(/<[A-Z][A-Z0-9_]*_\d+>/gu, ' ')));
}
