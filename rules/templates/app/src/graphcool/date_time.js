// readDateTime(text) → milliseconds since 1970, or null: ISO 8601 as Joda's dateTimeParser takes it, UTC where no zone
// is given, digits behind the third of a second cut.
//   date = yyyy [-MM [-dd]] | yyyy-DDD | xxxx-Www [-e]      time = HH [:mm [:ss]] with a fraction of the last
//   date ['T' [time] [offset]] | 'T' time [offset]           offset = Z | ±HH [[:]mm [[:]ss]]
const day = 86400000;
const shape = new RegExp(
  '^(?:([+-]?\\d{1,9})(?:-(?:[Ww](\\d{1,2})(?:-(\\d))?|(\\d{3})|(\\d{1,2})(?:-(\\d{1,2}))?))?)?' +
    '(?:([Tt])(?:(\\d{1,2})(?::(\\d{1,2})(?::(\\d{1,2}))?)?(?:[.,](\\d+))?)?([Zz]|[+-]\\d\\d(?::?\\d\\d(?::?\\d\\d)?)?)?)?$',
);

export function readDateTime(text) {
  const found = shape.exec(text);
  if (!found) return null;
  const [, year, week, weekday, ordinal, month, date, t, hour, minute, second, fraction, zone] = found;
  if (year === undefined && hour === undefined) return null;
  const days = daysOf(Number(year ?? 1970), { week, weekday, ordinal, month, date });
  const time = timeOf(hour, minute, second, fraction);
  if (days === null || time === null) return null;
  const shift = t && zone ? offsetOf(zone) : 0;
  return shift === null ? null : days * day + time - shift;
}

function daysOf(year, { week, weekday, ordinal, month, date }) {
  const first = dayNumber(year, 1, 1);
  const length = dayNumber(year + 1, 1, 1) - first;
  if (week !== undefined) {
    const [w, e] = [Number(week), Number(weekday ?? 1)];
    if (w < 1 || w > 53 || e < 1 || e > 7) return null;
    const fourth = first + 3;
    return fourth - ((((fourth + 3) % 7) + 7) % 7) + (w - 1) * 7 + e - 1;
  }
  if (ordinal !== undefined)
    return Number(ordinal) < 1 || Number(ordinal) > length ? null : first + Number(ordinal) - 1;
  const [m, d] = [Number(month ?? 1), Number(date ?? 1)];
  if (m < 1 || m > 12 || d < 1) return null;
  const start = dayNumber(year, m, 1);
  const end = m === 12 ? first + length : dayNumber(year, m + 1, 1);
  return start + d > end ? null : start + d - 1;
}

const dayNumber = (year, month, date) => new Date(0).setUTCFullYear(year, month - 1, date) / day;

function timeOf(hour = '0', minute, second, fraction) {
  const parts = [hour, minute, second].map((part) => Number(part ?? 0));
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return null;
  const unit = second !== undefined ? 1000 : minute !== undefined ? 60000 : 3600000;
  const rest = fraction ? Math.floor(Number(`0.${fraction.slice(0, 15)}`) * unit + 1e-6) : 0;
  return (parts[0] * 60 + parts[1]) * 60000 + parts[2] * 1000 + rest;
}

function offsetOf(zone) {
  if (zone === 'Z' || zone === 'z') return 0;
  const [hours, minutes = 0, seconds = 0] = zone.slice(1).match(/\d\d/g).map(Number);
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  return (zone[0] === '-' ? -1 : 1) * ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
