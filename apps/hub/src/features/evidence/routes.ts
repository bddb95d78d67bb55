/** `/api/v1/evidence`: the log, who cosigned what and when, and proofs to take away. */
import { LogAnswer, WitnessesAnswer, type WitnessRow } from '@bellwether/api';
import {
  encodeBase64,
  formatNoteKey,
  formatTlogProof,
  inclusionProof,
  type Policy,
  parseCheckpoint,
  parseNote,
} from '@bellwether/evidence';
import { Type } from 'typebox';
import { bestHasher } from '../../platform/evidence/hashing.ts';
import { WITNESS_LATE } from '../../platform/evidence/witness-records.ts';
import { DOOR_PROBLEMS, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendProblem } from '../../platform/http/problem.ts';
import type { EvidenceDependencies } from './dependencies.ts';
import { sealedVerifier } from './sealed-verifier.ts';

const COMMON = [HTTP_ERRORS.HTTP_REQUEST_INVALID, ...DOOR_PROBLEMS];
const right = { verb: 'evidence.read', of: 'reach' } as const;

/** Adds them. */
export function evidenceRoutes(dependencies: EvidenceDependencies): Routes {
  return (app) => {
    logRoute(app, dependencies);
    witnessesRoute(app, dependencies);
    proofRoute(app, dependencies);
  };
}

function logRoute(app: HttpApp, { log, witnessing, policy, privateFolder }: EvidenceDependencies): void {
  app.get(
    '/evidence/log',
    {
      config: { right },
      schema: {
        summary: 'The evidence log: how large it is, what is published, what waits for witnesses',
        tags: ['evidence'],
        response: { 200: LogAnswer, ...problems(...COMMON) },
      },
    },
    async () => {
      const { pending, published, pendingSince } = witnessing;
      return {
        origin: log.origin,
        key: formatNoteKey(log.key),
        newest: { size: String(log.size), root: encodeBase64(log.root) },
        published: published === null ? null : headOf(published),
        pending:
          pending === null || pendingSince === null
            ? null
            : {
                ...headOf(pending),
                since: new Date(pendingSince).toISOString(),
                cosigned: witnessing.gathered,
              },
        witnesses: policy?.witnesses.length ?? 0,
        quorum: policy === null ? null : quorumOf(policy),
        verifier: await sealedVerifier(privateFolder),
      };
    },
  );
}

function witnessesRoute(app: HttpApp, { witnessing, policy, now }: EvidenceDependencies): void {
  app.get(
    '/evidence/witnesses',
    {
      config: { right },
      schema: {
        summary: 'Who cosigned what and when, who is late, and what they state',
        tags: ['evidence'],
        response: { 200: WitnessesAnswer, ...problems(...COMMON) },
      },
    },
    () => {
      const rows = witnessing.witnesses.map(({ name, cosignedAt, size, latency, trouble }): WitnessRow => {
        const { address, key } = policy!.witnesses.find((witness) => witness.name === name)!;
        const stated = witnessing.statements.find(({ witness }) => witness === `${key.name}/checks`);
        return {
          name,
          way: address === null ? 'asks' : 'asked',
          cosignedAt: timeOf(cosignedAt),
          size: size === null ? null : String(size),
          late: cosignedAt === null || now() - cosignedAt > WITNESS_LATE,
          latency,
          trouble,
          statedAt: timeOf(stated?.at ?? null),
          statement: stated === undefined ? null : textOf(stated.note),
        };
      });
      return { witnesses: rows };
    },
  );
}

function proofRoute(app: HttpApp, { log, witnessing }: EvidenceDependencies): void {
  app.get(
    '/evidence/proof/:index',
    {
      config: { right },
      schema: {
        summary:
          'The proof that an entry stands in the log, as a file that anybody can check (C2SP tlog-proof)',
        tags: ['evidence'],
        params: Type.Object({ index: Type.String({ pattern: '^(?:0|[1-9][0-9]{0,18})$' }) }),
        response: { 200: Type.String(), ...problems(...COMMON, HTTP_ERRORS.HTTP_NOT_FOUND) },
      },
    },
    async (request, reply) => {
      const index = BigInt(request.params.index);
      const { published } = witnessing;
      if (published === null)
        return sendProblem(reply, HTTP_ERRORS.HTTP_NOT_FOUND, 'no checkpoint is published yet');
      const note = parseNote(Buffer.from(published)).okOrThrow();
      const { size } = parseCheckpoint(note.text).okOrThrow();
      const proof = await inclusionProof(bestHasher(), index, size, log.readTile);
      if (proof.isErr()) return sendProblem(reply, HTTP_ERRORS.HTTP_NOT_FOUND, proof.error.detail);
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', `attachment; filename="entry-${index}.tlog-proof"`)
        .send(formatTlogProof({ extra: null, index, proof: proof.value, note }));
    },
  );
}

function headOf(note: string): { size: string; root: string } {
  const { size, root } = parseCheckpoint(textOf(note)).okOrThrow();
  return { size: String(size), root: encodeBase64(root) };
}

/** The text of a note of ours. */
function textOf(note: string): string {
  return parseNote(Buffer.from(note)).okOrThrow().text;
}

/** The rule of the quorum, in words: `60 of 116 in offices, and 2 of 3 in outside`. */
function quorumOf({ groups, quorum }: Policy): string {
  const words = (name: string): string => {
    const group = groups.find((one) => one.name === name);
    if (group === undefined) return name;
    const { k, members } = group;
    const isDeep = members.some((member) => groups.some((one) => one.name === member));
    if (isDeep && k === members.length) return members.map(words).join(', and ');
    return `${k} of ${members.length} in ${name}`;
  };
  return words(quorum);
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
