/** Plain reading of W3C extended logs: what iis.ts must agree with. */
import { Content, Kind, Outcome, Protocol } from '../contact.ts';
import type { Clock } from './clock.ts';
import { type PlainLine, plainHash } from './plain.ts';
import { plainIp } from './plain-ip.ts';
import { agentContent, plainContent } from './web.reference.ts';

const DEFAULT =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) ' +
  'sc-status sc-substatus sc-win32-status time-taken';
const REFUSED = [1326, 1327, 1328, 1329, 1330, 1331, 1793, 1907, 1909, 2148074252];

/** Reads lines one after the other, with the header in force. */
export class PlainIis {
  #fields = DEFAULT.split(' ');
  #date = '';

  /** What the line says. */
  read(line: string, clock: Clock): PlainLine {
    if (line.startsWith('#')) {
      if (line.startsWith('#Fields:')) this.#fields = line.slice(8).slice(0, 4088).trim().split(/ +/);
      if (line.startsWith('#Date:')) this.#date = line;
      return { line: 'ignored' };
    }
    const words = line.split(' ');
    const names = this.#fields.map((field) => field.toLowerCase());
    if (!names.includes('c-ip') || !names.includes('cs-method')) return { line: 'unreadable' };
    if (words.length !== names.length) return { line: 'unreadable' };
    const raw = (...wanted: string[]) => {
      const name = wanted.find((one) => names.includes(one));
      return name === undefined ? undefined : words[names.indexOf(name)];
    };
    const field = (...wanted: string[]) => {
      const word = raw(...wanted);
      return word === '' || word === '-' ? undefined : word;
    };
    const status = number(field('sc-status'));
    const sport = number(field('c-port'));
    const dport = number(field('s-port'));
    if (status === -1 || (status ?? 0) > 999 || bad(sport) || bad(dport)) return { line: 'unreadable' };
    const client = field('c-ip');
    const source = address(client);
    if (client !== undefined && source === undefined) return { line: 'unreadable' };
    const server = address(field('s-ip'));
    const same =
      source !== undefined && server !== undefined && source.includes(':') === server.includes(':');
    const time = this.#time(raw('date'), raw('time'), clock);
    const user = field('cs-username');
    const failed =
      user !== undefined && status === 401 && REFUSED.includes(number(raw('sc-win32-status')) ?? -1);
    const stem = field('cs-uri-stem', 'cs-uri');
    const hasStem = raw('cs-uri-stem', 'cs-uri') !== undefined;
    let content = 0;
    if (stem !== undefined) {
      const query = field('cs-uri-query');
      content = plainContent(query === undefined ? stem : `${stem}?${query}`);
      if (raw('cs-method') === 'CONNECT') content |= Content.probePath;
    } else if (hasStem) content = Content.malformed;
    content |= agentContent(field('cs(user-agent)') ?? '');
    const referer = field('cs(referer)') ?? '';
    if (/[$(, ]/.test(referer)) content |= agentContent(referer) & Content.codeExecution;
    const size = number(field('sc-bytes'));
    const millis = number(field('time-taken'));
    const forwarded = field('x-forwarded-for', 'cs(x-forwarded-for)');
    return {
      kind: failed ? Kind.login : Kind.web,
      outcome: failed ? Outcome.failed : status === undefined ? Outcome.unknown : Outcome.answered,
      ...(time === undefined ? {} : { time }),
      ...(source === undefined ? {} : { source }),
      ...(same ? { destination: server! } : {}),
      ...(sport ? { sourcePort: sport } : {}),
      ...(dport ? { destinationPort: dport } : {}),
      protocol: Protocol.tcp,
      ...(failed || status === undefined ? {} : { status }),
      ...(size === undefined || size < 0 ? {} : { size: Math.min(size, 0xffff_fffe) }),
      ...(millis === undefined || millis < 0 ? {} : { millis: Math.min(millis, 0xffff_fffe) }),
      ...(user === undefined ? {} : { account: plainHash(user) }),
      ...(content === 0 ? {} : { content }),
      ...(forwarded === undefined ? {} : { forwarded }),
    };
  }

  #time(date: string | undefined, time: string | undefined, clock: Clock): number | undefined {
    const day =
      date === undefined
        ? /^#Date: (\d{4})-(\d\d)-(\d\d)/.exec(this.#date)
        : /^(\d{4})-(\d\d)-(\d\d)$/.exec(date);
    const hours = /^(\d\d):(\d\d):(\d\d)$/.exec(time ?? '');
    if (day === null || hours === null) return undefined;
    const [hour, minute, second] = hours.slice(1).map(Number) as [number, number, number];
    if (hour > 23 || minute > 59 || second > 60) return undefined;
    const start = clock.dayStart(Number(day[1]), Number(day[2]), Number(day[3]));
    return Number.isNaN(start) ? undefined : start + (hour * 3600 + minute * 60 + second) * 1000;
  }
}

/** A whole number, -1 if the text is none, undefined if there is no text. */
function number(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : -1;
}

function bad(port: number | undefined): boolean {
  return port !== undefined && (port < 0 || port > 65_535);
}

function address(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const zoned = /^([^%]*:[^%]*)%.+$/s.exec(text);
  return plainIp(zoned === null ? text : zoned[1]!);
}
