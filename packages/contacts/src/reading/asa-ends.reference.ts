/** Plain reading of the ends that asa-ends.ts reads. */
import { plainIp } from './plain-ip.ts';

/** An end: its address if it has one, its port or -1, and the text behind it. */
export type End = { readonly address?: string; readonly port: number; readonly rest: string };

const SERVICES: Readonly<Record<string, number>> = {
  ftp: 21, ssh: 22, telnet: 23, smtp: 25, tacacs: 49, domain: 53, bootps: 67, bootpc: 68, tftp: 69, www: 80, http: 80,
  pop3: 110, sunrpc: 111, ident: 113, ntp: 123, 'netbios-ns': 137, 'netbios-dgm': 138, 'netbios-ssn': 139, imap4: 143,
  snmp: 161, snmptrap: 162, bgp: 179, ldap: 389, https: 443, isakmp: 500, syslog: 514, rip: 520, ldaps: 636,
  radius: 1645, sqlnet: 1521, h323: 1720, pptp: 1723, sip: 5060,
}; // biome-ignore format: a list
const EDGE = /^(?:$|[ /(),;.]|: )/;
const NAME = /^[^ /(),]{0,128}/;

/** Reads the end that `text` begins with; `joint` stands between interface and address. */
export function asaEnd(text: string, joint = ':'): End | undefined {
  const open = text.startsWith('(');
  const body = open ? text.slice(1) : text;
  let found = withAddress(body);
  if (found === undefined) {
    const word = body.slice(0, 128).split(new RegExp(`[ ${joint}]`))[0]!;
    if (word === '') return undefined;
    const named = word.length < 128 && body[word.length] === joint ? body.slice(word.length + 1) : body;
    found = named === body ? undefined : withAddress(named);
    if (found === undefined) {
      const name = NAME.exec(named)![0];
      if (name === '') return undefined;
      found = { rest: named.slice(name.length) };
    }
  }
  let { rest } = found;
  if (open && rest.startsWith(')')) rest = rest.slice(1);
  const unspecified = found.address === '0.0.0.0' || found.address === '::';
  const address = found.address === undefined || unspecified ? {} : { address: found.address };
  return withPort(rest, address);
}

function withAddress(text: string): { address?: string; rest: string } | undefined {
  const run = /^[0-9a-fA-F:.]*/.exec(text)![0];
  for (let length = run.length; length > 0; length--) {
    const address = plainIp(run.slice(0, length));
    if (address === undefined) continue;
    let rest = text.slice(length);
    if (rest.startsWith('%')) rest = rest.slice(NAME.exec(rest)![0].length);
    if (EDGE.test(rest) && !/^\.[^ ]/s.test(rest)) return { address, rest };
  }
  return undefined;
}

function withPort(text: string, address: { address?: string }): End | undefined {
  const bracket = /^\((\d{1,15})\)/.exec(text);
  if (bracket !== null) {
    const port = Number(bracket[1]);
    return port > 65_535 ? undefined : { ...address, port, rest: text.slice(bracket[0].length) };
  }
  if (!text.startsWith('/')) return { ...address, port: -1, rest: text };
  const digits = /^\d{1,15}(?!\d)/.exec(text.slice(1))?.[0];
  if (digits !== undefined && EDGE.test(text.slice(1 + digits.length))) {
    const port = Number(digits);
    return port > 65_535 ? undefined : { ...address, port, rest: text.slice(1 + digits.length) };
  }
  const name = NAME.exec(text.slice(1))![0];
  if (name === '') return undefined;
  const service = name.toLowerCase();
  const port = Object.hasOwn(SERVICES, service) ? SERVICES[service]! : -1;
  return { ...address, port, rest: text.slice(1 + name.length) };
}

/** What is left behind the brackets that `text` begins with. */
export function skipBrackets(text: string): string {
  let rest = text;
  for (;;) {
    const bracket = /^ *\([^)]*\)/.exec(rest);
    if (bracket === null) return rest;
    rest = rest.slice(bracket[0].length);
  }
}
