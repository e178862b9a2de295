import { allOf, byPattern } from './finding.ts';

// Bounded, as a text of one endless word would be tried from each of its places to its end.
const WORD = String.raw`(?:St\. |[\p{Lu}\d])[\p{L}\p{M}'’\d-]{0,60}`;
const ENGLISH =
  '(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Place|Pl|Square|Sq|Terrace|Close|Crescent|Cres|Parkway|Pkwy|Highway|Hwy|Gardens|Grove|Mews|Row|Walk|Hill|Quay|Circle|Cir|Trail|Loop|Rise|View)';
const ROMANCE =
  '(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Bb]d|[Pp]lace|[Cc]hemin|[Aa]llée|[Ii]mpasse|[Qq]uai|[Vv]ia|[Cc]alle|[Aa]venida|[Pp]laza)';
const GERMANIC = String.raw`[\p{Lu}][\p{L}-]{0,60}(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee|ufer|damm|ring|straat|laan|gracht|plein|gatan|vägen|gade|vej|veien|gata)`;
const UNIT = String.raw`(?:,? ?(?:apt|apartment|suite|ste|flat|unit|floor|room|#)\.? ?[\p{L}\d-]{1,6})?`;
const CITY = String.raw`(?:,? (?:[A-Z]{1,2}-)?\d{4,6}(?: ?[A-Z]{2})?)?(?:,? (?:in )?${WORD}(?: ${WORD}){0,2})?(?:,? [A-Z]{2})?(?:,? (?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}))?`;

/** Where people live: a house number with its street as several languages write it, postal boxes and postal codes. */
export const findStreetAddresses = allOf(
  byPattern(
    'ADDRESS',
    new RegExp(
      String.raw`(?<![\p{L}\p{N}.])\d{1,5}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?,? (?:[NSEW]\.? )?(?:${WORD} ){1,4}?${ENGLISH}\b\.?${UNIT}${CITY}`,
      'gu',
    ),
  ),
  byPattern(
    'ADDRESS',
    new RegExp(
      String.raw`(?<![\p{L}\p{N}.])\d{1,4}(?: ?(?:bis|ter))?,? ${ROMANCE}\.? (?:(?:de|du|des|la|le|les|del|della|di|do|da|dos|d['’]|l['’])[ ]?){0,2}${WORD}(?: ${WORD}){0,2}${CITY}`,
      'gu',
    ),
  ),
  byPattern(
    'ADDRESS',
    new RegExp(
      String.raw`(?<![\p{L}\p{N}])(?:Via|Viale|Piazza|Corso|Vicolo|Calle|C\/|Avenida|Av\.|Plaza|Paseo|Carrera|Rua|Praça|Travessa|ulica|ul\.) (?:(?:de|del|della|di|do|da|dos|la|las|los)[ ]){0,2}${WORD}(?: (?:de |della |di )?${WORD}){0,3},? (?:n[.ºo°]* ?)?\d{1,4}[A-Za-z]?${CITY}`,
      'gu',
    ),
  ),
  byPattern(
    'ADDRESS',
    new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${WORD} ){0,2}${GERMANIC} ?\d{1,4} ?[a-zA-Z]?\b${CITY}`, 'gu'),
  ),
  byPattern('ADDRESS', /\bP\.? ?O\.? Box \d{1,6}\b/giu),
  byPattern('ADDRESS', /(?<![\p{L}\p{N}])[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}(?![\p{L}\p{N}])/gu),
);
