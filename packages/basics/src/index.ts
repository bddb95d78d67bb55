export { type Brand, brand } from './brand.ts';
export {
  CANONICAL_BOUNDS,
  type CanonicalBounds,
  type CanonicalError,
  type CanonicalFault,
  canonicalJson,
} from './canonical.ts';
export { defineErrors, type ErrorCatalogue, type ErrorEntry } from './errors.ts';
export { BrokenExpectation, type Err, err, type Ok, ok, type Result } from './result.ts';
