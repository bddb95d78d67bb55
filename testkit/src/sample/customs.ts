/**
 * How this state differs from the world of `testkit contacts`: its last doors hold, so that one thing alone gets through
 * in the whole day and a person can see it; and nobody signs in to accounts that are being guessed at, since whose
 * login that was only a person could say.
 */
import { PEOPLE, STAFF } from '../contacts/accounts.ts';
import type { Customs } from '../contacts/world.ts';

/** Accounts of machines, which nobody signs in to from outside, and which guessers know. */
const MACHINE_ACCOUNTS = ['deploy', 'backup', 'monitor', 'reports'] as const;

/** Accounts at Windows and Entra ID that belong to rooms and devices. */
const ROOM_ACCOUNTS = ['frontdesk1', 'counter2', 'scanner3', 'pollbooks', 'training', 'notices'] as const;

/** Customs of the sample state. */
export const SAMPLE_CUSTOMS: Customs = {
  guessedAccounts: MACHINE_ACCOUNTS,
  staffAccounts: STAFF.filter((name) => !MACHINE_ACCOUNTS.some((machine) => machine === name)),
  guessedPeople: ROOM_ACCOUNTS,
  people: PEOPLE,
  breakInsSucceed: false,
  forgottenPorts: new Set(),
};
