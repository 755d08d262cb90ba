/** Bounds of input; past one a call answers 413 or 422 and names it. */
export const limits = {
  jsonBodyBytes: 1024 * 1024,
  uploadBytes: 100 * 1024 * 1024,
  messageBytes: 32 * 1024,
  titleChars: 200,
  /** The longest name of a file that is kept; longer ones are cut, as the name is only a label. */
  fileNameChars: 255,
  nestingDepth: 32,
  multipartFields: 20,
  multipartFieldBytes: 16 * 1024,
  pages: 5000,
} as const
