/** A small log with everything that can be checked: a voter's record, two nights, statements, a proof. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  formatNote,
  formatTlogProof,
  inclusionProof,
  parseCheckpoint,
  parseNote,
  signText,
} from '@bellwether/evidence';
import {
  canonicalFields,
  commitment,
  formatNight,
  formatReceipt,
  formatWitnessStatement,
  leafOfReceipt,
  minuteText,
  type NightlyStatement,
  type Receipt,
  receiptOrigin,
} from '@bellwether/rolls';
import { tilesOf } from '../checking/log-source.ts';
import { folderSource } from '../node/folder-source.ts';
import { RollMaker } from './roll-maker.ts';
import { CHECKS_SIGNERS, hasher, LOG_ORIGIN, WITNESS_NAMES } from './signing-keys.ts';

/** When the log is published: ms since 1970. */
export const PUBLISHED = Date.UTC(2026, 5, 4, 8);

/** What is made, beside the log itself. */
export type WholeRoll = {
  readonly log: string;
  readonly policy: string;
  readonly proof: string;
  readonly receipt: Uint8Array;
  readonly fields: Readonly<Record<string, string>>;
  readonly night: string;
  readonly witness: string;
  readonly maker: RollMaker;
};

/** As the roll spells them. */
const FIELDS = { 'name.first': 'ADA', 'name.last': 'SMITH' };

/** Where the record votes, and where it does not. */
const PRECINCTS = ['29001/7', '29001/8'] as const;

/** Makes it in a folder. */
export async function makeWholeRoll(folder: string, records = 60): Promise<WholeRoll> {
  const log = join(folder, 'log');
  const receipt: Receipt = {
    origin: receiptOrigin(hasher, LOG_ORIGIN),
    handle: new Uint8Array(32).fill(7),
    version: 1,
    opening: new Uint8Array(32).fill(8),
    identity: new Uint8Array(32).fill(9),
    administrative: new Uint8Array(32).fill(10),
  };
  const bytes = canonicalFields({ public: FIELDS, identity: {}, administrative: {} }, 'public');
  const leaf = leafOfReceipt(hasher, receipt, bytes);
  const maker = new RollMaker(log, records, 2, [{ handle: receipt.handle, leaf }]);
  maker.night(8);
  maker.night(6);
  const night = nightOf(maker);
  maker.append(formatNight(night));
  const committed = commitment(hasher, receipt.opening, 'public', receipt.version, bytes);
  const others = [11, 12, 13].map((byte) => ({
    handle: new Uint8Array(32).fill(byte),
    version: 1,
    committed: new Uint8Array(32).fill(byte),
  }));
  maker.pollBook(PRECINCTS[0], [{ handle: receipt.handle, version: 1, committed }, ...others]);
  maker.pollBook(PRECINCTS[1], others);
  maker.writeState();
  const note = parseNote(Buffer.from(await maker.publish(BigInt(PUBLISHED / 1_000)))).okOrThrow();
  const write = (name: string, text: string | Uint8Array): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const { size, root } = parseCheckpoint(note.text).okOrThrow();
  const proof = (await inclusionProof(hasher, 0n, size, tilesOf(folderSource(log)))).okOrThrow();
  const statement = formatWitnessStatement({
    witness: WITNESS_NAMES[0],
    origin: LOG_ORIGIN,
    size,
    root,
    time: minuteText(PUBLISHED),
    from: 0n,
    checks: { signatures: 'ok', versions: 'ok', mass: 'ok', quiet: 'ok', signers: 'not-checked' },
    rows: null,
    opened: null,
  });
  const signed = { text: statement, signatures: [await signText(statement, 0n, CHECKS_SIGNERS[0]!)] };
  return {
    log,
    policy: join(log, 'policy'),
    proof: write(
      'genesis.tlog-proof',
      formatTlogProof({ extra: maker.genesisBytes, index: 0n, proof, note }),
    ),
    receipt: formatReceipt(hasher, receipt),
    fields: FIELDS,
    night: write('statement.json', formatNight(night)),
    witness: write('witness.note', formatNote(signed)),
    maker,
  };
}

function nightOf({ lastSeal }: RollMaker): NightlyStatement {
  const seal = lastSeal!;
  return {
    type: 'statement',
    schema: 'bellwether/statement@1',
    day: seal.day,
    at: seal.at,
    name: 'State of Example',
    knocks: null,
    mail: null,
    registrations: null,
    hands: { offices: [0, 2], records: [0, seal.records] },
    notChecked: [],
    epoch: seal.epoch,
    root: seal.after,
  };
}
