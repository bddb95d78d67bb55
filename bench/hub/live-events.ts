/** A desk that listens: server-sent events of `/api/v1/live`, and the lines that they tell of. */
import { get } from 'node:http';
import type { HubProcess } from './hub-process.ts';

/** A connection to the live updates. */
export class Desk {
  #lines = 0;
  #text = '';
  #waiting: { readonly lines: number; readonly resolve: () => void } | undefined;
  #close: () => void = () => {};

  /** Lines that were told since it connected. */
  get lines(): number {
    return this.#lines;
  }

  /** Resolves when the hub has answered. */
  static connect({ port, token }: HubProcess): Promise<Desk> {
    const desk = new Desk();
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
      const request = get({ port, path: '/api/v1/live', headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`live is answered with ${response.statusCode}`));
        response.on('data', (bytes: Buffer) => desk.#hear(bytes.toString('utf8')));
        response.on('error', () => {});
        resolve(desk);
      });
      request.on('error', reject);
      desk.#close = () => {
        request.on('error', () => {}).destroy();
      };
    });
  }

  /** Resolves when so many lines have been told of. */
  told(lines: number): Promise<void> {
    if (this.#lines >= lines) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { lines, resolve };
    });
  }

  close(): void {
    this.#close();
  }

  #hear(text: string): void {
    this.#text += text;
    const events = this.#text.split('\n\n');
    this.#text = events.pop()!;
    for (const event of events) {
      const [, data] = /^event: changed\ndata: (.*)$/m.exec(event) ?? [];
      if (data === undefined) continue;
      const { added } = JSON.parse(data) as { readonly added: { readonly lines: number } };
      this.#lines += added.lines;
    }
    if (this.#waiting === undefined || this.#lines < this.#waiting.lines) return;
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve();
  }
}
