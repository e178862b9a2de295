import isIP from 'validator/lib/isIP.js';
import { allOf, byPattern } from './finding.ts';

/** Addresses of every machine, which belong to nobody. */
const nobodys: ReadonlySet<string> = new Set(['0.0.0.0', '127.0.0.1', '255.255.255.255', '::', '::1']);
const VERSION_CUE =
  /(?:\b(?:v|ver|version|release|build|firmware|driver|section|chapter|clause|upgraded? to)[ .:]*|[=^~v])$/iu;

/** Addresses of machines, and addresses that say who calls them. */
export const findMachines = allOf(
  byPattern('CREDENTIALS', /\b[a-z][a-z0-9+.-]{1,20}:\/\/(?<value>[^\s/@?#]{1,200})@[^\s@]/giu),
  byPattern(
    'IP',
    /(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}]|\.\d)/gu,
    ({ value, before }) => isIP(value, 4) && !nobodys.has(value) && !VERSION_CUE.test(before),
  ),
  byPattern(
    'IP',
    /(?<![\p{L}\p{N}:.])[\da-f:]{2,39}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\p{L}\p{N}:])/giu,
    ({ value }) => isIP(value, 6) && !nobodys.has(value),
  ),
  byPattern(
    'MAC',
    /(?<![\p{L}\p{N}:-])[\da-f]{2}(?:([:-])[\da-f]{2})(?:\1[\da-f]{2}){4}(?![\p{L}\p{N}:-])/giu,
  ),
);
