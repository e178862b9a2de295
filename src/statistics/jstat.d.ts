/** The part of jstat (plain JavaScript, without types of its own) that this room uses. */
declare module 'jstat' {
  type NormalDistribution = {
    cdf(x: number, mean: number, standardDeviation: number): number;
    inv(probability: number, mean: number, standardDeviation: number): number;
  };
  const module: {
    readonly jStat: {
      readonly normal: NormalDistribution;
      /** ln of the beta function. */
      betaln(a: number, b: number): number;
    };
  };
  export default module;
}
