/** How an office stands, in words; the letter stands on the map, where colour alone must not tell. */
import type { OfficeState } from '@bellwether/api';

export const OFFICE_STATES: readonly OfficeState[] = ['complete', 'incomplete', 'silent', 'none'];

export const OFFICE_WORDS: Readonly<Record<OfficeState, { name: string; mark: string; meaning: string }>> = {
  complete: { name: 'Complete', mark: '✓', meaning: 'Every sensor is heard and tells everything.' },
  incomplete: { name: 'Incomplete', mark: '~', meaning: 'Heard, but a sensor lost lines or may have.' },
  silent: { name: 'Silent', mark: '!', meaning: 'A sensor that should be heard is not.' },
  none: { name: 'No sensor', mark: '–', meaning: 'Nothing is known of this office.' },
};

/** Who runs an office (the kinds of RSMo 115.015). */
export function runBy(kind: string): string {
  return kind === 'board'
    ? 'Election board'
    : kind === 'county_clerk'
      ? 'County clerk'
      : kind.replaceAll('_', ' ');
}
