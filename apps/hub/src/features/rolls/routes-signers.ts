/** Signers of offices: who they are, a clerk's passkey that becomes one, and offices that endorse or withdraw one of another. */
import {
  NewSigner,
  SignerAnswer,
  SignerChange,
  SignerEndorsement,
  SignerSigning,
  SignersAnswer,
} from '@bellwether/api';
import { claimChallenge, isLocalOffice, type SignerKey } from '@bellwether/rolls';
import { passkeysOf } from '../../platform/auth/passkey-records.ts';
import { type Actor, can } from '../../platform/auth/rights.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { ACTING, noteAct, READING, sendNoRoll, sendRollError } from './answering.ts';
import type { RollsDependencies } from './dependencies.ts';
import { claimSignature, passkeySigner, signersOfPasskey } from './passkey-signers.ts';
import { endorseSigner, endorsingOf, shownSigners } from './signer-requests.ts';
import { signsFrom } from './signer-times.ts';
import { announceSigner } from './signers.ts';

/** Makes them. */
export function signerRoutes(dependencies: RollsDependencies): Routes {
  return (app) => {
    signersRoute(app, dependencies);
    announceRoute(app, dependencies);
    endorsingRoute(app, dependencies);
    endorsementRoute(app, dependencies);
  };
}

function signersRoute(app: HttpApp, { rolls, names, now }: RollsDependencies): void {
  app.get(
    '/rolls/signers',
    {
      config: { right: { verb: 'rolls.read', of: 'reach' } },
      schema: {
        summary:
          'Signers of all offices, and keys that an office asks for: all of them are public in the log',
        tags: ['rolls'],
        response: { 200: SignersAnswer, ...problems(...READING) },
      },
    },
    async ({ actor }, reply) => {
      const roll = rolls();
      if (roll === null || actor === null) return sendNoRoll(reply);
      const name = await names();
      const shown = await roll.act(shownSigners);
      const own = new Set(
        shown.map(({ office }) => office).filter((office) => maySign(actor, office, now())),
      );
      const isOther = (office: string): boolean =>
        [...own].some((place) => place !== office && isLocalOffice(place));
      return {
        signers: shown.map((row) => ({
          ...row,
          name: name(row.office),
          endorsed: row.endorsed.map(name),
          mayEndorse: row.state === 'asked' && (own.has(row.office) || isOther(row.office)),
          mayWithdraw: ['waits', 'going'].includes(row.state) && (own.has(row.office) || isOther(row.office)),
        })),
      };
    },
  );
}

function announceRoute(app: HttpApp, dependencies: RollsDependencies): void {
  const { db, rolls } = dependencies;
  app.post(
    '/rolls/signers',
    {
      config: { right: { verb: 'rolls.sign', of: ({ body }) => (body as NewSigner).office } },
      schema: {
        summary: 'Announce one of one’s own passkeys as a signer of the office',
        description:
          'It is public for three days before it counts. The office’s older key has to agree, or two other offices.',
        tags: ['rolls'],
        body: closed(NewSigner),
        response: { 200: SignerAnswer, ...problems(...ACTING) },
      },
    },
    async (request, reply) => {
      const { actor, body, from } = request;
      const roll = rolls();
      if (roll === null) return sendNoRoll(reply);
      const own = actor?.kind === 'person' ? await passkeysOf(db, actor.person) : [];
      const passkey = own.find(({ id, site }) => id === body.passkey && site === from.site);
      const { hasher } = roll.held.tools;
      const signer =
        passkey === undefined ? null : passkeySigner(hasher, passkey, body.office, [from.origin]);
      if (signer === null || actor === null) {
        return sendRollError(reply, {
          code: 'ROLL_SIGNER_UNKNOWN',
          detail: 'this is no passkey of yours here',
        });
      }
      const announced = await roll.act((holding) => announceSigner(holding, signer));
      if (announced.isErr()) return sendRollError(reply, announced.error);
      await noteAct(dependencies, {
        who: actor,
        act: 'rolls.signer',
        place: body.office,
        about: `signer:${signer.id}`,
        origin: from.address,
      });
      const { countsFrom } = announced.value;
      return { key: signer.id, countsFrom: countsFrom === null ? null : new Date(countsFrom).toISOString() };
    },
  );
}

function endorsingRoute(app: HttpApp, dependencies: RollsDependencies): void {
  const { rolls } = dependencies;
  app.post(
    '/rolls/signers/endorsing',
    {
      config: { right: { verb: 'rolls.sign', of: 'reach' } },
      schema: {
        summary: 'What a passkey is asked to sign, so that a signer comes or goes, and which passkeys may',
        description: 'All offices sign the same minute; after a seal it is another one, and all sign again.',
        tags: ['rolls'],
        body: closed(SignerChange),
        response: { 200: SignerSigning, ...problems(...ACTING) },
      },
    },
    async ({ actor, body, from }, reply) => {
      const roll = rolls();
      if (roll === null || actor === null) return sendNoRoll(reply);
      const endorsing = await roll.act((holding) => endorsingOf(holding, body.act, body.key));
      if (endorsing.isErr()) return sendRollError(reply, endorsing.error);
      const { claim, signers } = endorsing.value;
      const mine = await ownSigners(dependencies, actor, signers);
      void reply.header('cache-control', 'no-store');
      return {
        challenge: claimChallenge(roll.held.tools.hasher, claim),
        site: from.site,
        passkeys: mine.filter(({ site }) => site === from.site).map(({ passkey }) => passkey),
      };
    },
  );
}

function endorsementRoute(app: HttpApp, dependencies: RollsDependencies): void {
  const { rolls } = dependencies;
  app.post(
    '/rolls/signers/:act/:key/endorsements',
    {
      config: { right: { verb: 'rolls.sign', of: 'reach' } },
      schema: {
        summary: 'Endorse with a passkey that a signer comes or goes; with enough of them it is in the log',
        tags: ['rolls'],
        params: closed(SignerChange),
        body: closed(SignerEndorsement),
        response: { 200: SignerAnswer, ...problems(...ACTING) },
      },
    },
    async ({ actor, params: { act, key }, body, from }, reply) => {
      const roll = rolls();
      if (roll === null || actor === null) return sendNoRoll(reply);
      const endorsing = await roll.act((holding) => endorsingOf(holding, act, key));
      if (endorsing.isErr()) return sendRollError(reply, endorsing.error);
      const mine = await ownSigners(dependencies, actor, endorsing.value.signers);
      const own = mine.find(({ passkey }) => passkey === body.passkey);
      if (own === undefined)
        return sendRollError(reply, { code: 'ROLL_SIGNER_UNKNOWN', detail: 'this passkey' });
      const signature = claimSignature(own.signer.id, body);
      const endorsed = await roll.act((holding) => endorseSigner(holding, act, key, signature));
      if (endorsed.isErr()) return sendRollError(reply, endorsed.error);
      await noteAct(dependencies, {
        who: actor,
        act: 'rolls.signer',
        place: own.signer.place,
        about: `signer:${key}`,
        after: { act, by: own.signer.id, done: endorsed.value.appended !== null },
        origin: from.address,
      });
      const known = roll.held.fold.signers.get(key);
      const isWaiting = act === 'add' && known !== undefined;
      return { key, countsFrom: isWaiting ? new Date(signsFrom(roll.held, known)).toISOString() : null };
    },
  );
}

/** Passkeys of whoever asks that may endorse, where their owner may sign. */
async function ownSigners(
  { db, now }: RollsDependencies,
  actor: Actor,
  signers: readonly SignerKey[],
): Promise<readonly { readonly passkey: string; readonly site: string; readonly signer: SignerKey }[]> {
  if (actor.kind !== 'person') return [];
  const here = signers.filter(({ place }) => maySign(actor, place, now()));
  const passkeys = await passkeysOf(db, actor.person);
  return passkeys.flatMap((passkey) =>
    signersOfPasskey(passkey, here).map((signer) => ({ passkey: passkey.id, site: passkey.site, signer })),
  );
}

function maySign(actor: Actor, place: string, now: number): boolean {
  return can(actor, 'rolls.sign', place, now);
}
