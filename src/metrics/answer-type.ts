import { withDigits } from '../language/digits.ts';
import { termsOf } from './terms.ts';

/** What a question asks for, where its wording says so. */
export type AnswerType = 'quantity' | 'time' | 'person or place';

const QUANTITY_QUESTION = /(?<!\p{L})how (?:many|much)(?!\p{L})/iu;
const TIME_QUESTION =
  /^\W*when(?!\p{L})(?!.*(?<!\p{L})(?:what|which|who|how)(?!\p{L}))|(?<!\p{L})(?:what|which) (?:year|date|day|month|decade|century)(?!\p{L})/iu;
const PERSON_OR_PLACE_QUESTION = /^\W*(?:who|whom|whose|where)(?!\p{L})/iu;

const QUANTITY =
  /\p{N}|(?<!\p{L})(?:one|once|twice|none|no|all|both|half|third|quarter|percent|dozens?|hundreds?|thousands?|[mb]illions?|several|few|many|most|much|majority|single|pair)(?!\p{L})/iu;
const TIME =
  /\p{Nd}|(?<!\p{L})(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|spring|summer|autumn|winter|morning|noon|evening|night|midnight|today|yesterday|tomorrow|now|never|always|before|after|during|since|until|till|when|while|once|upon|at|prior|early|late|later|mid|end|beginning|centur(?:y|ies)|decades?|years?|months?|weeks?|days?|hours?|minutes?|seconds?|era|age|period|reign|war|ago|bce?|ad)(?!\p{L})/iu;

/** The type of answer a question asks for; null where its wording does not say. */
export function answerTypeOf(question: string): AnswerType | null {
  if (QUANTITY_QUESTION.test(question)) return 'quantity';
  if (TIME_QUESTION.test(question)) return 'time';
  return PERSON_OR_PLACE_QUESTION.test(question) ? 'person or place' : null;
}

/**
 * Whether an answer holds anything of the type: a number or a word of amount, a date or a word of time, or, for a
 * person or place, a word besides numbers. A necessary condition, so it can refuse an answer and never prove it.
 */
export function holdsType(type: AnswerType, answer: string): boolean {
  switch (type) {
    case 'quantity':
      return QUANTITY.test(withDigits(answer));
    case 'time':
      return TIME.test(withDigits(answer));
    case 'person or place':
      return termsOf(answer).some(({ word }) => !/\p{Nd}/u.test(word));
  }
}
