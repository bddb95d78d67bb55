/** `bellwether rolls capture`: finds what differs from the signed state, each with what stands behind it. */
import { captureChanges } from '../features/rolls/capture.ts';
import { ROLL_EXIT, rollFailed } from './rolls-opened.ts';
import { readingArgs, readingFrom } from './rolls-reading.ts';

const COMMAND = 'rolls capture';

/** Runs `bellwether rolls capture ARGS`; gives the exit code. */
export async function rollsCaptureCommand(args: string[]): Promise<number> {
  const values = readingArgs(COMMAND, args, HELP, {});
  if (typeof values === 'number') return values;
  const reading = readingFrom(COMMAND, values, HELP);
  if (typeof reading === 'number') return reading;
  const captured = await captureChanges(reading);
  if (captured.isErr()) return rollFailed(COMMAND, captured.error);
  const { number, day, records, changes } = captured.value;
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify({ schema: 'bellwether/captured@1', number, day, records, changes })}\n`
      : `Capture ${number} of ${day}: ${changes} of ${records} registrations differ from what is signed.\n`,
  );
  return ROLL_EXIT.done;
}

const HELP = `Usage: bellwether rolls capture [--data DIR] --live FILE [--transactions FILE] [OPTIONS]

Reads the registration database, and leaves behind what differs from the signed state, for the offices to sign. Needs no
lock: a hub may run.

  --data DIR           the hub's data folder
  --live FILE          the dump, as at the genesis; or the address of the database
  --transactions FILE  what the vendor's system says it did, one JSON object a line
  --day DAY            the day that the dump is of; without it today
  --whole              the dump is whole, although it has far fewer registrations than the roll
  --full               compute every row again, also those known from an earlier night; without it once in 7 days
  --json               tell as JSON what was found

Exit codes: 0 done, 1 something could not be read, 2 wrong usage.
`;
