/** What each role is called, and what it is for. The rights themselves are the hub's: docs/reference/rights.md. */

export const ROLE_WORDS: Readonly<Record<string, { readonly name: string; readonly meaning: string }>> = {
  administrator: { name: 'Administrator', meaning: 'Runs the hub for the state and lets others in.' },
  analyst: { name: 'Analyst', meaning: 'Looks into what knocks, at every office.' },
  navigator: { name: 'Navigator', meaning: 'Helps several offices with their sensors and questions.' },
  clerk: { name: 'Clerk', meaning: 'Runs an office, and answers for it.' },
  deputy: { name: 'Deputy', meaning: 'Works for the clerk of an office.' },
  vendor: { name: 'Vendor', meaning: 'Looks after a system from outside, for a time.' },
  auditor: { name: 'Auditor', meaning: 'Checks what was done, for a time, and changes nothing.' },
  observer: { name: 'Observer', meaning: 'Sees the counts, and nothing else.' },
};

/** Name of a role, as a person says it. */
export function roleName(role: string): string {
  return Object.hasOwn(ROLE_WORDS, role) ? (ROLE_WORDS[role]?.name ?? role) : role;
}
