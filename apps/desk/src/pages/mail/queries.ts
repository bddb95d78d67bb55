/** What the pages of mail ask and tell. */
import type {
  KeptMail,
  KeptMailAnswer,
  KeptMailDetail,
  MailAnswer,
  MailCampaignAnswer,
  MailChecked,
  MailCheckWish,
  MailReportAnswer,
  MailView,
  NewIndicator,
  NewProtected,
  ProtectedAnswer,
} from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask, tell } from '../../api/ask.ts';

/** How often they look again, ms, beside being told of what changed. */
const LOOK_AGAIN = 60_000;

export const mailQuery = queryOptions({
  queryKey: ['mail'],
  queryFn: ({ signal }) => ask<MailAnswer>('mail', {}, signal),
  refetchInterval: LOOK_AGAIN,
});

/** What was kept from somebody, the latest first. */
export const keptQuery = queryOptions({
  queryKey: ['mail', 'kept'],
  queryFn: ({ signal }) => ask<KeptMailAnswer>('mail/kept', {}, signal),
  refetchInterval: LOOK_AGAIN,
});

export function keptOneQuery(id: string) {
  return queryOptions({
    queryKey: ['mail', 'kept', id],
    queryFn: ({ signal }) => ask<KeptMailDetail>(`mail/kept/${encodeURIComponent(id)}`, {}, signal),
  });
}

export function campaignQuery(id: string) {
  return queryOptions({
    queryKey: ['mail', 'campaign', id],
    queryFn: ({ signal }) => ask<MailCampaignAnswer>(`mail/campaigns/${encodeURIComponent(id)}`, {}, signal),
  });
}

export const protectedQuery = queryOptions({
  queryKey: ['mail', 'protected'],
  queryFn: ({ signal }) => ask<ProtectedAnswer>('mail/protected', {}, signal),
});

export function viewPart(id: number, part: number): Promise<MailView> {
  return ask(`mail/kept/${id}/parts/${part}`);
}

export function releaseMail(id: number, why: string): Promise<KeptMail> {
  return tell('POST', `mail/kept/${id}/release`, { why });
}

export function answerReport(id: number, answer: MailReportAnswer): Promise<unknown> {
  return tell('POST', `mail/reports/${id}/answer`, answer);
}

export function indicate(indicator: NewIndicator): Promise<unknown> {
  return tell('POST', 'mail/indicators', indicator);
}

export function checkMail(wish: MailCheckWish): Promise<MailChecked> {
  return tell('POST', 'mail/check', wish);
}

export function saveProtected(list: NewProtected): Promise<ProtectedAnswer> {
  return tell('PUT', 'mail/protected', list);
}
