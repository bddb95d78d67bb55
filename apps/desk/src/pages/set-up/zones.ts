/** Time zones of the United States, as people call them, by their names in the IANA database. */
export const ZONES: readonly { readonly zone: string; readonly name: string }[] = [
  { zone: 'America/New_York', name: 'Eastern (New York)' },
  { zone: 'America/Detroit', name: 'Eastern (Detroit)' },
  { zone: 'America/Indiana/Indianapolis', name: 'Eastern (Indianapolis)' },
  { zone: 'America/Chicago', name: 'Central (Chicago)' },
  { zone: 'America/Denver', name: 'Mountain (Denver)' },
  { zone: 'America/Boise', name: 'Mountain (Boise)' },
  { zone: 'America/Phoenix', name: 'Mountain, no daylight saving (Phoenix)' },
  { zone: 'America/Los_Angeles', name: 'Pacific (Los Angeles)' },
  { zone: 'America/Anchorage', name: 'Alaska (Anchorage)' },
  { zone: 'Pacific/Honolulu', name: 'Hawaii (Honolulu)' },
  { zone: 'America/Puerto_Rico', name: 'Atlantic (Puerto Rico)' },
  { zone: 'Pacific/Guam', name: 'Chamorro (Guam)' },
  { zone: 'Pacific/Pago_Pago', name: 'Samoa (Pago Pago)' },
];

/** These, and the one that is set if it is another. */
export function zonesWith(zone: string): typeof ZONES {
  return ZONES.some((one) => one.zone === zone) ? ZONES : [...ZONES, { zone, name: zone }];
}
