/** `bellwether-agent blocks`: what this computer blocks now, as the kernel has it. */
import { parseArgs } from 'node:util';
import { type AddressWords, formatIPv4, formatIPv6 } from '@bellwether/basics';
import { type ReadTable, readTable, TABLE } from '@bellwether/blocks';
import { runTool } from '../enforce/nft.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const HELP = `Usage: bellwether-agent blocks [--json]

Shows what this computer blocks now, and who is let in all the same. It asks the kernel and nobody else: what is shown here is what holds.

  --json  as JSON, with each piece and the seconds until it ends

Exit code: 0 done; 1 the kernel could not be asked; 2 wrong usage.
`;

/** What each set is for. */
const ABOUT: Readonly<Record<keyof ReadTable['sets'], string>> = {
  all4: 'kept from everything but services for voters, IPv4',
  all6: 'kept from everything but services for voters, IPv6',
  private4: 'kept from what is not for the public, IPv4',
  private6: 'kept from what is not for the public, IPv6',
  spared4: 'let in to services for voters whatever is held against them, IPv4',
  spared6: 'let in to services for voters whatever is held against them, IPv6',
};

/** Runs `bellwether-agent blocks ARGS`; gives the exit code. */
export async function blocksCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    process.stderr.write(`bellwether-agent blocks: ${(error as Error).message}\n\n${HELP}`);
    return EXIT.usage;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const { code, out, trouble } = await runTool('nft', ['-j', 'list', 'table', 'inet', TABLE]);
  if (code !== 0) {
    // nft says the same for "no such table" and for a table of another family; both mean that nothing of ours is there.
    const isAbsent = trouble.includes('No such file or directory');
    process.stderr.write(
      isAbsent
        ? 'Nothing is blocked here: the table is not in the kernel. Is the agent running, and does it block (`enforce`)?\n'
        : `bellwether-agent blocks: nft could not be asked: ${trouble}\nRun it as root.\n`,
    );
    return EXIT.failed;
  }
  const read = readTable(out);
  if (read.isErr() || read.value === 'absent') {
    process.stderr.write(`bellwether-agent blocks: what nft told cannot be read\n`);
    return EXIT.failed;
  }
  const { sets, dropped } = read.value;
  if (values.json === true) {
    const pieces = Object.entries(sets).flatMap(([set, list]) =>
      list.map(({ first, last, expires }) => ({
        set,
        first: addressText(first, false),
        last: addressText(last, true),
        expires,
      })),
    );
    process.stdout.write(
      `${JSON.stringify({ schema: 'bellwether/blocks@1', pieces, dropped: Object.fromEntries(dropped) })}\n`,
    );
    return EXIT.done;
  }
  for (const [set, about] of Object.entries(ABOUT)) {
    const drops = set.startsWith('spared')
      ? ''
      : `; ${dropped.get(set) ?? 0} packets dropped since the table was written`;
    process.stdout.write(`${String(sets[set as keyof typeof sets].length).padStart(7)}  ${about}${drops}\n`);
  }
  return EXIT.done;
}

function addressText(position: number | bigint, isLast: boolean): string {
  if (typeof position === 'number') return formatIPv4(position);
  const rest = isLast ? 0xffff_ffff : 0;
  const words: AddressWords = [Number(position >> 32n), Number(position & 0xffff_ffffn), rest, rest];
  return formatIPv6(words);
}

function parse(args: string[]) {
  return parseArgs({ args, options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
    .values;
}
