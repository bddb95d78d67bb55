/** The mail room of a hub: what it needs of the data folder, and the judge for messages that people ask about. */
import { join } from 'node:path';
import { campaignMessage, indicatorPrints, judgeMail, type MailGround } from '@bellwether/mail';
import type { Kysely } from 'kysely';
import type { Trail } from '../../../platform/auth/auth-types.ts';
import type { Tables } from '../../../platform/postgres/tables.ts';
import { dnsResolver } from '../dns/resolver.ts';
import { groundOf, localWeights, NOBODY } from '../ground.ts';
import type { MailRoomDependencies } from './dependencies.ts';
import { KeptBytes } from './kept-bytes.ts';
import { LabelledFiles } from './labelled-files.ts';
import { printKey } from './prints.ts';
import { listInForce } from './protected-list.ts';
import type { ShowPart } from './show-part.ts';

/** What a hub opens it with. */
export type MailRoomOptions = {
  /** Data folder. */
  readonly folder: string;
  readonly db: Kysely<Tables>;
  readonly trail: Trail;
  readonly names: () => Promise<(place: string) => string>;
  readonly showPart: ShowPart;
  readonly onChanged: () => void;
  /** Weights that were learned here and cannot be read. */
  readonly onTrouble: (what: string) => void;
  readonly now: () => number;
};

/** Opens it; nothing is read before somebody asks. */
export function openMailRoom(options: MailRoomOptions): MailRoomDependencies {
  const { folder, db, onTrouble, now } = options;
  let ground: Promise<MailGround> | undefined;
  const groundNow = async (): Promise<MailGround> => {
    const weights = localWeights(folder);
    if (weights.isErr()) onTrouble(`what was learned cannot be read: ${weights.error.detail}`);
    return groundOf(
      (await listInForce(db)) ?? NOBODY,
      dnsResolver(now),
      weights.isOk() ? weights.value : null,
    );
  };
  const groundKept = async (): Promise<MailGround> => {
    ground ??= groundNow();
    ground.catch(() => {
      ground = undefined;
    });
    return await ground;
  };
  return {
    ...options,
    kept: new KeptBytes(join(folder, 'mail/kept')),
    labelled: new LabelledFiles(join(folder, 'mail/labelled')),
    printKey: printKey(join(folder, 'mail/print-key')),
    judge: async (bytes, office) => {
      const envelope = { client: null, helo: '', from: null, to: [], account: null };
      const arrival = { bytes, envelope, hook: 'file', office, at: now() } as const;
      const judged = await judgeMail(arrival, await groundKept());
      return judged.isErr() ? null : judged.value.judgement;
    },
    printsIn: async (bytes) => {
      const read = await campaignMessage(bytes, (await groundKept()).index);
      return read.isErr() ? [] : read.value.prints;
    },
    indicated: async ({ kind, value }) => {
      const prints = indicatorPrints(kind, value);
      if (kind === 'file' || prints.length === 0) return prints;
      return (await groundKept()).index.isKnownHost(new URL(value).hostname) ? [] : prints;
    },
    onList: () => {
      ground = undefined;
    },
  };
}
