/** Entra ID sign-ins as three of its exports write them, with addresses for documentation. */

/** What a sign-in may differ in. */
export type Change = {
  code?: number;
  user?: string;
  address?: string;
  correlation?: string;
  category?: string;
};

/** A sign-in as Azure Monitor exports it. */
export function monitor({ code = 50126, user, address, correlation, category }: Change = {}): string {
  return JSON.stringify({
    time: '2026-10-09T10:00:01.1Z',
    category: category ?? 'SignInLogs',
    resultType: String(code),
    callerIpAddress: address ?? '203.0.113.9',
    correlationId: correlation ?? '5d1de060-aaaa',
    properties: {
      createdDateTime: '2026-10-09T10:00:00.250Z',
      userDisplayName: 'A Clerk',
      userPrincipalName: user ?? 'clerk@vote.example.gov',
      ipAddress: address ?? '203.0.113.9',
      status: { errorCode: code, failureReason: 'Invalid username or password.' },
      deviceDetail: { browser: 'Chrome 141.0.0' },
    },
  });
}

/** A sign-in as Microsoft Graph gives it. */
export function graph({ code = 50126, user, address, correlation }: Change = {}): string {
  return JSON.stringify({
    id: '66ea54eb-6301-4ee5-be62-ff5a759b0100',
    createdDateTime: '2026-10-09T10:00:00.250Z',
    userPrincipalName: user ?? 'clerk@vote.example.gov',
    ipAddress: address ?? '203.0.113.9',
    correlationId: correlation ?? '5d1de060-aaaa',
    isInteractive: true,
    status: { errorCode: code, additionalDetails: null },
  });
}

/** A sign-in as Log Analytics exports it. */
export const ANALYTICS = JSON.stringify({
  TimeGenerated: '2026-10-09T10:00:00.250Z',
  Category: 'SignInLogs',
  IPAddress: '203.0.113.9',
  UserPrincipalName: 'clerk@vote.example.gov',
  ResultType: '50126',
  CorrelationId: '5d1de060-aaaa',
});

/** One line of each kind, for tests of reading and of damage. */
export const ENTRA_SAMPLES: readonly string[] = [
  monitor(),
  monitor({ code: 0, user: 'o\\u2019brien@vote.example.gov', address: '2001:db8::9' }).replace(
    '\\\\u',
    '\\u',
  ),
  monitor({ category: 'AuditLogs' }),
  graph({ code: 50076 }),
  graph({ code: 50034 }),
  ANALYTICS,
];
