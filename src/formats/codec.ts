import type { OutputFormat, ParsedAnswer } from './format.ts';
import { parseJson, renderJson } from './json.ts';
import { parseLabel, renderLabel } from './label.ts';
import { parseLines, renderLines } from './lines.ts';
import { parseText, renderText } from './text.ts';
import { parseTuples, renderTuples } from './tuples.ts';

/**
 * A model's answer, read tolerantly into the shape of an example's `expected` and judged strictly.
 * `input` is the example's, as the labels may be listed there. Never throws for what a model wrote; throws an
 * input error when the format itself cannot be used (an invalid JSON Schema, no labels in the input).
 */
export function parseAnswer(
  format: OutputFormat,
  text: string,
  input: Readonly<Record<string, unknown>>,
): ParsedAnswer {
  switch (format.format) {
    case 'text':
      return parseText(format, text);
    case 'label':
      return parseLabel(format, text, input);
    case 'lines':
      return parseLines(format, text);
    case 'json':
      return parseJson(format, text);
    case 'tuples':
      return parseTuples(text);
  }
}

/**
 * The reference answer as a model should write it: parsing it gives `expected` back without problems, for
 * values that the format can carry (a list item cannot hold a line break). Throws an input error when the
 * example lacks what the format writes.
 */
export function renderAnswer(format: OutputFormat, expected: Readonly<Record<string, unknown>>): string {
  switch (format.format) {
    case 'text':
      return renderText(format, expected);
    case 'label':
      return renderLabel(format, expected);
    case 'lines':
      return renderLines(format, expected);
    case 'json':
      return renderJson(format, expected);
    case 'tuples':
      return renderTuples(expected);
  }
}
