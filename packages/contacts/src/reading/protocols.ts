/**
 * IP protocols as devices name them: by number, or by a name of IANA's list (protocol-numbers) or their own.
 */
import { readEnd, readNumber } from './bytes.ts';
import { WordValues } from './words.ts';

/** A protocol that the line names and that is none of those known here: a contact without ports. */
export const OTHER_PROTOCOL = 255;

/** Names, lower case. */
export const PROTOCOL_NAMES: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  icmp: 1,
  icmp6: 58,
  icmpv6: 58,
  'ipv6-icmp': 58,
  'icmp-v6': 58,
  igmp: 2,
  gre: 47,
  esp: 50,
  ah: 51,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  sctp: 132,
  'udp-lite': 136,
  udplite: 136,
};
const NAMES = new WordValues(PROTOCOL_NAMES);

/** Number of the protocol that [from, to) names, 0 if the field is empty or a dash, `OTHER_PROTOCOL` if unknown. */
export function readProtocol(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from || (to - from === 1 && bytes[from] === 45)) return 0;
  const number = readNumber(bytes, from, to);
  if (number >= 0 && readEnd === to) return number > 255 ? OTHER_PROTOCOL : number;
  const named = NAMES.find(bytes, from, to);
  return named < 0 ? OTHER_PROTOCOL : named;
}
