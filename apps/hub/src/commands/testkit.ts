/**
 * `bellwether testkit`: writes labelled traffic with the truth beside it. The only door from the product
 * to the testkit, and a dynamic one, so that nothing else ever loads it.
 */

/** Runs `bellwether testkit ARGS`; gives the exit code. */
export async function testkit(args: string[]): Promise<number> {
  const { runTestkit } = await import('@bellwether/testkit');
  return runTestkit(args);
}
