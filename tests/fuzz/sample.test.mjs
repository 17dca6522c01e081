// Ten seconds of fuzzing, another sample every day: `make fuzz` goes on for longer.
import { existsSync } from 'node:fs';
import { asanBinary, skip, test } from '../lib.mjs';

await test('damaged projects neither crash the program nor get a datamodel that Prisma refuses', async () => {
  if (!existsSync(asanBinary)) skip('needs the build of make asan');
  const { describe, fuzz } = await import('./fuzz.mjs');
  const seed = Math.floor(Date.now() / 86400000);
  const result = await fuzz(10, seed);
  if (result.failures.length) throw Object.assign(new Error(describe(result)), { code: 'ERR_ASSERTION' });
  return `seed ${seed}: ${result.projects} projects, ${result.commands} commands`;
});

await test('damaged sources of clients do not crash the conversion of their operations', async () => {
  if (!existsSync(asanBinary)) skip('needs the build of make asan');
  const { fuzz } = await import('./clients.mjs');
  const seed = Math.floor(Date.now() / 86400000);
  const { wrong, folders, operations } = fuzz(5, seed);
  if (wrong.length) throw Object.assign(new Error(wrong.join('\n')), { code: 'ERR_ASSERTION' });
  return `seed ${seed}: ${folders} folders, ${operations} operations and fragments`;
});
