/** Frequent words that the patterns below miscount. */
const exceptions: ReadonlyMap<string, number> = new Map([
  ['area', 3],
  ['areas', 3],
  ['maybe', 2],
  ['mrs', 2],
  ['people', 2],
  ['recipe', 3],
  ['recipes', 3],
  ['uk', 2],
  ['wednesday', 2],
]);

const VOWELS = /[aeiouy]+/gu;

// A y before a vowel is a consonant at the start of a word and after a vowel: yes, playing.
const CONSONANT_Y = /(?<=^|[aeiou])y(?=[aeiou])/gu;

/** Vowels that stand for no syllable of their own. */
const SILENT = anyOf([
  // made, whole; not table, centre, catastrophe, fire
  /(?<=[^aeiouy])(?<![^aeiouyl]l|[bcgknt]r|ph|[^a]ir)e$/u,
  // games; not sentences, boxes, tables
  /(?<=[^aeiouy])(?<![sxzcgj]|[cs]h|[^aeiouyl]l|[bcgknt]r|ph|[^a]ir)e(?=s$)/u,
  // removed; not wanted, puzzled, hundred, required
  /(?<=[^aeiouy])(?<![td]|[^aeiouyl]l|dr|[^a]ir)e(?=d$)/u,
  // league, technique; not argue
  /(?<=[gq])(?<!arg)ue(?=[sd]?$)/u,
  // lovely, careful, homeless, statement; not rely, settlement, entirely
  /(?<=[aeiouy][^aeiouy]{1,4})(?<!l|ir)e(?=(?:ful|less|ness|ly|ments?)(?:ly)?$)/u,
  // something, household, therefore; not forever, foreign
  /(?<=^(?:bas|els|fac|fir|for|fram|gat|hom|hors|hous|lif|lik|mor|nam|nin|saf|sid|som|spac|stat|ther|tim|wav|wher))e(?=[^aeiouyv]{1,3}[aeiouy])/u,
  // interest, several, temperature, business, typically
  /(?<=int)e(?=rest)|(?<=^sev)e(?=ral)|(?<=temp)e(?=ratur)|(?<=^bus)i(?=ness)|(?<=ic)a(?=lly$)/u,
]);

/** Vowels that end a syllable although another vowel follows. */
const HIATUS = anyOf([
  // media, reliable, associate, giant; not social, marriage, Georgia, familiar
  /(?<![cstg]|[cs]h|[^aeiou]l(?=iam)|l(?=ia[nr]?s?$))i(?=a)(?!age)|(?<=[cst])i(?=at(?:e|io|ing|or))|(?<=^g)i(?=ant)/u,
  // period, violin, ratio; not nation, precious, million, union, behavior
  /(?<![cstgx]|sh|ll|n|av)i(?=o)|(?<=[st])i(?=os?$)/u,
  // stadium, skiing, studying
  /i(?=[ui])|y(?=i)/u,
  // science, audience, society, hierarchy, easier; not patient, friend, pier, soldier
  /(?<=[dlnrv]|^sc)i(?=en[ct])|i(?=et)|(?<=^h)i(?=er)/u,
  /(?<!^.|^pr|front|glac|prem|cash|sold)i(?=e(?:rs?|st)$)/u,
  // video, theory, geology; not surgeon, leopard, someone
  /(?<!g|^l|^p|^j|^som|^mor)e(?=o)|(?<=^g)e(?=o[^r])/u,
  // create, theatre, linear, nuclear; not creature
  /(?<=cr)e(?=at(?!ure))|(?<=^th)e(?=at(?:er|re))|(?<=lin|nucl)e(?=ar)/u,
  // idea, European; not sea, whereas, mean, ocean
  /(?<!^.|^[fp]l|s|wher)e(?=as?$)|(?<!^.|^[cg]l|c)e(?=ans?$)/u,
  // react, reality, reuse, reinforce
  /(?<=^r)e(?=ac[tq]|a(?:ff|li|pp|rr|ss)|elec|en[^d]|ex|in[fstv]|it|u[ns])/u,
  // being, spontaneity, museum, nucleus
  /e(?=ings?$|ity$|ums?$|us$)/u,
  // actual, influence, cruel, continuous, continuity; not language, persuade, Juan
  /(?<![gqj])u(?=a(?!de|ve))|(?<![gq])u(?=en|els?$|o|ition|is[mt])|(?<!q)u(?=ous|ity)/u,
  // continuing, arguing, fluid, ruin; not guing of leaguing
  /(?<![gq]|^)u(?=ing$)|(?<=arg)u(?=ing)|(?<=fl|dr)u(?=id)|(?<=^r)u(?=in)/u,
  // going, heroic, poem, coalition, cooperate; not voice
  /o(?=ings?$|ic(?!e)|e[mt])|(?<=^c)o(?=al[ei]|auth|ope|ord)/u,
  // chaos, archaic, naive, anyone
  /a(?=os|ic$)|(?<=^n)a(?=iv)|(?<=^an|^every)y(?=one)/u,
]);

/** Syllables without a vowel letter: prism, rhythm, didn't, it'll. */
const SYLLABIC_CONSONANT = /(?:[aeiouy]s|th)ms?$|[ds]n['’]t$|[tb]['’]ll$/u;

const SPELLED_OUT = /^[b-df-hj-np-tv-xz]+$/u;
const LETTER_W = /w/gu;

/**
 * The syllables of an English word (letters, inner apostrophes allowed), at least 1: its groups of vowel letters, less
 * those that are silent, and one more wherever two neighbours are spoken apart. A word without a vowel letter is
 * spelled out (`TV` 2, `www` 9); a number counts 1, as it does for textstat. By spelling only, so names and
 * irregular words may be miscounted, by one as a rule.
 */
export function countSyllables(word: string): number {
  const letters = word
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/['’]s?$/u, '');
  const known = exceptions.get(letters);
  if (known !== undefined) return known;
  if (SPELLED_OUT.test(letters)) return letters.length + 2 * occurrences(LETTER_W, letters);
  const spoken = letters.replace(CONSONANT_Y, 'j');
  const count =
    occurrences(VOWELS, spoken) -
    occurrences(SILENT, spoken) +
    occurrences(HIATUS, spoken) +
    (SYLLABIC_CONSONANT.test(letters) ? 1 : 0);
  return Math.max(1, count);
}

function occurrences(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}

function anyOf(patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'gu');
}
