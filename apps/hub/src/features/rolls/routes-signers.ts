/** A clerk's passkey becomes a signer of the office. */
import { NewSigner, SignerAnswer } from '@bellwether/api';
import { passkeysOf } from '../../platform/auth/passkey-records.ts';
import { closed, problems, type Routes } from '../../platform/http/app.ts';
import { ACTING, noteAct, sendNoRoll, sendRollError } from './answering.ts';
import type { RollsDependencies } from './dependencies.ts';
import { passkeySigner } from './passkey-signers.ts';
import { announceSigner } from './signers.ts';

/** Makes them. */
export function signerRoutes(dependencies: RollsDependencies): Routes {
  const { db, rolls } = dependencies;
  return (app) => {
    app.post(
      '/rolls/signers',
      {
        config: { right: { verb: 'rolls.sign', of: ({ body }) => (body as NewSigner).office } },
        schema: {
          summary: 'Announce one of one’s own passkeys as a signer of the office',
          description: 'It is public for three days before it counts. The office’s older key has to agree.',
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
        return { key: signer.id, countsFrom: new Date(announced.value.countsFrom).toISOString() };
      },
    );
  };
}
