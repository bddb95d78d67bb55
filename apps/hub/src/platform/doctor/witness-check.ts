/** Whether the witnesses of the log come: of a log that they do not cosign, nobody can tell that it was not rewritten. */
import { standingText, witnessStanding } from '../evidence/witness-standing.ts';
import type { DataFolder } from '../folder.ts';
import { type Check, fine, wrong } from './check.ts';

/** Looks. `running`: whether the hub of the folder does; witnesses find nothing to cosign where it does not. `now`: ms since 1970. */
export async function witnessCheck(folder: DataFolder, running: boolean, now: number): Promise<Check> {
  const standing = await witnessStanding(folder, now);
  const detail = standingText(standing);
  if (standing.late.length === 0 || !running) return fine('witnesses', detail);
  return wrong(
    'witnesses',
    detail,
    'Ask the people of these whether their witness runs and reaches this hub: `bellwether-agent witness status` tells them there.',
  );
}
