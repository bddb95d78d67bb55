/**
 * For tests: a mail service on this machine that answers what a file of exchanges has, once each, and nothing else. Questions stand in the
 * file as people read them: decoded, with `{service}` for its address and `{text:NAME}` or `{raw:NAME}` for the bytes of a message.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';

/** One question and its answer. */
export type Exchange = {
  /** `GET /v1.0/users/...`. */
  readonly ask: string;
  /** JSON of its body. */
  readonly body?: unknown;
  /** Fields of a form; it may have others. */
  readonly form?: Readonly<Record<string, string>>;
  /** The token that it has to come with; the first of the file where left out. */
  readonly token?: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  /** The line is cut instead of an answer. */
  readonly cut?: boolean;
};

type ExchangeFile = {
  /** Pages of the documentation that it was written from. */
  readonly from: readonly string[];
  /** Headers of all questions but those for tokens. */
  readonly headers: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, readonly string[]>>;
  readonly exchanges: Readonly<Record<string, readonly Exchange[]>>;
};

/** A service. */
export type Replay = {
  readonly address: string;
  /** What came, in order: question and body. */
  readonly asked: readonly { readonly line: string; readonly body: string }[];
  /** What was asked and is not in the file, and what is there and was not asked. */
  wrong(): string[];
  close(): Promise<void>;
};

/** The token of every exchange that names no other. */
export const TOKEN = 'token-1';

/** The bytes of a message of a file. */
export function messageOfFile(file: string, name: string): Buffer {
  return Buffer.from(`${read(file).messages[name]!.join('\r\n')}\r\n`);
}

/** Starts one with some of the exchanges of a file, by their names. */
export async function replayed(file: string, names: readonly string[]): Promise<Replay> {
  const { exchanges, headers, messages } = read(file);
  const waiting = names.flatMap((name) => {
    if (exchanges[name] === undefined) throw new Error(`${file} has no exchanges "${name}"`);
    return [...exchanges[name]];
  });
  const asked: { line: string; body: string }[] = [];
  const strays: string[] = [];
  const filled = (text: string): string =>
    text
      .replaceAll('{service}', address)
      .replaceAll(/\{(text|raw):(\w+)\}/g, (_, how: string, name: string) => {
        const bytes = Buffer.from(`${messages[name]!.join('\r\n')}\r\n`);
        return how === 'text' ? bytes.toString('latin1') : bytes.toString('base64url');
      });

  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const path = decodeURIComponent(request.url!.replaceAll('+', ' '));
    const line = `${request.method} ${path}`;
    asked.push({ line, body });
    const at = waiting.findIndex((exchange) => isIt(exchange, line, body, request, headers, filled));
    if (at < 0) {
      strays.push(`${line} ${body}`);
      response.writeHead(418).end();
      return;
    }
    const [{ status, headers: own, json, text, cut }] = waiting.splice(at, 1) as [Exchange];
    if (cut === true) return void request.socket.destroy();
    const answer = json === undefined ? filled(text ?? '') : filled(JSON.stringify(json));
    response.writeHead(status, own).end(Buffer.from(answer, 'latin1'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    asked,
    wrong: () => [...strays.map((line) => `+ ${line}`), ...waiting.map(({ ask }) => `- ${ask}`)],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isIt(
  { ask, body, form, token = TOKEN }: Exchange,
  line: string,
  said: string,
  request: IncomingMessage,
  headers: Readonly<Record<string, string>>,
  filled: (text: string) => string,
): boolean {
  if (ask !== line) return false;
  if (form !== undefined) {
    const fields = new URLSearchParams(said);
    return Object.entries(form).every(([name, value]) => fields.get(name) === filled(value));
  }
  if (request.headers.authorization !== `Bearer ${token}`) return false;
  if (!Object.entries(headers).every(([name, value]) => request.headers[name] === value)) return false;
  return body === undefined ? said === '' : isDeepStrictEqual(JSON.parse(said), body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += piece;
  return text;
}

function read(file: string): ExchangeFile {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as ExchangeFile;
}
