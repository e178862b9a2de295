import { allOf, byPattern } from './finding.ts';

/** Beginnings by which providers mark their keys, with the least length of what follows. */
const MARKED =
  /(?<![A-Za-z0-9_-])(?:sk-(?:proj-|ant-|or-|live-|test-)?[A-Za-z0-9_-]{16,}|[srp]k_(?:live|test)_[A-Za-z0-9]{10,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{20,}|pypi-[A-Za-z0-9_-]{20,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|dop_v1_[a-f0-9]{32,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?)/gu;

/** Words after which a secret follows. */
const NAMED =
  /\b(?:api[ _-]?keys?|access[ _-]?keys?|secret(?:[ _-]?key)?|client[ _-]?secret|auth[ _-]?tokens?|access[ _-]?tokens?|token|bearer|password|passwd|pwd|passphrase|pass ?code|pin(?: code)?)\b["']?(?:\s*(?:is|was|:|=|to|->)\s*|\s+)["'`]?(?<value>[^\s"'`,;<>]{4,200}[^\s"'`,;<>.!?)])/giu;

/** What opens a door: keys, tokens, passwords. */
export const findSecrets = allOf(
  byPattern(
    'SECRET',
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{1,8000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/gu,
  ),
  byPattern('SECRET', MARKED),
  byPattern('SECRET', NAMED, ({ value }) => /[^\p{L}-]/u.test(value)),
  byPattern(
    'SECRET',
    /[?&](?:key|api_?key|token|access_token|auth|sig|signature|password|secret)=(?<value>[^\s&#"'<>]{6,400})/giu,
  ),
);
