/** The account as steps of a funnel, each with its share; and whether both sums are right. */
import type { AccountCounts, DispositionName } from '@bellwether/api';
import { DISPOSITION_WORDS, DISPOSITIONS } from '../../words/dispositions.ts';

/** One bar: where it begins and how long it is, as shares of the widest. */
export type FunnelRow = {
  readonly key: string;
  readonly name: string;
  readonly meaning: string;
  readonly value: number;
  readonly from: number;
  readonly share: number;
};

/** A sum with its parts; `difference` is 0 if it is right. */
export type FunnelSum = {
  readonly total: number;
  readonly parts: readonly FunnelRow[];
  readonly difference: number;
};

/** Both halves of the account. */
export type Funnel = { readonly lines: FunnelSum; readonly contacts: FunnelSum; readonly right: boolean };

/** Splits an account: lines into what they were, contacts into what became of them. */
export function funnelOf(account: AccountCounts): Funnel {
  const lines = sumOf(account.lines + account.repeated, [
    ['contacts', 'Contacts', 'Somebody wanted something of ours.', account.contacts],
    ['detail', 'More of a contact', 'Tells more of a contact that is counted already.', account.detail],
    ['ignored', 'No contact', 'Tells of nothing that came from outside.', account.ignored],
    ['unreadable', 'Unreadable', 'Should have been understood, and was not.', account.unreadable],
  ]);
  const contacts = sumOf(
    account.contacts,
    DISPOSITIONS.map((name: DispositionName) => [
      name,
      DISPOSITION_WORDS[name].name,
      DISPOSITION_WORDS[name].meaning,
      account.dispositions[name],
    ]),
  );
  return { lines, contacts, right: account.balanced && lines.difference === 0 && contacts.difference === 0 };
}

function sumOf(total: number, parts: readonly (readonly [string, string, string, number])[]): FunnelSum {
  let from = 0;
  const rows = parts.map(([key, name, meaning, value]) => {
    const share = total === 0 ? 0 : value / total;
    const row = { key, name, meaning, value, from, share };
    from += share;
    return row;
  });
  return { total, parts: rows, difference: total - parts.reduce((sum, part) => sum + part[3], 0) };
}
