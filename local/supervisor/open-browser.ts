import { spawn } from 'node:child_process';

/** Opens the address in the user's browser; a machine without one only gets a line that says so. */
export function openBrowser(url: string, say: (text: string) => void): void {
  // without a desktop xdg-open starts a browser in this very terminal
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return;
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => say(`could not open a browser by ${command}: open ${url} yourself`));
  child.unref();
}
