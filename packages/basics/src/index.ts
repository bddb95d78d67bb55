export { type Brand, brand } from './brand.ts';
export { defineErrors, type ErrorCatalogue, type ErrorEntry } from './errors.ts';
export { BrokenExpectation, type Err, err, type Ok, ok, type Result } from './result.ts';
