import type { Tone } from '../headline.ts';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Gives a text a style, or leaves it alone where no colours are wanted. */
export type Paint = (style: Style, text: string) => string;

export const toneStyles: Readonly<Record<Tone, Style>> = {
  good: 'green',
  bad: 'red',
  neutral: 'cyan',
  doubt: 'yellow',
};
