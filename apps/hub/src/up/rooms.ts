/** The routes of every room of the hub, each with what it needs of the others. */
import { ok, type Result } from '@bellwether/basics';
import { type LiveSource, type ScannerList, STAKE_LINES } from '@bellwether/contacts';
import { parseCheckpoint, parseNote } from '@bellwether/evidence';
import { agentsDeskRoutes } from '../features/agents/routes-desk.ts';
import type { AppealsDependencies } from '../features/appeals/dependencies.ts';
import { appealRoutes } from '../features/appeals/routes.ts';
import { certificatesRoutes } from '../features/blocks/lapi/routes-certificates.ts';
import { blocksRoutes } from '../features/blocks/routes-blocks.ts';
import type { DrillsDependencies } from '../features/drills/dependencies.ts';
import { drillsRoutes } from '../features/drills/routes.ts';
import type { EvidenceDependencies } from '../features/evidence/dependencies.ts';
import { evidenceRoutes } from '../features/evidence/routes.ts';
import { openMailRoom } from '../features/mail/room/open-room.ts';
import { mailRoomRoutes } from '../features/mail/room/routes.ts';
import { safeView } from '../features/mail/viewer/safe-view.ts';
import { peopleRoutes } from '../features/people/routes.ts';
import { officeNames } from '../features/people/store-names.ts';
import { rollPaths } from '../features/rolls/roll-files.ts';
import { rollsRoutes } from '../features/rolls/routes.ts';
import { lastStatement, recomputedByOffices } from '../features/rolls/statement.ts';
import { setUpRoutes } from '../features/set-up/routes.ts';
import { factOf } from '../features/set-up/store.ts';
import { watchRoutes } from '../features/watch/routes.ts';
import { intakeRoutes } from '../features/watch/routes-intake.ts';
import { tellDesks } from '../features/watch/routes-live.ts';
import { type Config, USUAL_ZONE } from '../platform/config.ts';
import { sourceRange } from '../platform/history/source-range.ts';
import type { Routes } from '../platform/http/app.ts';
import type { LiveHub } from '../platform/http/sse.ts';
import type { HubLog } from '../platform/log.ts';
import { openCertificates } from '../platform/tls/certificates.ts';
import type { AgentsOfHub } from './agents.ts';
import type { OpenAuth } from './auth.ts';
import { markForClearing } from './clearing.ts';
import type { Core } from './core.ts';
import type { UpError } from './errors.ts';
import type { HistoryKeeper } from './history.ts';
import type { Outside } from './outside.ts';
import { type RollOfHub, secondHandsOf } from './roll.ts';

/** Pause before the hub stops to start again, ms: time for the answer to get to whoever asked. */
const BEFORE_RESTART = 250;

/** What the rooms stand on. */
export type Ground = {
  readonly core: Core;
  readonly history: HistoryKeeper;
  readonly live: LiveHub;
  readonly config: Config;
  readonly auth: OpenAuth;
  readonly evidence: EvidenceDependencies;
  readonly roll: RollOfHub;
  readonly agents: AgentsOfHub | null;
  readonly scanners: readonly ScannerList[];
  readonly appeals: AppealsDependencies;
  readonly drills: DrillsDependencies;
  /** Made after the routes: it is asked when somebody asks. */
  readonly outside: () => Outside;
  readonly stateSurface: (yaml: string) => Promise<Result<void, UpError>>;
  readonly onRestart: () => void;
  readonly log: Pick<HubLog['log'], 'warn'>;
  /** ms since 1970. */
  readonly now: () => number;
};

/** All of them. */
export function roomRoutes(ground: Ground): readonly Routes[] {
  const {
    core,
    history,
    live,
    config,
    auth,
    evidence,
    roll,
    agents,
    scanners,
    appeals,
    drills,
    outside,
    stateSurface,
    onRestart,
    log,
    now,
  } = ground;
  const { folder } = core;
  const names = async () => officeNames(core.db.query, (await factOf(core.db.query, 'state'))?.name ?? null);
  return [
    intakeRoutes(core.intake),
    watchRoutes({
      db: core.db.query,
      search: history.search,
      intake: core.intake,
      stateSurface,
      sourceOf: (address) => sourceAt(core, address),
      scanners,
      thresholds: [...STAKE_LINES],
      live,
      trail: auth.trail,
      zone: config.zone ?? USUAL_ZONE,
      now,
    }),
    appealRoutes(appeals),
    agentsDeskRoutes({
      agents: () => agents,
      list: async (reach) => (await agents?.list(reach)) ?? [],
    }),
    blocksRoutes({
      db: core.db.query,
      trail: auth.trail,
      orders: () => agents?.orders ?? { number: 0, listening: new Set() },
      onLifted: async () => agents?.orders.changed(),
      now,
    }),
    certificatesRoutes({ keys: auth.keys, bouncers: () => agents }),
    drillsRoutes(drills),
    mailRoomRoutes(
      openMailRoom({
        folder: folder.path,
        db: core.db.query,
        trail: auth.trail,
        names,
        showPart: safeView,
        onChanged: () => tellDesks(live, ['mail'], now()),
        onTrouble: (reason) => log.warn({ reason }, 'the mail room'),
        now,
      }),
    ),
    evidenceRoutes(evidence),
    rollsRoutes({
      db: core.db.query,
      auth,
      rolls: () => roll.rolls,
      progress: () => roll.progress,
      names,
      witnessedSize: () => witnessedSize(evidence),
      statement: () => lastStatement(rollPaths(folder.path)),
      recomputed: () =>
        roll.rolls === null
          ? new Map()
          : recomputedByOffices(roll.rolls.held, evidence.witnessing.statements, secondHandsOf(config)),
      rules: { elections: config.rolls?.elections ?? [], legalHold: config.rolls?.legalHold ?? null },
      now,
    }),
    peopleRoutes({
      db: core.db.query,
      auth,
      watch: auth.watch,
      address: () => outside().state.address,
      stateName: async () => (await factOf(core.db.query, 'state'))?.name ?? null,
      now,
    }),
    setUpRoutes({
      db: core.db.query,
      auth,
      config,
      configPath: folder.config,
      https: () => outside().state,
      ownAuthority: () => outside().authority,
      checkHttps: async (wanted) => {
        // A directory is asked by the hub that starts with it: until then nothing of it can be checked.
        if (wanted.acme !== undefined) return ok();
        const opened = await openCertificates(wanted, folder.tls, now);
        if (opened.isErr()) return opened;
        await opened.value.close();
        return ok();
      },
      clearSample: () => markForClearing(folder),
      restart: () => void setTimeout(onRestart, BEFORE_RESTART).unref(),
      now,
    }),
  ];
}

/** Entries that a quorum of witnesses has cosigned; none where nobody has to. */
function witnessedSize({ policy, witnessing }: EvidenceDependencies): bigint {
  const note =
    policy === null || witnessing.published === null
      ? undefined
      : parseNote(Buffer.from(witnessing.published));
  const checkpoint = note?.isOk() === true ? parseCheckpoint(note.value.text) : undefined;
  return checkpoint?.isOk() === true ? checkpoint.value.size : 0n;
}

/** What the judge thinks of the source that an address belongs to. */
export async function sourceAt({ flow }: Core, address: string): Promise<LiveSource | undefined> {
  const range = sourceRange(address);
  if (range === undefined) return undefined;
  const [key] = range.key;
  if (range.low === null) return flow.sourceOf(Number(key), 0, false);
  return flow.sourceOf(Number(key >> 32n), Number(key & 0xffff_ffffn), true);
}
