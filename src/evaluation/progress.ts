/** What a long run tells while it works. */
export type Progress = {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly cached: number;
  readonly failed: number;
  /** Dollars of this part of the run; null when a price is not known. */
  readonly usd: number | null;
};

export type OnProgress = (progress: Progress) => void;
