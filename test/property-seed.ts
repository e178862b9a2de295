import fc from 'fast-check';

/**
 * Properties are tried on the same values in every run, so that the gate judges the change and not the day's luck.
 * `PROMPTLINE_SEED=$RANDOM npm test` looks further.
 */
fc.configureGlobal({ seed: Number(process.env.PROMPTLINE_SEED ?? 1) });
