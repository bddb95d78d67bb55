/** Plain reading of CEF lines: what `cef.ts` must agree with. */
import { Content, Kind, Outcome } from '../contact.ts';
import {
  ALERT_WORDS,
  CEF_ACTIONS,
  CEF_DIRECTIONS,
  CEF_KEYS,
  CEF_OUTCOMES,
  CEF_SEVERITIES,
  FAILED_WORDS,
  LOGIN_WORDS,
  LOGOUT_WORDS,
  SUCCEEDED_WORDS,
} from './cef-words.ts';
import { type PlainContact, type PlainLine, plainHash } from './plain.ts';
import {
  lookUp,
  plainAddress,
  plainNumber,
  plainPort,
  plainProtocol,
  plainTime,
  said,
  sameFamily,
} from './plain-fields.ts';

/** Reads one line that begins with `CEF:`; `headerTime` comes from the syslog header, NaN if there is none. */
export function readCef(message: string, headerTime: number): PlainLine {
  const parts = /^CEF: ?(\d\|.*)$/s.exec(message)?.[1];
  if (parts === undefined) return { line: 'unreadable' };
  const head = splitHead(parts);
  const values = head === undefined ? undefined : splitExtension(head.extension);
  if (head === undefined || values === undefined) return { line: 'unreadable' };
  const at = (key: string) => values.get(key) ?? '';
  const holds = (text: string, words: readonly string[]) =>
    words.some((word) => asciiLower(text).includes(word));

  const login =
    (holds(head.title, LOGIN_WORDS) || holds(at('categoryBehavior'), LOGIN_WORDS)) &&
    !holds(head.title, LOGOUT_WORDS);
  const alert =
    !login &&
    (at('UNIFIipsSignature') !== '' || holds(head.title, ALERT_WORDS) || holds(at('cat'), ALERT_WORDS));
  const action = lookUp(CEF_ACTIONS, at('act'));
  const source = firstAddress(['src', 'c6a2', 'UNIFIsrcClientIp'].map(at));
  const destination = firstAddress(['dst', 'c6a3', 'UNIFIdstClientIp', 'UNIFIdstDeviceIp'].map(at));
  if (source === undefined || destination === undefined) return { line: 'unreadable' };
  const user = at('duser') || at('suser');
  if (source === '' && destination === '' && !(login && user !== '')) return { line: 'ignored' };
  const request = at('request');
  if (!login && !alert && action === undefined && (source === '' || destination === '') && request === '')
    return { line: 'ignored' };
  if (!sameFamily(source, destination)) return { line: 'unreadable' };
  const protocol = plainProtocol(at('proto'));
  const [spt, dpt] = [
    at('spt') === '' ? 0 : plainPort(at('spt')),
    at('dpt') === '' ? 0 : plainPort(at('dpt')),
  ];
  if (spt < 0 || dpt < 0) return { line: 'unreadable' };
  const ports = protocol !== 1 && protocol !== 58;
  const times = ['UNIFIutcTime', 'rt', 'start', 'end'].map((key) => plainTime(at(key)));
  const time = [...times, headerTime].find((candidate) => !Number.isNaN(candidate));
  const cnt = plainNumber(at('cnt')) > 0 ? plainNumber(at('cnt')) : plainNumber(at('UNIFIflowCount'));
  const common: PlainContact = said<PlainContact>({
    kind: Kind.packet,
    outcome: Outcome.unknown,
    time,
    source: source || undefined,
    destination: destination || undefined,
    sourcePort: (ports && spt) || undefined,
    destinationPort: (ports && dpt) || undefined,
    protocol: protocol || undefined,
    direction: lookUp(CEF_DIRECTIONS, at('deviceDirection')) ?? lookUp(CEF_DIRECTIONS, at('UNIFIdirection')),
    repeat: cnt > 1 ? Math.min(cnt - 1, 65_535) : undefined,
  });
  if (login) {
    let outcome = lookUp(CEF_OUTCOMES, at('outcome')) ?? lookUp(CEF_OUTCOMES, at('categoryOutcome'));
    if (outcome === undefined && action === 1) outcome = Outcome.failed;
    if (outcome === undefined && holds(head.title, FAILED_WORDS)) outcome = Outcome.failed;
    if (outcome === undefined && holds(head.title, SUCCEEDED_WORDS)) outcome = Outcome.succeeded;
    const account = user === '' ? {} : { account: plainHash(withoutEscapes(user)) };
    return { ...common, ...account, kind: Kind.login, outcome: outcome ?? Outcome.unknown };
  }
  const refused = action === 1;
  if (alert) {
    const serious = lookUp(CEF_SEVERITIES, head.severity) !== undefined;
    const outcome = refused ? Outcome.blocked : Outcome.unknown;
    return { ...common, kind: Kind.alert, outcome, ...(serious ? { content: Content.signature } : {}) };
  }
  const outcome = refused ? Outcome.denied : action === 2 ? Outcome.accepted : Outcome.unknown;
  if (request !== '') return { ...common, kind: Kind.web, outcome: refused ? Outcome.blocked : outcome };
  const [one, other] = [plainNumber(at('in')), plainNumber(at('out'))];
  if (one < 0 && other < 0) return { ...common, outcome };
  const flow = { ...common, kind: Kind.flow, outcome };
  if (refused || action === undefined || one < 0 || other < 0) return flow;
  const least = Math.min(one, other);
  const established = least > 0 && (protocol !== 6 || least > 480);
  const session = at('externalId') !== '' && head.vendor === 'Fortinet';
  return {
    ...flow,
    outcome: least === 0 ? Outcome.noAnswer : established ? Outcome.established : outcome,
    ...(session ? { key: plainHash(`${at('externalId')}/${at('spt')}`) } : {}),
  };
}

type Header = {
  readonly vendor: string;
  readonly title: string;
  readonly severity: string;
  readonly extension: string;
};

function splitHead(text: string): Header | undefined {
  const match =
    /^((?:[^|\\]|\\.)*)\|((?:[^|\\]|\\.)*)\|((?:[^|\\]|\\.)*)\|((?:[^|\\]|\\.)*)\|((?:[^|\\]|\\.)*)\|((?:[^|\\]|\\.)*)\|/s.exec(
      text,
    );
  if (match === null) return undefined;
  const rest = text.slice(match[0].length);
  const last = /^((?:[^|\\]|\\.)*)\|/s.exec(rest);
  return {
    vendor: match[2]!,
    title: `${match[5]}|${match[6]}`,
    severity: last?.[1] ?? '',
    extension: last === null ? rest : rest.slice(last[0].length),
  };
}

function splitExtension(text: string): ReadonlyMap<string, string> | undefined {
  // An escaped letter is put out of the way of the words and given back afterwards.
  const escapes: string[] = [];
  const safe = text.replace(/\\./gs, (pair) => {
    escapes.push(pair);
    return '\u{100}\u{100}';
  });
  const keys = [...safe.matchAll(/(?<=^| )([A-Za-z0-9_.\-[\]]+)=/g)];
  const values = new Map<string, string>();
  const known: readonly string[] = CEF_KEYS;
  let used = 0;
  const restore = (part: string) => part.replace(/\u{100}\u{100}/gu, () => escapes[used++]!);
  restore(safe.slice(0, keys[0]?.index ?? safe.length));
  for (const [i, match] of keys.entries()) {
    const raw = restore(safe.slice(match.index + match[0].length, keys[i + 1]?.index ?? safe.length));
    const key = match[1]!;
    if (known.includes(key) && values.has(key)) return undefined;
    values.set(key, raw.replace(/ +$/, ''));
  }
  return values;
}

function firstAddress(fields: readonly string[]): string | undefined {
  for (const field of fields) {
    if (field === '') continue;
    const address = plainAddress(field);
    if (address === undefined && !/[g-zG-Z]/.test(field)) return undefined;
    if (address) return address;
  }
  return '';
}

function withoutEscapes(text: string): string {
  return text
    .replace(/\\([\\=|nr])/g, (_, letter: string) => ({ n: '\n', r: '\r' })[letter] ?? letter)
    .slice(0, 1024);
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
