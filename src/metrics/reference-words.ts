/** Patterns, for one English sentence each, of expressions that point to something else. */

/** These stand for a thing that is named before them. */
export const PRONOUN = words(
  'he|him|his|himself|she|her|hers|herself|it|its|itself|they|them|their|theirs|themselves',
);

/** These point to what was said before, rather than to a thing of their own sentence. */
export const POINTING_BACK = anyOf([
  words('this|these|the former|the latter'),
  // Not before what explains it: those who.
  /(?<!\p{L})those(?!\p{L}| (?:who|whom|whose|which|that|of|with|in)(?!\p{L}))/u,
  // Not before what it is one of: the one that.
  /(?<!\p{L})(?:which|the) ones?(?!\p{L}| (?:of|that|who|which|in|from|for|with)(?!\p{L}))/u,
  // Not the conjunction or relative pronoun, so only where these cannot stand: after that, was that, is that in?
  /(?<=^|(?<!\p{L})(?:after|at|before|by|during|like|since|than|until) )that(?!\p{L})/u,
  /(?<=(?:^|(?<!\p{L})(?:who|what|when|where|why|how|which) )(?:is|was|are|were|do|does|did|has|had|have|can|could|will|would|should|may|might) )that(?!\p{L})/u,
  /(?<!\p{L})that(?=(?: (?:about|for|from|in|of|on|to|with))?[\p{P}\s]*$)/u,
  // Not that something exists: there is, are there.
  /(?<!\p{L}|(?<!\p{L})(?:is|are|was|were|be|been) )there(?!\p{L}|['’]s| (?:is|are|was|were|be|been|has|have|had|will|would|can|could)(?!\p{L}))/u,
  /^then(?!\p{L})|(?<!\p{L})then(?=[\p{P}\s]*$)/u,
]);

/** These add to what was said before: what else, any other; not each other, nor other than. */
export const ADDING = anyOf([
  words('else|another'),
  /(?<!\p{L}|(?<!\p{L})(?:each|the|in) )others?(?!\p{L}| (?:than|words)(?!\p{L}))/u,
]);

/** What something is added to: besides, other than. */
export const CONTRAST = words(
  'beside|besides|other than|aside from|apart from|in addition to|except|excluding|than|along with|beyond',
);

/** The start of a question that only goes on with another. */
export const CONTINUATION = /^(?:and|but|what about|how about)(?!\p{L})/iu;

/** It asks for something known, which may be what everybody knows. */
export const DEFINITE =
  /(?<!\p{L})the (?!(?:former|latter|ones?)(?!\p{L}))\p{L}+(?!\p{L}| (?:of|that|who|which|where)(?!\p{L}))/giu;

const EXPECTED_OF_IT =
  '(?:best|better|common|easy|hard|important|legal|likely|necessary|possible|safe|true|worth)(?!\\p{L})';

/** This `it` stands for what follows: is it true that, how long does it take to. */
export const EXPLETIVE = anyOf([
  new RegExp(`(?<=(?<!\\p{L})(?:is|was|be) )it(?= ${EXPECTED_OF_IT})`, 'u'),
  new RegExp(`(?<!\\p{L})it(?=(?:['’]s| is| was| be) ${EXPECTED_OF_IT})`, 'u'),
  /(?<!\p{L})it(?= (?:takes?|took|costs?|means?) (?:[^.?!]{0,40} )?to(?!\p{L}))/u,
]);

/** A capitalised word that is not the first, which is so anyway, or something quoted. */
export const NAME = /(?<=[^\p{L}\p{N}\p{M}])\p{Lu}[\p{L}\p{N}\p{M}]*|["“«][^"”»]{1,100}["”»]/gu;

/** What introduces a thing; `the` does not, it asks for one that is known. */
export const INDEFINITE = /(?<!\p{L})(?:an?|each|every|my|our|your) \p{L}/giu;

function words(list: string): RegExp {
  return new RegExp(`(?<!\\p{L})(?:${list})(?!\\p{L})`, 'giu');
}

function anyOf(patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'giu');
}
