/** `bellwether rolls sign`: signs open sheets with keys in files, where no hub runs. */
import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ok } from '@bellwether/basics';
import { decodeBase64 } from '@bellwether/evidence';
import { codeWords } from '@bellwether/rolls';
import { type HeldKey, keyAt, keysIn } from '../features/rolls/key-files.ts';
import { rollPaths } from '../features/rolls/roll-files.ts';
import type { Rolls } from '../features/rolls/rolls.ts';
import type { Sheet } from '../features/rolls/rolls-files.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed, withRoll } from './rolls-opened.ts';

/** Bytes of a file of transactions: a day of a state has 10,000 of 500 bytes. */
const MOST_TRANSACTIONS = 512 * 1024 * 1024;

/** Runs `bellwether rolls sign ARGS`; gives the exit code. */
export async function rollsSignCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>['values'];
  try {
    ({ values } = parse(args));
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return ROLL_EXIT.done;
  }
  if ((values.office === undefined) === (values.all !== true))
    return wrongUsage('say --office LEA, or --all');
  const backed = values.transactions === undefined ? null : transactionsIn(values.transactions);
  if (typeof backed === 'string') return rollFailed('rolls sign', { code: backed, detail: '' });
  return withRoll('rolls sign', values.data, async (rolls, data) => {
    const laid = await rolls.layOutNewest();
    if (laid.isErr()) return rollFailed('rolls sign', laid.error);
    const { signers } = rolls.held.fold;
    const own = values.key === undefined ? null : await keyAt(values.key, signers);
    if (values.key !== undefined && own === null) {
      return rollFailed('rolls sign', { code: 'ROLL_SIGNER_UNKNOWN', detail: values.key });
    }
    const keys = own === null ? await keysIn(rollPaths(data).keys, signers) : [own];
    return signAll(rolls, keys, values, backed);
  });
}

type Wish = { readonly office?: string; readonly second?: string; readonly json?: boolean };

/** Signs every sheet that is asked for, the oldest first. */
async function signAll(
  rolls: Rolls,
  keys: readonly HeldKey[],
  { office, second, json }: Wish,
  backed: ReadonlySet<string> | null,
): Promise<number> {
  const done: Sheet[] = [];
  const left: Sheet[] = [];
  for (const sheet of openSheets(rolls, office)) {
    const signed = await signOne(rolls, sheet, keys, second, backed);
    // It stands behind an older sheet of its office that waits: others can be signed all the same.
    if (signed.isErr() && signed.error.code === 'ROLL_SHEET_LATER') {
      left.push(sheet);
      continue;
    }
    if (signed.isErr()) return rollFailed('rolls sign', signed.error);
    (signed.value.state === 'awaiting' ? left : done).push(signed.value);
  }
  process.stdout.write(json === true ? asJson(done, left) : asText(rolls, done, left));
  return ROLL_EXIT.done;
}

async function signOne(
  rolls: Rolls,
  sheet: Sheet,
  keys: readonly HeldKey[],
  second: string | undefined,
  backed: ReadonlySet<string> | null,
): ReturnType<Rolls['signSheet']> {
  const unbacked = sheet.changes.filter(
    ({ transaction, recordId }) => backed !== null && !backed.has(transaction?.id ?? `record ${recordId}`),
  );
  let last = sheet;
  if (unbacked.length > 0 && sheet.source === 'office') {
    const refused = await rolls.refuseOnSheet(
      sheet,
      unbacked.map(({ recordId }) => recordId),
    );
    if (refused.isErr() || refused.value.state !== 'awaiting') return refused;
    last = refused.value;
  }
  const places = [
    sheet.source === 'office' ? sheet.office : sheet.source,
    ...(second === undefined ? [] : [second]),
  ];
  for (const place of places) {
    const signing = rolls.signingOf(sheet);
    if (signing.isErr()) return signing;
    const { entry, claim, signers } = signing.value;
    const key = keys.find(
      ({ signer }) => signer.place === place && signers.some(({ id }) => id === signer.id),
    );
    if (key === undefined) continue;
    const signed = await rolls.signSheet(sheet, entry.root, key.sign(claim), `key file of ${place}`);
    if (signed.isErr() || signed.value.state !== 'awaiting') return signed;
    last = signed.value;
  }
  return ok(last);
}

function openSheets(rolls: Rolls, office: string | undefined): readonly Sheet[] {
  return [...rolls.held.sheets.values()]
    .filter((sheet) => sheet.state === 'awaiting' && (office === undefined || sheet.office === office))
    .sort((a, b) => (a.day === b.day ? a.sequence - b.sequence : a.day < b.day ? -1 : 1));
}

/** Ids in a file of transactions; a code where it cannot be read. */
function transactionsIn(path: string): ReadonlySet<string> | 'ROLL_DAMAGED' {
  try {
    if (statSync(path).size > MOST_TRANSACTIONS) return 'ROLL_DAMAGED';
    const lines = readFileSync(path, 'utf8').split('\n');
    return new Set(
      lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { id: string }).id),
    );
  } catch {
    return 'ROLL_DAMAGED';
  }
}

function asJson(done: readonly Sheet[], left: readonly Sheet[]): string {
  const row = ({ office, source, day, batch, counts, state, refused, needsSecond }: Sheet) => {
    return { office, source, day, batch, counts, state, refused: refused.length, needsSecond };
  };
  const answer = { schema: 'bellwether/signed@1', signed: done.map(row), awaiting: left.map(row) };
  return `${JSON.stringify(answer)}\n`;
}

function asText({ held }: Rolls, done: readonly Sheet[], left: readonly Sheet[]): string {
  const lines = [...done, ...left].map((sheet) => {
    const { counts, refused, state, needsSecond } = sheet;
    const some = counts.new + counts.changed + counts.removed;
    const words =
      done.length + left.length > 20
        ? ''
        : ` (${codeWords(held.tools.hasher, decodeBase64(sheet.root)!).join(' ')})`;
    const isLater = left.some(({ office, day }) => office === sheet.office && day < sheet.day);
    const reason = isLater ? 'an older sheet' : needsSecond ? 'a second office' : 'its key';
    const waits = state === 'awaiting' ? `: waits for ${reason}` : '';
    return `${sheet.office} ${sheet.day}: ${some} changes, ${refused.length} refused, ${state}${waits}${words}\n`;
  });
  return lines.length === 0 ? 'No sheet waits.\n' : lines.join('');
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args,
    options: {
      ...ROLL_OPTIONS,
      office: text,
      all: { type: 'boolean' },
      key: text,
      second: text,
      transactions: text,
    },
  });
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether rolls sign: ${reason}\n\n${HELP}`);
  return ROLL_EXIT.usage;
}

const HELP = `Usage: bellwether rolls sign (--office LEA | --all) [--data DIR] [--key FILE] [--second LEA]
                             [--transactions FILE] [--json]

Lays out the newest capture, and signs open sheets with keys in files: that of --key, or those in DIR/rolls-keys.
For offices whose clerks have no passkey, for the state's own sheets, and for tests. No hub may run meanwhile.

  --office LEA         the sheets of one office (its lea_id, or \`state\`)
  --all                all sheets
  --second LEA         also with the key of this office, where a second office is asked for
  --transactions FILE  refuses changes that no transaction in this file stands behind
`;
