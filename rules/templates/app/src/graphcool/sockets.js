export function createSockets() {
  return { open() {}, async close() {} };
}
