export function sourceHash(root: string, built: string, elsewhere?: readonly string[]): string;
