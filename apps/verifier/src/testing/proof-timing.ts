/** How long a proof takes in a browser: for the bench, which bundles this into a page. `performance` of a page tells a tenth of a ms. */
import { type Subtle, sha256Hasher, wasmSha256Hasher, webVerifier } from '@bellwether/evidence';
import { readPinnedPolicy } from '../checking/policy-check.ts';
import { judgeProof } from '../checking/proof-check.ts';

/** What the bench calls: ms of each run, the first of which has read no key and compiled nothing before. */
export type TimeProof = (proof: number[], policy: number[], now: number, runs: number) => Promise<number[]>;

const timeProof: TimeProof = async (proof, policy, now, runs) => {
  const [proofBytes, policyBytes] = [Uint8Array.from(proof), Uint8Array.from(policy)];
  const hasher = wasmSha256Hasher() ?? sha256Hasher();
  const pinned = readPinnedPolicy(hasher, policyBytes).okOrThrow();
  const verifier = webVerifier(crypto.subtle as unknown as Subtle);
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const begun = performance.now();
    const checked = await judgeProof(proofBytes, null, pinned.policy, { hasher, verifier, now });
    times.push(performance.now() - begun);
    if (checked.isErr()) throw new Error(checked.error.detail);
  }
  return times;
};

Object.assign(globalThis, { timeProof });
