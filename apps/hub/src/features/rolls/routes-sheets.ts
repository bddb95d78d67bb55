/** Sheets: seen, and signed with a passkey. */
import {
  SheetAnswer,
  SheetFile,
  SheetSignature,
  SheetSigning,
  SheetSummary,
  SheetsAnswer,
} from '@bellwether/api';
import { err } from '@bellwether/basics';
import { claimChallenge, isLocalOffice, type SignerKey } from '@bellwether/rolls';
import { Type } from 'typebox';
import { passkeysOf } from '../../platform/auth/passkey-records.ts';
import type { Actor, Reach } from '../../platform/auth/rights.ts';
import { can, reachOf } from '../../platform/auth/rights.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { contains } from '../../platform/http/door.ts';
import {
  ACTING,
  actorOf,
  noteAct,
  READING,
  SheetParams,
  sendNoRoll,
  sendRollError,
  unknownSheet,
  unlookedSheet,
} from './answering.ts';
import { ownPlace } from './batches.ts';
import type { RollsDependencies } from './dependencies.ts';
import { sheetKey } from './laying-out.ts';
import { claimSignature, signersOfPasskey } from './passkey-signers.ts';
import { asShown, isUnlooked, toldTest } from './planted-looks.ts';
import type { Rolls } from './rolls.ts';
import type { Sheet } from './rolls-files.ts';
import { sheetShown } from './sheet-shown.ts';
import { sheetPage, sheetSummary } from './sheet-views.ts';
import type { CodeWords, SheetRef, Signing } from './signing.ts';

/** Sheets that are listed. */
const MOST_SHEETS = 1_000;

const PageQuery = Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })) });

/** Makes them. */
export function sheetRoutes(dependencies: RollsDependencies, words: CodeWords): Routes {
  return (app) => {
    listRoute(app, dependencies);
    sheetRoute(app, dependencies, words);
    fileRoute(app, dependencies);
    signingRoute(app, dependencies, words);
    signatureRoute(app, dependencies);
  };
}

function listRoute(app: HttpApp, { rolls, names, now }: RollsDependencies): void {
  app.get(
    '/rolls/sheets',
    {
      config: { right: { verb: 'rolls.read', of: 'reach' } },
      schema: {
        summary: 'Sheets of changes: those that wait first, the oldest first among them',
        tags: ['rolls'],
        response: { 200: SheetsAnswer, ...problems(...READING) },
      },
    },
    async (request) => {
      const nameOf = await names();
      const signs = reachOf(actorOf(request), 'rolls.sign', now());
      const held = rolls()?.held;
      const seen = [...(held?.sheets.values() ?? [])].filter((sheet) => maySee(sheet, request.reach, signs));
      const waiting = seen.filter(({ state }) => state === 'awaiting').sort(byDay);
      const done = seen.filter(({ state }) => state !== 'awaiting').sort((a, b) => byDay(b, a));
      const all = [...waiting, ...done].slice(0, MOST_SHEETS);
      return {
        sheets:
          held === undefined
            ? []
            : all.map((sheet) => sheetSummary(asShown(held, sheet), nameOf(sheet.office))),
      };
    },
  );
}

function sheetRoute(app: HttpApp, { rolls, names, now }: RollsDependencies, words: CodeWords): void {
  app.get(
    '/rolls/sheets/:office/:day/:sequence',
    {
      config: { right: { verb: 'rolls.read', of: 'reach' } },
      schema: {
        summary: 'One sheet with its changes, odd ones first, by pages',
        tags: ['rolls'],
        params: SheetParams,
        querystring: closed(PageQuery),
        response: { 200: SheetAnswer, ...problems(...ACTING) },
      },
    },
    async (request, reply) => {
      const { params, query, reach } = request;
      const held = rolls()?.held;
      const sheet = held?.sheets.get(sheetKey(params));
      if (held === undefined) return sendNoRoll(reply);
      const signs = reachOf(actorOf(request), 'rolls.sign', now());
      if (sheet === undefined || !maySee(sheet, reach, signs))
        return sendRollError(reply, unknownSheet(params));
      const nameOf = await names();
      void reply.header('cache-control', 'no-store');
      const shown = asShown(held, sheet);
      const four = shown.root === '' ? [] : words.of(held, shown.root);
      return sheetPage(shown, nameOf(sheet.office), four, toldTest(held, sheet), query.page ?? 1);
    },
  );
}

function fileRoute(app: HttpApp, { rolls, names, now }: RollsDependencies): void {
  app.get(
    '/rolls/sheets/:office/:day/:sequence/file',
    {
      config: { right: { verb: 'rolls.read', of: 'reach' } },
      schema: {
        summary: 'The whole sheet as a file, from which another program computes root and words',
        description: 'Drop it on the offline page, or run `bellwether-verify sheet FILE`. It holds no words.',
        tags: ['rolls'],
        params: SheetParams,
        response: { 200: SheetFile, ...problems(...ACTING) },
      },
    },
    async (request, reply) => {
      const { params, reach } = request;
      const held = rolls()?.held;
      const sheet = held?.sheets.get(sheetKey(params));
      if (held === undefined) return sendNoRoll(reply);
      const signs = reachOf(actorOf(request), 'rolls.sign', now());
      if (sheet === undefined || !maySee(sheet, reach, signs))
        return sendRollError(reply, unknownSheet(params));
      if (isUnlooked(held, sheet)) return sendRollError(reply, unlookedSheet(params));
      const shown = await sheetShown(held, sheet, (await names())(sheet.office));
      void reply.header('cache-control', 'no-store');
      return shown.isErr() ? sendRollError(reply, shown.error) : shown.value;
    },
  );
}

function signingRoute(app: HttpApp, dependencies: RollsDependencies, words: CodeWords): void {
  const { rolls } = dependencies;
  app.post(
    '/rolls/sheets/:office/:day/:sequence/signing',
    {
      config: { right: { verb: 'rolls.sign', of: 'reach' } },
      schema: {
        summary: 'What a passkey is asked to sign for this sheet, and which passkeys may',
        description:
          'A clerk of another office may sign where a second office is asked for, after the office itself.',
        tags: ['rolls'],
        params: SheetParams,
        response: { 200: SheetSigning, ...problems(...ACTING) },
      },
    },
    async (request, reply) => {
      const { params, reach, from } = request;
      const roll = rolls();
      if (roll === null) return sendNoRoll(reply);
      const signing = signingFor(roll, params, reach);
      if (signing.isErr()) return sendRollError(reply, signing.error);
      const { entry, claim } = signing.value;
      const mine = await ownSigners(dependencies, actorOf(request), signing.value);
      void reply.header('cache-control', 'no-store');
      return {
        challenge: claimChallenge(roll.held.tools.hasher, claim),
        site: from.site,
        passkeys: mine.filter(({ site }) => site === from.site).map(({ passkey }) => passkey),
        words: [...words.of(roll.held, entry.root)],
      };
    },
  );
}

function signatureRoute(app: HttpApp, dependencies: RollsDependencies): void {
  const { rolls, names } = dependencies;
  app.post(
    '/rolls/sheets/:office/:day/:sequence/signature',
    {
      config: { right: { verb: 'rolls.sign', of: 'reach' } },
      schema: {
        summary: 'Sign the sheet with a passkey; with enough signatures it is in the log',
        tags: ['rolls'],
        params: SheetParams,
        body: closed(SheetSignature),
        response: { 200: SheetSummary, ...problems(...ACTING) },
      },
    },
    async (request, reply) => {
      const { params, body, reach, from } = request;
      const roll = rolls();
      if (roll === null) return sendNoRoll(reply);
      const signing = signingFor(roll, params, reach);
      if (signing.isErr()) return sendRollError(reply, signing.error);
      const actor = actorOf(request);
      const own = (await ownSigners(dependencies, actor, signing.value)).find(
        ({ passkey }) => passkey === body.passkey,
      );
      if (own === undefined)
        return sendRollError(reply, { code: 'ROLL_SIGNER_UNKNOWN', detail: 'this passkey' });
      const by = actor.kind === 'person' ? actor.name : actor.kind;
      const signed = await roll.signSheet(params, body.root, claimSignature(own.signer.id, body), by);
      if (signed.isErr()) return sendRollError(reply, signed.error);
      await noteAct(dependencies, {
        who: actor,
        act: 'rolls.sign',
        place: params.office,
        about: `sheet:${sheetKey(params)}`,
        after: { root: body.root, key: own.signer.id, state: signed.value.state },
        origin: from.address,
      });
      return sheetSummary(signed.value, (await names())(params.office));
    },
  );
}

/** The sheet as it would be signed, for whoever may have a hand in it. */
function signingFor(roll: Rolls, ref: SheetRef, reach: Reach): ReturnType<Rolls['signingOf']> {
  const sheet = roll.held.sheets.get(sheetKey(ref));
  if (sheet !== undefined && maySee(sheet, reach, reach) && isUnlooked(roll.held, sheet))
    return err(unlookedSheet(ref));
  // Who may not see it learns nothing of it, not even that it is there.
  return roll.signingOf(sheet === undefined || !maySee(sheet, reach, reach) ? { ...ref, sequence: 0 } : ref);
}

/** Passkeys of whoever asks that are signers of this sheet, and where their owner may sign. */
async function ownSigners(
  { db, now }: RollsDependencies,
  actor: Actor,
  { signers, entry, sheet }: Signing,
): Promise<readonly { readonly passkey: string; readonly site: string; readonly signer: SignerKey }[]> {
  if (actor.kind !== 'person') return [];
  const here = signers.filter(
    ({ place }) =>
      can(actor, 'rolls.sign', place, now()) && (place === ownPlace(entry) || sheet.signatures.length > 0),
  );
  const passkeys = await passkeysOf(db, actor.person);
  return passkeys.flatMap((passkey) =>
    signersOfPasskey(passkey, here).map((signer) => ({ passkey: passkey.id, site: passkey.site, signer })),
  );
}

/** The office's own people, and those who sign for any other office while a second office is waited for. */
function maySee({ office, needsSecond, signatures, state }: Sheet, reach: Reach, signs: Reach): boolean {
  if (contains(reach, office)) return true;
  const asksOthers = needsSecond && state === 'awaiting' && signatures.length > 0;
  return asksOthers && signs !== 'all' && [...signs].some(isLocalOffice);
}

function byDay(a: Sheet, b: Sheet): number {
  return a.day === b.day ? a.office.localeCompare(b.office, 'en') : a.day < b.day ? -1 : 1;
}
