import type { RawPage, Segment } from './model.ts'

/** Running heads and feet stand in the outer parts of a page. */
const zone = 0.18
/** Pages this far away are compared: a running head changes with the chapter. */
const reach = 6

const fold = (segment: Segment): string => segment.text.replace(/\d+/g, '#')

const isInZone = (page: RawPage, segment: Segment): boolean =>
  segment.baseline < page.height * zone || segment.baseline > page.height * (1 - zone)

/** The lines that stand further out than this one, and the distance to the next one further in, in its own sizes. */
const surroundings = (page: RawPage, segment: Segment): { beyond: number; gap: number } => {
  const outwards = segment.baseline < page.height / 2 ? -1 : 1
  const distances = page.segments.map((each) => ((each.baseline - segment.baseline) * outwards) / segment.size)
  const beyond = new Set(distances.filter((each) => each > 0.5).map((each) => Math.round(each * 5))).size
  return { beyond, gap: -Math.max(Number.NEGATIVE_INFINITY, ...distances.filter((each) => each < -0.5)) }
}

/**
 * What runs on is small (the title of a slide stands in the same place on each page and is text) and stands apart, at
 * the edge or behind one other such line.
 */
const isCandidate = (page: RawPage, segment: Segment, bodySize: number): boolean => {
  if (!isInZone(page, segment) || segment.size > bodySize * 1.05 || segment.text.length > 120) return false
  const { beyond, gap } = surroundings(page, segment)
  return beyond === 0 ? gap > 1.6 : beyond === 1 && gap > 1.6 && !/\d/.test(segment.text)
}

const hasTwin = (segment: Segment, other: RawPage): boolean =>
  other.segments.some((each) => Math.abs(each.baseline - segment.baseline) < 3 && fold(each) === fold(segment))

const numberAlone =
  /^(?:[-–—|]\s*|page |seite |halaman |صفحة )?(\d{1,4})(?:\s*[-–—|])?(?: ?(?:of|von|dari|من|\/) ?\d{1,4})?$/i

/** In a document of few pages a number that counts them, alone in its line and apart from the text, is enough. */
const isPageNumber = (page: RawPage, segment: Segment): boolean =>
  Number(numberAlone.exec(segment.text)?.[1]) === page.number &&
  page.segments.every((each) => each === segment || Math.abs(each.baseline - segment.baseline) > segment.size * 1.6)

/**
 * The page without its running head, foot and page number. A line is running when lines of the same wording (numbers
 * aside) stand in the same place on at least two pages near; what shares its baseline goes with it. A page that would
 * be left empty keeps all.
 */
export const withoutFurniture = (page: RawPage, near: RawPage[], bodySize: number): RawPage => {
  const others = near.filter((each) => each !== page && Math.abs(each.number - page.number) <= reach)
  const running = page.segments.filter(
    (segment) =>
      isCandidate(page, segment, bodySize) &&
      (others.filter((other) => hasTwin(segment, other)).length >= 2 || isPageNumber(page, segment)),
  )
  const isRunning = (segment: Segment): boolean =>
    isInZone(page, segment) && running.some((each) => Math.abs(each.baseline - segment.baseline) < 2)
  const segments = page.segments.filter((each) => !isRunning(each))
  return segments.length === 0 ? page : { ...page, segments }
}
