/** One connection of a mail server: what it says becomes arrivals, and verdicts become its answers. */
import {
  type Arrival,
  agreedWith,
  type MilterAnswer,
  type MilterCommand,
  READ_LIMITS,
} from '@bellwether/mail';
import type { MailGate, Verdict } from '../gate/gate.ts';

/** Headers of a message that are kept; the reader of messages looks at fewer. */
const MOST_HEADERS = 2_000;

/** Bytes of all its headers together. */
const MOST_HEADER_BYTES = 1_048_576;

/** Recipients of one message: Postfix takes 1,000. */
const MOST_RECIPIENTS = 1_000;

/** Characters of all reasons together, in one header. */
const MOST_TOLD = 300;

/** What a conversation needs. */
export type MilterGround = {
  readonly gate: MailGate;
  /** Whose mail it is, by those whom it goes to. */
  readonly officeOf: (recipients: readonly string[]) => string;
  /** Names under which our own mail servers write results of checks: nobody else may. */
  readonly ourNames: readonly string[];
  readonly now: () => number;
};

type Header = { readonly name: string; readonly value: string };

type Connection = { readonly client: string | null; readonly helo: string };

const NOBODY: Connection = { client: null, helo: '' };

/** A conversation. Each command gives the answers to it, the last of which ends what was asked. */
export class MilterConversation {
  readonly #ground: MilterGround;
  #connection = NOBODY;
  #account: string | null = null;
  #queueId: string | undefined;
  #from = '';
  #to: string[] = [];
  #headers: Header[] = [];
  #headerBytes = 0;
  #body: Uint8Array[] = [];
  #bodyBytes = 0;

  constructor(ground: MilterGround) {
    this.#ground = ground;
  }

  /** Answers; null: the connection is to be ended. */
  async answers(command: MilterCommand): Promise<readonly MilterAnswer[] | null> {
    switch (command.kind) {
      case 'negotiate': {
        const agreed = agreedWith(command);
        return agreed === null ? null : [agreed];
      }
      case 'macros':
        this.#account = command.values.get('auth_authen') ?? this.#account;
        this.#queueId = command.values.get('i') ?? this.#queueId;
        return [];
      case 'connect':
        this.#connection = { client: command.address, helo: '' };
        return [];
      case 'helo':
        this.#connection = { ...this.#connection, helo: command.name };
        return [];
      case 'mail':
        this.#forget();
        this.#from = command.address;
        return [];
      case 'rcpt':
        if (this.#to.length < MOST_RECIPIENTS) this.#to.push(command.address);
        return [];
      case 'header':
        this.#headerBytes += command.name.length + command.value.length;
        if (this.#headers.length < MOST_HEADERS && this.#headerBytes <= MOST_HEADER_BYTES)
          this.#headers.push(command);
        return [];
      case 'body':
        this.#keep(command.bytes);
        return [];
      case 'end':
        this.#keep(command.bytes);
        return await this.#verdict();
      case 'abort':
        this.#forget();
        return [];
      case 'next-connection':
        this.#forget();
        this.#connection = NOBODY;
        this.#account = null;
        return [];
      case 'quit':
      case 'nonsense':
        return null;
      // Neither is asked for, and a server that says so all the same is told to go on.
      case 'data':
      case 'headers-end':
      case 'unknown':
        return [];
    }
  }

  #keep(bytes: Uint8Array): void {
    this.#bodyBytes += bytes.length;
    if (this.#bodyBytes <= READ_LIMITS.messageBytes) this.#body.push(bytes);
  }

  #forget(): void {
    this.#from = '';
    this.#to = [];
    this.#headers = [];
    this.#headerBytes = 0;
    this.#body = [];
    this.#bodyBytes = 0;
  }

  async #verdict(): Promise<MilterAnswer[]> {
    const { gate, officeOf, now, ourNames } = this.#ground;
    const arrival: Arrival = {
      bytes: Buffer.concat([this.#headerText(), ...this.#body]),
      envelope: { ...this.#connection, from: this.#from, to: this.#to, account: this.#account },
      hook: 'milter',
      office: officeOf(this.#to),
      queueId: this.#queueId,
      at: now(),
    };
    this.#queueId = undefined;
    const forged = forgedMarks(this.#headers, ourNames);
    this.#forget();
    return [...forged, ...answersTo(await gate.take(arrival))];
  }

  /** Lines as they were; a server ends the lines of a folded value with LF alone. */
  #headerText(): Buffer {
    const lines = this.#headers.map(({ name, value }) => `${name}:${value.replaceAll(/\r?\n/g, '\r\n')}\r\n`);
    return Buffer.from(`${lines.join('')}\r\n`, 'latin1');
  }
}

/** Marks in our name that the message brought: they are taken off, the last of a name first, so that numbers stay true. */
function forgedMarks(headers: readonly Header[], ourNames: readonly string[]): MilterAnswer[] {
  const counts = new Map<string, number>();
  const forged: MilterAnswer[] = [];
  for (const { name, value } of headers) {
    const lower = name.toLowerCase();
    const nth = (counts.get(lower) ?? 0) + 1;
    counts.set(lower, nth);
    const host = /^\s*([^\s;]+)/.exec(value)?.[1]?.toLowerCase() ?? '';
    const isOurs =
      lower.startsWith('x-bellwether') || (lower === 'authentication-results' && ourNames.includes(host));
    if (isOurs) forged.unshift({ kind: 'remove-header', nth, name });
  }
  return forged;
}

function answersTo({ decision, putOff, reasons, id }: Verdict): MilterAnswer[] {
  if (putOff) return [{ kind: 'put-off' }];
  const told = reasons
    .filter(({ points }) => points > 0)
    .map(({ text }) => text)
    .join(' ')
    .slice(0, MOST_TOLD);
  const marks: MilterAnswer[] = [
    {
      kind: 'insert-header',
      at: 0,
      name: 'X-Bellwether',
      value: `${decision === 'unchecked' ? 'not-checked' : decision}; id=${id.slice(0, 16)}`,
    },
  ];
  if (told !== '') marks.push({ kind: 'insert-header', at: 0, name: 'X-Bellwether-Why', value: told });
  switch (decision) {
    case 'block':
      return [{ kind: 'refuse', reason: `This message was refused. ${told}` }];
    case 'hold':
      return [
        ...marks,
        { kind: 'quarantine', reason: told === '' ? 'The filter could not read this message.' : told },
        { kind: 'accept' },
      ];
    default:
      return [...marks, { kind: 'accept' }];
  }
}
