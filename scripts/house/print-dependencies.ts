/** Prints what we depend on, in one line; exits 1 with what is wrong, if something is. */
import { readFileSync } from 'node:fs';
import { dependencyFaults, dependencySummary, directDependencies } from './dependencies.ts';

const dependencies = directDependencies(process.cwd());
const faults = dependencyFaults(dependencies, readFileSync('docs/why/dependencies.md', 'utf8'));
process.stdout.write(`${dependencySummary(dependencies)}\n`);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
