/**
 * Sign-ins as JSON, one a line: Windows security events 4624 and 4625 in the fields of Winlogbeat (Elastic, exported
 * fields of winlog), and Entra ID's SignInLogs as Azure Monitor exports them (learn.microsoft.com, sign-in log schema).
 */
import { SignInResult, type SignIns } from '../logins.ts';
import { Mark } from '../network-events.ts';
import { detailOf } from './packet.ts';
import { type Desk, noteThrough, oddLines, type Writer } from './writer.ts';

/** Status and sub-status of 4625 for each result (Microsoft, event 4625). */
const WINDOWS_STATUS = [
  ['0xc000006d', '0xc000006a'],
  ['0xc000006d', '0xc0000064'],
  ['0xc0000234', '0x0'],
  ['0x0', '0x0'],
] as const;

/** Result types of Entra ID (Microsoft Entra authentication error codes). */
const ENTRA_RESULTS = [
  ['50126', 'Error validating credentials due to invalid username or password.'],
  ['50034', 'The user account does not exist in the directory.'],
  [
    '50053',
    'Account is locked because the user tried to sign in too many times with an incorrect user ID or password.',
  ],
  ['0', ''],
] as const;

/** The writer of Windows events. */
export function windowsWriter(desk: Desk): Writer {
  const { world, utc, file } = desk;
  const store = world.windows;
  let record = 250_000;
  const stamp = (time: number) => new Date(utc.milliseconds(time)).toISOString();
  const computer = '"computer_name":"rdgw1.vote.example.gov"';
  const odd = oddLines(desk, (time, turn) => {
    record++;
    if (turn % 3 === 0) {
      file.ignored(
        `{"@timestamp":"${stamp(time)}","event":{"code":"4672","provider":"Microsoft-Windows-Security-Auditing"},"winlog":{"channel":"Security","event_id":"4672",${computer},"record_id":${record},"event_data":{"SubjectUserName":"SYSTEM"}}}`,
      );
    } else if (turn % 3 === 1) {
      file.loss(
        `{"@timestamp":"${stamp(time)}","event":{"code":"1101","provider":"Microsoft-Windows-Eventlog"},"winlog":{"channel":"Security","event_id":"1101",${computer},"record_id":${record},"user_data":{"Reason":"0"}},"message":"Audit events have been dropped by the transport.  0"}`,
        1,
      );
    } else file.junk(`{"@timestamp":"${stamp(time)}","event":{"co`);
  });
  return {
    write(row) {
      const time = store.time[row]!;
      odd(time);
      record++;
      const source = store.source[row]!;
      const result = store.result[row]! as SignInResult;
      const good = result === SignInResult.succeeded;
      const code = good ? 4624 : 4625;
      const [status, subStatus] = WINDOWS_STATUS[result];
      const why = good ? '' : `"Status":"${status}","SubStatus":"${subStatus}","FailureReason":"%%2313",`;
      file.tell(
        `{"@timestamp":"${stamp(time)}","event":{"action":"logon${good ? 'ged-in' : '-failed'}","code":"${code}","kind":"event","outcome":"${good ? 'success' : 'failure'}","provider":"Microsoft-Windows-Security-Auditing"},"winlog":{"channel":"Security","event_id":"${code}",${computer},"provider_name":"Microsoft-Windows-Security-Auditing","record_id":${record},"keywords":["Audit ${good ? 'Success' : 'Failure'}"],"event_data":{"TargetUserName":${JSON.stringify(store.user[row])},"TargetDomainName":"VOTE","LogonType":"${good ? 10 : 3}",${why}"LogonProcessName":"NtLmSsp ","AuthenticationPackageName":"NTLM","WorkstationName":"-","IpAddress":"${world.book.text(source)}","IpPort":"${store.sourcePort[row]!}"}}}`,
        world.book.ownerOf(source),
      );
      loginThrough(desk, store, row, 3389);
    },
  };
}

/** The writer of Entra ID sign-ins. */
export function entraWriter(desk: Desk): Writer {
  const { world, utc, file } = desk;
  const store = world.entra;
  const tenant = '7b6f1c5e-0d4a-4b8e-9a55-3f0c0d9e1a22';
  const stamp = (time: number) => new Date(utc.milliseconds(time)).toISOString();
  const odd = oddLines(desk, (time, turn) => {
    if (turn % 2 === 0) file.junk(`{"time":"${stamp(time)}","resourceId":"/ten`);
    else
      file.ignored(
        `{"time":"${stamp(time)}","resourceId":"/tenants/${tenant}/providers/Microsoft.aadiam","operationName":"Update user","category":"AuditLogs","tenantId":"${tenant}","resultType":"","properties":{}}`,
      );
  });
  return {
    write(row) {
      const time = store.time[row]!;
      odd(time);
      const source = store.source[row]!;
      const [code, reason] = ENTRA_RESULTS[store.result[row]! as SignInResult];
      const id = uuidOf(row);
      const address = world.book.text(source);
      const user = store.user[row] as string;
      file.tell(
        `{"time":"${stamp(time)}","resourceId":"/tenants/${tenant}/providers/Microsoft.aadiam","operationName":"Sign-in activity","operationVersion":"1.0","category":"SignInLogs","tenantId":"${tenant}","resultType":"${code}","resultSignature":"${code === '0' ? 'SUCCESS' : 'FAILURE'}","resultDescription":"${reason}","durationMs":0,"callerIpAddress":"${address}","correlationId":"${id}","identity":"${user}","Level":4,"location":"US","properties":{"id":"${id}","createdDateTime":"${stamp(time)}","userDisplayName":"${user}","userPrincipalName":"${user}@vote.example.gov","appDisplayName":"Office 365 Exchange Online","ipAddress":"${address}","status":{"errorCode":${code}${reason === '' ? '' : `,"failureReason":"${reason}"`}},"clientAppUsed":"Browser","deviceDetail":{"deviceId":"","operatingSystem":"Windows10","browser":"Chrome 141.0.0"},"location":{"city":"Jefferson City","state":"Missouri","countryOrRegion":"US"},"conditionalAccessStatus":"notApplied","isInteractive":true,"riskLevelAggregated":"none"}}`,
        world.book.ownerOf(source),
      );
      loginThrough(desk, store, row, 443);
    },
  };
}

function loginThrough(desk: Desk, store: SignIns, row: number, port: number): void {
  if ((store.marks[row]! & Mark.through) === 0) return;
  const { desktopGateway } = desk.world.estate;
  noteThrough(desk, store.source[row]!, desktopGateway, port, store.time[row]!, 'login-after-guessing');
}

/** A UUID of version 4 for a row. */
function uuidOf(row: number): string {
  const hex = (salt: number) =>
    detailOf(row * 4 + salt)
      .toString(16)
      .padStart(8, '0');
  const [a, b, c, d] = [hex(0), hex(1), hex(2), hex(3)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}
