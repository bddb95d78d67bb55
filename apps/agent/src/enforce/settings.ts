/** Part `enforce` of the settings: what this computer blocks, and what it never does. */
import { type Cidr, err, ok, parseCidr, type Result } from '@bellwether/basics';
import type { FirewallService, OfficeFirewall } from '@bellwether/blocks';
import type { AgentError } from '../errors.ts';

/** What an office says about blocking. */
export type EnforceSettings = {
  readonly office: OfficeFirewall;
  /** Networks that are never blocked here, beside those that the agent finds itself. */
  readonly never: readonly Cidr[];
  readonly door: DoorSettings | null;
};

/** The door of voters' services, for a web server on this computer. */
export type DoorSettings = {
  /** A port of 127.0.0.1. */
  readonly port: number;
  /** Ways back that are named where somebody is turned away. */
  readonly appeal: string | null;
  readonly phone: string | null;
};

/** Entries of one list: a hundred times what an office has. */
const MOST_ENTRIES = 1_000;

const KEYS: readonly string[] = ['allow', 'never', 'voters', 'public', 'door'];
const DOOR_KEYS: readonly string[] = ['port', 'appeal', 'phone'];

/** Reads it. */
export function readEnforceSettings(value: unknown): Result<EnforceSettings, AgentError> {
  if (!isObject(value)) return badSetting('enforce is no object');
  const foreign = Object.keys(value).find((name) => !KEYS.includes(name));
  if (foreign !== undefined) return badSetting(`enforce: nothing is called ${JSON.stringify(foreign)}`);
  const networks = (name: 'allow' | 'never'): Result<Cidr[], AgentError> =>
    readList(value[name], name, parseNetwork);
  const services = (name: 'voters' | 'public'): Result<FirewallService[], AgentError> =>
    readList(value[name], name, parseService);
  const [allow, never, voters, open] = [
    networks('allow'),
    networks('never'),
    services('voters'),
    services('public'),
  ];
  if (allow.isErr()) return allow;
  if (never.isErr()) return never;
  if (voters.isErr()) return voters;
  if (open.isErr()) return open;
  const door = value.door === undefined ? ok(null) : readDoor(value.door);
  if (door.isErr()) return door;
  return ok({
    office: { allow: allow.value, voters: voters.value, public: open.value },
    never: never.value,
    door: door.value,
  });
}

function readDoor(value: unknown): Result<DoorSettings, AgentError> {
  if (!isObject(value)) return badSetting('enforce.door is no object');
  const foreign = Object.keys(value).find((name) => !DOOR_KEYS.includes(name));
  if (foreign !== undefined) return badSetting(`enforce.door: nothing is called ${JSON.stringify(foreign)}`);
  const { port, appeal = null, phone = null } = value;
  if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65_535)
    return badSetting('enforce.door.port is no port');
  if (appeal !== null && (typeof appeal !== 'string' || !/^https:\/\/[\x21-\x7e]{1,200}$/.test(appeal)))
    return badSetting('enforce.door.appeal is no https address');
  if (phone !== null && (typeof phone !== 'string' || !/^[0-9+() .-]{3,40}$/.test(phone)))
    return badSetting('enforce.door.phone is no telephone number');
  return ok({ port: port as number, appeal, phone });
}

function readList<T>(
  value: unknown,
  name: string,
  parse: (text: string) => T | undefined,
): Result<T[], AgentError> {
  if (value === undefined) return ok([]);
  if (!Array.isArray(value) || value.length > MOST_ENTRIES)
    return badSetting(`enforce.${name} is no list, or has more than ${MOST_ENTRIES} entries`);
  const list: T[] = [];
  for (const each of value) {
    const one = typeof each === 'string' ? parse(each) : undefined;
    if (one === undefined)
      return badSetting(`enforce.${name}: ${JSON.stringify(each)?.slice(0, 60)} cannot be read`);
    list.push(one);
  }
  return ok(list);
}

function parseNetwork(text: string): Cidr | undefined {
  return parseCidr(text).unwrapOr(undefined);
}

/** `tcp/443`. */
function parseService(text: string): FirewallService | undefined {
  const [, protocol, digits] = /^(tcp|udp)\/([1-9]\d{0,4})$/.exec(text) ?? [];
  const port = Number(digits);
  return protocol === undefined || port > 65_535 ? undefined : { protocol: protocol as 'tcp' | 'udp', port };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badSetting(detail: string): Result<never, AgentError> {
  return err({ code: 'LINK_SETTINGS_INVALID', detail });
}
