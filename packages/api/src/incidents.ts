/** `GET /api/v1/incidents`, `POST /api/v1/incidents/{id}`: what needs a person, and what the person did. */
import { type Static, Type } from 'typebox';
import { Incident, IncidentKind } from './shapes.ts';

export const IncidentsQuery = Type.Object({
  state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed'), Type.Literal('all')])),
  kind: Type.Optional(IncidentKind),
  authority: Type.Optional(Type.String({ maxLength: 32 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
});
export type IncidentsQuery = Static<typeof IncidentsQuery>;

export const IncidentsAnswer = Type.Object({ incidents: Type.Array(Incident), total: Type.Number() });
export type IncidentsAnswer = Static<typeof IncidentsAnswer>;

/** Takes an incident on, closes it (a note says what it was), or opens it again. */
export const IncidentChange = Type.Object({
  state: Type.Union([Type.Literal('open'), Type.Literal('taken'), Type.Literal('closed')]),
  note: Type.Optional(Type.String({ maxLength: 2000 })),
});
export type IncidentChange = Static<typeof IncidentChange>;
