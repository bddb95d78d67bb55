/**
 * The documents that are written from the sources, so that they cannot say anything else. To add one: a
 * function that gives its text, and a line here. `npm run docs` writes them, a test keeps them current.
 */
import { dispositionsMarkdown, formatsMarkdown } from '@bellwether/contacts';
import { apiMarkdown } from '@bellwether/hub/api-document';
import { rightsMarkdown } from '@bellwether/hub/rights';
import { CATALOGUES } from './catalogues.ts';
import { errorsMarkdown } from './errors.ts';
import { knownScannersSource } from './known-scanners.ts';

/** A generated document: where it stands in the repository, and what makes its text. */
export type GeneratedDocument = { readonly path: string; readonly text: () => string | Promise<string> };

/** Every generated document. */
export const GENERATED: readonly GeneratedDocument[] = [
  { path: 'docs/reference/api.md', text: () => apiMarkdown() },
  { path: 'docs/reference/dispositions.md', text: () => dispositionsMarkdown() },
  { path: 'docs/reference/errors.md', text: () => errorsMarkdown(CATALOGUES) },
  { path: 'docs/reference/formats.md', text: () => formatsMarkdown() },
  { path: 'packages/contacts/src/scanners/known-scanners.ts', text: () => knownScannersSource() },
  { path: 'docs/reference/rights.md', text: () => rightsMarkdown() },
];
