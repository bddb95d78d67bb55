/**
 * The office's own no: a file in the agent's folder that people of the office write with `bellwether-agent veto`. It names blocks by
 * id, or networks; what it names is not blocked here, whoever orders it. The hub is told that it is so, and cannot change it.
 */
import { type Cidr, err, formatCidr, ok, overlaps, parseCidr, type Result } from '@bellwether/basics';
import type { Block } from '@bellwether/blocks';
import type { AgentError } from '../errors.ts';
import { readBounded, writeWhole } from '../witness/whole-file.ts';

/** One no. */
export type Veto = {
  /** Id of a block, or a network. */
  readonly of: string;
  readonly why: string;
  /** ms since 1970. */
  readonly at: number;
};

/** Longest file: some thousand vetoes. */
const MOST_BYTES = 1024 * 1024;

/** Reads them; none where there is no file. */
export async function readVetoes(path: string): Promise<Result<readonly Veto[], AgentError>> {
  try {
    const text = await readBounded(path, MOST_BYTES);
    if (text === undefined) return ok([]);
    const { vetoes } = JSON.parse(text) as { vetoes?: unknown };
    if (!Array.isArray(vetoes) || !vetoes.every(isVeto)) return noVetoes(`${path} has another form`);
    return ok(vetoes);
  } catch (error) {
    return noVetoes(`${path}: ${(error as Error).message}`);
  }
}

/** Writes them, in one step. Throws what the file system throws. */
export async function keepVetoes(path: string, vetoes: readonly Veto[]): Promise<void> {
  await writeWhole(path, `${JSON.stringify({ schema: 'bellwether/vetoes@1', vetoes }, null, 2)}\n`, 0o600);
}

/** The veto against a block; undefined: there is none. */
export function vetoOf(block: Block, vetoes: readonly Veto[]): Veto | undefined {
  return vetoes.find(({ of }) => {
    if (of === block.id) return true;
    const network: Cidr | undefined = parseCidr(of).unwrapOr(undefined);
    return network !== undefined && overlaps(network, block.network);
  });
}

/** What a person typed, as it is kept: a network in its one spelling, or an id. */
export function vetoSubject(text: string): string | undefined {
  const network = parseCidr(text);
  if (network.isOk()) return formatCidr(network.value);
  return /^[A-Za-z0-9._-]{1,64}$/.test(text) ? text : undefined;
}

function isVeto(value: unknown): value is Veto {
  const { of, why, at } = (value ?? {}) as Record<string, unknown>;
  return typeof of === 'string' && typeof why === 'string' && typeof at === 'number';
}

function noVetoes(detail: string): Result<never, AgentError> {
  return err({ code: 'ENFORCE_VETOES_UNREADABLE', detail });
}
