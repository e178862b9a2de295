import { porterStem } from './porter-stemmer.ts';

/**
 * A text's tokens as the `rouge-score` package makes them: lower case, runs of `a-z0-9` only (so `café` is `caf`),
 * stemmed, where asked, from four characters on.
 */
export function rougeTokens(text: string, stem: boolean): string[] {
  const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return stem ? tokens.map((token) => (token.length > 3 ? porterStem(token) : token)) : tokens;
}
