/** Sizes of lucide icons: in controls, in small ones, in badges. */
export const medium = { size: 18, strokeWidth: 1.6 }
export const small = { size: 16, strokeWidth: 1.7 }
export const tiny = { size: 14, strokeWidth: 1.9 }
