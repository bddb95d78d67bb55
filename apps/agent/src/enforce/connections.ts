/**
 * Connections of who is blocked now are ended: their packets are dropped anyway, but a flowtable would carry them past us as long as
 * the kernel remembers them.
 */

import { parseCidr } from '@bellwether/basics';
import { type Cover, type FirewallService, pieceAt } from '@bellwether/blocks';
import type { RunTool } from './nft.ts';

/** Connections that are ended one by one: more at once are a flood, whose packets are dropped all the same. */
const MOST_ENDED = 1_000;

/**
 * Ends those of sources that `after` blocks and `before` did not, but for connections to voters' services, which no block closes.
 * Tells where that cannot be done.
 */
export async function endConnections(
  run: RunTool,
  before: Cover,
  after: Cover,
  voters: readonly FirewallService[],
  log: (text: string) => void,
): Promise<void> {
  const isNew = (['all4', 'all6', 'private4', 'private6'] as const).some(
    (set) => after[set].length > 0 && after[set] !== before[set],
  );
  if (!isNew) return;
  for (const family of ['ipv4', 'ipv6']) {
    const listed = await run('conntrack', ['-L', '-f', family]);
    if (listed.code === null) {
      log(
        'Connections of blocked sources cannot be ended: install conntrack. Their packets are dropped all the same.',
      );
      return;
    }
    const ending = listed.out
      .split('\n')
      .flatMap((line) => connectionIn(line))
      .filter(
        (one) => !voters.some(({ protocol, port }) => protocol === one.protocol && String(port) === one.to),
      )
      .filter(({ source }) => isBlockedNow(source, before, after));
    for (const { protocol, source, target, from, to } of ending.slice(0, MOST_ENDED)) {
      const ports = ['-p', protocol, '--sport', from, '--dport', to];
      await run('conntrack', ['-D', '-f', family, '-s', source, '-d', target, ...ports]);
    }
  }
}

type Connection = {
  readonly protocol: string;
  readonly source: string;
  readonly target: string;
  readonly from: string;
  readonly to: string;
};

/** A line of `conntrack -L`: `tcp 6 431999 ESTABLISHED src=A dst=B sport=1 dport=2 src=B ...`; the first of each is the caller's. */
function connectionIn(line: string): readonly Connection[] {
  const found =
    /^(tcp|udp|sctp|dccp)\s.*?\bsrc=([0-9a-fA-F.:]+) dst=([0-9a-fA-F.:]+) sport=(\d{1,5}) dport=(\d{1,5})\b/.exec(
      line,
    );
  if (found === null) return [];
  const [, protocol = '', source = '', target = '', from = '', to = ''] = found;
  return [{ protocol, source, target, from, to }];
}

function isBlockedNow(text: string, before: Cover, after: Cover): boolean {
  const source = parseCidr(text);
  if (source.isErr()) return false;
  return (['all', 'private'] as const).some(
    (covers) =>
      pieceAt(after, covers, source.value) !== undefined &&
      pieceAt(before, covers, source.value) === undefined,
  );
}
