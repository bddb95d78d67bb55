/** Some steps start the hub again: it is gone for some seconds, and nobody should press anything meanwhile. */
import type { SetUpAnswer } from '@bellwether/api';
import { ask, HubProblem } from '../../api/ask.ts';

/** The hub answers before it stops: who asks at once meets the old one. ms. */
const BEFORE_IT_STOPS = 1500;

/** Between two questions whether it is back, ms. */
const PAUSE = 1000;

/** A hub with much to read again takes a minute; longer, and something is wrong that a person has to look at. */
const MOST_QUESTIONS = 90;

/** Waits until the hub is back, and gives what it says then. */
export async function afterRestart(): Promise<SetUpAnswer> {
  await sleep(BEFORE_IT_STOPS);
  for (let questions = 1; ; questions++) {
    try {
      return await ask<SetUpAnswer>('set-up');
    } catch (error) {
      if (!isAway(error) || questions === MOST_QUESTIONS) throw error;
    }
    await sleep(PAUSE);
  }
}

/** Whether the hub is not there, or not ready yet. */
function isAway(error: unknown): boolean {
  return error instanceof HubProblem && (error.status === 0 || error.status >= 500);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
