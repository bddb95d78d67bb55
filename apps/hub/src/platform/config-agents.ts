/** What an operator may say under `agents`: where agents of offices reach the hub, and under which name. */
import { isDnsName } from '@bellwether/basics';
import { type Static, Type } from 'typebox';
import { mayBind } from './http/addresses.ts';

/** Where to listen: an address of this machine and a port. */
const ADDRESS = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9a-zA-Z.-]+)):(\d{1,5})$/;

/** What may stand under `agents`. */
export const Agents = Type.Object(
  {
    /** DNS name by which agents reach the hub; it stands in the certificate that they check. */
    name: Type.String({ maxLength: 253 }),
    /** `192.0.2.10:8444`, `[2001:db8::10]:8444`; other machines are let in once there is an administrator. */
    listen: Type.String({ maxLength: 64 }),
  },
  { additionalProperties: false },
);

/** Host and port that are meant; undefined if the text names none. */
export function agentsAddress(listen: string): { readonly host: string; readonly port: number } | undefined {
  const [, six, other, port] = ADDRESS.exec(listen) ?? [];
  const host = six ?? other;
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

/** What is wrong with it beyond its shape; undefined if nothing. */
export function faultOfAgents({ name, listen }: Static<typeof Agents>): string | undefined {
  if (!isDnsName(name)) return `${JSON.stringify(name)} is no DNS name`;
  const address = agentsAddress(listen);
  if (address === undefined) return `${JSON.stringify(listen)} is no address with a port`;
  return mayBind(address.host, true)?.detail;
}
