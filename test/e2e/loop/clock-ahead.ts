/** Loaded before a job's own code: its clock is ahead of the machine's by the milliseconds of CLOCK_AHEAD. */
const ahead = Number(process.env['CLOCK_AHEAD']);
const Machine = Date;

globalThis.Date = class extends Machine {
  constructor(given: number | string | Date = Machine.now() + ahead) {
    super(given);
  }

  static override now(): number {
    return Machine.now() + ahead;
  }
} as DateConstructor;
