/**
 * A process that ships and does nothing else, for what has to be killed or measured from outside:
 *
 *     node ship-process.mjs FOLDER SETTINGS-FILE http://127.0.0.1:PORT
 *
 * It posts to PATH/SENSOR as the agent does, without TLS.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { ShipSettings } from '../ship/settings.ts';
import { openShipping } from '../ship/shipping.ts';
import type { Batch, Posted } from '../ship/shipping-types.ts';

const [folder = '', settingsFile = '', hub = ''] = process.argv.slice(2);
const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as ShipSettings;
const shipping = (
  await openShipping(settings, folder, post, { log: (text) => process.stderr.write(`${text}\n`) })
).okOrThrow();
process.stdout.write('shipping\n');
process.once('SIGTERM', () => void shipping.close());

function post(sensor: string, { client, sequence, packed }: Batch, signal: AbortSignal): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'text/plain',
      'content-encoding': 'gzip',
      'bellwether-batch': `${client}/${sequence}`,
    };
    const asked = request(`${hub}/${sensor}`, { method: 'POST', headers, signal }, (answer) => {
      let text = '';
      answer.on('data', (piece: Buffer) => {
        text += piece.toString();
      });
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode !== 200) resolve({ outcome: 'later', why: String(answer.statusCode) });
        else resolve({ outcome: 'kept', duplicate: text.includes('true') });
      });
    });
    asked.on('error', reject);
    asked.end(packed);
  });
}
