/** What enforces on this computer, made from its settings and from what was agreed at enrolment: the kernel, and the voters' door. */
import { randomBytes } from 'node:crypto';
import { type Cidr, ok, parseCidr, type Result } from '@bellwether/basics';
import { Enforcer } from '../enforce/enforcer.ts';
import { neverHere } from '../enforce/never-here.ts';
import { readEnforceSettings } from '../enforce/settings.ts';
import type { AgentError } from '../errors.ts';
import { DoorService } from '../gate/door-service.ts';
import type { Enrolled } from './enrolled.ts';
import type { Enforcing } from './running.ts';

/** Opens it; null where the settings do not ask for it. `log` takes one line each. */
export async function openEnforcing(
  enforce: unknown,
  agent: Enrolled,
  log: (text: string) => void,
  now: () => number,
): Promise<Result<Enforcing | null, AgentError>> {
  if (enforce === null) return ok(null);
  const settings = readEnforceSettings(enforce);
  if (settings.isErr()) return settings;
  const never = [...settings.value.never, ...toldNever(agent.never), ...(await neverHere(agent.host))];
  const enforcer = new Enforcer({ settings: settings.value, folder: agent.folder, never, log, now });
  const { door: wanted } = settings.value;
  if (wanted === null) return ok(enforcer);
  const door = new DoorService({
    ...wanted,
    isJudged: (source) => enforcer.isJudged(source),
    isSpared: (source) => enforcer.isSpared(source),
    secret: randomBytes(32),
    log,
    now,
  });
  return ok({
    take: (order) => enforcer.take(order),
    report: () => enforcer.report(),
    onReport: (listener) => enforcer.onReport(listener),
    heardClock: (ahead) => enforcer.heardClock(ahead),
    close: async () => {
      await Promise.all([door.close(), enforcer.close()]);
    },
  });
}

/** Addresses of the hub, as it told them; one that cannot be read costs no other one. */
function toldNever(texts: readonly string[]): readonly Cidr[] {
  return texts.flatMap((text) =>
    parseCidr(text)
      .map((one) => [one])
      .unwrapOr([]),
  );
}
