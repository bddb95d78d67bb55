/**
 * How the agent is, for whoever stands beside its computer: `health.json` in its folder, written with each report, and what a person
 * has to do about it. The lamp of an office box shows nothing else.
 */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlocksReadBack } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';
import type { Backlog } from '../ship/shipping-types.ts';
import { readBounded } from '../witness/whole-file.ts';

const FILE = 'health.json';
const SCHEMA = 'bellwether/agent-health@1';
const OWNER_ONLY = 0o600;

/** Far more than it has. */
const MOST_BYTES = 65_536;

/** The hub misses an agent that was silent for so long, and so does the lamp, ms: six reports. */
const SILENT_AFTER = 180_000;

/** Troubles that do not pass by waiting, once the hub has been silent too. What passes, as a line that is away, is no reason to call anybody. */
const FOR_A_PERSON: ReadonlySet<string> = new Set(['LINK_HUB_FALSE', 'LINK_CLOCK', 'LINK_CERTIFICATE_OVER']);

/** What the agent writes down of itself. Times in ms since 1970. */
export type AgentHealth = {
  /** When it was written. */
  readonly at: number;
  /** When the hub took a report last; null: not since the agent started. */
  readonly heard: number | null;
  /** Code of the trouble that was told last; empty: none. */
  readonly trouble: string;
  readonly point: BlocksReadBack['point']['state'];
  readonly decided: number;
  readonly enforced: number;
  readonly backlog: Backlog;
};

/** `fine`: the hub was heard within three minutes. `waiting`: it passes by itself. `call`: a person has to do something. */
export type HealthState = 'fine' | 'waiting' | 'call';

/** How it is, and why, in words. */
export type HealthVerdict = { readonly state: HealthState; readonly why: string };

/** Writes it. Throws what the file system throws. Not synced: after a power cut, what it told is old anyway. */
export async function keepHealth(folder: string, health: AgentHealth): Promise<void> {
  const next = join(folder, `${FILE}.next`);
  await writeFile(next, `${JSON.stringify({ schema: SCHEMA, ...health })}\n`, { mode: OWNER_ONLY });
  await rename(next, join(folder, FILE));
}

/** Reads it; null where none was written yet. */
export async function readHealth(folder: string): Promise<Result<AgentHealth | null, AgentError>> {
  try {
    const text = await readBounded(join(folder, FILE), MOST_BYTES);
    if (text === undefined) return ok(null);
    const value: unknown = JSON.parse(text);
    return isHealth(value) ? ok(value) : healthUnreadable(folder, 'it has another form');
  } catch (cause) {
    return healthUnreadable(folder, (cause as Error).message);
  }
}

/** What a person has to do. `now`: ms since 1970; `upFor`: ms since this computer started. */
export function healthVerdict(health: AgentHealth | null, now: number, upFor: number): HealthVerdict {
  const isFresh = health !== null && Math.abs(now - health.at) < SILENT_AFTER;
  if (!isFresh) {
    return upFor < SILENT_AFTER
      ? { state: 'waiting', why: 'This computer has just started.' }
      : { state: 'call', why: 'The agent does not run, or cannot write into its folder.' };
  }
  if (health.trouble === 'LINK_ORDER_FALSE')
    return { state: 'call', why: 'An order came that is not from the state (LINK_ORDER_FALSE).' };
  // Heard a minute ago, and shut out since: that does not pass.
  if (health.trouble === 'LINK_REVOKED')
    return { state: 'call', why: 'The state office has revoked this agent (LINK_REVOKED).' };
  if (health.point === 'damaged')
    return { state: 'call', why: 'What is ordered does not stand in the firewall of this computer.' };
  if (health.heard !== null && Math.abs(now - health.heard) < SILENT_AFTER)
    return { state: 'fine', why: 'The hub was heard within three minutes.' };
  // Small computers have no clock that goes on without power: in the first minutes theirs is wrong, and NTP sets it.
  if (FOR_A_PERSON.has(health.trouble) && upFor >= SILENT_AFTER)
    return { state: 'call', why: `The hub cannot be spoken to (${health.trouble}).` };
  return { state: 'waiting', why: 'The hub is not heard. Lines wait here, and blocks hold until they end.' };
}

function isHealth(value: unknown): value is AgentHealth {
  const { schema, at, heard, trouble, point, decided, enforced, backlog } = (value ?? {}) as Record<
    string,
    unknown
  >;
  const { lines, bytes } = (backlog ?? {}) as Record<string, unknown>;
  const isPoint = point === 'enforcing' || point === 'none' || point === 'damaged';
  const figures = [at, decided, enforced, lines, bytes];
  return (
    schema === SCHEMA &&
    isPoint &&
    typeof trouble === 'string' &&
    (heard === null || Number.isFinite(heard)) &&
    figures.every((figure) => Number.isFinite(figure))
  );
}

function healthUnreadable(folder: string, why: string): Result<never, AgentError> {
  return err({ code: 'LINK_FOLDER_UNREADABLE', detail: `${join(folder, FILE)}: ${why}` });
}
