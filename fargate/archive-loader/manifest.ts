import { dailyPieces, monthlyPiece, restPieces } from './piece.ts';
import type { ArchivePiece, Piece, Span } from './piece.ts';
import { without } from './spans.ts';

/** A row of RAW.ARCHIVE_FILES, the newest of its name. */
export interface LoadedFile extends Span {
  readonly fileName: string;
  readonly symbol: string;
  readonly granularity: 'daily' | 'monthly' | 'rest';
  readonly sha256: string;
}

/** What earlier runs have loaded. */
export class Manifest {
  readonly #bySymbol = new Map<string, Map<string, LoadedFile>>();

  constructor(files: Iterable<LoadedFile>) {
    for (const file of files) this.add(file);
  }

  add(file: LoadedFile): void {
    const files = this.#bySymbol.get(file.symbol) ?? new Map<string, LoadedFile>();
    this.#bySymbol.set(file.symbol, files.set(file.fileName, file));
  }

  /** The parts of a piece that are still to be loaded. A file is loaded over what REST gave before, since it says the last word. */
  outstanding(piece: Piece): readonly Piece[] {
    if (piece.kind === 'archive') return this.#hasFile(piece) ? [] : [piece];
    return without(piece, this.#files(piece.symbol)).flatMap((span) => restPieces(piece.symbol, span));
  }

  #hasFile(piece: ArchivePiece): boolean {
    const isLoaded = ({ symbol, fileName }: ArchivePiece) =>
      this.#bySymbol.get(symbol)?.has(fileName) ?? false;
    if (isLoaded(piece)) return true;
    return piece.granularity === 'daily'
      ? isLoaded(monthlyPiece(piece.symbol, piece.firstMs))
      : dailyPieces(piece).every(isLoaded);
  }

  #files(symbol: string): readonly LoadedFile[] {
    return [...(this.#bySymbol.get(symbol)?.values() ?? [])];
  }
}
