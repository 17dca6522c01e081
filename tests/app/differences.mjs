// Where the application may answer otherwise than the recording, and why: differences.json, a list of
//
//   {reason, proof, at, want, got, steps: {TALK: "3 7-9"}, then: {TALK: {STEP: query}}}
//       reason   what both servers do; proof: where it can be seen that no translation gives the same
//       at       the place, a regular expression; list indexes are written []. Without it there is nothing to see, only something to make up for
//       want, got   what was recorded and what comes: regular expressions over its JSON; without them anything
//       steps    numbers from 1. Each of these steps must have such a difference, and no other step may
//       then     what to do behind a step that left something else in the database, so that the talk goes on as it did
//
// With LIST_DIFFERENCES=1 the steps are written as they are found instead of being compared; `git diff` then shows what became
// of them.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readJson } from '../lib.mjs';

const file = fileURLToPath(new URL('differences.json', import.meta.url));
const fits = (pattern, value) => pattern === undefined || new RegExp(pattern, 's').test(JSON.stringify(value) ?? '(nothing)');
const explains = (one, { at, want, got }) =>
  one.at !== undefined && new RegExp(`^(?:${one.at})$`).test(at.replace(/\[\d+\]/g, '[]')) && fits(one.want, want) && fits(one.got, got);

function numbers(text = '') {
  return text.split(' ').filter(Boolean).flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, n) => from + n);
  });
}
function ranges(all) {
  const parts = [];
  for (const n of [...new Set(all)].sort((a, b) => a - b))
    if (parts.at(-1)?.[1] === n - 1) parts.at(-1)[1] = n;
    else parts.push([n, n]);
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
}

export class Differences {
  list = readJson(file);
  found = this.list.map(() => new Map());
  held = new Set();

  /** Notes what a step's differences are; gives those that nobody explains. */
  add(talk, step, differences) {
    this.held.add(talk);
    return differences.filter((one) => {
      const at = this.list.findIndex((entry) => explains(entry, one));
      if (at < 0) return true;
      this.found[at].set(talk, [...(this.found[at].get(talk) ?? []), step]);
      return false;
    });
  }

  /** The request that makes up for what a step did otherwise, or undefined. */
  makingUp(talk, step) {
    return this.list.map(({ then }) => then?.[talk]?.[step]).find(Boolean);
  }

  /** A talk that was held and differs nowhere must be known, too. */
  hold(talk) {
    this.held.add(talk);
  }

  /** What is listed and does not differ, what differs and is not listed: texts. */
  *stale() {
    if (process.env.LIST_DIFFERENCES === '1') return this.write();
    for (const [at, { reason, steps }] of this.list.entries())
      for (const talk of this.held) {
        const [listed, found] = [new Set(numbers(steps[talk])), new Set(this.found[at].get(talk))];
        for (const step of listed) if (!found.has(step)) yield `${talk} step ${step} is listed as different and is not: ${reason}`;
        for (const step of found) if (!listed.has(step)) yield `${talk} step ${step} differs and is not listed: ${reason}`;
      }
  }

  write() {
    const list = this.list.map((one, at) => {
      const steps = { ...one.steps };
      for (const talk of this.held) {
        delete steps[talk];
        if (this.found[at].has(talk)) steps[talk] = ranges(this.found[at].get(talk));
      }
      return { ...one, steps: Object.fromEntries(Object.entries(steps).sort(([a], [b]) => (a < b ? -1 : 1))) };
    });
    writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`);
  }
}
