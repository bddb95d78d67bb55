/** `/readyz`: whether the hub does all of its work, in words that say what is wrong if not. */
import type { Readiness } from '@bellwether/api';
import type { Core } from './core.ts';

/** Bytes that wait to be judged before somebody should look: a few seconds of the fastest intake. */
const LARGE_BACKLOG = 256 * 1024 * 1024;

/** Looks at everything that the hub needs. */
export async function readinessOf({
  postgres,
  database,
  db,
  intake,
  journal,
}: Core): Promise<Readiness['checks']> {
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
  ];
}
