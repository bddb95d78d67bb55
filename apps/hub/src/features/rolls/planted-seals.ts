/**
 * Seals of what was planted: `planted-seals`, one line of hexadecimal for each sheet that was laid out, with a planted change or without.
 * Each is on disk before its sheet is there to be seen, and says what was planted to whoever gets its nonce. So no change can be
 * called a planted one afterwards, and the lines alone tell neither where one is nor how many there are.
 */
import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from '@bellwether/basics';
import { openSeal, sealOf } from '@bellwether/drills';
import { type RollPaths, readBounded } from './roll-files.ts';
import type { PlantedChange } from './rolls-files.ts';

/** What is sealed of a sheet. */
export type Sealable = {
  /** Key of the sheet, OFFICE/DAY.SEQUENCE. */
  readonly sheet: string;
  /** Null: the sheet is as it is. */
  readonly change: PlantedChange | null;
};

/** A seal and what it is opened with, hex. */
export type PlantedSeal = { readonly seal: string; readonly nonce: string };

/** The seal. `nonce`: 32 bytes by chance. */
export function sealPlanted(nonce: Uint8Array, what: Sealable): PlantedSeal {
  return { seal: sealOf(nonce, textOf(what), sha256), nonce: Buffer.from(nonce).toString('hex') };
}

/** Whether a seal is that of something. */
export function isSealOf({ seal, nonce }: PlantedSeal, what: Sealable): boolean {
  return openSeal(seal, { nonce, text: textOf(what) }, sha256).isOk();
}

/** Puts a seal on disk. */
export async function keepSeal(paths: RollPaths, { seal }: PlantedSeal): Promise<void> {
  const path = pathOf(paths);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    await file.writeFile(`${seal}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** All seals. A line that was cut off by a crash is of a sheet that was not laid out. */
export async function keptSeals(paths: RollPaths): Promise<ReadonlySet<string>> {
  const bytes = await readBounded(pathOf(paths));
  return new Set(
    (bytes?.toString('latin1') ?? '').split('\n').filter((line) => line.length === SEAL_LETTERS),
  );
}

/** Letters of a SHA-256 in hexadecimal. */
const SEAL_LETTERS = 64;

function textOf(what: Sealable): string {
  return canonicalJson(what).okOrThrow();
}

function sha256(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(bytes).digest());
}

function pathOf({ rolls }: RollPaths): string {
  return join(rolls, 'planted-seals');
}
