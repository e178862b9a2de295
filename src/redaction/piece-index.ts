/** A piece of text that stands at a place, with what was told of it. */
type Standing<Value> = { readonly end: number; readonly value: Value };

/**
 * Pieces of text that are looked for all at once, as a trie: a node for each of their beginnings. Looking for one after the other
 * takes minutes in a long text with thousands of them.
 */
export type PieceIndex<Value> = {
  /** Of two values for the same piece the first one stays. */
  add(piece: string, value: Value): void;
  /** All pieces that stand in a text at a place, the shortest first. */
  at(text: string, start: number): readonly Standing<Value>[];
};

const CODE_UNITS = 0x1_0000;

export function createPieceIndex<Value>(): PieceIndex<Value> {
  // By a node's number and the next UTF-16 unit; the first node is the beginning of all pieces.
  const children = new Map<number, number>();
  const values = new Map<number, Value>();
  const step = (node: number, text: string, at: number) => node * CODE_UNITS + text.charCodeAt(at);
  return {
    add(piece, value) {
      let node = 0;
      for (let at = 0; at < piece.length; at += 1) {
        const key = step(node, piece, at);
        node = children.get(key) ?? children.size + 1;
        children.set(key, node);
      }
      if (!values.has(node)) values.set(node, value);
    },
    at(text, start) {
      const found: Standing<Value>[] = [];
      let node = 0;
      for (let at = start; at < text.length; at += 1) {
        const child = children.get(step(node, text, at));
        if (child === undefined) break;
        node = child;
        const value = values.get(node);
        if (value !== undefined) found.push({ end: at + 1, value });
      }
      return found;
    },
  };
}
