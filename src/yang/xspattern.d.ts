/** The package's own declarations are not reachable through its exports. */
declare module "xspattern" {
  /** Throws an Error if the pattern is no XSD regular expression. */
  export function compile(pattern: string): (text: string) => boolean;
}
