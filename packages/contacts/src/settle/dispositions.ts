/**
 * The table of dispositions: every way in which a contact can end, what it is called, and what it says about who made
 * it. `settle/prepare.ts` and `settle/settle.ts` choose a row for each contact; nothing else decides a disposition.
 * docs/reference/dispositions.md is generated from this file.
 */

/** What became of a contact: exactly one of these. */
export const Disposition = {
  refused: 0,
  blocked: 1,
  served: 2,
  authorised: 3,
  test: 4,
  reply: 5,
  through: 6,
  unsettled: 7,
} as const;
export type Disposition = (typeof Disposition)[keyof typeof Disposition];

/** Names in the order of the numbers: the keys of the account. */
export const DISPOSITIONS = [
  'refused',
  'blocked',
  'served',
  'authorised',
  'test',
  'reply',
  'through',
  'unsettled',
] as const;

/** When several sensors, or several lines, tell of one contact, the one that stands first here is believed. */
export const PRECEDENCE: readonly Disposition[] = [
  Disposition.through,
  Disposition.unsettled,
  Disposition.authorised,
  Disposition.served,
  Disposition.test,
  Disposition.blocked,
  Disposition.refused,
  Disposition.reply,
];

/** What a contact says about its source. */
export const Evidence = {
  /** Nothing: nobody's failure, or a question that is open. */
  none: 0,
  /** A first contact with something that is not there for the source. */
  failure: 1,
  /** A first contact with something that is. */
  success: 2,
} as const;
export type Evidence = (typeof Evidence)[keyof typeof Evidence];

/** A row of the table. */
export type Rule = {
  /** Name in reports and in `through[].reason`. */
  readonly code: string;
  /** When it applies, for people. */
  readonly when: string;
  readonly disposition: Disposition;
  readonly evidence: Evidence;
  /**
   * Whether somebody else could have sent it in the source's name: no handshake was completed. What can be forged never
   * blocks a friend, and never for long.
   */
  readonly forgeable: boolean;
  /** Said before everything is known: a later line about the same contact may settle it anew. */
  readonly open?: true;
};

const { refused, blocked, served, authorised, test, reply, through, unsettled } = Disposition;
const { none, failure, success } = Evidence;

function rule<C extends string>(
  code: C,
  disposition: Disposition,
  evidence: Evidence,
  forgeable: boolean,
  when: string,
  open?: true,
): Rule & { readonly code: C } {
  return { code, when, disposition, evidence, forgeable, ...(open ? { open } : {}) };
}

/** The table. Order carries no meaning; rows are named by the constants in `R`. */
export const RULES = [
  rule(
    'no-contact',
    refused,
    none,
    true,
    'Not a contact: a request of ours to somebody else. Counted as ignored; it lets its answers count as replies.',
  ),
  rule(
    'engagement',
    test,
    none,
    true,
    'A permitted test: source, target, time and technique are those of an engagement in the surface.',
  ),
  rule('denied', refused, failure, true, 'A filter dropped or rejected it.'),
  rule(
    'denied-public',
    refused,
    none,
    true,
    "A filter dropped it although the service is there for everybody (late packets of a closed connection, a rate limit, our mistake): nobody's failure.",
  ),
  rule(
    'blocked',
    blocked,
    failure,
    true,
    'A block list or an intrusion prevention system dropped it: something had been decided before.',
  ),
  rule('no-answer', refused, failure, true, 'Nobody answered.'),
  rule(
    'no-answer-public',
    refused,
    none,
    true,
    "A service that is there for everybody did not answer: our own outage, nobody's failure.",
  ),
  rule(
    'target-refused',
    refused,
    failure,
    true,
    'The target itself said no (RST, ICMP unreachable): nothing listens there.',
  ),
  rule(
    'one-direction',
    unsettled,
    none,
    true,
    'The sensor saw one direction only, or only the middle: what became of it cannot be told.',
    true,
  ),
  rule('not-told', unsettled, none, true, 'The line does not say what became of it.', true),
  rule(
    'accepted-public',
    served,
    success,
    true,
    'A filter let it in to a service that is there for everybody.',
  ),
  rule(
    'accepted-authorised',
    authorised,
    success,
    true,
    'A filter let it in to a staff service, from a source that may use it.',
  ),
  rule(
    'accepted-stranger',
    through,
    failure,
    true,
    'A filter let it in to a staff service, from a source that may not use it.',
  ),
  rule(
    'accepted-unlisted',
    unsettled,
    none,
    true,
    'A filter let it in to something that the surface does not list.',
  ),
  rule('served-public', served, success, false, 'A service that is there for everybody answered.'),
  rule('served-authorised', authorised, success, false, 'A staff service answered a source that may use it.'),
  rule('served-stranger', through, failure, false, 'A staff service answered a source that may not use it.'),
  rule('served-unlisted', unsettled, none, false, 'Something that the surface does not list answered.'),
  rule('echo-answered', served, none, true, 'A ping was answered: that a host is there is no secret.'),
  rule(
    'reply',
    reply,
    none,
    true,
    'An answer to a request of ours; or looks like one, from a source that has sent fewer than four such, to no port of a named service.',
  ),
  rule(
    'answer-unasked',
    refused,
    failure,
    true,
    'Dressed as an answer (source port 53 or 123, a bare ACK), but nobody asked: settled anew as a contact. From UDP ports it speaks against the source only with other failures, or from the seventeenth target on: resolvers that are made to flood us hit few.',
  ),
  rule(
    'backscatter',
    refused,
    none,
    true,
    'SYN-ACK or RST to packets that nobody here sent: an answer to somebody who forges our addresses. No scan looks so.',
  ),
  rule('web-served', served, success, false, 'The web server gave what was asked for.'),
  rule(
    'web-authorised',
    authorised,
    success,
    false,
    'The web server of a staff service answered a source that may use it.',
  ),
  rule(
    'web-stranger',
    through,
    failure,
    false,
    'The web server of a staff service gave a page to a source that may not use it.',
  ),
  rule(
    'web-refused',
    refused,
    failure,
    false,
    'The web server said no: not found, forbidden, no such method.',
  ),
  rule(
    'web-login-asked',
    refused,
    none,
    false,
    'The web server asked for a login, or sent the visitor to one.',
  ),
  rule(
    'web-our-error',
    refused,
    none,
    false,
    "The web server failed (5xx), or the visitor went away (499): nobody's failure.",
  ),
  rule(
    'attack-refused',
    refused,
    failure,
    false,
    "Attack content, answered with a refusal inside the route's own history.",
  ),
  rule('attack-answered', through, failure, false, 'Attack content, answered with success.'),
  rule(
    'attack-error',
    through,
    failure,
    false,
    'Attack content made the server fail on a route that had not failed before.',
  ),
  rule(
    'attack-slow',
    through,
    failure,
    false,
    'Attack content took the server far longer than the route ever takes.',
  ),
  rule(
    'attack-open',
    unsettled,
    failure,
    false,
    'Attack content, answered in a way that cannot be told from success: a redirect, an error without a history.',
  ),
  rule(
    'attack-blocked',
    blocked,
    failure,
    false,
    'Attack content, dropped by an intrusion prevention system.',
  ),
  rule(
    'attack-seen',
    unsettled,
    failure,
    true,
    'An intrusion detection system saw attack content; what became of it is in other lines, if anywhere.',
    true,
  ),
  rule(
    'secret-answered',
    unsettled,
    failure,
    false,
    'A path that should never be served (/.env, /.git, a backup) was answered with content.',
  ),
  rule('login-failed', refused, failure, false, 'A login was refused.'),
  rule(
    'login-none',
    refused,
    failure,
    false,
    'A connection to a login service ended before any login.',
    true,
  ),
  rule('login-ok', served, success, false, 'A login to a service that is there for everybody succeeded.'),
  rule(
    'login-authorised',
    authorised,
    success,
    false,
    'A login succeeded, from a source that may use the service.',
  ),
  rule(
    'login-stranger',
    through,
    failure,
    false,
    'A login to a staff service succeeded, from a source that may not use it.',
  ),
  rule(
    'login-after-guessing',
    through,
    failure,
    false,
    'A login succeeded from a source that had guessed: judged for it, or a new one that failed just before while others guess at that account.',
  ),
  rule(
    'login-unsure',
    unsettled,
    none,
    false,
    'A login with a password succeeded from a new source that had not guessed itself, while others guess at that account: a person must ask whose it was.',
  ),
  rule('no-source', refused, none, true, 'Refused, and the line names nobody.'),
  rule('no-source-open', unsettled, none, true, 'Let in, and the line names nobody.'),
] as const satisfies readonly Rule[];

type Code = (typeof RULES)[number]['code'];

/**
 * Numbers of the rules by code, for the column `rule`. Written out, because an object that is put together at run time is
 * a hash table to the engine, and every row looks up a dozen of these; a test compares them with the table.
 */
export const R: Readonly<Record<Code, number>> = {
  'no-contact': 0,
  engagement: 1,
  denied: 2,
  'denied-public': 3,
  blocked: 4,
  'no-answer': 5,
  'no-answer-public': 6,
  'target-refused': 7,
  'one-direction': 8,
  'not-told': 9,
  'accepted-public': 10,
  'accepted-authorised': 11,
  'accepted-stranger': 12,
  'accepted-unlisted': 13,
  'served-public': 14,
  'served-authorised': 15,
  'served-stranger': 16,
  'served-unlisted': 17,
  'echo-answered': 18,
  reply: 19,
  'answer-unasked': 20,
  backscatter: 21,
  'web-served': 22,
  'web-authorised': 23,
  'web-stranger': 24,
  'web-refused': 25,
  'web-login-asked': 26,
  'web-our-error': 27,
  'attack-refused': 28,
  'attack-answered': 29,
  'attack-error': 30,
  'attack-slow': 31,
  'attack-open': 32,
  'attack-blocked': 33,
  'attack-seen': 34,
  'secret-answered': 35,
  'login-failed': 36,
  'login-none': 37,
  'login-ok': 38,
  'login-authorised': 39,
  'login-stranger': 40,
  'login-after-guessing': 41,
  'login-unsure': 42,
  'no-source': 43,
  'no-source-open': 44,
};

/** The rules' columns as flat arrays, for the hot path. */
export const ruleDisposition: Uint8Array = Uint8Array.from(RULES, (row: Rule) => row.disposition);
export const ruleEvidence: Uint8Array = Uint8Array.from(RULES, (row: Rule) => row.evidence);
export const ruleForgeable: Uint8Array = Uint8Array.from(RULES, (row: Rule) => (row.forgeable ? 1 : 0));
export const ruleOpen: Uint8Array = Uint8Array.from(RULES, (row: Rule) => (row.open ? 1 : 0));
/** Rank in `PRECEDENCE` by disposition: the lower is believed. */
export const dispositionRank: Uint8Array = Uint8Array.from(DISPOSITIONS, (_, i) =>
  PRECEDENCE.indexOf(i as Disposition),
);

/** docs/reference/dispositions.md. */
export function dispositionsMarkdown(): string {
  const evidenceName = ['nothing', 'a failure', 'a success'];
  const lines = [
    '# Dispositions',
    '',
    'Generated from `packages/contacts/src/settle/dispositions.ts`. Every contact ends in exactly one row of this table,',
    'so the account balances: `contacts` is the sum of the eight dispositions.',
    '',
    'Where several lines or sensors tell of one contact, the first of these is believed: ',
    `${PRECEDENCE.map((d) => `\`${DISPOSITIONS[d]}\``).join(', ')}.`,
    '',
    '| rule | disposition | says about the source | could be forged | when |',
    '|---|---|---|---|---|',
    ...RULES.map(
      (row: Rule) =>
        `| \`${row.code}\` | \`${DISPOSITIONS[row.disposition]}\` | ${evidenceName[row.evidence]} | ${row.forgeable ? 'yes' : 'no'} | ${row.when} |`,
    ),
    '',
  ];
  return lines.join('\n');
}
