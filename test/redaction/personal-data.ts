import { createRandom, type Random } from '../../src/statistics/random.ts';

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

/** Sentences around `*`. */
const sentences: Readonly<Record<string, readonly string[]>> = {
  PERSON: [
    'Hello, my name is * and I cannot log in.',
    'The parcel was signed for by *.',
    'Please ask * to approve my leave.',
    'I spoke to * in accounting yesterday about the refund',
    'Forward this to * from billing, please.',
    'Can you book a table for * tomorrow at 8?',
    'Dear *, thank you for your message.',
    '* wrote that the screen flickers again.',
    'who does * report to',
    'Kind regards, *',
    'add * and two guests to the meeting',
    'The customer, *, complained twice.',
  ],
  EMAIL: [
    'You can write to * any time.',
    'my e-mail is *, thanks',
    'Send the invoice to *.',
    'cc: * and the team',
    'The account <*> is locked.',
    'log in as * and try again',
  ],
  PHONE: [
    'Call me on * after five.',
    'My number is *.',
    'You can reach me at *, any day',
    'Ring * if nobody opens.',
    'mobile: *',
    'The hotline * is always busy.',
  ],
  IBAN: [
    'Please refund to *.',
    'My IBAN is *, at your convenience',
    'transfer 200 EUR to * today',
    'The account * was charged twice.',
  ],
  CARD: [
    'I paid with *, it expires next year.',
    'My card * was declined.',
    'charge it to * please',
    'the visa ending: *',
  ],
  IP: [
    'The server at * does not answer.',
    'I connect from * and am blocked',
    'ping * fails',
    'login attempts came from *, every minute',
  ],
  CREDENTIALS: [
    'see https://*@example.com/path for the file',
    'The feed is ftp://*@files.example.org',
    'clone https://*@git.example.net/app.git and run it',
    'connect by postgres://*@db.example.com:5432/app',
  ],
  SSN: [
    'My SSN is *.',
    'social security number: *',
    'it says * on the form',
    'use * for the background check',
  ],
  ADDRESS: [
    'I live at *.',
    'Ship it to * instead.',
    'The technician should come to * on Monday.',
    'my new address is *',
    'We moved from * last year.',
    'pick me up at *, please',
  ],
  BIRTH_DATE: [
    'I was born on *.',
    'My date of birth is *, as on the card.',
    'DOB: *',
    'her birthday is *',
    'Patient born * in this town',
    'date of birth *',
  ],
  ID_NUMBER: [
    'My passport number is *.',
    'passport no. *, valid for two years',
    "driver's license: *",
    'The number of my ID card is *.',
    'national insurance number *',
    'tax ID * was rejected',
  ],
  SECRET: [
    'The key * stopped working.',
    'I set OPENAI_API_KEY=* and it fails',
    'curl -H "Authorization: Bearer *"',
    'why is * rejected with 401?',
  ],
  MAC: [
    'My laptop has the address *.',
    'device * is offline',
    'allow * on the wifi',
    'The printer (*) lost its lease',
  ],
  ACCOUNT: [
    'Follow me at https://twitter.com/* please',
    'my handle is @*',
    'see linkedin.com/in/* for my CV',
    'ask @* about it',
  ],
};

/** Numbers and names that are nobody's, each with `#` for digits. */
const decoys: readonly string[] = [
  'Order ####-####-## has not arrived.',
  'Upgrade to version 10.2.##.1 failed with code ####.',
  'The train leaves at 10:4# and arrives at 12:3#:05.',
  'Visual Studio Code and Google Docs both crash.',
  'The meeting is on 2025-03-1# in New York.',
  'Invoice 20250######, item ########.',
  'Play some jazz in the Central Park playlist',
  'ISBN 978-3-16-14####-0 is out of print.',
  'Set the oven to 1## degrees for 4# minutes.',
  'ticket #12#### is still open since March',
  'v1.2.3.# is the last release that works',
  'Is there a free room for 8 people on 14 March 2025?',
  'The Golden Gate Bridge is 2737 metres long.',
  'tracking number 1Z######## says delivered',
  'Add 3,5##,000 rows to table_4#',
  'The answer to question 4# is 1/2, not 3.14159',
  'Reset my password, please.',
  'What does Clause 12.4.3.# say about Force Majeure?',
  'SKU ###-##-#### is sold out',
  'commit 9fceb02d0ae598e95dc970b74767f19372d61af8 breaks the build',
];

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
