/**
 * The table in the kernel, and each change of it, as input of `nft -f`: one transaction, which the kernel takes whole or not at all.
 *
 *     input, forward (priority just before filter) ──► decide:
 *         own allow list      ──► let be
 *         voters' services    ──► voters: who is judged makes new connections slowly; accept
 *         all4, all6          ──► drop
 *         public services     ──► let be
 *         private4, private6  ──► drop
 *
 * `accept` ends this table's chain alone: what other tables drop, they drop. `drop` is final, whatever other tables accept.
 */
import { type Cidr, formatCidr, formatIPv4, formatIPv6 } from '@bellwether/basics';
import { type Cover, changeOfPieces, type Piece } from './cover.ts';
import { type FirewallService, type OfficeFirewall, VOTERS_PACE } from './firewall.ts';

/** The table. */
export const TABLE = 'bellwether';

/** The sets of a cover: blocks, then those who are spared. */
export const COVER_SETS = ['all4', 'all6', 'private4', 'private6', 'spared4', 'spared6'] as const;

/** Before the usual filters, so that a packet is dropped before anything is logged of it twice. */
export const PRIORITY = -10;

/** The longest end that the kernel is told, ms from now: an element without end would stay for ever. */
const LONGEST = 30 * 86_400_000;

/** The whole table anew, with everything in it. `now`: ms, by the clock that ends are meant by. */
export function tableText(office: OfficeFirewall, cover: Cover, now: number): string {
  // Naming it first makes removing it right whether it was there or not.
  return [
    `table inet ${TABLE}`,
    `delete table inet ${TABLE}`,
    definition(office),
    ...COVER_SETS.flatMap((set) => adding(set, piecesOf(cover, set), now)),
    '',
  ].join('\n');
}

/** What changes one cover into another. An element that ends meanwhile fails the whole: then the table is written anew. */
export function changeText(before: Cover, after: Cover, now: number): string {
  const lines: string[] = [];
  for (const set of COVER_SETS) {
    const change = changeOfPieces(piecesOf(before, set), piecesOf(after, set));
    // What is over is gone by itself.
    lines.push(
      ...removing(
        set,
        change.out.filter(({ until }) => until > now),
      ),
      ...adding(set, change.in, now),
    );
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Pieces of a set. */
export function piecesOf(cover: Cover, set: (typeof COVER_SETS)[number]): readonly Piece<number | bigint>[] {
  return cover[set];
}

/** A piece as nft spells an interval. */
export function intervalText({ first, last }: Piece<number | bigint>): string {
  if (typeof first === 'number') {
    return first === last ? formatIPv4(first) : `${formatIPv4(first)}-${formatIPv4(last as number)}`;
  }
  return `${formatIPv6(wordsOf(first, 0))}-${formatIPv6(wordsOf(last as bigint, 0xffff_ffff))}`;
}

function definition({ allow, voters, public: open }: OfficeFirewall): string {
  const sets = COVER_SETS.map((set) => `  set ${set} { type ${typeOf(set)}; flags interval,timeout; }`);
  const [allow4, allow6] = [
    allow.filter(({ family }) => family === 4),
    allow.filter(({ family }) => family === 6),
  ];
  const pace = (set: string): string =>
    `{ ${set === 'pace4' ? 'ip' : 'ip6'} saddr limit rate over ${VOTERS_PACE.perSecond}/second burst ${VOTERS_PACE.burst} packets }`;
  const slow = (set: string, address: string, to: string): string =>
    `    ${address} saddr @${set} ct state new add @${to} ${pace(to)} counter drop comment "slow ${set}"`;
  return `table inet ${TABLE} {
${sets.join('\n')}
  set allow4 { type ipv4_addr; flags interval; ${elements(allow4.map(formatCidr))}}
  set allow6 { type ipv6_addr; flags interval; ${elements(allow6.map(formatCidr))}}
  set voters { type inet_proto . inet_service; ${elements(voters.map(serviceText))}}
  set public { type inet_proto . inet_service; ${elements(open.map(serviceText))}}
  set pace4 { type ipv4_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  set pace6 { type ipv6_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  chain decide {
    iif "lo" return comment "this machine"
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert, nd-router-solicit } return comment "neighbors"
    ip saddr @allow4 return comment "allow4"
    ip6 saddr @allow6 return comment "allow6"
    meta l4proto . th dport @voters jump voters comment "voters"
    ip saddr @all4 counter drop comment "all4"
    ip6 saddr @all6 counter drop comment "all6"
    meta l4proto . th dport @public return comment "public"
    ip saddr @private4 counter drop comment "private4"
    ip6 saddr @private6 counter drop comment "private6"
  }
  chain voters {
    ip saddr @spared4 accept comment "spared4"
    ip6 saddr @spared6 accept comment "spared6"
${[slow('all4', 'ip', 'pace4'), slow('private4', 'ip', 'pace4'), slow('all6', 'ip6', 'pace6'), slow('private6', 'ip6', 'pace6')].join('\n')}
    accept comment "voters are let in"
  }
  chain input {
    type filter hook input priority ${PRIORITY}; policy accept;
    jump decide comment "input"
  }
  chain forward {
    type filter hook forward priority ${PRIORITY}; policy accept;
    jump decide comment "forward"
  }
}`;
}

function adding(set: string, pieces: readonly Piece<number | bigint>[], now: number): string[] {
  return inOne(pieces, (piece) => `${intervalText(piece)} timeout ${lifeText(piece.until, now)}`).map(
    (part) => `add element inet ${TABLE} ${set} { ${part} }`,
  );
}

function removing(set: string, pieces: readonly Piece<number | bigint>[]): string[] {
  return inOne(pieces, intervalText).map((part) => `delete element inet ${TABLE} ${set} { ${part} }`);
}

/** One statement for a whole set: nft looks through everything that it knows for each statement. */
function inOne<T>(list: readonly T[], text: (one: T) => string): string[] {
  return list.length === 0 ? [] : [list.map(text).join(', ')];
}

/** In seconds and milliseconds: nft refuses a number of more than eight digits, and with it the whole transaction (1.0.6). */
function lifeText(until: number, now: number): string {
  const life = Math.max(1, Math.min(LONGEST, Math.ceil(until - now)));
  const seconds = Math.floor(life / 1_000);
  return seconds === 0 ? `${life}ms` : `${seconds}s${life % 1_000}ms`;
}

function typeOf(set: string): string {
  return set.endsWith('4') ? 'ipv4_addr' : 'ipv6_addr';
}

function serviceText({ protocol, port }: FirewallService): string {
  return `${protocol} . ${port}`;
}

function elements(texts: readonly string[]): string {
  return texts.length === 0 ? '' : `elements = { ${texts.join(', ')} }; `;
}

function wordsOf(position: bigint, rest: number): Cidr['words'] {
  return [Number(position >> 32n), Number(position & 0xffff_ffffn), rest, rest];
}
