/**
 * Who has to have cosigned: c2sp.org/tlog-policy.
 *
 *     log <key> [address]
 *     witness <name> <key> [address]
 *     group <name> all|any|<k> <name of a witness or group above>...
 *     quorum <name>|none
 *
 * Lines starting with # and empty lines are passed over; spaces and tabs part words. UTF-8 is required, which the standard
 * only advises.
 *
 * **Refused**: a policy under which two sets of witnesses that share nobody could both be a quorum, since those two could
 * be shown different logs and no witness would have seen both. What is checked is the whole rule of the `quorum` line, and
 * exactly: as each name is a member once, k of n members splits if and only if 2k - n is no more than the number of those
 * members that split themselves; a witness never splits. So a group that splits may stand within one that does not
 * ("all of: 60 of 116 offices, any of three others"), and a group that the quorum does not use is not looked at.
 * `quorum none`, which asks for no witness at all, splits too. Whether two names stand for one person is not known here.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { decodeText, encodeBase64 } from './bytes.ts';
import type { EvidenceError } from './errors.ts';
import type { Hasher } from './hasher.ts';
import { formatNoteKey, KeyKind, type NoteKey, parseNoteKey } from './signed-note.ts';

/** Logs, witnesses and groups each: 116 offices with two keys and outside groups, four times over. The standard: 32. */
export const MAX_MEMBERS = 1_024;

/** Bytes: so many witnesses with ML-DSA-44 keys of 1.8 KB in base64, named twice, and comments. */
export const MAX_POLICY_BYTES = 4_194_304;

/** A log, and where it is. */
export type PolicyLog = { readonly key: NoteKey; readonly address: string | null };

/** A witness by the name that the policy gives it. */
export type PolicyWitness = PolicyLog & { readonly name: string };

/** At least `k` of `members`, which are names of witnesses or of earlier groups. */
export type PolicyGroup = { readonly name: string; readonly k: number; readonly members: readonly string[] };

/** A policy that was read, and does not split. */
export type Policy = {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** In an order in which each names only earlier ones. */
  readonly groups: readonly PolicyGroup[];
  /** Name of a witness or a group. */
  readonly quorum: string;
};

/** Reads a policy. */
export function parsePolicy(hasher: Hasher, bytes: Uint8Array): Result<Policy, EvidenceError> {
  if (bytes.length > MAX_POLICY_BYTES) return badPolicy(0, 'longer than any policy');
  const text = decodeText(bytes);
  if (text === undefined) return badPolicy(0, 'not in UTF-8');
  if (text !== '' && !text.endsWith('\n')) return badPolicy(0, 'the last line does not end');
  const logs: PolicyLog[] = [];
  const witnesses: PolicyWitness[] = [];
  const groups: PolicyGroup[] = [];
  const names = new Set(['none']);
  const keys = new Set<string>();
  const taken = new Set<string>();
  let quorum: string | undefined;
  for (const [at, line] of text.split('\n').entries()) {
    if (/[\0-\x08\x0b-\x1f\x7f]/.test(line)) return badPolicy(at, 'a control character');
    const [kind, ...words] = line.split(/[ \t]+/).filter((word) => word !== '');
    if (kind === undefined || kind.startsWith('#')) continue;
    if (kind === 'log' || kind === 'witness') {
      const name = kind === 'witness' ? words.shift() : undefined;
      const [told = '', address = null, ...more] = words;
      if (more.length > 0) return badPolicy(at, 'too many words');
      const key = parseNoteKey(hasher, told);
      if (key.isErr()) return badPolicy(at, key.error.detail);
      if ((key.value.kind === KeyKind.note) !== (kind === 'log'))
        return badPolicy(at, `not a key of a ${kind}`);
      // One key under two names would count twice; a log may be its own witness under another kind of the same key.
      const same = `${kind} ${encodeBase64(key.value.publicKey)}`;
      if (keys.has(same)) return badPolicy(at, 'a key that stands here already');
      keys.add(same);
      if (name === undefined) logs.push({ key: key.value, address });
      else if (names.has(name)) return badPolicy(at, `a second ${name}`);
      else witnesses.push({ name, key: key.value, address });
      if (name !== undefined) names.add(name);
    } else if (kind === 'group') {
      const [name, threshold, ...members] = words;
      if (name === undefined || threshold === undefined)
        return badPolicy(at, 'a group without name or number');
      if (names.has(name)) return badPolicy(at, `a second ${name}`);
      const k = thresholdOf(threshold, members.length);
      if (k === undefined) return badPolicy(at, `${threshold} of ${members.length}`);
      for (const member of members) {
        if (member === 'none' || !names.has(member)) return badPolicy(at, `${member} is not known above`);
        if (taken.has(member)) return badPolicy(at, `${member} is a member already`);
        taken.add(member);
      }
      names.add(name);
      groups.push({ name, k, members });
    } else if (kind === 'quorum') {
      const [name, ...more] = words;
      if (quorum !== undefined) return badPolicy(at, 'a second quorum');
      if (name === undefined || more.length > 0 || !names.has(name))
        return badPolicy(at, 'a quorum not known above');
      quorum = name;
    } else {
      return badPolicy(at, 'a line of no known kind');
    }
    if (Math.max(logs.length, witnesses.length, groups.length) > MAX_MEMBERS)
      return badPolicy(at, 'too many');
  }
  if (quorum === undefined) return badPolicy(0, 'no quorum');
  const policy: Policy = { logs, witnesses, groups, quorum };
  if (splits(policy)) {
    return err({
      code: 'EVIDENCE_QUORUM_SPLITS',
      detail: `two quorums of ${quorum} may have nobody in common`,
    });
  }
  return ok(policy);
}

/** The policy as a file, without comments. */
export function formatPolicy({ logs, witnesses, groups, quorum }: Policy): string {
  const tail = (address: string | null): string => (address === null ? '' : ` ${address}`);
  return [
    ...logs.map(({ key, address }) => `log ${formatNoteKey(key)}${tail(address)}`),
    ...witnesses.map(({ name, key, address }) => `witness ${name} ${formatNoteKey(key)}${tail(address)}`),
    ...groups.map(({ name, k, members }) => `group ${name} ${k} ${members.join(' ')}`),
    `quorum ${quorum}`,
    '',
  ].join('\n');
}

/** Whether these witnesses, by their names in the policy, are a quorum. */
export function isQuorum({ groups, quorum }: Policy, witnesses: ReadonlySet<string>): boolean {
  const met = new Set(witnesses);
  for (const { name, k, members } of groups) {
    if (members.filter((member) => met.has(member)).length >= k) met.add(name);
    else met.delete(name);
  }
  return met.has(quorum);
}

/** Whether two disjoint sets of witnesses can both be a quorum. */
function splits({ groups, quorum }: Policy): boolean {
  if (quorum === 'none') return true;
  const split = new Set<string>();
  for (const { name, k, members } of groups) {
    if (2 * k - members.length <= members.filter((member) => split.has(member)).length) split.add(name);
  }
  return split.has(quorum);
}

function thresholdOf(word: string, members: number): number | undefined {
  if (members === 0) return undefined;
  if (word === 'all') return members;
  if (word === 'any') return 1;
  if (!/^[1-9][0-9]{0,3}$/.test(word)) return undefined;
  return Number(word) <= members ? Number(word) : undefined;
}

/** `at`: the line, from 0. */
function badPolicy(at: number, detail: string): Result<never, EvidenceError> {
  return err({ code: 'EVIDENCE_MALFORMED', detail: `line ${at + 1}: ${detail}` });
}
