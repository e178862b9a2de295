/** An ISO 8601 moment for people, in UTC to the minute: `2026-03-01 14:05`. Any other text stays as it is. */
export function moment(at: string): string {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(at) ?? [];
  return date === undefined ? at : `${date} ${time}`;
}
