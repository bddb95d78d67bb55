/** What of the set-up is done. */
import type { SetUpAnswer } from '@bellwether/api';
import { USUAL_ZONE } from '../../platform/config.ts';
import type { SetUpDependencies } from './dependencies.ts';
import { countOffices, factOf } from './store.ts';

/** The overview that every step answers with. */
export async function overviewOf({ db, auth, config, https }: SetUpDependencies): Promise<SetUpAnswer> {
  const [state, offices, decided, kept, sample, count] = await Promise.all([
    factOf(db, 'state'),
    factOf(db, 'offices'),
    factOf(db, 'https-decided'),
    factOf(db, 'sample-kept'),
    db.selectFrom('facts').select('name').where('name', '=', 'sample').executeTakeFirst(),
    countOffices(db),
  ]);
  return {
    steps: [
      { step: 'state', done: state !== undefined },
      { step: 'administrator', done: !auth.isAlone() },
      { step: 'offices', done: offices !== undefined },
      { step: 'https', done: decided === true || config.https !== undefined },
      { step: 'sample', done: sample === undefined || kept === true },
    ],
    state: { name: state?.name ?? null, zone: config.zone ?? USUAL_ZONE },
    offices: count,
    sample: sample !== undefined,
    https: https(),
  };
}
