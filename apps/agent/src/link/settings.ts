/** What an office says about its agent: a JSON file. Each part is optional; a part that is not known is a mistake. */
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';
import { readShipSettings, type ShipSettings } from '../ship/settings.ts';
import { readBounded } from '../witness/whole-file.ts';

/** Where the agent of a package has its settings. */
export const USUAL_SETTINGS = '/etc/bellwether/agent.json';

/** Far more than 64 sensors need. */
const MOST_BYTES = 1_048_576;

/** The settings. */
export type AgentSettings = {
  /** What is sent; nothing where it is left out. */
  readonly ship: ShipSettings | null;
  /** Part `enforce`, which whoever enforces reads; null: this computer blocks nothing. */
  readonly enforce: unknown;
};

const PARTS: readonly string[] = ['ship', 'enforce'];

/** Reads them. A file that is not there says nothing, unless somebody named it. */
export async function readAgentSettings(
  path: string,
  isNamed: boolean,
): Promise<Result<AgentSettings, AgentError>> {
  let value: unknown;
  try {
    const text = await readBounded(path, MOST_BYTES);
    if (text === undefined) {
      return isNamed ? invalid(`${path} is not there, or too long`) : ok({ ship: null, enforce: null });
    }
    value = JSON.parse(text);
  } catch (cause) {
    return invalid(`${path}: ${(cause as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalid(`${path} holds no JSON object`);
  const foreign = Object.keys(value).find((name) => !PARTS.includes(name));
  if (foreign !== undefined) return invalid(`${path}: nothing is called ${JSON.stringify(foreign)}`);
  const { ship, enforce = null } = value as { ship?: unknown; enforce?: unknown };
  if (ship === undefined) return ok({ ship: null, enforce });
  return readShipSettings(ship).map((read) => ({ ship: read, enforce }));
}

function invalid(detail: string): Result<never, AgentError> {
  return err({ code: 'LINK_SETTINGS_INVALID', detail });
}
