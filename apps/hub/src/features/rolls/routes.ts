/** All routes of rolls; `createServer` puts them under /api/v1. */
import type { Routes } from '../../platform/http/app.ts';
import type { RollsDependencies } from './dependencies.ts';
import { erasureRoutes } from './routes-erasures.ts';
import { extractRoutes } from './routes-extracts.ts';
import { lookingRoutes } from './routes-looking.ts';
import { rollReadingRoutes } from './routes-reading.ts';
import { receiptRoutes } from './routes-receipts.ts';
import { sheetRoutes } from './routes-sheets.ts';
import { signerRoutes } from './routes-signers.ts';
import { CodeWords } from './signing.ts';

/** Makes them. */
export function rollsRoutes(dependencies: RollsDependencies): Routes {
  const words = new CodeWords();
  const all: readonly Routes[] = [
    rollReadingRoutes(dependencies, words),
    sheetRoutes(dependencies, words),
    lookingRoutes(dependencies),
    receiptRoutes(dependencies),
    extractRoutes(dependencies),
    erasureRoutes(dependencies),
    signerRoutes(dependencies),
  ];
  return (app) => {
    for (const add of all) add(app);
  };
}
