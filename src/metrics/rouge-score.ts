import { type PrecisionRecall, precisionRecall } from './precision-recall.ts';

/** Tokens of one text, or of one of its lines. */
type Tokens = readonly string[];

/** ROUGE-N (Lin 2004): the n-grams that answer and reference share, each as often as both have it. */
export function scoreNGrams(reference: Tokens, answer: Tokens, n: number): PrecisionRecall {
  const [expected, predicted] = [nGramsOf(reference, n), nGramsOf(answer, n)];
  const left = countOf(predicted);
  const hits = expected.filter((gram) => take(left, gram)).length;
  return precisionRecall({ hits, predicted: predicted.length, expected: expected.length });
}

/** ROUGE-L (Lin 2004): the longest common subsequence, equal weight for precision and recall. */
export function scoreSubsequence(reference: Tokens, answer: Tokens): PrecisionRecall {
  const hits = commonLengths(reference, answer).at(-1)?.at(-1) ?? 0;
  return precisionRecall({ hits, predicted: answer.length, expected: reference.length });
}

/**
 * ROUGE-Lsum (summary-level ROUGE-L, Lin 2004, as `rouge-score` computes it): for each line of the reference the
 * union of its longest common subsequences with every line of the answer; a token counts as often as both texts have it.
 */
export function scoreSubsequenceByLine(
  reference: readonly Tokens[],
  answer: readonly Tokens[],
): PrecisionRecall {
  const [expected, predicted] = [reference.flat(), answer.flat()];
  const left = countOf(predicted);
  const hits = reference
    .flatMap((line) => unionOfCommonTokens(line, answer))
    .filter((token) => take(left, token)).length;
  return precisionRecall({ hits, predicted: predicted.length, expected: expected.length });
}

function nGramsOf(tokens: Tokens, n: number): string[] {
  return tokens.slice(n - 1).map((_, start) => tokens.slice(start, start + n).join(' '));
}

function countOf(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** Takes one of an item away; false where none is left. */
function take(left: Map<string, number>, item: string): boolean {
  const count = left.get(item) ?? 0;
  if (count > 0) left.set(item, count - 1);
  return count > 0;
}

/** The tokens of `line` that lie on its longest common subsequence with any of `others`. */
function unionOfCommonTokens(line: Tokens, others: readonly Tokens[]): Tokens {
  const positions = new Set(others.flatMap((other) => commonPositions(line, other)));
  return line.filter((_, position) => positions.has(position));
}

/**
 * The positions in `a` of one longest common subsequence with `b`. Of several, the one `rouge-score` picks, as the
 * choice changes the union.
 */
function commonPositions(a: Tokens, b: Tokens): number[] {
  const lengths = commonLengths(a, b);
  const lengthOf = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  const positions: number[] = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      positions.push(i - 1);
      i--;
      j--;
    } else if (lengthOf(i, j - 1) > lengthOf(i - 1, j)) j--;
    else i--;
  }
  return positions;
}

/** At [i][j], the length of the longest common subsequence of the first i tokens of `a` and the first j of `b`. */
function commonLengths(a: Tokens, b: Tokens): Uint32Array[] {
  let above = new Uint32Array(b.length + 1);
  const rows = [above];
  for (const token of a) {
    const row = new Uint32Array(b.length + 1);
    for (const [j, other] of b.entries()) {
      row[j + 1] = token === other ? (above[j] ?? 0) + 1 : Math.max(above[j + 1] ?? 0, row[j] ?? 0);
    }
    rows.push(row);
    above = row;
  }
  return rows;
}
