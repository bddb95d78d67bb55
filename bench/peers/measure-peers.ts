/** All peers over the inputs that they can read. */
import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from '../options.ts';
import type { Input } from '../running/inputs.ts';
import { crowdsec } from './crowdsec.ts';
import { fail2ban } from './fail2ban.ts';
import { PEER_LINES, type PeerInput, type PeerMissing, type PeerResult } from './peer.ts';
import { psad } from './psad.ts';

/** Measures each peer on each input that it reads; a peer that cannot run gives its reason, and the others go on. */
export async function measurePeers(
  options: BenchOptions,
  inputs: readonly Input[],
): Promise<ReadonlyArray<PeerResult | PeerMissing>> {
  const cache = join(options.cache, 'peers');
  mkdirSync(cache, { recursive: true });
  const candidates = {
    fail2ban: fail2ban(cache, options.core),
    psad: psad(cache, options.core),
    crowdsec: crowdsec(cache),
  };
  const results: Array<PeerResult | PeerMissing> = [];
  for (const [name, peer] of Object.entries(candidates)) {
    if ('reason' in peer) {
      results.push({ peer: name, input: 'any', reason: peer.reason });
      continue;
    }
    for (const input of inputs.filter(({ format }) => peer.reads.includes(format))) {
      process.stderr.write(`${name} reads ${PEER_LINES} lines of ${input.format} ...\n`);
      results.push(await peer.run(firstLines(cache, input)));
    }
  }
  return results;
}

/** The first lines of an input in a file of their own. */
export function firstLines(cache: string, input: Input, lines: number = PEER_LINES): PeerInput {
  // No line of the generator is longer than this on average.
  const head = Buffer.allocUnsafeSlow(Math.min(input.bytes, lines * 2048));
  const file = openSync(input.path, 'r');
  let length = 0;
  while (length < head.length) {
    const read = readSync(file, head, length, head.length - length, null);
    if (read === 0) break;
    length += read;
  }
  closeSync(file);
  let end = 0;
  let count = 0;
  while (count < lines) {
    const at = head.indexOf(10, end);
    if (at < 0 || at >= length) break;
    end = at + 1;
    count++;
  }
  const path = join(cache, `first-${lines}-${input.format}.log`);
  writeFileSync(path, head.subarray(0, end));
  return { name: input.format, path, lines: count };
}
