/* Its own types describe modules that Node would load in another form. */

declare module 'validator/lib/isCreditCard.js' {
  /** By the beginnings and lengths of the issuers' numbers, and Luhn's check digit. */
  export default function isCreditCard(digits: string): boolean;
}

declare module 'validator/lib/isIdentityCard.js' {
  export default function isIdentityCard(text: string, country: 'ES'): boolean;
}

declare module 'validator/lib/isIP.js' {
  export default function isIP(text: string, version: 4 | 6): boolean;
}
