import isCreditCard from 'validator/lib/isCreditCard.js';
import isIdentityCard from 'validator/lib/isIdentityCard.js';
import { allOf, byPattern, type Finder, type Found, isCounted } from './finding.ts';

const CARD_CUE = /\b(?:card|visa|master ?card|amex|american express|maestro|debit|credit)\b[^.!?\n]{0,30}$/iu;
const SSN_CUE = /\b(?:ssn|social[ -]security)\b[^.!?\n]{0,30}$/iu;
const BIRTH_CUE =
  /\b(?:born|birth\w*|b-?day|d\.?o\.?b\.?|née?|geboren|geburts\w*|naissance|nacimiento)(?!\p{L})[^!?\n]{0,36}$/iu;
const BIRTH_AFTER = /^[^.!?\n]{0,24}\b(?:birth\w*|dob)\b/iu;
const ID_CUE =
  /\b(?:passports?|passeport|reisepass|identity|national id|id card|id (?:no|number)|identification|driv(?:er|ing)(?:['’]?s)? licen[cs]e|licen[cs]e (?:no|number)|national insurance|nino|nhs|medicare|tax ?(?:id|number|payer)|tin|vat id|steuer\w*|aadhaar|dni|nie|cpf|bsn|personnummer|personalausweis\w*|insurance (?:no|number|id)|member(?:ship)? (?:no|number|id)|patient (?:no|number|id)|employee (?:no|number|id)|health card|visa (?:no|number)|pan)\b[^!?\n]{0,26}$/iu;

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|oktober|dezember)';
const DATE = new RegExp(
  [
    String.raw`(?<![\d.])(?:(?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:(?:19|20)\d{2}|\d{2}))(?![\d])`,
    String.raw`\b\d{1,2}(?:st|nd|rd|th|\.)?(?: of)?[ -]${MONTH}\.?,?[ -](?:(?:19|20)\d{2}|\d{2})\b`,
    String.raw`\b${MONTH}\.?[ -]\d{1,2}(?:st|nd|rd|th)?,?[ -](?:19|20)\d{2}\b`,
  ].join('|'),
  'giu',
);

/** Numbers that belong to one person; by their checksum where they have one, else by the words before them. */
export const findNumbers = allOf(
  findIbans,
  byPattern('CARD', /(?<![\p{L}\p{N}.+-])\d(?:[ -]?\d){11,18}(?![\p{L}\p{N}]|-\d)/gu, isCard),
  byPattern(
    'SSN',
    /(?<![\p{L}\p{N}-])(?!000|666|9)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}(?![\p{L}\p{N}-])/gu,
    ({ before }) => SSN_CUE.test(before) || !isCounted(before),
  ),
  byPattern('SSN', /(?<![\p{L}\p{N}-])\d{9}(?![\p{L}\p{N}-])/gu, ({ before }) => SSN_CUE.test(before)),
  byPattern('BIRTH_DATE', DATE, ({ before, after }) => BIRTH_CUE.test(before) || BIRTH_AFTER.test(after)),
  byPattern(
    'ID_NUMBER',
    /(?<![\p{L}\p{N}])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\p{L}\p{N}])/gu,
  ),
  byPattern('ID_NUMBER', /(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)/gu),
  byPattern('ID_NUMBER', /(?<![\p{L}\p{N}])(?:\d{8}|[XYZ]\d{7})-?[A-Z](?![\p{L}\p{N}])/gu, ({ value }) =>
    isIdentityCard(value.replace('-', ''), 'ES'),
  ),
  byPattern(
    'ID_NUMBER',
    /(?<![\p{L}\p{N}])(?!(?:ID|NO|NR|TIN|DNI|NIE|CPF|BSN|NHS|PAN|NINO)\b)[A-Z0-9]{1,12}(?:[ ./-][A-Z0-9]*\d[A-Z0-9]*){0,5}(?![\p{L}\p{N}])/gu,
    ({ value, before }) => /(?:[A-Z0-9][ ./-]?){5}/u.test(value) && /\d/u.test(value) && ID_CUE.test(before),
  ),
);

/** The check digits say where an account number ends that runs into the next word. */
function findIbans(text: string): ReturnType<Finder> {
  const beginnings = text.matchAll(/(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}/giu);
  return [...beginnings].flatMap(({ index, 0: longest }) => {
    for (let length = longest.length; length >= 15; length -= 1) {
      if (/[\p{L}\p{N}]/u.test(text[index + length] ?? '')) continue;
      if (isIban(longest.slice(0, length).replace(/[ -]/gu, '')))
        return [{ kind: 'IBAN', start: index, end: index + length }];
    }
    return [];
  });
}

function isCard({ value, before }: Found): boolean {
  return CARD_CUE.test(before) || isCreditCard(value.replace(/[ -]/gu, ''));
}

/** ISO 7064 MOD 97-10, as ISO 13616 asks for: country and check digits last, letters as numbers from 10, the rest by 97 is 1. */
function isIban(compact: string): boolean {
  const turned = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const character of turned)
    for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}
