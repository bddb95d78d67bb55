/**
 * What references of web logs take for granted: the content of a target and of an agent, which have tests of their own.
 */
import { Batch, Kind } from '../contact.ts';
import { readAgent } from './agents.ts';
import { readTarget } from './content.ts';

const batch = new Batch();

/** Content of a request's target: content.ts has tests of its own. */
export function plainContent(target: string): number {
  const bytes = Buffer.from(target, 'latin1');
  batch.begin(0, Kind.web);
  readTarget(bytes, 0, bytes.length, batch, 0);
  return batch.content[0]!;
}

/** Content of a user agent's name. */
export function agentContent(agent: string): number {
  const bytes = Buffer.from(agent, 'latin1');
  return readAgent(bytes, 0, bytes.length);
}
