/**
 * Sends a sample to a hub, by functions that come in: a hub that starts calls itself, the command calls over HTTP.
 */

import type { SampleBatch } from './batches.ts';
import { generateSample, type Sample } from './generate-sample.ts';
import type { SampleOptions } from './options.ts';
import type { SampleTruth } from './truth.ts';

/** Batches on their way at a time, of as many sensors: what a hub takes from a few offices without a queue. */
const MOST_IN_FLIGHT = 8;

/** Sends one batch; resolves when it is acknowledged, now or before. A rejection ends the loading. */
export type PostBatch = (batch: SampleBatch, lines: Buffer) => Promise<{ readonly duplicate: boolean }>;

/** States the surface. A rejection ends the loading. */
export type PutSurface = (yaml: string) => Promise<void>;

/** How to load. */
export type LoadOptions = SampleOptions & {
  /** Times as fast as the day was; absent: as fast as it is taken. */
  readonly speed?: number;
  /** Batches on their way at a time (8); never two of one sensor, whose lines have an order. */
  readonly inFlight?: number;
  /** Waits so many milliseconds; needed with `speed`. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** Called after each batch. */
  readonly progress?: (done: LoadProgress) => void;
};

/** How far it has come. */
export type LoadProgress = {
  readonly batches: number;
  readonly of: number;
  readonly lines: number;
  /** Of the batches, those that the hub had already. */
  readonly duplicates: number;
};

/** Makes the sample, states its surface, and sends its batches in the order of arrival. */
export async function loadSample(
  post: PostBatch,
  putSurface: PutSurface,
  options: LoadOptions,
): Promise<LoadProgress & { readonly truth: SampleTruth }> {
  const files = new Map<string, Buffer[]>();
  const sample = generateSample(options, {
    write(file, bytes) {
      const pieces = files.get(file) ?? [];
      files.set(file, pieces);
      pieces.push(Buffer.from(bytes));
    },
  });
  const texts = new Map([...files].map(([file, pieces]) => [file, Buffer.concat(pieces)]));
  files.clear();
  await putSurface(textOf(texts, 'surface.yaml').toString());
  const done = await sendAll(
    sample,
    (batch) => {
      const { offset, bytes } = batch;
      return post(batch, textOf(texts, batch.file).subarray(offset, offset + bytes));
    },
    options,
  );
  return { ...done, truth: sample.truth };
}

function textOf(texts: ReadonlyMap<string, Buffer>, file: string): Buffer {
  const text = texts.get(file);
  if (text === undefined) throw new Error(`the sample has no ${file}`);
  return text;
}

/** In the order of arrival: a batch waits until the one before it of its sensor is there. */
async function sendAll(
  { batches }: Sample,
  send: (batch: SampleBatch) => Promise<{ readonly duplicate: boolean }>,
  { speed, wait, progress, inFlight = MOST_IN_FLIGHT }: LoadOptions,
): Promise<LoadProgress> {
  const flying = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let done: LoadProgress = { batches: 0, of: batches.length, lines: 0, duplicates: 0 };
  let now: number | undefined;
  for (const batch of batches) {
    const at = Date.parse(batch.at);
    if (speed !== undefined && wait !== undefined) {
      const gap = (at - (now ?? at)) / speed;
      now = at;
      if (gap > 0) await wait(gap);
    }
    const name = `${batch.authority}/${batch.sensor}`;
    await flying.get(name);
    while (flying.size >= inFlight) await Promise.race(flying.values());
    if (failure !== undefined) throw failure.error;
    const flight = send(batch).then(({ duplicate }) => {
      const duplicates = done.duplicates + (duplicate ? 1 : 0);
      done = { ...done, batches: done.batches + 1, lines: done.lines + batch.lines, duplicates };
      flying.delete(name);
      progress?.(done);
    });
    // Nobody may be waiting for it when it fails: it is remembered, and nothing more is sent.
    flight.catch((error: unknown) => {
      failure ??= { error };
    });
    flying.set(name, flight);
  }
  await Promise.all(flying.values());
  return done;
}
