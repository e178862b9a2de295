import { createRandom, type Random } from '../../src/statistics/random.ts';
import { decoys, sentences } from './sentences.ts';

/** A text with a piece of personal data in it, or with none. */
export type Planted = {
  readonly text: string;
  /** Null for a text that only looks as if it had some. */
  readonly kind: string | null;
  /** What must not be left of it. */
  readonly parts: readonly string[];
};

/** Half of the names, values and sentences are for tuning; what is asserted is measured on the other half alone. */
export type Half = 'tuning' | 'test';

const firstNames =
  'Priya Oluwaseun Katarzyna Haruto Fatima Jonathan Siobhan Björn Ines Lerato Mohammed Grace Diego Anneliese Tomasz Chiara Dmitri Aisha Pedro Hannah Kwame Yuki Eleni Rajesh Beatriz Finn Noor Matthias Camille Declan Zanele Sergei Lucía Emeka Ingrid Arjun Valentina Tariq Margaret Hiroshi'.split(
    ' ',
  );
const lastNames =
  "Raman Adeyemi Wiśniewska Tanaka Benali Smith O'Malley Åkesson Moreau Mokoena Al-Farsi Thompson Fernández Schneider Kowalczyk Rossi Volkov Hussain Carvalho Weber Mensah Watanabe Papadopoulos Iyer Ferreira Lindqvist Haddad Vogel Lefèvre Gallagher Dlamini Petrov Navarro Okonkwo Solberg Desai Romano Mahmood Whitfield Yamamoto".split(
    ' ',
  );
const cities = ['Leeds', 'Portland', 'Bristol', 'Austin', 'Norwich', 'Denver', 'Cardiff', 'Tucson'];
const hosts = [
  'mail.example.co.uk',
  'posteo.example',
  'example.org',
  'corp.example.com',
  'uni.example.edu',
  'web.example.de',
];

type Make = (random: Random, half: Half) => { readonly value: string; readonly parts?: readonly string[] };

/** The items of a list that belong to a half. */
function halfOf<T>(items: readonly T[], half: Half): T[] {
  return items.filter((_, index) => (index % 2 === 0) === (half === 'tuning'));
}

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.integer(10)).join('');
}

function characters(random: Random, alphabet: string, count: number): string {
  return Array.from({ length: count }, () => random.pick([...alphabet])).join('');
}

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const hex = '0123456789abcdef';

function person(random: Random, half: Half) {
  const [first, last] = [random.pick(halfOf(firstNames, half)), random.pick(halfOf(lastNames, half))];
  return { first, last };
}

function luhn(beginning: string): string {
  const sum = [...beginning].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return beginning + ((10 - (sum % 10)) % 10);
}

function iban(country: string, account: string): string {
  const asNumber = [...`${account}${country}00`].map((letter) => Number.parseInt(letter, 36)).join('');
  return `${country}${String(98n - (BigInt(asNumber) % 97n)).padStart(2, '0')}${account}`;
}

function grouped(text: string, size: number, separator: string): string {
  return text.match(new RegExp(`.{1,${size}}`, 'g'))?.join(separator) ?? text;
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function date(random: Random): string {
  const [day, month, year] = [1 + random.integer(28), 1 + random.integer(12), 1940 + random.integer(65)];
  const two = (number: number) => String(number).padStart(2, '0');
  return random.pick([
    `${two(day)}/${two(month)}/${year}`,
    `${year}-${two(month)}-${two(day)}`,
    `${day} ${months[month - 1]} ${year}`,
    `${months[month - 1]} ${day}, ${year}`,
    `${day}.${month}.${year}`,
  ]);
}

const makers: Readonly<Record<string, Make>> = {
  PERSON(random, half) {
    const { first, last } = person(random, half);
    return { value: `${first} ${last}`, parts: [first, last] };
  },
  EMAIL(random, half) {
    const { first, last } = person(random, half);
    const local = random.pick([
      `${first}.${last}`,
      `${first[0]}${last}`,
      `${first}+shop`,
      `${last}_${digits(random, 2)}`,
    ]);
    const plain = local
      .normalize('NFD')
      .replace(/[\p{M}']/gu, '')
      .toLowerCase();
    return { value: `${plain}@${random.pick(hosts)}` };
  },
  PHONE: (random) => ({
    value: random.pick([
      () => `+49 1${digits(random, 2)} ${digits(random, 7)}`,
      () => `+1 (${2 + random.integer(8)}${digits(random, 2)}) 555-${digits(random, 4)}`,
      () => `(${2 + random.integer(8)}${digits(random, 2)}) 555-${digits(random, 4)}`,
      () => `${2 + random.integer(8)}${digits(random, 2)}-555-${digits(random, 4)}`,
      () => `020 7${digits(random, 3)} ${digits(random, 4)}`,
      () => `07${digits(random, 3)} ${digits(random, 6)}`,
      () => `06 ${grouped(digits(random, 8), 2, ' ')}`,
      () => `+91${6 + random.integer(4)}${digits(random, 9)}`,
    ])(),
  }),
  IBAN(random) {
    const value = random.pick([
      () => iban('DE', digits(random, 18)),
      () => iban('NL', `ABNA${digits(random, 10)}`),
      () => iban('FR', digits(random, 23)),
      () => iban('GB', `WEST${digits(random, 14)}`),
      () => iban('ES', digits(random, 20)),
    ])();
    return { value: random.pick([value, grouped(value, 4, ' ')]) };
  },
  CARD(random) {
    const amex = random.next() < 0.2;
    const number = luhn(
      amex
        ? `37${digits(random, 12)}`
        : random.pick(['4', '51', '55']).padEnd(2, digits(random, 1)) + digits(random, 13),
    );
    return { value: amex ? number : grouped(number, 4, random.pick(['', ' ', '-'])) };
  },
  IP: (random) => ({
    value: random.pick([
      () => [11 + random.integer(200), ...Array.from({ length: 3 }, () => random.integer(256))].join('.'),
      () => `2001:db8:${Array.from({ length: 6 }, () => characters(random, hex, 4)).join(':')}`,
      () => `fe80::${characters(random, hex, 4)}:${characters(random, hex, 4)}`,
    ])(),
  }),
  CREDENTIALS(random, half) {
    const user = person(random, half).first.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    const value = random.pick([`${user}:${characters(random, alphanumeric, 9)}`, user]);
    return { value, parts: [`${value}@`] };
  },
  SSN: (random) => ({
    value: `${100 + random.integer(500)}-${10 + random.integer(89)}-${1000 + random.integer(8999)}`,
  }),
  ADDRESS(random, half) {
    const name = random.pick(
      halfOf(
        [
          'Baker',
          'Evergreen',
          'Willow Park',
          'Station',
          'Old Mill',
          'Harbour',
          'Maple',
          'Queens',
          'King George',
          'Orchard',
        ],
        half,
      ),
    );
    const street = random.pick(
      halfOf(['Street', 'Road', 'Avenue', 'Lane', 'Drive', 'St', 'Terrace', 'Blvd', 'Court', 'Ave'], half),
    );
    const number = 1 + random.integer(400);
    const english = `${number} ${name} ${street}`;
    return random.pick([
      () => ({ value: `${english}, ${random.pick(cities)}`, parts: [english] }),
      () => ({
        value: `${english}, Apt ${1 + random.integer(90)}, ${random.pick(cities)}`,
        parts: [english],
      }),
      () => ({
        value: `${random.pick(halfOf(['Hauptstraße', 'Lindenweg', 'Goethestr.', 'Marktplatz', 'Ringstraße', 'Schillergasse'], half))} ${number}`,
      }),
      () => ({
        value: `${number} rue de ${random.pick(halfOf(['Rivoli', 'Vaugirard', 'Charonne', 'Provence'], half))}`,
      }),
      () => ({
        value: `${random.pick(halfOf(['Via Roma', 'Calle Mayor', 'Via Garibaldi', 'Calle Serrano'], half))} ${number}`,
      }),
    ])();
  },
  BIRTH_DATE: (random) => ({ value: date(random) }),
  ID_NUMBER: (random) => ({
    value: random.pick([
      () => `${characters(random, 'CFGHJK', 1)}${digits(random, 8)}`,
      () => `${characters(random, 'ABCEGH', 2)}${digits(random, 7)}`,
      () =>
        `${characters(random, 'CFGHJKLMNPRTVWXYZ', 2)}${digits(random, 3)}${characters(random, 'CFGHJK', 1)}${digits(random, 3)}`,
      () => `X${digits(random, 4)}-${digits(random, 4)}`,
    ])(),
  }),
  SECRET: (random) => ({
    value: random.pick([
      () => `sk-proj-${characters(random, alphanumeric, 32)}`,
      () => `ghp_${characters(random, alphanumeric, 36)}`,
      () => `AKIA${characters(random, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
      () => `xoxb-${digits(random, 11)}-${characters(random, alphanumeric, 24)}`,
      () =>
        `eyJ${characters(random, alphanumeric, 20)}.eyJ${characters(random, alphanumeric, 30)}.${characters(random, alphanumeric, 40)}`,
      () => `glpat-${characters(random, alphanumeric, 20)}`,
    ])(),
  }),
  MAC: (random) => ({
    value: Array.from({ length: 6 }, () => characters(random, hex, 2)).join(random.pick([':', '-'])),
  }),
  ACCOUNT(random, half) {
    const { first, last } = person(random, half);
    return {
      value: `${first}${last}${digits(random, 2)}`
        .normalize('NFD')
        .replace(/[\p{M}'-]/gu, '')
        .toLowerCase(),
    };
  },
};

/** So many texts with a piece of each kind in turn, and half as many that only look like it. */
export function plantPersonalData(half: Half, seed: number, count: number): Planted[] {
  const random = createRandom(`${half} ${seed}`);
  const kinds = Object.keys(makers);
  const planted = Array.from({ length: count }, (_, index): Planted => {
    const kind = kinds[index % kinds.length] ?? '';
    const made = makers[kind]?.(random, half);
    const sentence = random.pick(halfOf(sentences[kind] ?? [], half));
    if (!made) throw new Error(`nothing makes ${kind}`);
    return { kind, parts: made.parts ?? [made.value], text: sentence.replace('*', () => made.value) };
  });
  const without = Array.from({ length: Math.floor(count / 2) }, (): Planted => {
    const text = random.pick(halfOf(decoys, half)).replace(/#(?!12)/g, () => digits(random, 1));
    return { kind: null, parts: [], text };
  });
  return random.shuffle([...planted, ...without]);
}
