/**
 * The account in words, for the person who watches: one sentence first, then where each line went, what came through,
 * what was decided and with what error, and what to do next.
 */
import type { Account } from './account.ts';
import { type Telling, whatNext } from './next-steps.ts';
import { count } from './progress.ts';
import { harmless, paragraph, shortened, table } from './text-layout.ts';

/** Contacts that came through, listed by name: a screen full. The rest is in `--json`. */
const LISTED = 20;

/** What each disposition means, for somebody who reads it for the first time. */
const MEANINGS: Readonly<Record<keyof Account['dispositions'], string>> = {
  refused: 'turned away, or nobody answered',
  blocked: 'stopped by a block that had been decided before',
  served: 'used what is there for everybody, as it is meant',
  authorised: 'used what is for staff, and may',
  test: 'part of a permitted test',
  reply: 'answers to requests of ours',
  through: 'reached what they should not have: listed below',
  unsettled: 'what became of them cannot be told yet: being looked at',
};

export type { Telling };

/** The account as text. */
export function accountText(telling: Telling): string {
  const sections = [
    firstSentence(telling),
    whatBecame(telling.account),
    theBalance(telling.account),
    cameThrough(telling.account),
    unsettled(telling.account),
    theSources(telling.account),
    theDecisions(telling.account),
    losses(telling),
    theFiles(telling.account),
    whatNext(telling),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function firstSentence({ account, plans, complete }: Telling): string[] {
  const sensors = new Set(plans.map(({ info }) => info.sensor)).size;
  const whole = account.files.every(({ stopped }) => stopped === undefined) && account.unreadable === 0;
  const told = `${count(account.lines)} ${one(account.lines, 'line')}, ${count(account.contacts)} ${one(account.contacts, 'contact')} from ${count(account.sources)} ${one(account.sources, 'source')} on ${count(sensors)} ${one(sensors, 'sensor')}`;
  const every = account.balanced && whole && complete && account.lostAtSensor === 0;
  const lines = account.balanced ? 'every line is accounted for' : 'THE ACCOUNT DOES NOT BALANCE';
  const sentence = `${told}; ${every ? 'every one is accounted for' : lines}.`;
  const { through, unsettled: open } = account.dispositions;
  const looked = `${count(open)} still being looked at.`;
  const answer =
    account.contacts === 0
      ? 'No line told of a contact.'
      : through > 0
        ? `${count(through)} ${through === 1 ? 'was' : 'were'} detected getting through; ${looked}`
        : `None detected getting through; ${looked} No drill has measured yet how many such an account misses.`;
  return [
    ...paragraph(sentence),
    ...paragraph(answer),
    ...(account.from === null || account.to === null
      ? []
      : [`From ${utc(account.from)} to ${utc(account.to)} UTC.`]),
  ];
}

function whatBecame({ dispositions, contacts, knocks, contradictions }: Account): string[] {
  if (contacts === 0) return [];
  const rows = (Object.keys(MEANINGS) as (keyof typeof MEANINGS)[]).map((name) => [
    name,
    count(dispositions[name]),
    percent(dispositions[name], contacts),
    MEANINGS[name],
  ]);
  const lines = ['What became of the contacts', ...table(rows, [1, 2])];
  if (knocks === contacts) return lines;
  const said = contradictions > 0 ? `, and contradicted each other ${count(contradictions)} times` : '';
  return [
    ...lines,
    ...paragraph(`Several sensors told of the same attempts${said}: they were ${count(knocks)} knocks.`, 2),
  ];
}

function theBalance(account: Account): string[] {
  const { lines, repeated, unreadable, ignored, detail, contacts, dispositions } = account;
  const sum = Object.values(dispositions).filter((n) => n > 0);
  const settled = sum.reduce((total, n) => total + n, 0);
  return [
    account.balanced
      ? 'The account balances'
      : 'THE ACCOUNT DOES NOT BALANCE: this is a defect, please report it',
    ...table(
      [
        [count(lines), 'lines'],
        [`+ ${count(repeated)}`, 'further contacts that single lines tell ("message repeated 5 times")'],
        [`= ${count(unreadable)}`, 'unreadable'],
        [`+ ${count(ignored)}`, 'ignored: understood, and no contact'],
        [`+ ${count(detail)}`, 'detail: more about a contact already counted'],
        [`+ ${count(contacts)}`, 'contacts'],
      ],
      [0],
    ),
    ...paragraph(
      `${count(contacts)} contacts = ${sum.map(count).join(' + ') || '0'}${settled === contacts ? '' : ` = ${count(settled)} ?`}`,
      4,
      '  ',
    ),
  ];
}

function cameThrough({ through, throughUnlisted, dispositions }: Account): string[] {
  if (dispositions.through === 0) return [];
  const groups = new Map<string, { first: Account['through'][number]; times: number }>();
  for (const item of through) {
    const key = JSON.stringify([item.source, item.destination, item.port, item.reason, item.file]);
    const group = groups.get(key);
    if (group) group.times++;
    else groups.set(key, { first: item, times: 1 });
  }
  const listed = [...groups.values()].slice(0, LISTED);
  const rows = listed.map(({ first, times }) => {
    const { time, source, destination, port, reason, file, line } = first;
    const where = `${shortened(file, 40)} line ${line}`;
    return [
      time === null ? 'time unknown' : utc(time),
      harmless(
        `${source} -> ${destination ?? 'the sensor itself'}${port > 0 ? ` port ${port}` : ''}: ${reason}, ${
          times === 1 ? where : `${count(times)} times, first in ${where}`
        }`,
      ),
    ];
  });
  const more = dispositions.through - listed.reduce((sum, { times }) => sum + times, 0);
  return [
    'Came through',
    ...table(rows),
    ...(more > 0
      ? paragraph(
          `and ${count(more)} more; ${throughUnlisted > 0 ? 'most of them' : 'all'} are in --json.`,
          2,
        )
      : []),
    ...paragraph('docs/reference/dispositions.md tells what each reason means.', 2),
  ];
}

function unsettled({ rules, dispositions }: Account): string[] {
  if (dispositions.unsettled === 0) return [];
  const rows = Object.entries(UNSETTLED_BECAUSE)
    .map(([code, because]) => ({ n: rules[code] ?? 0, because }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n)
    .map(({ n, because }) => [count(n), because]);
  return rows.length === 0 ? [] : ['Still being looked at, because', ...table(rows, [0])];
}

/** Why contacts are unsettled, by rule of docs/reference/dispositions.md. */
const UNSETTLED_BECAUSE: Readonly<Record<string, string>> = {
  'one-direction': 'the sensor saw one direction only',
  'not-told': 'the line does not say what became of it',
  'accepted-unlisted': 'a filter let it in to something that the surface does not list',
  'served-unlisted': 'something that the surface does not list answered',
  'attack-open': 'attack content was answered in a way that cannot be told from success',
  'attack-seen': 'a detection system saw attack content, and no line tells what became of it',
  'secret-answered': 'a path that should never be served was answered with content',
  'login-unsure': 'a login succeeded from a new source while others guess at that account: ask whose it was',
  'no-source-open': 'it was let in, and the line names nobody',
};

function theSources({ verdicts, sources, campaigns, surges, folded, foreignHeaders }: Account): string[] {
  if (sources === 0) return [];
  const lines = [
    'The sources',
    ...table(
      [
        [count(verdicts.scan), 'scan: asked for things that are not there'],
        [count(verdicts.attempt), 'attempt: guessed at logins, probed or attacked'],
        [count(verdicts.intrusion), 'intrusion: got through'],
        [count(verdicts.unknown), 'unknown: nothing is shown against them'],
      ],
      [0],
    ),
  ];
  if (campaigns > 0) {
    lines.push(
      ...paragraph(
        `${count(campaigns)} ${one(campaigns, 'campaign')}: sources that share out one piece of work.`,
        2,
      ),
    );
  }
  if (folded > 0) {
    lines.push(
      ...paragraph(
        `${count(folded)} of the least suspicious sources were counted together, not one by one: there were more than are remembered.`,
        2,
      ),
    );
  }
  if (foreignHeaders > 0) {
    lines.push(
      ...paragraph(
        `${count(foreignHeaders)} forwarding headers came from somebody who is no proxy of ours, and were not believed.`,
        2,
      ),
    );
  }
  for (const { service, from, until, sources: visitors } of surges.slice(0, LISTED)) {
    const when = from === null || until === null ? '' : ` from ${utc(from)} to ${utc(until)}`;
    lines.push(
      ...paragraph(
        `Surge on ${harmless(service)}${when}: ${count(visitors)} sources. Nobody is blocked for being one of many.`,
        2,
      ),
    );
  }
  return lines;
}

function theDecisions({ decisions, wrongBlocks, withheld, dispositions, contacts }: Account): string[] {
  if (contacts === 0 || (decisions === 0 && Object.keys(withheld).length === 0 && dispositions.refused === 0))
    return [];
  const { tested, bound, nominal } = wrongBlocks;
  const lines = [
    'Decisions',
    ...paragraph(`${count(decisions)} ${one(decisions, 'block')} decided, from ${count(tested)} tests.`, 2),
  ];
  if (bound !== null) {
    lines.push(
      ...paragraph(
        `At most ${bound} wrong ${bound === 1 ? 'one is' : 'ones are'} expected, if benign sources behave as the model in --json says.`,
        2,
      ),
    );
  }
  if (nominal > 0 || bound === null) {
    lines.push(
      ...paragraph(
        'Evidence from sensors that log only what they deny has no error rate: their blocks follow a stated count rule, and the bound does not speak of them.',
        2,
      ),
    );
  }
  for (const [reason, times] of Object.entries(withheld))
    lines.push(...paragraph(`${count(times)} withheld: ${reason}.`, 2));
  return lines;
}

function losses({ account, complete }: Telling): string[] {
  const { lostAtSensor: lost } = account;
  const lines: string[] = [];
  if (lost === 'unknown')
    lines.push(
      ...paragraph(
        'Sensors admit to have dropped events, and not how many: what became of those, nobody can say.',
        2,
      ),
    );
  else if (lost > 0)
    lines.push(
      ...paragraph(
        `Sensors admit to have dropped ${count(lost)} ${one(lost, 'event')}: what became of those, nobody can say.`,
        2,
      ),
    );
  else lines.push(...paragraph('No sensor admits to have dropped anything.', 2));
  if (!complete) {
    lines.push(
      ...paragraph(
        'Not every sensor is stated to record everything (surface: sensors, completeness), so the account is of what was recorded.',
        2,
      ),
    );
  }
  return ['Losses at the sensors', ...lines];
}

function theFiles({ files }: Account): string[] {
  const listed = files.slice(0, LISTED);
  const rows = listed.map(({ path, format, lines, unreadable, stopped }) => [
    shortened(harmless(path), 38),
    format,
    count(lines),
    `${count(unreadable)} unreadable${stopped === undefined ? '' : `, ended early: ${stopped}`}`,
  ]);
  const more = files.length - listed.length;
  return ['Files', ...table(rows, [2]), ...(more > 0 ? [`  and ${count(more)} more: see --json`] : [])];
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

function one(n: number, word: string): string {
  return n === 1 ? word : `${word}s`;
}

function utc(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}
