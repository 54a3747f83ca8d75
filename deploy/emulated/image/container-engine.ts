import type { ProgramEnd } from './program-end.ts';

/** What builds images and runs what is in them; all errors say what the program said. */
export interface ContainerEngine {
  /** With its version. */
  readonly name: string;
  readonly pull: (image: string) => Promise<void>;
  /** Takes the arguments of `docker build`, the context last. */
  readonly build: (args: readonly string[], cwd: string) => Promise<void>;
  readonly open: (tag: string) => BuiltImage;
  /** Images that were built; one that it does not have is fine. What it pulled stays, as after any build. */
  readonly remove: (tags: readonly string[]) => Promise<void>;
}

export interface BuiltImage {
  /** The digest of its configuration, `sha256:…`. */
  readonly id: string;
  /** As it is written there, by name or number. */
  readonly user: string;
  readonly command: readonly string[];
  /** As that user, with the image's variables and no others, a root that can't be written to, and no network. */
  readonly run: (command: readonly string[]) => ProgramEnd;
}
