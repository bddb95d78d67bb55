/** The name of an office, where only its number is known. */
import { useOfficeName } from '../words/office-names.ts';

export function OfficeName({ of }: { readonly of: string }) {
  return <>{useOfficeName()(of)}</>;
}
