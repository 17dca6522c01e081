// Draws docs/report.png, the picture in the README: what the program prints on a terminal, drawn by headless Chromium.
// `node docs/picture.mjs` after a change of the report.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const LINES = 46;
const COLORS = { 30: '#6b7280', 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#56d4dd', 37: '#e6edf3', 90: '#8b949e' };

/** Runs a command on a terminal of its own (script), so that it colours. */
function onTerminal(command) {
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm-256color', COLUMNS: '100', NO_COLOR: '' },
  });
  return stdout.replace(/\r/g, '').split('\n').slice(0, LINES).join('\n');
}

function html(ansi) {
  const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  let open = 0;
  const body = ansi.split(/(\x1b\[[0-9;]*m)/).map((part) => {
    const code = /^\x1b\[([0-9;]*)m$/.exec(part);
    if (!code) return escape(part);
    const numbers = code[1].split(';').map(Number);
    if (numbers.includes(0) || code[1] === '') {
      const closing = '</span>'.repeat(open);
      open = 0;
      return closing;
    }
    open++;
    const style = numbers.map((n) => (n === 1 ? 'font-weight:bold' : n === 2 ? 'opacity:.7' : n === 4 ? 'text-decoration:underline' : `color:${COLORS[n] ?? 'inherit'}`));
    return `<span style="${style.join(';')}">`;
  });
  return `<meta charset="utf-8"><body style="margin:0;background:#0d1117;color:#e6edf3"><pre style="margin:18px;font:15px/1.35 'DejaVu Sans Mono',monospace">${body.join('')}</pre>`;
}

const folder = mkdtempSync(join(tmpdir(), 'gcm-picture-'));
const project = 'fixtures/projects/everything/project';
const text = `\x1b[90m$\x1b[0m graphcool-migrate report ${project}\n${onTerminal(`build/graphcool-migrate report ${project}`)}`;
writeFileSync(join(folder, 'page.html'), html(text));
const { status, stderr } = spawnSync('chromium', [
  '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=1000,1010', `--user-data-dir=${folder}/profile`,
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
  `--screenshot=${join(root, 'docs/report.png')}`, `file://${folder}/page.html`,
]);
rmSync(folder, { recursive: true, force: true });
if (status !== 0) throw new Error(String(stderr));
