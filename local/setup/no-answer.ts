/** The exit code of a check that could not be made: its result is not known. */
export const NO_ANSWER = 3;
