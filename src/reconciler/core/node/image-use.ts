/** A job's version that an image was wanted by. */
export interface ImageUse {
  /** Namespace and id. */
  readonly job: string;
  readonly version: number;
}
export interface KnownImage {
  readonly driver: string;
  readonly id: string;
  readonly name: string;
  readonly uses: readonly ImageUse[];
}
/** An allocation of this node, with what its tasks run from. */
export interface ImageUser extends ImageUse {
  readonly isOver: boolean;
  readonly images: readonly { readonly driver: string; readonly name: string }[];
}

/** So many of the newest versions of each job that is still here keep their images: one may want to go back. */
const versionsKept = 3;

/**
 * Which of the images that this node brought are wanted still: by an allocation that has not ended, or by one of the
 * last versions of a job that still has one here. `uses` outlives the allocations, which the servers forget in time;
 * only a job that has been away for a while (`isRemembered`) loses its own.
 */
export function decideImages(
  images: readonly KnownImage[],
  users: readonly ImageUser[],
  isRemembered: (job: string) => boolean,
): readonly { readonly image: KnownImage; readonly isWanted: boolean }[] {
  const living = users.filter(({ isOver }) => !isOver);
  const jobs = new Set(living.map(({ job }) => job));
  const kept = keptVersions([...images.flatMap(({ uses }) => uses), ...users]);
  const isKept = ({ job, version }: ImageUse): boolean => kept.get(job)?.includes(version) ?? false;
  return images.map((image) => {
    const now = users.filter((user) => hasImage(user, image));
    const known = [...image.uses, ...now].filter((use) => isKept(use) && isRemembered(use.job));
    const isWanted =
      living.some((user) => hasImage(user, image)) || known.some(({ job }) => jobs.has(job));
    return { image: { ...image, uses: distinct(known) }, isWanted };
  });
}

const hasImage = (user: ImageUser, { driver, name }: KnownImage): boolean =>
  user.images.some((one) => one.driver === driver && one.name === name);

function distinct(uses: readonly ImageUse[]): readonly ImageUse[] {
  const found = new Map(
    uses.map(({ job, version }) => [`${version} ${job}`, { job, version }] as const),
  );
  return [...found.values()].toSorted((a, b) =>
    a.job === b.job ? a.version - b.version : a.job < b.job ? -1 : 1,
  );
}

function keptVersions(uses: readonly ImageUse[]): ReadonlyMap<string, readonly number[]> {
  const versions = new Map<string, Set<number>>();
  for (const { job, version } of uses)
    versions.set(job, (versions.get(job) ?? new Set()).add(version));
  return new Map(
    [...versions].map(([job, found]) => [
      job,
      [...found].toSorted((a, b) => b - a).slice(0, versionsKept),
    ]),
  );
}
