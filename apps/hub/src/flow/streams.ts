/** Sensors by authority and name: the number that each has for ever, its format, and how many lines it has told. */
import { detectFormat, FORMATS } from '@bellwether/contacts';
import type { StreamRecord } from '../platform/bus/journal-types.ts';

/** Numbers of streams are 16 bits wide in the judge. */
const MOST_STREAMS = 65_000;

/** Bytes of a batch that are looked at for its format. */
const LOOK_AT = 65_536;

type Stream = { record: StreamRecord; lines: number };

/** What was said of a sensor with lines of it. */
export type Told = {
  readonly authority: string;
  readonly sensor: string;
  readonly transport: string;
  readonly format?: string;
  readonly zone?: string;
};

/** What lines are: their format, null if it cannot be told, and whether syslog headers stand around them. */
export type Recognised = Pick<StreamRecord, 'format' | 'unwrap'>;

/** Recognises the lines of a sensor, by the format that was named with them if there is one. */
export function recogniseLines({ format }: Told, lines: Buffer): Recognised {
  const named = FORMATS.find(({ name }) => name === format);
  const detected = detectFormat(firstLines(lines), named === undefined ? {} : { named });
  return {
    format: detected?.format.name ?? named?.name ?? null,
    unwrap: detected?.unwrap ?? false,
  };
}

/** The sensors of a hub. */
export class Streams {
  readonly #byName = new Map<string, Stream>();
  #next = 0;

  /** A sensor that is known, with the number of lines it has told. */
  know(record: StreamRecord, lines: number): void {
    const name = `${record.authority}/${record.sensor}`;
    const known = this.#byName.get(name);
    if (known === undefined) this.#byName.set(name, { record, lines });
    else {
      known.record = record;
      known.lines = Math.max(known.lines, lines);
    }
    this.#next = Math.max(this.#next, record.stream + 1);
  }

  get all(): StreamRecord[] {
    return [...this.#byName.values()].map(({ record }) => record);
  }

  /**
   * The sensor's stream as it is with these lines, and whether that has to be written down: it is new, its format was
   * recognised in them, or something else is said of it now. Undefined if there are too many. `recognise` looks at the
   * lines, which takes milliseconds, and is asked only where it matters.
   */
  of(
    told: Told,
    recognise: () => Recognised,
  ): { readonly record: StreamRecord; readonly isNews: boolean } | undefined {
    const name = `${told.authority}/${told.sensor}`;
    const known = this.#byName.get(name);
    const before = known?.record;
    if (before === undefined && this.#next >= MOST_STREAMS) return undefined;
    const saysFormat = told.format !== undefined && told.format !== before?.format;
    let format = before?.format ?? null;
    let unwrap = before?.unwrap ?? false;
    if (format === null || saysFormat) {
      ({ format, unwrap } = recognise());
    }
    const record: StreamRecord = {
      stream: before?.stream ?? this.#next,
      authority: told.authority,
      sensor: told.sensor,
      transport: told.transport,
      format,
      unwrap,
      zone: told.zone ?? before?.zone ?? null,
    };
    const isNews =
      before === undefined ||
      before.format !== record.format ||
      before.unwrap !== record.unwrap ||
      before.zone !== record.zone ||
      before.transport !== record.transport;
    return { record, isNews };
  }

  /** Lines up to this number of a stream have been told. */
  numbered(stream: number, line: number): void {
    for (const known of this.#byName.values()) {
      if (known.record.stream === stream) known.lines = Math.max(known.lines, line);
    }
  }

  /** Numbers of the next `count` lines of the stream: gives the first. */
  number(record: StreamRecord, count: number): number {
    const stream = this.#byName.get(`${record.authority}/${record.sensor}`)!;
    const first = stream.lines + 1;
    stream.lines += count;
    return first;
  }
}

function firstLines(lines: Buffer): string[] {
  return lines
    .toString('latin1', 0, Math.min(lines.length, LOOK_AT))
    .split('\n', 400)
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}
