/**
 * Loaded into a measured process and, through NODE_OPTIONS, into each Node process it starts: writes the peak of its memory in
 * kibibytes to a file of its own in PEAK_FOLDER when it ends.
 */
const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => {
  writeFileSync(`${process.env.PEAK_FOLDER}/${process.pid}`, `${peakKibibytes()}`);
});

/** Linux hands the peak of a parent on in maxRSS, but not in VmHWM. */
function peakKibibytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
}
