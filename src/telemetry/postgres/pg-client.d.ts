/** The client alone: the package's entry brings a pool and native bindings along. */
declare module 'pg/lib/client.js' {
  export { Client as default } from 'pg';
}
