import { allOf, byPattern, type Found, isCounted } from './finding.ts';

const EMAIL =
  /(?<![\p{L}\p{N}._%+-])(?<!:\/\/[^\s/@]{0,200})[\p{L}\p{N}][\p{L}\p{N}._%+'-]{0,63}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}{2,24}/gu;
const SPELT_EMAIL =
  /(?<![\w.+-])[\w.+-]{1,64} ?(?:\[at\]|\(at\)| at ) ?[\w-]{1,60}(?: ?(?:\[dot\]|\(dot\)| dot ) ?\w{2,24}){1,4}/giu;

/** 7 to 15 digits, in groups or at once, with or without the country's code. */
const PHONE =
  /(?<![\p{L}\p{N}.,$€£#_/-])(?:(?:\+|00)\d|\(\+?\d{1,4}\)|\d)(?:[ .\u00a0/()\u2011-]{0,3}\d){6,14}(?![\p{L}\p{N}_]|[.,-]\d)/gu;
const PHONE_CUE =
  /\b(?:tel(?:ephone)?|phones?|phoned|mobile|cell(?:phone)?|fax|whats?app|sms|text(?:ed)?|call(?:ed|ing|back)?|dial|ring|rang|reach(?:ed|able)?|handy|numéro|teléfono|telefon\w*|hotline|extension|contact)\b[^.!?\n]{0,40}$/iu;
/** As numbers are written for people: a code in brackets, a leading zero and groups, or North America's 3-3-4. */
const WRITTEN_PHONE =
  /^(?:\(\d{2,5}\)[ .-]?\d{2,4}(?:[ .-]\d{2,4}){1,3}|0\d{1,4}(?:[ ./-]\d{2,8}){1,4}|(?:1[ .-])?[2-9]\d{2}[ .-]\d{3}[ .-]\d{4})$/u;

/** Ways to reach a person: e-mail addresses, telephone numbers, names of accounts. */
export const findContacts = allOf(
  byPattern('EMAIL', EMAIL),
  byPattern('EMAIL', SPELT_EMAIL),
  byPattern('PHONE', PHONE, isPhone),
  byPattern(
    'ACCOUNT',
    /(?:linkedin\.com\/in|facebook\.com|twitter\.com|(?<=\/\/|\s)x\.com|instagram\.com|github\.com|tiktok\.com|\bt\.me)\/(?<value>@?[\w.-]{2,60}[\w-])/giu,
  ),
  // After a placeholder stands the host of an address whose credentials were taken out.
  byPattern(
    'ACCOUNT',
    /(?<![\p{L}\p{N}@./]|<[A-Z][A-Z0-9_]*_\d+>)(?<value>@[A-Za-z][\w.]{1,29}\w)(?![\w@/])/gu,
  ),
);

function isPhone({ value, before }: Found): boolean {
  const digits = value.replace(/\D/gu, '');
  if (digits.length < 7 || digits.length > 15 || isDate(value)) return false;
  if (/^(?:\+|00[1-9])/u.test(value) || /^\(\+/u.test(value)) return true;
  if (PHONE_CUE.test(before) && !isCounted(before.replace(PHONE_CUE, ''))) return true;
  return WRITTEN_PHONE.test(value) && !isCounted(before);
}

function isDate(value: string): boolean {
  return /^(?:(?:19|20)\d{2}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d{2})(?:\s|$)/u.test(
    value,
  );
}
