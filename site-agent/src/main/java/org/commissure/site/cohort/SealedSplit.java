package org.commissure.site.cohort;

import java.util.List;
import java.util.function.Predicate;

/**
 * A cohort divided by patient. The hashes commit to who is where and to every value of their series,
 * and tell nobody anything without the salt.
 *
 * @param internal trains; sorted by participant id
 * @param external is only ever evaluated; sorted by participant id
 */
public record SealedSplit(
        List<Subject> internal, List<Subject> external, byte[] internalSha256, byte[] externalSha256) {

    public SealedSplit {
        internal = List.copyOf(internal);
        external = List.copyOf(external);
    }

    /** The same without some patients; the hashes stay those of the split as it was sealed. */
    public SealedSplit without(Predicate<Subject> excluded) {
        return new SealedSplit(
                internal.stream().filter(excluded.negate()).toList(),
                external.stream().filter(excluded.negate()).toList(),
                internalSha256,
                externalSha256);
    }

    /** Counts stay inside the hospital, so they are not printed either. */
    @Override
    public String toString() {
        return "SealedSplit[]";
    }
}
