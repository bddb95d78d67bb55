/**
 * One SSH connection to the bastion host, as OpenSSH logs it line by line, and as the network sees it.
 */
import { SshLine, SshOutcome } from '../logins.ts';
import { Fate, Mark } from '../network-events.ts';
import type { Stage } from '../scenario.ts';
import { SECOND } from '../world.ts';
import { ephemeralPort } from './ports.ts';

/** One password that is tried. */
export type Try = { readonly user: string; readonly known: boolean };

/** How a connection ends after the tries. */
export type Ending = 'password' | 'key' | 'disconnect' | 'close' | 'too-many';

/** A daemon's writing, one line at a time. */
type Daemon = {
  readonly stage: Stage;
  readonly source: number;
  readonly sourcePort: number;
  readonly connection: number;
  time: number;
};

/**
 * Plays a connection with its tries. False when it would be after the end of the run.
 *
 * @param user who gets in, with the endings `password` and `key`
 * @param through whether the account must show this login as `through`
 */
export function sshSession(
  stage: Stage,
  source: number,
  time: number,
  tries: readonly Try[],
  ending: Ending,
  user?: string,
  through = false,
): boolean {
  const { world } = stage;
  if (time >= world.span || time < 0) return false;
  const daemon = begin(stage, source, time);
  for (const tried of tries) tell(daemon, tried);
  const last = tries.at(-1) ?? { user: user ?? 'root', known: true };
  const succeeded = ending === 'password' || ending === 'key';
  if (succeeded) letIn(daemon, ending, user ?? last.user, through);
  else end(daemon, ending, last);
  tellConnection(
    daemon,
    time,
    succeeded ? SshOutcome.succeeded : SshOutcome.failed,
    tries.length + (succeeded ? 1 : 0),
    through ? Mark.through : 0,
  );
  world.sources.contact(world.book.ownerOf(source), time, world.estate.bastion, 22);
  return true;
}

/** A connection in which nobody signs in: scanners of banners and keys, clients that never speak. */
export function sshKnock(stage: Stage, source: number, time: number): boolean {
  const { world, random } = stage;
  if (time >= world.span || time < 0) return false;
  const daemon = begin(stage, source, time);
  const line = random.pick([
    SshLine.noIdentification,
    SshLine.badBanner,
    SshLine.noKeyExchange,
    SshLine.kexReset,
    SshLine.timeout,
  ]);
  if (line === SshLine.timeout) daemon.time += 120 * SECOND;
  write(daemon, line, '');
  tellConnection(daemon, time, SshOutcome.nothing, 0);
  world.sources.contact(world.book.ownerOf(source), time, world.estate.bastion, 22);
  return true;
}

function begin(stage: Stage, source: number, time: number): Daemon {
  const connection = stage.world.nextConnection();
  return { stage, source, sourcePort: ephemeralPort(stage.random), connection, time: time + 0.15 * SECOND };
}

function tell(daemon: Daemon, { user, known }: Try): void {
  const { random } = daemon.stage;
  if (!known) write(daemon, SshLine.invalidUser, user);
  if (!known) write(daemon, SshLine.pamUnknown, user);
  write(daemon, SshLine.pamFailure, known ? user : '');
  daemon.time += random.between(1.4, 2.9) * SECOND;
  write(daemon, known ? SshLine.failed : SshLine.failedInvalid, user);
}

function letIn(daemon: Daemon, how: 'password' | 'key', user: string, through: boolean): void {
  const { random } = daemon.stage;
  const line = how === 'key' ? SshLine.acceptedKey : SshLine.acceptedPassword;
  write(daemon, line, user, through ? Mark.through : 0);
  write(daemon, SshLine.sessionOpened, user);
  daemon.time += random.spread(2, 5_400) * SECOND;
  write(daemon, SshLine.disconnected, user);
  write(daemon, SshLine.sessionClosed, user);
}

function end(daemon: Daemon, ending: Ending, { user, known }: Try): void {
  if (ending === 'too-many') write(daemon, SshLine.tooMany, known ? user : `invalid user ${user}`);
  if (ending === 'disconnect') write(daemon, SshLine.byeBye, user);
  write(daemon, known ? SshLine.closedAuthenticating : SshLine.closedInvalid, user);
}

function write(daemon: Daemon, line: SshLine, user: string, marks = 0): void {
  const { stage, source, sourcePort, connection, time } = daemon;
  daemon.time += 1_000 + stage.random.below(90_000);
  if (time >= stage.world.span) return;
  stage.world.ssh.add({ time, source, sourcePort, connection, line, user, marks });
}

/** The network's side: one connection, whose row comes before the daemon's lines in time. */
function tellConnection(daemon: Daemon, time: number, outcome: SshOutcome, tries: number, marks = 0): void {
  const { stage, source, sourcePort, connection } = daemon;
  const { world } = stage;
  world.ssh.add({
    time,
    source,
    sourcePort,
    connection,
    line: SshLine.open,
    user: '',
    outcome,
    tries,
    marks,
  });
  const nothing = outcome === SshOutcome.nothing;
  world.network.add({
    time,
    source,
    destination: world.estate.bastion,
    sourcePort,
    port: 22,
    kind: 0,
    fate: Fate.answered,
    connection,
    duration: daemon.time - time,
    sent: nothing ? 24 : 1_900 + tries * 150,
    received: nothing ? 980 : 2_300 + tries * 90,
  });
}

/** Plays one source after the other until the scenario's budget of lines is spent. */
export function playLines(stage: Stage, playOne: () => void): void {
  const end = stage.world.ssh.told + stage.budget;
  if (stage.budget <= 0) return;
  do playOne();
  while (stage.world.ssh.told < end);
}
