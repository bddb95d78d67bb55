/** `/readyz`: whether the hub does all of its work, in words that say what is wrong if not. */
import type { Readiness } from '@bellwether/api';
import type { Core } from './core.ts';
import type { OpenEvidence } from './evidence.ts';

/** Bytes that wait to be judged before somebody should look: a few seconds of the fastest intake. */
const LARGE_BACKLOG = 256 * 1024 * 1024;

/** Looks at everything that the hub needs. */
export async function readinessOf(
  { postgres, database, db, intake, journal }: Core,
  { log }: Pick<OpenEvidence, 'log'>,
): Promise<Readiness['checks']> {
  const answers = await db.pool.query('SELECT 1').then(
    () => '',
    (error: Error) => error.message,
  );
  return [
    {
      name: 'database',
      ok: answers === '' && database.up && postgres.state === 'up',
      detail: answers || database.detail || `PostgreSQL ${postgres.version} answers`,
    },
    {
      name: 'journal',
      ok: intake.trouble === '',
      detail: intake.trouble || `${journal.bytes} bytes on disk`,
    },
    {
      name: 'flow',
      ok: intake.backlog < LARGE_BACKLOG,
      detail: `${intake.backlog} bytes wait to be judged`,
    },
    {
      name: 'log',
      // At rest it waits for a person, as it should: that is no reason to send nobody to this hub.
      ok: log.trouble === null || log.trouble.code === 'LOG_AT_REST',
      detail: log.trouble === null ? `${log.size} entries` : `${log.trouble.code}: ${log.trouble.detail}`,
    },
  ];
}
