/** Runs `bellwether testkit ARGS`; gives the exit code. */
export function runTestkit(_args: string[]): Promise<number> {
  process.stderr.write('bellwether testkit: nothing can be generated yet\n');
  return Promise.resolve(1);
}
