/**
 * All that a witness remembers, in one JSON file that people can read:
 *
 *     {
 *       "schema": "bellwether/witness-state@1",
 *       "counter": 12,                        one more with each change: STATE.mark has to say the same
 *       "host": "9f0c..." or null,            which computer it belongs to
 *       "keys": { "name", "cosigner", "checks" },
 *       "logs": [ "example.gov/log+1234abcd+..." ],
 *       "seen": [ { "origin", "size", "root", "note", "time" } ],
 *       "lastTime": "1795300000",             of the latest cosignature, seconds since 1970
 *       "stopped": null, "refused": null,
 *       "statements": [ { "origin", "time", "note" } ],
 *       "firstSeen": [ { "origin", "marks": [ "20852163 1795300000000" ] } ]      so many entries, at ms since 1970
 *     }
 *
 * Sizes and times are decimal text, since they may grow beyond 2^53. Whoever gets this file can sign as this office.
 */
import { err, ok, type Result } from '@bellwether/basics';
import {
  decodeBase64,
  encodeBase64,
  HASH_SIZE,
  type Hasher,
  type NoteKey,
  parseNoteKey,
  type Witnessed,
} from '@bellwether/evidence';
import type { AgentError } from '../errors.ts';
import { MAX_MARKS, type SeenMark } from './first-seen.ts';
import { isWitnessName, SECRET_BYTES, type WitnessSecrets } from './witness-keys.ts';

/** Bytes of a state: a few logs with a checkpoint each, and the statements that are kept. */
export const MAX_STATE_BYTES = 16_777_216;

/** Statements that are kept: a month of nights. Older ones are in the log's own books. */
export const MAX_STATEMENTS = 31;

const SCHEMA = 'bellwether/witness-state@1';

/** A checkpoint that was cosigned, and when (seconds since 1970). */
export type SeenCheckpoint = Witnessed & { readonly origin: string; readonly time: bigint };

/** Why a witness stands still until a person has looked. */
export type WitnessStop = {
  /** ISO 8601. */
  readonly at: string;
  readonly why: 'newer-cosignature' | 'rolled-back' | 'copied' | 'other-computer';
  readonly detail: string;
  /** The note that showed it, with the newer cosignature of our own; null where it was something else. */
  readonly note: string | null;
};

/** The last checkpoint that was refused although the log had signed it. */
export type WitnessRefusal = {
  /** ISO 8601. */
  readonly at: string;
  readonly origin: string;
  readonly size: string;
  readonly root: string;
  readonly why: string;
  /** The folder with both notes. */
  readonly folder: string;
};

/** A statement of the second key. */
export type KeptStatement = { readonly origin: string; readonly time: string; readonly note: string };

/** What a witness remembers. */
export type WitnessMemory = {
  readonly counter: number;
  readonly host: string | null;
  readonly keys: WitnessSecrets;
  readonly logs: readonly NoteKey[];
  readonly seen: ReadonlyMap<string, SeenCheckpoint>;
  readonly lastTime: bigint;
  readonly stopped: WitnessStop | null;
  readonly refused: WitnessRefusal | null;
  readonly statements: readonly KeptStatement[];
  /** By origin: when entries were first seen. */
  readonly firstSeen: ReadonlyMap<string, readonly SeenMark[]>;
};

/** What a new witness remembers. */
export function newMemory(keys: WitnessSecrets, host: string | null): WitnessMemory {
  return {
    counter: 1,
    host,
    keys,
    logs: [],
    seen: new Map(),
    lastTime: 0n,
    stopped: null,
    refused: null,
    statements: [],
    firstSeen: new Map(),
  };
}

/** The file. `told`: how each log's key is written. */
export function formatMemory(memory: WitnessMemory, told: (key: NoteKey) => string): string {
  const { counter, host, keys, logs, seen, lastTime, stopped, refused, statements, firstSeen } = memory;
  const file = {
    schema: SCHEMA,
    counter,
    host,
    keys,
    logs: logs.map(told),
    seen: Array.from(seen.values(), ({ origin, size, root, note, time }) => ({
      origin,
      size: `${size}`,
      root: encodeBase64(root),
      note,
      time: `${time}`,
    })),
    lastTime: `${lastTime}`,
    stopped,
    refused,
    statements: statements.slice(-MAX_STATEMENTS),
    firstSeen: Array.from(firstSeen, ([origin, marks]) => ({
      origin,
      marks: marks.map(({ size, at }) => `${size} ${at}`),
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads the file. It is our own, so whatever is odd in it is a reason to stop: nothing is guessed. */
export function parseMemory(hasher: Hasher, text: string): Result<WitnessMemory, AgentError> {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return unreadable('it is no JSON');
  }
  if (!isRecord(file) || file.schema !== SCHEMA)
    return unreadable('it is no state of a witness of this version');
  const { counter, host, keys, logs, seen, lastTime, stopped, refused, statements } = file;
  if (typeof counter !== 'number' || !Number.isSafeInteger(counter) || counter < 1)
    return unreadable('its counter');
  if (host !== null && typeof host !== 'string') return unreadable('its computer');
  if (!isSecrets(keys)) return unreadable('its keys');
  const time = decimal(lastTime);
  if (time === undefined) return unreadable('its last time');
  if (!Array.isArray(logs) || !Array.isArray(seen) || !Array.isArray(statements))
    return unreadable('its lists');
  if (!isStop(stopped) || !isRefusal(refused) || !statements.every(isStatement))
    return unreadable('its history');
  const known: NoteKey[] = [];
  for (const log of logs) {
    const key = typeof log === 'string' ? parseNoteKey(hasher, log) : undefined;
    if (key === undefined || key.isErr()) return unreadable('the key of a log');
    known.push(key.value);
  }
  const checkpoints = new Map<string, SeenCheckpoint>();
  for (const one of seen) {
    const checkpoint = seenOf(one);
    if (checkpoint === undefined || checkpoints.has(checkpoint.origin)) return unreadable('a checkpoint');
    checkpoints.set(checkpoint.origin, checkpoint);
  }
  const marks = marksOf(file.firstSeen);
  if (marks === undefined) return unreadable('when entries were first seen');
  const { name, cosigner, checks } = keys;
  return ok({
    counter,
    host,
    keys: { name, cosigner, checks },
    logs: known,
    seen: checkpoints,
    lastTime: time,
    stopped,
    refused,
    statements,
    firstSeen: marks,
  });
}

function seenOf(value: unknown): SeenCheckpoint | undefined {
  if (!isRecord(value)) return undefined;
  const { origin, note } = value;
  const size = decimal(value.size);
  const time = decimal(value.time);
  const root = typeof value.root === 'string' ? decodeBase64(value.root) : undefined;
  if (typeof origin !== 'string' || typeof note !== 'string') return undefined;
  if (size === undefined || time === undefined || root?.length !== HASH_SIZE) return undefined;
  return { origin, size, root, note, time };
}

/** Marks by origin. */
function marksOf(value: unknown): ReadonlyMap<string, readonly SeenMark[]> | undefined {
  const all = new Map<string, readonly SeenMark[]>();
  if (!Array.isArray(value)) return undefined;
  for (const one of value) {
    if (!isRecord(one) || typeof one.origin !== 'string' || all.has(one.origin)) return undefined;
    if (!Array.isArray(one.marks) || one.marks.length > MAX_MARKS) return undefined;
    const marks: SeenMark[] = [];
    for (const mark of one.marks) {
      const [size, at, more] = typeof mark === 'string' ? mark.split(' ').map(decimal) : [];
      if (size === undefined || at === undefined || more !== undefined) return undefined;
      marks.push({ size, at: Number(at) });
    }
    all.set(one.origin, marks);
  }
  return all;
}

function decimal(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^(?:0|[1-9][0-9]{0,19})$/.test(value) ? BigInt(value) : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSecrets(value: unknown): value is WitnessSecrets {
  if (!isRecord(value) || typeof value.name !== 'string' || !isWitnessName(value.name)) return false;
  return [value.cosigner, value.checks].every(
    (secret) => typeof secret === 'string' && decodeBase64(secret)?.length === SECRET_BYTES,
  );
}

function isStop(value: unknown): value is WitnessStop | null {
  if (value === null) return true;
  return (
    isRecord(value) &&
    hasTexts(value, ['at', 'why', 'detail']) &&
    (value.note === null || typeof value.note === 'string')
  );
}

function isRefusal(value: unknown): value is WitnessRefusal | null {
  return (
    value === null || (isRecord(value) && hasTexts(value, ['at', 'origin', 'size', 'root', 'why', 'folder']))
  );
}

function isStatement(value: unknown): value is KeptStatement {
  return isRecord(value) && hasTexts(value, ['origin', 'time', 'note']);
}

function hasTexts(value: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}

function unreadable(detail: string): Result<never, AgentError> {
  return err({ code: 'WITNESS_STATE_UNREADABLE', detail });
}
