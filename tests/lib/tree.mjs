// The files of a folder, without installed packages.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { read } from '../lib.mjs';

/** Their paths, those of folders below it too, sorted; none where there is no such folder. */
export function* files(folder) {
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    if (name === 'node_modules') continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

/** Path below the folder → text. */
export const tree = (folder) => new Map([...files(folder)].map((path) => [relative(folder, path), read(path)]));
