import type { Random } from '../../src/statistics/random.ts';

const people = 'Marta Jonas Aylin Pavel Ruth Samir Greta Otto Lena Hugo Nadia Piet'.split(' ');
const things =
  'toaster backpack headset armchair blender raincoat tripod duvet grill scooter monitor teapot bookcase suitcase mattress kayak'.split(
    ' ',
  );
const colours = 'grey white orange purple silver brown'.split(' ');

type Said = { readonly text: string; readonly name: string; readonly thing: string; readonly number: string };

/** Each in two clauses that may change places. */
const clauses: readonly ((
  name: string,
  thing: string,
  colour: string,
  number: string,
) => readonly [string, string])[] = [
  (name, thing, colour, number) => [
    `the ${colour} ${thing} of order ${number} came broken`,
    `my neighbour ${name} had to send it back for me`,
  ],
  (name, thing, _, number) => [
    `I paid ${number} euros for the ${thing} last week`,
    `your colleague ${name} told me it was on sale`,
  ],
  (name, thing, colour, number) => [
    `since update ${number} the ${thing} does not turn on`,
    `${name} says that the ${colour} lamp on it keeps blinking`,
  ],
  (name, thing, _, number) => [
    `can you move the delivery of my ${thing} to gate ${number}`,
    `${name} at the front desk will sign for it`,
  ],
];
const questions: readonly ((name: string, thing: string, number: string) => string)[] = [
  (name, thing, number) => `Does the ${thing} fit into box ${number} of ${name}?`,
  (name, thing, number) => `Did ${name} return ${number} pieces of the ${thing}?`,
];

/** Something a customer says: of two clauses, 80 to 130 characters, or a short question of about 40. */
export function said(random: Random, length: 'long' | 'short'): Said & { readonly turned: string } {
  const [name, thing, colour] = [random.pick(people), random.pick(things), random.pick(colours)];
  const number = String(10 + random.integer(9_990));
  if (length === 'short') {
    const text = random.pick(questions)(name, thing, number);
    return { text, name, thing, number, turned: text };
  }
  const [one, other] = random.pick(clauses)(name, thing, colour, number);
  return { text: `${one}, and ${other}.`, turned: `${other}, and ${one}.`, name, thing, number };
}

function slip(text: string, random: Random): string {
  const at = 2 + random.integer(text.length - 4);
  const [before, here, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
  return random.pick([
    () => before + after,
    () => before + here + here + after,
    () => before + after.charAt(0) + here + after.slice(1),
    () => before + random.pick([...'etaoinshr']) + after,
  ])();
}

/** The same as another person would type it: what a dataset must not have twice. */
export const copies: Readonly<Record<string, (text: string, random: Random) => string>> = {
  'one slip of the keys': slip,
  'two slips': (text, random) => slip(slip(text, random), random),
  'other spaces': (text, random) =>
    text.replaceAll(/ /g, () => random.pick([' ', '  ', '\n', '\t'])).replace(/^/, ' '),
  'other case': (text, random) =>
    random.pick([
      text.toUpperCase(),
      text.toLowerCase(),
      text.replaceAll(/\b\w/g, (first) => first.toUpperCase()),
    ]),
  'other punctuation': (text, random) =>
    text.replaceAll(/[,.?]/g, () => random.pick(['', ' -', '!!', ' ...'])),
  'a polite word more': (text, random) =>
    random.pick([`Hello, ${text}`, `${text} Thanks!`, `Please: ${text}`]),
};

/** What changes the answer, and so makes another row. */
export const changes: Readonly<Record<string, (of: Said, random: Random) => string>> = {
  'another number': ({ text, number }, random) =>
    text.replace(number, String(Number(number) + 1 + random.integer(500))),
  'another name': ({ text, name }, random) =>
    text.replace(name, random.pick(people.filter((each) => each !== name))),
  'another thing': ({ text, thing }, random) =>
    text.replace(thing, random.pick(things.filter((each) => each !== thing))),
  'a denial': ({ text }) => text.replace(/ (came|paid|does|move|fit|return) /, ' never $1 '),
};
