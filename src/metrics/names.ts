import { wholeWords } from '../formats/wording.ts';

/** A name as names are compared: compatibility characters unified, one case, white space collapsed. */
export function normaliseName(name: string): string {
  // By way of upper case, as STRASSE is Straße.
  const folded = name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replace(/\s+/gu, ' ').trim();
}

/** Whether a name stands in a text as whole words, in any case. A blank name stands nowhere. */
export function occursIn(name: string, text: string): boolean {
  const wanted = normaliseName(name);
  return wanted !== '' && wholeWords(wanted).test(normaliseName(text));
}
