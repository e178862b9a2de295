import type { Random } from '../../../src/statistics/random.ts';
import type { ChatMessage } from '../../protocol-server/answers.ts';
import { chance } from '../../protocol-server/chance.ts';

/** What users of the assistant want. */
export const intents = ['music', 'weather', 'alarm'] as const;
export type Intent = (typeof intents)[number];
export type Language = 'english' | 'german';

type Words = { readonly ways: readonly string[]; readonly things: readonly string[] };

const vocabulary: Readonly<Record<Language, Readonly<Record<Intent, Words>> & { tails: readonly string[] }>> =
  {
    english: {
      music: {
        ways: ['play', 'put on', 'we would like to hear'],
        things: [
          'some jazz',
          'an old waltz',
          'a quiet piano piece',
          'loud rock songs',
          'a choir',
          'folk tunes',
        ],
      },
      weather: {
        ways: ['will there be', 'tell us about', 'is there any chance of'],
        things: ['snow', 'thick fog', 'thunder', 'sunshine', 'strong wind', 'hail'],
      },
      alarm: {
        ways: ['wake us', 'ring the bell', 'get everybody up'],
        things: ['at six', 'at half past seven', 'by quarter to nine', 'at five', 'by eight', 'before ten'],
      },
      tails: [
        'in the kitchen',
        'near the harbour',
        'on the balcony',
        'for the whole family',
        'as soon as you can',
        'after school',
        'on sunday',
        'in the mountains',
        'during the holidays',
        'once the guests are here',
      ],
    },
    german: {
      music: {
        ways: ['spiel bitte', 'wir wollen jetzt', 'mach mal'],
        things: [
          'etwas swing',
          'einen walzer',
          'ruhige klaviermusik',
          'lauten rock',
          'einen chor',
          'alte lieder',
        ],
      },
      weather: {
        ways: ['gibt es', 'erwartet ihr', 'kommt bald'],
        things: ['schnee', 'dichten nebel', 'ein gewitter', 'viel sonne', 'starken sturm', 'hagel'],
      },
      alarm: {
        ways: ['weck uns', 'klingel bitte', 'hol alle aus dem bett'],
        things: ['um sechs', 'um halb acht', 'kurz vor neun', 'um fünf', 'gegen acht', 'noch vor zehn'],
      },
      tails: [
        'in der küche',
        'unten am hafen',
        'auf dem balkon',
        'für die ganze familie',
        'so schnell es geht',
        'nach der schule',
        'am sonntag',
        'oben in den bergen',
        'in den ferien',
        'sobald die gäste da sind',
      ],
    },
  };

/** What somebody says to the assistant. */
export function say(random: Random, language: Language): string {
  const { tails, ...wants } = vocabulary[language];
  const { ways, things } = wants[random.pick(intents)];
  return `${random.pick(ways)} ${random.pick(things)} ${random.pick(tails)}`;
}

type Meaning = { readonly language: Language; readonly intent: Intent; readonly said: string };

/** What a text means that has something in it that was said, as whoever speaks both languages understands it. */
export function meaningOf(text: string): Meaning | null {
  for (const [language, { tails, ...wants }] of Object.entries(vocabulary) as [
    Language,
    (typeof vocabulary)[Language],
  ][])
    for (const intent of intents) {
      const parts = [wants[intent].ways, wants[intent].things, tails];
      const found = parts.map((some) => some.find((part) => text.includes(part)));
      if (found.every((part) => part !== undefined)) return { language, intent, said: found.join(' ') };
    }
  return null;
}

type Skill = {
  /** Share of right answers. */
  readonly right: number;
  /** Of the others, the share in which it says that it cannot help; else it takes one thing for another. */
  readonly refused: number;
};

const skills = {
  unaided: { right: 0.75, refused: 0.2 },
  shownAlike: { right: 0.97, refused: 0.5 },
  shownOther: { right: 0.2, refused: 0.6 },
} satisfies Record<string, Skill>;

/**
 * A model that does what it is shown: with two demonstrations in the language of the question it is nearly always right; with others
 * alone it takes the language for none of its business; without any it is mostly right. A question is as hard in every prompt.
 */
export function answerOf(messages: readonly ChatMessage[]): string {
  // Demonstrations may be messages, or lines of one; what is asked comes last.
  const heard = messages.flatMap(({ content }) =>
    content.split('\n').flatMap((line) => meaningOf(line) ?? []),
  );
  const asked = heard.at(-1);
  if (!asked) return 'Pardon?';
  const { language, intent, said } = asked;
  const shown = heard.slice(0, -1);
  const alike = shown.filter((each) => each.language === language).length;
  const skill = shown.length === 0 ? 'unaided' : alike >= 2 ? 'shownAlike' : 'shownOther';
  const { right, refused } = skills[skill];
  if (chance('difficulty', said) < right) return intent;
  if (chance('manner', said) < refused) return 'Sorry, this is nothing that can be done here.';
  return intents[(intents.indexOf(intent) + 1) % intents.length] ?? intent;
}
