/** `bellwether drill score`: what may be said of drills, and what was missed. */
import type { DrillsAnswer } from '@bellwether/api';
import { type HubAddress, HubRefusal } from './ask-hub.ts';
import { askDrills } from './drill-hub.ts';

const EXIT = { done: 0, failed: 1, no: 3 } as const;

/** Prints it; gives the exit code: 3 where a first-time drill of the series was missed, or is missed again. */
export async function scoreDrills(hub: HubAddress, asJson: boolean): Promise<number> {
  let answer: DrillsAnswer;
  try {
    answer = (await askDrills(hub, 'GET', '')) as DrillsAnswer;
  } catch (error) {
    if (!(error instanceof HubRefusal)) throw error;
    process.stderr.write(`bellwether drill score: ${error.message}\n`);
    return EXIT.failed;
  }
  process.stdout.write(asJson ? `${JSON.stringify(answer)}\n` : scoreText(answer));
  const isMissedAgain = answer.regressions.some(({ isCaught }) => isCaught === false);
  return answer.score.missed > 0 || isMissedAgain ? EXIT.no : EXIT.done;
}

/** The answer for people: the sentence, what was missed, by kind, and the regression suite apart. */
export function scoreText(answer: DrillsAnswer): string {
  const { sentence, kinds, drills, regressions, series, waiting, notRun } = answer;
  const missed = drills.filter(({ isCaught, repeats }) => !isCaught && repeats === null);
  const parts = [
    [
      sentence,
      ...(series === null
        ? []
        : [`Series ${series.number}, version ${series.detector}, seal ${series.seal}.`]),
    ],
    section(
      'Missed',
      missed.map(
        ({ id, title, officeName, startedAt, outcome }) =>
          `${id}  ${startedAt.slice(0, 16).replace('T', ' ')}  ${officeName}: ${title} (${SAID[outcome]})`,
      ),
    ),
    section(
      'By kind',
      kinds.map((kind) => {
        const after = kind.median === null ? '' : `, ${(kind.median / 1_000).toFixed(1)} s in the middle`;
        return `${kind.title}: ${kind.missed} of ${kind.drills} missed${after}`;
      }),
    ),
    section(
      'Missed once, and repeated since',
      regressions.map(({ drill, title, isCaught }) => {
        const now = isCaught === null ? 'not repeated yet' : isCaught ? 'caught now' : 'missed again';
        return `${drill}  ${title}: ${now}`;
      }),
    ),
    waiting + notRun === 0 ? [] : [`${waiting} not over yet; ${notRun} drawn and never run.`],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const SAID: Readonly<Record<DrillsAnswer['drills'][number]['outcome'], string>> = {
  blocked: 'blocked',
  told: 'told',
  late: 'too late',
  'judged-only': 'judged, and not blocked',
  'seen-only': 'recorded, and not judged',
  'not-recorded': 'no sensor recorded it',
  'wrong-block': 'somebody else was blocked',
};

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}
