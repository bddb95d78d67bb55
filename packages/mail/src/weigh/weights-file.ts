/** Weights as a file: JSON with the table packed, so that what is shipped and what is kept locally are read by one reader. */
import { err, ok, type Result } from '@bellwether/basics';
import { gunzipSync, gzipSync } from 'fflate';
import type { MailError } from '../errors.ts';
import { FEATURE_BITS } from './features.ts';
import type { Provenance, Weights } from './weights.ts';

/** What a file says it is. It changes whenever features do: old weights mean nothing for new ones. */
const SCHEMA = 'bellwether/mail-weights@1';

/** Characters of a file: the table packed in base64 has some 200,000, sources a hundred each. */
const MOST_CHARACTERS = 2_000_000;

const PLACES = 2 ** FEATURE_BITS;

/** The file. The same weights give the same text. */
export function weightsText({ values, ...rest }: Weights): string {
  const packed = gzipSync(new Uint8Array(values.buffer, values.byteOffset, values.length), { mtime: 0 });
  return `${JSON.stringify({ schema: SCHEMA, ...rest, values: Buffer.from(packed).toString('base64') })}\n`;
}

/** Reads it; whatever is wrong with it is told. */
export function readWeights(text: string): Result<Weights, MailError> {
  const weightsFault = (detail: string): Result<Weights, MailError> =>
    err({ code: 'MAIL_WEIGHTS_UNREADABLE', detail });
  if (text.length > MOST_CHARACTERS) return weightsFault(`it has ${text.length} characters`);
  try {
    const file = JSON.parse(text) as Record<string, unknown>;
    if (file.schema !== SCHEMA)
      return weightsFault(`it says that it is ${JSON.stringify(file.schema)}, not ${SCHEMA}`);
    const { step, bias, slope, offset, provenance } = file;
    for (const [name, number] of Object.entries({ step, bias, slope, offset }))
      if (typeof number !== 'number' || !Number.isFinite(number)) return weightsFault(`${name} is no number`);
    if (typeof file.values !== 'string' || !Array.isArray(provenance))
      return weightsFault('its table is missing');
    // A buffer of the right size: what would unpack to more is refused before it does.
    const table = new Uint8Array(PLACES);
    const unpacked = gunzipSync(Buffer.from(file.values, 'base64'), { out: table });
    if (unpacked.length !== PLACES)
      return weightsFault(`its table has ${unpacked.length} places, not ${PLACES}`);
    return ok({
      values: new Int8Array(table.buffer),
      ...{ step: step as number, bias: bias as number, slope: slope as number, offset: offset as number },
      provenance: provenance as Provenance[],
    });
  } catch (error) {
    return weightsFault((error as Error).message);
  }
}
