/**
 * Scanners that name themselves in the user agent. Search robots, uptime monitors and plain programs (curl,
 * python-requests, Go-http-client) are not among them: honest offices use those.
 *
 * Names as the tools' own sources and manuals give them.
 */
import { Content } from '../contact.ts';
import { viewOf } from './bytes.ts';

/** Names of at least five letters in lower case, as they stand in the header. */
const SCANNERS: readonly string[] = [
  'sqlmap', 'nikto', 'nuclei', 'zgrab', 'masscan', 'nmap scripting engine', 'nmap nse', 'gobuster', 'dirbuster',
  'fuzz faster u fool', 'wpscan', 'censysinspect', 'censys', 'feroxbuster', 'dirsearch', 'wfuzz', 'skipfish', 'acunetix',
  'netsparker', 'invicti', 'openvas', 'nessus', 'w3af.org', 'arachni', 'zmeu', 'morfeus', 'jorgee', 'havij', 'commix',
  'jaeles', 'projectdiscovery', 'whatweb', 'wapiti', 'webinspect', 'appscan', 'qualys', 'detectify', 'zmap/', 'fimap',
  'joomscan', 'droopescan', 'cmsmap', 'sqlninja', 'bsqlbf', 'xsser', 'xsstrike', 'dalfox', 'l9explore', 'l9tcpid',
  'leakix', 'shodan', 'netsystemsresearch', 'internetmeasurement', 'expanse, a palo alto', 'internet-measurement',
  'paros/', 'burpcollaborator', 'burp suite', 'owasp zap', 'zaproxy', 'hydra)', 'thc-hydra', 'medusa/', 'brutus/',
  'metasploit', 'msfpayload', 'cgichk', 'whisker', 'webshag', 'dotdotpwn', 'grabber', 'golismero', 'vega/', 'tsunami',
  'muhstik', 'hello, world', 'xfa1', 'gbrmss', 'onyphe', 'stretchoid', 'criminalip', 'fofa.', 'quake.360', 'binaryedge',
  'odin.io', 'modatscanner', 'visionheight', 'interactsh', 'httpx - open-source', 'katana/', 'subfinder', 'sitelockspider',
  'security scanner', 'vulnerability scanner', 'pentest', 'penvas', 'webscarab', 'n-stealth', 'nsauditor', 'absinthe',
  'wpscan.org', 'patator', 'ffuf/', 'rustbuster', 'crlfuzz', 'tplmap', 'gospider', 'hakrawler', 'mozi.m', 'wordpress hash grabber',
]; // biome-ignore format: a list

/** Payloads that are sent in the agent's name since Shellshock and Log4Shell. */
const PAYLOADS: readonly string[] = [
  'jndi:', '${::-', '${lower:', '${upper:', '${env:', '${sys:', '${date:', '${base64:', '() { ', '() {:', '(){ :', '<?php', '<?= ',
]; // biome-ignore format: a list

/** Multiplier of the slots' hash (2^32 divided by the golden ratio, odd). */
const MIX = 0x9e3779b1 | 0;

/** Shortest needle: the search jumps up to this many bytes less one at a time. */
const SHORTEST = 4;

const NEEDLES: ReadonlyArray<{ readonly text: string; readonly bits: number }> = [
  ...SCANNERS.map((text) => ({ text, bits: Content.scannerAgent })),
  ...PAYLOADS.map((text) => ({ text, bits: Content.codeExecution })),
];

// Wu and Manber (1994): how far the window of SHORTEST bytes may move, by a hash of its last two bytes that is the same
// in either letter case.
type Table = { readonly shifts: Uint8Array; readonly buckets: ReadonlyArray<readonly Needle[]> };
const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte | 32 : byte));
type Needle = { readonly bytes: Uint8Array; readonly bits: number };
/** Made on first use: most logs name no agent. */
let table: Table | undefined;

function makeTable(): Table {
  const shifts = new Uint8Array(1024).fill(SHORTEST - 1);
  const buckets: Needle[][] = Array.from({ length: 1024 }, () => []);
  for (const { text, bits } of NEEDLES) {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    for (let k = 1; k < SHORTEST; k++) {
      const pair = pairOf(bytes[k - 1]!, bytes[k]!);
      shifts[pair] = Math.min(shifts[pair]!, SHORTEST - 1 - k);
    }
    buckets[pairOf(bytes[SHORTEST - 2]!, bytes[SHORTEST - 1]!)]!.push({ bytes, bits });
  }
  return { shifts, buckets };
}

function pairOf(first: number, second: number): number {
  return ((first & 31) << 5) | (second & 31);
}

/**
 * Agents that were read last: visitors send the same one with every request. A slot holds the whole name and is
 * compared whole, so nobody can have another's name judged as his.
 */
const SLOTS = 1024;
/** Longest name kept, bytes, and words of eight; longer ones are searched each time. */
const SLOT_BYTES = 256;
const SLOT_WORDS = SLOT_BYTES / 8;
const slotNames = new Float64Array(SLOTS * SLOT_WORDS);
const slotLengths = new Int16Array(SLOTS).fill(-1);
const slotBits = new Uint16Array(SLOTS);

/** Content bits of the user agent's name in [from, to): `scannerAgent`, or `codeExecution` for a payload in it. */
export function readAgent(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length < SHORTEST) return 0;
  if (length < 8 || length > SLOT_BYTES) return searchAgent(bytes, from, to);
  const words = viewOf(bytes);
  // The last word overlaps the one before it, so that every byte is in a word and none beyond the name is.
  const last = to - 8;
  let hash = length;
  for (let at = from; at < last; at += 8)
    hash = Math.imul(hash ^ words.getInt32(at, true) ^ (words.getInt32(at + 4, true) << 7), MIX);
  hash ^= words.getInt32(last, true) ^ words.getInt32(last + 4, true);
  const slot = (Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 22) & (SLOTS - 1);
  if (slotLengths[slot] === length && isSame(words, from, last, slot * SLOT_WORDS)) return slotBits[slot]!;
  let word = slot * SLOT_WORDS;
  for (let at = from; at < last; at += 8) slotNames[word++] = words.getFloat64(at, true);
  slotNames[word] = words.getFloat64(last, true);
  slotLengths[slot] = length;
  slotBits[slot] = searchAgent(bytes, from, to);
  return slotBits[slot]!;
}

/**
 * Whether the name is the one that slot words from `word` on hold. Eight bytes are compared as one floating-point number,
 * which differs whenever the bytes do, but for zero and minus zero: a name with either is taken for another one.
 */
function isSame(words: DataView, from: number, last: number, word: number): boolean {
  const names = slotNames;
  let place = word;
  for (let at = from; at < last; at += 8) {
    const eight = words.getFloat64(at, true);
    if (eight !== names[place] || eight === 0) return false;
    place++;
  }
  const eight = words.getFloat64(last, true);
  return eight === names[place] && eight !== 0;
}

/** Searches the name in [from, to) for every needle. */
export function searchAgent(bytes: Uint8Array, from: number, to: number): number {
  table ??= makeTable();
  const { shifts, buckets } = table;
  let found = 0;
  let at = from + SHORTEST - 1;
  while (at < to) {
    const pair = ((bytes[at - 1]! & 31) << 5) | (bytes[at]! & 31);
    const shift = shifts[pair]!;
    if (shift === 0) {
      found |= matchAt(bytes, at - SHORTEST + 1, to, buckets[pair]!);
      at++;
    } else {
      at += shift;
    }
  }
  return found;
}

function matchAt(bytes: Uint8Array, from: number, to: number, bucket: readonly Needle[]): number {
  let found = 0;
  for (const needle of bucket) {
    const length = needle.bytes.length;
    if (to - from < length) continue;
    let i = 0;
    while (i < length && LOWER[bytes[from + i]!] === needle.bytes[i]) i++;
    if (i === length) found |= needle.bits;
  }
  return found;
}
