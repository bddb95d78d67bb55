/**
 * Branded ids: a `ContestId` and an `OfficeId` are both strings, and neither passes for the other.
 * The brand exists for the type checker only; at run time the value is the plain one.
 */

/** A `Base` (string, number, bigint) that carries a name, so that only its own maker can produce one. */
export type Brand<Base, Name extends string> = Base & { readonly __brand: Name };

/**
 * Gives a value its brand. Call it in one place per brand: the function that has checked the value,
 * or the one that made it.
 *
 *     const office = brand<OfficeId>('boone');
 */
export function brand<B extends Brand<string, string>>(value: string): B;
export function brand<B extends Brand<number, string>>(value: number): B;
export function brand<B extends Brand<bigint, string>>(value: bigint): B;
export function brand(value: unknown): unknown {
  return value;
}
