import { expect, it } from 'vitest';
import { languageOf } from '../../src/language/language-of.ts';

it.each([
  ['What is the weather in the city like?', 'English'],
  ['Wie wird das Wetter in der Stadt und auf dem Land?', 'German'],
  ['Quel temps fait-il dans les villes et sur la côte?', 'French'],
  ['¿Qué tiempo hace en los pueblos del norte y en la costa?', 'Spanish'],
  ['Che tempo fa nella città e sulla costa questo giorno?', 'Italian'],
  ['Como está o tempo na cidade e não na praia, para você?', 'Portuguese'],
  ['Het weer is niet goed voor een wandeling van de dag', 'Dutch'],
  ['Какая погода завтра?', 'Cyrillic'],
  ['明日の天気はどうですか', 'Japanese'],
  ['明天天气怎么样', 'Chinese'],
  ['내일 날씨는 어때요', 'Korean'],
  ['jazz playlist volume', 'Latin'],
  ['12 + 30 = ?', 'none'],
  ['', 'none'],
])('%s is %s', (text, language) => {
  expect(languageOf(text)).toBe(language);
});
