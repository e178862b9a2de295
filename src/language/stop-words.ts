/** English words that carry grammar rather than meaning; lower case. */
const stopWords: ReadonlySet<string> = new Set(
  [
    'a an the this that these those such same each every either neither both all any some few many much most',
    'more less least other another own no none not nor only too very so just even still also however',
    'i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her',
    'hers herself it its itself they them their theirs themselves one ones someone something anyone anything',
    'who whom whose which what when where why how whatever whichever whoever whether',
    'am is are was were be been being has have had having do does did doing done can cannot could may might must',
    'shall should will would ought',
    'and or but if then else than as because since while although though unless until',
    'of in on at by for with without within from to into onto upon about above below under over up down out off',
    'through during before after between among against across along around behind beside beyond near per toward',
    'towards via there here thus hence therefore again once',
  ].flatMap((line) => line.split(' ')),
);

/** Whether a lower-case word is an English stop word. */
export function isStopWord(word: string): boolean {
  return stopWords.has(word);
}
