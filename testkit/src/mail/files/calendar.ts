/** Invitations (RFC 5545, RFC 5546). */
import { MINUTE } from '../post/clock.ts';
import type { MailFile } from '../post/entity.ts';

/** What an invitation says. */
export type Invitation = {
  readonly uid: string;
  readonly summary: string;
  readonly description: string;
  readonly location: string;
  readonly organiser: { readonly name: string; readonly address: string };
  readonly attendee: string;
  readonly start: number;
  readonly minutes: number;
};

/** The file of an invitation. */
export function invitationFile(invitation: Invitation): MailFile {
  const lines = [
    'BEGIN:VCALENDAR',
    'PRODID:-//Calendar//EN',
    'VERSION:2.0',
    'METHOD:REQUEST',
    'BEGIN:VEVENT',
    `UID:${invitation.uid}`,
    `DTSTAMP:${stamp(invitation.start)}`,
    `DTSTART:${stamp(invitation.start)}`,
    `DTEND:${stamp(invitation.start + invitation.minutes * MINUTE)}`,
    `ORGANIZER;CN=${invitation.organiser.name}:mailto:${invitation.organiser.address}`,
    `ATTENDEE;RSVP=TRUE:mailto:${invitation.attendee}`,
    `SUMMARY:${escaped(invitation.summary)}`,
    `LOCATION:${escaped(invitation.location)}`,
    `DESCRIPTION:${escaped(invitation.description)}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  const folded = lines.map((line) => line.replace(/(.{70})(?=.)/g, '$1\r\n '));
  return {
    name: 'invite.ics',
    type: 'text/calendar',
    bytes: Buffer.from(`${folded.join('\r\n')}\r\n`),
    parameters: 'charset="utf-8"; method=REQUEST',
  };
}

function stamp(at: number): string {
  return `${new Date(at).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n');
}
