export async function surfaceCommand(_: string[]): Promise<number> { return 2; }
