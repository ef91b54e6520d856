export function cacheOf(root: string): string;
export function isKept(folder: string, file: string): boolean;
export function keepBuild(
  folder: string,
  file: string,
  work: { isCurrent(): boolean; build(folder: string): Promise<unknown> },
): Promise<void>;
export function sourceHash(root: string, built: string, elsewhere?: readonly string[]): string;
