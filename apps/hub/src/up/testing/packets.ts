/** Lines of a firewall for tests: each tells of a packet of its own, so that every line is one contact. */

/** The address of ours that they all go to. */
export const OUR_ADDRESS = '198.51.100.7';

/** What can be chosen of packets. */
export type Packets = {
  /** Number of the first; another number is another packet. */
  readonly from: number;
  readonly count: number;
  /** When the first came, ms since 1970; without it 2026-10-07. Each next one is 20 ms later. */
  readonly since?: number;
  readonly action?: 'BLOCK' | 'ALLOW';
  readonly port?: number;
};

const USUAL_START = Date.UTC(2026, 9, 7);
const APART = 20;

/** The lines, each ended by a newline. */
export function packets({ from, count, since, action = 'BLOCK', port = 22 }: Packets): string {
  let lines = '';
  for (let number = from; number < from + count; number++) {
    const at = since === undefined ? USUAL_START + number * APART : since + (number - from) * APART;
    const source = `100.${64 + ((number >> 16) & 63)}.${(number >> 8) & 255}.${number & 255}`;
    const sourcePort = 1024 + ((number >> 4) % 60_000);
    lines +=
      `${new Date(at).toISOString().replace('Z', '+00:00')} fw kernel: [UFW ${action}] IN=eth0 OUT= SRC=${source} ` +
      `DST=${OUR_ADDRESS} LEN=60 TTL=50 PROTO=TCP SPT=${sourcePort} DPT=${port} WINDOW=1024 SYN\n`;
  }
  return lines;
}

/** An office that sends batches one after the other, each again until it is acknowledged. */
export class Office {
  readonly #client: string;
  readonly #send: (lines: string, batch: string) => Promise<number>;
  readonly #from: number;
  #sequence = 0;
  #isOver = false;
  #sending: Promise<void> | undefined;
  /** Lines that were acknowledged. */
  lines = 0;
  /** By status, how often another answer than 200 came; 0 if none came. */
  readonly refused = new Map<number, number>();

  /** `send` gives the status of the answer; `from` is the number of its first packet. */
  constructor(client: string, from: number, send: (lines: string, batch: string) => Promise<number>) {
    this.#client = client;
    this.#from = from;
    this.#send = send;
  }

  /** Sends one batch until it is acknowledged. */
  async sendOne(count = 50): Promise<void> {
    const lines = packets({ from: this.#from + this.lines, count });
    const batch = `${this.#client}/${this.#sequence}`;
    for (;;) {
      const status = await this.#send(lines, batch).catch(() => 0);
      if (status === 200) break;
      this.refused.set(status, (this.refused.get(status) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    this.#sequence++;
    this.lines += count;
  }

  /** Sends until it is told to stop. */
  begin(count = 50): void {
    this.#isOver = false;
    this.#sending = (async () => {
      while (!this.#isOver) await this.sendOne(count);
    })();
  }

  /** Stops behind the batch that is on its way; gives the lines that were acknowledged. */
  async end(): Promise<number> {
    this.#isOver = true;
    await this.#sending;
    return this.lines;
  }
}
